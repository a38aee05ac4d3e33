"""Merging two entities that are one thing, and undoing it exactly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial

from kg.errors import UnknownNameError, UsageError
from kg.resolving import reading, writing
from kg.resolving.contributions import Node, Parent, State
from kg.resolving.merges import Forest, Merge, Move, merge_node_id
from kg.resolving.moving_claims import Redirection, claim_moves
from kg.resolving.moving_entities import (
    entity_row,
    moved_mentions,
    nodes_after,
    parents_after,
)
from kg.resolving.refusals import write_refusal
from kg.resolving.writing_claims import write_moved_claims
from kg.runs import running
from kg.store.graph import Graph
from kg.store.names import Row
from kg.store.transaction import Transaction
from kg.versions import count_up, exclusive_write

_ALL = "MATCH (m:Merge) WITH properties(m) AS merge RETURN merge"


class Decision(Merge):
    """A merge that somebody, or a rule, wants; `into` is the id that was named."""

    type: str = ""


def merge_entities(graph: Graph, absorbed: str, into: str, rule: str, why: str) -> Merge:
    """Make two entities one, and record that.

    All that papers and sources say of the entity `absorbed` is said of the other one from now on,
    also what is loaded later; every piece keeps the id that it was read with. Its own node goes,
    a `:Merge` node stays. `undo_merge` takes all of it back.

    Args:
        graph: where they are.
        absorbed: the id of the entity that goes.
        into: the id of the entity that stays, or one that was merged into it.
        rule: what decided it: the name of a rule, "person".
        why: its reason, in words.

    Returns:
        what was recorded.

    Raises:
        UnknownNameError: the graph holds no entity of that id.
        UsageError: they are one already, or of different types.
    """
    decision = Decision(absorbed=absorbed, into=into, rule=rule, why=why)
    with running(graph, "resolve") as run:
        (merge,) = merge_all(graph, [decision])
        run.count(merged=1)
    return merge


def merge_all(graph: Graph, decisions: Sequence[Decision]) -> list[Merge]:
    """Make several merges in one transaction: all of them, or none; see `merge_entities`."""
    graph.ensure_schema(())
    return exclusive_write(graph, partial(_merge, decisions=decisions))


def undo_merge(graph: Graph, absorbed: str, *, never: bool = False, why: str = "") -> Merge:
    """Take a merge back: the graph becomes what it would be without it.

    What was merged into the entity before comes back with it. `resolve` may find a reason to make
    the same merge again, unless `never` is given.

    Args:
        graph: where it is.
        absorbed: the id that was merged into another.
        never: record that the two are not one, for `resolve` (a `:Distinct` node).
        why: the reason for that, in words.

    Returns:
        what was recorded of the merge.

    Raises:
        UnknownNameError: no merge of that id is recorded.
    """
    graph.ensure_schema(())
    with running(graph, "resolve") as run:
        merge = exclusive_write(graph, partial(_undo, absorbed=absorbed, never=never, why=why))
        run.count(undone=1)
    return merge


def list_merges(graph: Graph) -> list[Merge]:
    """Return all merges that a graph records, by the id that was absorbed."""
    merges = [Merge.model_validate(row["merge"]) for row in graph.read(_ALL)]
    return sorted(merges, key=lambda merge: merge.absorbed)


def _merge(transaction: Transaction, decisions: Sequence[Decision]) -> list[Merge]:
    named = {id_ for decision in decisions for id_ in (decision.absorbed, decision.into)}
    known = reading.read_merges(transaction, named)
    ids = {known[id_].into if id_ in known else id_ for id_ in named}
    nodes = reading.read_nodes(transaction, ids)
    forest = _forest(transaction, nodes)
    for decision in decisions:
        for id_ in (decision.absorbed, decision.into):
            if id_ not in nodes and id_ not in known:
                raise UnknownNameError("entity", id_, (), "`abduce find` finds ids by name")
        root = nodes[forest.root(decision.into)]
        type_ = nodes[forest.root(decision.absorbed)].type
        if type_ != root.type:
            raise UsageError(
                f"{decision.absorbed} is a {type_} and {decision.into} is a {root.type}: "
                "entities of different types cannot be merged"
            )
        forest.join(Merge(**{**decision.model_dump(), "type": type_}))
    _move(transaction, nodes, forest)
    made = {merge.absorbed: merge for merge in forest.changed()}
    return [made[decision.absorbed] for decision in decisions]


def _undo(transaction: Transaction, absorbed: str, *, never: bool, why: str) -> Merge:
    # A question shows the id of the merge's node as well.
    ids = (absorbed, absorbed.removeprefix(merge_node_id("")))
    found = reading.read_merges(transaction, ids)
    absorbed = next((id_ for id_ in ids if id_ in found), absorbed)
    if absorbed not in found:
        raise UnknownNameError("merge", absorbed, (), "`abduce resolve --merges` lists them")
    nodes = reading.read_nodes(transaction, [found[absorbed].into])
    forest = _forest(transaction, nodes)
    merge = forest.split(absorbed)
    _move(transaction, nodes, forest, {absorbed: merge.type})
    if never:
        write_refusal(transaction, merge.absorbed, merge.named, why)
    return merge


def _forest(transaction: Transaction, nodes: Mapping[str, Node]) -> Forest:
    absorbed = {id_ for node in nodes.values() for id_ in node.absorbed}
    return Forest(reading.read_merges(transaction, absorbed).values())


def _move(
    transaction: Transaction,
    nodes: Mapping[str, Node],
    forest: Forest,
    restored: Mapping[str, str] | None = None,
) -> None:
    """Move contributions to where the merges lead now.

    Args:
        transaction: where to.
        nodes: the entities that exist; more than those that change may be given.
        forest: the merges before and after.
        restored: the types of entities that may come back.
    """
    moves = forest.moves()
    touched = {id_ for move in moves.values() for id_ in move}
    old = {move.before for move in moves.values()}
    near = {id_: node for id_, node in nodes.items() if id_ in touched}
    state = reading.read_state(transaction, near, moves.keys(), old)
    state.types |= restored or {}
    domain = reading.read_domain(transaction)
    claims = claim_moves(state, Redirection(moves, domain, state.types))
    after = nodes_after(state, forest, state.types)
    _write_entities(transaction, after)
    _write_mentions(transaction, state, moves)
    write_moved_claims(transaction, claims, state.errors, touched)
    _write_parents(transaction, state, moves)
    _write_hypotheses(transaction, state, moves)
    writing.write_merges(transaction, forest.changed(), forest.gone())
    left = [id_ for id_ in sorted(touched) if _goes(transaction, id_, forest)]
    transaction.delete_nodes("Entity", left)
    count_up(transaction)


def _goes(transaction: Transaction, id_: str, forest: Forest) -> bool:
    return forest.root(id_) != id_ or not reading.is_left(transaction, id_)


def _write_entities(transaction: Transaction, nodes: Mapping[str, Node]) -> None:
    rows: dict[str, list[Row]] = defaultdict(list)
    for id_, node in nodes.items():
        rows[node.type].append(entity_row(id_, node))
    writing.write_entities(transaction, rows)


def _write_mentions(transaction: Transaction, state: State, moves: Mapping[str, Move]) -> None:
    moved = moved_mentions(state, moves)
    gone = [{"start": m.paper, "end": m.node, "entity": m.entity} for m in moved]
    rows = [{**m.properties, "start": m.paper, "end": moves[m.entity].after} for m in moved]
    writing.drop_edges(transaction, "MENTIONS", gone, start="Paper", key="entity")
    writing.write_edges(transaction, "MENTIONS", rows, start="Paper", key=("entity",))


def _write_parents(transaction: Transaction, state: State, moves: Mapping[str, Move]) -> None:
    after = parents_after(state, moves)
    gone = sorted(state.parents - after.keys())
    rows = [
        {"start": edge.child, "end": edge.parent, "sources": sorted(sources)}
        for edge, sources in sorted(after.items())
    ]
    writing.drop_edges(transaction, "IS_A", [_as_row(edge) for edge in gone])
    writing.write_edges(transaction, "IS_A", rows)


def _as_row(edge: Parent) -> Row:
    return {"start": edge.child, "end": edge.parent}


def _write_hypotheses(transaction: Transaction, state: State, moves: Mapping[str, Move]) -> None:
    for type_ in ("SUBJECT", "OBJECT"):
        moved = [h for h in state.hypotheses if h.edge == type_ and h.entity in moves]
        old = [{"start": h.hypothesis, "end": h.node} for h in moved]
        new = [{"start": h.hypothesis, "end": moves[h.entity].after} for h in moved]
        writing.drop_edges(transaction, type_, old, start="Hypothesis")
        writing.write_edges(transaction, type_, new, start="Hypothesis")
