"""All entities as the rules see them: read once, so that no rule asks the graph again."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kg.contributions.properties import StoredTerm, parse_terms
from kg.prefixes import normalise_curie
from kg.store.graph import Graph

MINTED = "abduce"  # the prefix of ids that no source gives

_ALL = """
MATCH (e:Entity)
RETURN e.id AS id, [label IN labels(e) WHERE label <> 'Entity'][0] AS type, e.terms AS terms,
e.forms AS forms, e.n_papers AS n_papers, e.absorbed AS absorbed
"""

# The same few prefixes again and again, and each id once as an entity and some times as a
# cross-reference.
normal_id = functools.lru_cache(maxsize=200_000)(normalise_curie)


def prefix_of(id_: str) -> str:
    """Return what stands before the colon of an id."""
    return id_.partition(":")[0]


def is_minted(id_: str) -> bool:
    """Whether an id was made from a type and a name, since no source gave one."""
    return prefix_of(id_) == MINTED


@dataclass(slots=True)
class EntityRecord:
    """An entity: its ids, and the names under which papers and sources have it.

    `forms` are surface forms in papers, the one of most papers first. `current` are the terms that
    their sources still have and do not call obsolete.
    """

    id: str
    type: str
    terms: list[StoredTerm] = field(default_factory=list)
    forms: tuple[str, ...] = ()
    n_papers: int = 0
    absorbed: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What to call it."""
        named = (term.name for term in (*self.current, *self.terms) if term.name)
        return next(named, self.forms[0] if self.forms else self.id)

    @property
    def current(self) -> list[StoredTerm]:
        """The terms that count for what it is."""
        return [term for term in self.terms if not (term.retired or term.obsolete)]


class EntityIndex:
    """All entities of a graph, by any id that stands for one.

    Args:
        things: the entities; in any order.
    """

    def __init__(self, things: Iterable[EntityRecord]) -> None:
        self._by_id = {thing.id: thing for thing in sorted(things, key=lambda t: t.id)}
        self._roots = {id_: t.id for t in self._by_id.values() for id_ in (t.id, *t.absorbed)}

    def __iter__(self) -> Iterator[EntityRecord]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def __getitem__(self, id_: str) -> EntityRecord:
        return self._by_id[self._roots[id_]]

    def __contains__(self, id_: object) -> bool:
        return id_ in self._roots

    def ids(self) -> Iterator[str]:
        """Yield every id that stands for an entity, merged ones too."""
        return iter(self._roots)

    def current_terms(self) -> Iterator[tuple[EntityRecord, StoredTerm]]:
        """Yield the terms that count, each with its entity."""
        for thing in self:
            for term in thing.current:
                yield thing, term


def read_entity_index(graph: Graph) -> EntityIndex:
    """Read all entities of a graph."""
    return EntityIndex(
        EntityRecord(
            row["id"],
            row["type"],
            parse_terms(row["terms"]),
            tuple(row["forms"] or ()),
            row["n_papers"] or 0,
            tuple(row["absorbed"] or ()),
        )
        for row in graph.stream(_ALL)
    )
