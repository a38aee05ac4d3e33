"""A load that is going on: its graph, what it knows of it, and what came of it so far."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from kg.curated.node import check_alone
from kg.curated.remembered import Remembered
from kg.curated.summary import Refusals
from kg.curated.terms import Changed
from kg.store.graph import Graph
from kg.store.transaction import Transaction
from kg.versions import exclusive_write

T = TypeVar("T")
OnProgress = Callable[[int, int | None], None]


@dataclass(slots=True)
class Loading:
    """One load of a source.

    `again` says whether the graph has held any of the source before; `token` stands for this load
    in the graph while it goes on.
    """

    graph: Graph
    known: Remembered
    refusals: Refusals
    on_progress: OnProgress | None
    again: bool = False
    token: str = field(default_factory=lambda: secrets.token_hex(8))
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    entities: set[str] = field(default_factory=set)
    changes: list[Changed] = field(default_factory=list)
    _done: int = 0

    @property
    def name(self) -> str:
        """The source's name."""
        return self.known.source.name

    @property
    def ref(self) -> str:
        """The source's name and version."""
        return self.known.source.ref

    def exclusive_write(self, work: Callable[[Transaction], T]) -> T:
        """Run a part of this load in one transaction, with what is known brought up to date.

        Raises:
            StoreError: what the server said, or that another load of the source has begun.
        """

        def locked(transaction: Transaction) -> T:
            check_alone(transaction, self.name, self.token)
            self.known.look(transaction)
            return work(transaction)

        return exclusive_write(self.graph, locked)

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
