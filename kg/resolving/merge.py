"""Merging two entities that are one thing, and undoing it exactly."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from kg.contributions.apply import commit
from kg.contributions.cache import Cache
from kg.contributions.delta import Delta, Signed
from kg.contributions.merges import Merge, merge_node_id
from kg.contributions.routes import forest_around, read_merges
from kg.contributions.stored import Stored
from kg.errors import UnknownNameError, UsageError
from kg.resolving.distinct import write_distinct
from kg.runs import running
from kg.store.graph import Graph

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
        (merge,) = merge_all(graph, [decision], Cache())
        run.count(merged=1)
    return merge


def merge_all(graph: Graph, decisions: Sequence[Decision], cache: Cache) -> list[Merge]:
    """Make several merges in one transaction: all of them, or none; see `merge_entities`.

    Args:
        graph: where.
        decisions: the merges, in an order in which they can be made.
        cache: what the run knows of the graph.
    """
    graph.ensure_schema(())
    outcome, _ = commit(graph, cache, partial(_merges, decisions=decisions))
    merges = [outcome.merges[decision.absorbed] for decision in decisions]
    return [merge for merge in merges if merge is not None]


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

    def undo(stored: Stored) -> tuple[Delta, Merge]:
        merge = _recorded(stored, absorbed)
        if never:
            write_distinct(stored.transaction, merge.absorbed, merge.named, why)
        return Delta(merges=Signed(removed={merge.absorbed: merge})), merge

    graph.ensure_schema(())
    with running(graph, "resolve") as run:
        _, undone = commit(graph, Cache(), undo)
        run.count(undone=1)
    return undone


def list_merges(graph: Graph) -> list[Merge]:
    """Return all merges that a graph records, by the id that was absorbed."""
    merges = [Merge.model_validate(row["merge"]) for row in graph.read(_ALL)]
    return sorted(merges, key=lambda merge: merge.absorbed)


def _merges(stored: Stored, decisions: Sequence[Decision]) -> tuple[Delta, None]:
    """Return the delta of some merges, each of which is possible once those before it are made."""
    named = {id_ for decision in decisions for id_ in (decision.absorbed, decision.into)}
    merged = stored.cache.merged
    states = stored.entities(merged.get(id_, id_) for id_ in named)
    forest = forest_around(stored, named)
    delta = Delta()
    for decision in decisions:
        for id_ in (decision.absorbed, decision.into):
            if id_ not in states and id_ not in merged:
                raise UnknownNameError("entity", id_, (), "`abduce find` finds ids by name")
        absorbed, root = (states[forest.root(i)] for i in (decision.absorbed, decision.into))
        if absorbed.type != root.type:
            raise UsageError(
                f"{decision.absorbed} is a {absorbed.type} and {decision.into} is a {root.type}: "
                "entities of different types cannot be merged"
            )
        merge = Merge(**{**decision.model_dump(), "type": absorbed.type})
        forest.join(merge)
        delta.merges.added[merge.absorbed] = merge
    return delta, None


def _recorded(stored: Stored, absorbed: str) -> Merge:
    # A question shows the id of the merge's node as well.
    ids = (absorbed, absorbed.removeprefix(merge_node_id("")))
    found = read_merges(stored, ids)
    merge = next((found[id_] for id_ in ids if id_ in found), None)
    if merge is None:
        raise UnknownNameError("merge", absorbed, (), "`abduce resolve merges` lists them")
    return merge
