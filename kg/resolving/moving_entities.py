"""What a merge, or its undoing, changes of entities, mentions and parents; pure as well."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from kg.contributions.properties import StoredTerm, entity_properties
from kg.resolving.contributions import MentionEdge, Node, Parent, State
from kg.resolving.merges import Forest, Move

PropertyRow = dict[str, Any]
Moves = Mapping[str, Move]


class Reading(NamedTuple):
    """The names by which a paper mentions an entity."""

    paper: str
    node: str


def moved_mentions(state: State, moves: Moves) -> list[MentionEdge]:
    """Return the mentions that get another entity, as they were."""
    return [mention for mention in state.mentions if mention.entity in moves]


def nodes_after(state: State, forest: Forest, types: Mapping[str, str]) -> dict[str, Node]:
    """Return the entities that ids lead to or led to, with what is said of each now.

    Args:
        state: what the graph held.
        forest: the merges, before and after.
        types: the type of an entity that is new.
    """
    moves = forest.moves()
    ids = {id_ for move in moves.values() for id_ in move}
    nodes = {id_: state.nodes.get(id_) or Node(types[id_]) for id_ in ids}
    terms: dict[str, list[StoredTerm]] = defaultdict(list)
    for id_, node in nodes.items():
        for term in node.terms:
            terms[moves[term.id].after if term.id in moves else id_].append(term)
    names = _changes_of_names(state.mentions, moves)
    return {
        id_: Node(
            type=node.type,
            terms=terms[id_],
            forms=_forms(node.forms, names[id_]),
            n_papers=node.n_papers + sum(names[id_].papers.values()),
            absorbed=frozenset(forest.absorbed_by(id_)),
        )
        for id_, node in sorted(nodes.items())
    }


def entity_row(id_: str, node: Node) -> PropertyRow:
    """Return all properties of an entity."""
    return entity_properties(id_, node.terms, node.forms, node.n_papers, node.absorbed)


def parents_after(state: State, moves: Moves) -> dict[Parent, set[str]]:
    """Return the IS_A edges of the children that the state holds, each with its sources' refs.

    Only what had an edge before gets one: a parent that was refused (it closed a circle) stays
    so. Two ends of an edge that are one entity now have none.
    """
    edges: dict[Parent, set[str]] = defaultdict(set)
    for child, terms in _terms_of_children(state):
        for term in terms:
            for parent in () if term.retired else term.parents:
                before = Parent(
                    _before(moves, term.id, child),
                    _before(moves, parent, state.roots.get(parent, parent)),
                )
                after = Parent(
                    _after(moves, term.id, before.child), _after(moves, parent, before.parent)
                )
                known = before in state.parents or before.child == before.parent
                if known and after.child != after.parent:
                    edges[after].add(term.source)
    return edges


class _Names:
    """How a move changes how many papers use each form of an entity, and mention it at all."""

    def __init__(self) -> None:
        self.forms: Counter[str] = Counter()
        self.papers: Counter[str] = Counter()


def _changes_of_names(mentions: Iterable[MentionEdge], moves: Moves) -> dict[str, _Names]:
    before: dict[Reading, set[str]] = defaultdict(set)
    after: dict[Reading, set[str]] = defaultdict(set)
    for mention in mentions:
        before[Reading(mention.paper, mention.node)] |= mention.names
        move = moves.get(mention.entity)
        node = move.after if move else mention.node
        after[Reading(mention.paper, node)] |= mention.names
    changes: dict[str, _Names] = defaultdict(_Names)
    for sign, readings in ((1, after), (-1, before)):
        for (paper, node), names in readings.items():
            changes[node].papers[paper] += sign
            for name in names:
                changes[node].forms[name] += sign
    return changes


def _forms(forms: Mapping[str, int], change: _Names) -> Counter[str]:
    counted = Counter(forms)
    counted.update(change.forms)
    return +counted


def _terms_of_children(state: State) -> Iterator[tuple[str, list[StoredTerm]]]:
    yield from state.children.items()
    for id_, node in state.nodes.items():
        if id_ not in state.children:
            yield id_, node.terms


def _before(moves: Moves, id_: str, otherwise: str) -> str:
    return moves[id_].before if id_ in moves else otherwise


def _after(moves: Moves, id_: str, otherwise: str) -> str:
    return moves[id_].after if id_ in moves else otherwise
