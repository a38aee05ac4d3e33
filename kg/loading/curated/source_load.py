"""A load that is going on: its graph, what it knows of it, and what came of it so far."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from kg.contributions.apply import commit
from kg.contributions.cache import Cache
from kg.contributions.delta import Delta
from kg.contributions.stored import Stored
from kg.curated_models import Source
from kg.domain import Domain
from kg.loading.curated.fact_placing import FactPlacer
from kg.loading.curated.source_node import check_alone
from kg.loading.curated.summary import Refusals, TermChange
from kg.store.graph import Graph

T = TypeVar("T")
OnProgress = Callable[[int, int | None], None]


@dataclass(slots=True)
class SourceLoad:
    """One load of a source.

    `again` says whether the graph has held any of the source before; `token` stands for this load
    in the graph while it goes on.
    """

    graph: Graph
    source: Source
    schema: Domain | None
    refusals: Refusals
    on_progress: OnProgress | None
    again: bool = False
    token: str = field(default_factory=lambda: secrets.token_hex(8))
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    entities: set[str] = field(default_factory=set)
    changes: list[TermChange] = field(default_factory=list)
    cache: Cache = field(default_factory=Cache)
    _done: int = 0
    _placer: tuple[int, FactPlacer] | None = None

    @property
    def name(self) -> str:
        """The source's name."""
        return self.source.name

    @property
    def ref(self) -> str:
        """The source's name and version."""
        return self.source.ref

    def commit(self, change: Callable[[Stored], tuple[Delta, T]]) -> T:
        """Carry out a part of this load in one transaction; return what comes beside its delta.

        Raises:
            StoreError: what the server said, or that another load of the source has begun.
        """

        def checked(stored: Stored) -> tuple[Delta, T]:
            check_alone(stored.transaction, self.name, self.token)
            return change(stored)

        return commit(self.graph, self.cache, checked)[1]

    def placer(self) -> FactPlacer:
        """Return what tells which claims facts are about, as the graph is known now."""
        if self._placer is None or self._placer[0] != self.cache.generation:
            made = FactPlacer.of(self.ref, self.schema, self.cache)
            self._placer = (self.cache.generation, made)
        return self._placer[1]

    def progress(self, rows: int) -> None:
        """Tell how many rows are done."""
        self._done += rows
        if self.on_progress is not None:
            self.on_progress(self._done, None)


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield the items, so many at a time."""
    left = iter(items)
    while batch := list(islice(left, size)):
        yield batch
