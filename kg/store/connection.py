"""What a graph talks through, whichever server stands behind it.

Nothing here imports the driver, so that `import kg` stays quick; `kg.store.bolt` does.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, TypeVar

from kg.store.names import Row
from kg.store.transaction import Transaction

T = TypeVar("T")


@dataclass(frozen=True)
class Server:
    """The graph server: its name ("Neo4j", "ArcadeDB"), its version and its address."""

    name: str
    version: str
    address: str


class Connection(ABC):
    """A way to one graph; it may be used by several threads.

    `is_let_go` is set by whoever closes it: no graph goes this way any more.
    """

    address: str
    is_let_go = False

    @abstractmethod
    def managed(
        self,
        work: Callable[[Transaction], T],
        *,
        write: bool,
        query: str = "",
        seconds: float | None = None,
    ) -> T:
        """Run `work` in one transaction and commit it; again after a conflict.

        Without `write` the server refuses every write. `query` is shown where an error points
        into it. After so many seconds the server stops what runs.

        Raises:
            StoreError: what the server said (see `kg.store.faults.explain`).
        """

    @abstractmethod
    def stream(
        self, cypher: str, parameters: dict[str, Any], seconds: float | None = None
    ) -> Generator[Row]:
        """Yield the rows of a query that only reads; after so many seconds the server stops it."""

    @abstractmethod
    def allow_read(self, cypher: str, parameters: dict[str, Any]) -> None:
        """Refuse a query that does more than read the graph, before it runs.

        Raises:
            WriteRefusedError: that is what the server says of it.
        """

    @abstractmethod
    def ensure_search(self) -> None:
        """Make the full-text index over the names of entities, where it is not there yet.

        Raises:
            StoreError: what the server said.
        """

    @abstractmethod
    def server(self) -> Server:
        """Return what answers."""

    @abstractmethod
    def close(self) -> None:
        """Let go of everything."""
