"""A rule: why two ids are one thing, or may be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from kg.resolving.clusters import Clusters
from kg.resolving.entity_index import EntityIndex


class Link(NamedTuple):
    """That two ids that stand for entities of one type are one thing.

    `score`, in (0, 1], is 1 where the rule is sure; what is not sure is shown to a person, and
    never merged. `why` says the reason in words.
    """

    one: str
    other: str
    rule: str
    why: str
    score: float = 1.0

    @property
    def sure(self) -> bool:
        """Whether it may be merged without asking."""
        return self.score >= 1


class Rule(Protocol):
    """Says of a graph's entities which are one thing.

    What it says follows from the entities and the clusters alone, whatever their order, and
    `links` says the same thing again after its sure links were merged, or less.
    """

    @property
    def name(self) -> str:
        """What a merge says decided it."""
        ...

    def links(self, things: EntityIndex, clusters: Clusters) -> Iterator[Link]:
        """Yield what this rule finds, given what the rules before it have joined."""
        ...
