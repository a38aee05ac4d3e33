"""Deltas: signed sums of contributions, and the graph is a function of the sum of all.

A contribution is what one paper, one term or one row says; a merge and a schema are contributions
too. Deltas form a commutative group: they can be added, in any order, and negated.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, Self, TypeVar

from kg.contributions.merges import Merge
from kg.contributions.properties import Entry, StoredTerm
from kg.contributions.states import PaperContribution, Triple

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

TermKey = tuple[str, str]  # name of the source, id of the term


@dataclass(slots=True)
class Signed(Generic[K, V]):
    """Contributions of one kind that are added and taken away; a replaced one is in both."""

    added: dict[K, V] = field(default_factory=dict)
    removed: dict[K, V] = field(default_factory=dict)

    def __neg__(self) -> Self:
        return type(self)(dict(self.removed), dict(self.added))

    def __add__(self, other: Self) -> Self:
        """Return both: what one adds and the other takes away is in neither."""
        return type(self)(
            _without(self.added, other.removed) | _without(other.added, self.removed),
            _without(self.removed, other.added) | _without(other.removed, self.added),
        )

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)

    def replace(self, key: K, before: V | None, after: V | None) -> None:
        """Put one contribution in the place of another; None stands for none."""
        if before is not None:
            self.removed[key] = before
        if after is not None:
            self.added[key] = after

    @property
    def touched(self) -> set[K]:
        """The keys of all contributions."""
        return self.added.keys() | self.removed.keys()

    def pairs(self) -> Iterator[tuple[K, V | None, V | None]]:
        """Yield each contribution before and after, by its key; None where there is none."""
        for key in self.removed | self.added:
            yield key, self.removed.get(key), self.added.get(key)


@dataclass(slots=True)
class Delta:
    """What a verb changes.

    Args:
        papers: by id, with all that they say.
        terms: of curated sources.
        entries: rows of curated sources, each with the claim that it speaks of, as read or as it
            stands in the graph (`Entry.read`).
        merges: by the id that is absorbed.
        schemas: TOML by id.
        types: of entities, by the ids of the contributions: one that is new gets its type here.
        hierarchy: entities whose IS_A edges are to follow their terms again, since what those
            name as parents may have come later.
    """

    papers: Signed[str, PaperContribution] = field(default_factory=Signed)
    terms: Signed[TermKey, StoredTerm] = field(default_factory=Signed)
    entries: Signed[tuple[Triple, Entry], bool] = field(default_factory=Signed)
    merges: Signed[str, Merge] = field(default_factory=Signed)
    schemas: Signed[str, str] = field(default_factory=Signed)
    types: dict[str, str] = field(default_factory=dict)
    hierarchy: set[str] = field(default_factory=set)

    def __neg__(self) -> Delta:
        return Delta(
            -self.papers,
            -self.terms,
            -self.entries,
            -self.merges,
            -self.schemas,
            self.types,
            self.hierarchy,
        )

    def __add__(self, other: Delta) -> Delta:
        return Delta(
            self.papers + other.papers,
            self.terms + other.terms,
            self.entries + other.entries,
            self.merges + other.merges,
            self.schemas + other.schemas,
            self.types | other.types,
            self.hierarchy | other.hierarchy,
        )

    def __bool__(self) -> bool:
        kinds = (self.papers, self.terms, self.entries, self.merges, self.schemas)
        return any(kinds) or bool(self.hierarchy)


def _without(said: Mapping[K, V], other: Mapping[K, V]) -> dict[K, V]:
    return {key: value for key, value in said.items() if other.get(key) != value}
