"""The graph: one class, whichever server holds it."""

from __future__ import annotations

import functools
import hashlib
import itertools
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import closing
from types import TracebackType
from typing import Any, Self, TypeVar

import tenacity

from kg.errors import StoreError, UsageError
from kg.store import dump
from kg.store.connection import Connection, Server
from kg.store.names import Row
from kg.store.schema import schema_statements
from kg.store.transaction import Transaction

T = TypeVar("T")

BATCH = 2000  # rows a transaction; measured best between 1,000 and 5,000 on both servers
# "IF NOT EXISTS" sees nothing of what another process is just making, and fails when that is there.
_SCHEMA = tenacity.Retrying(
    retry=tenacity.retry_if_exception(
        lambda error: isinstance(error, StoreError) and "already exists" in str(error)
    ),
    wait=tenacity.wait_random(0.01, 0.2),
    stop=tenacity.stop_after_attempt(8),
    reraise=True,
)
LONGEST = 366 * 24 * 3600  # seconds that a time limit may have; servers count milliseconds
_DELETE_BATCH = 10_000


class Graph:
    """A graph of papers, entities, claims and evidence; open one with `kg.open_graph`.

    Rows come back as plain Python that JSON can hold; `kg.store.values` says how nodes,
    relationships and times look. A graph may be used by several threads.

    Args:
        where: the folder or the address, as shown to people (never with a password).
        connection: the way to the server.
        seconds: how long a transaction may take; None for as long as it takes.
        who: the name of who changes it, for its log; None for the login name.
    """

    def __init__(
        self,
        where: str,
        connection: Connection,
        seconds: float | None = None,
        who: str | None = None,
    ) -> None:
        self.where = where
        self.who = who
        self._way = connection
        self._seconds = seconds

    @property
    def _connection(self) -> Connection:
        if self._way.is_let_go:
            raise UsageError(f"the graph {self.where} has been closed: open it again")
        return self._way

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Graph({self.where!r})"

    def close(self) -> None:
        """Let go of the graph; the embedded server stops when its last user has let go.

        What is asked of it afterwards raises `UsageError`; closing it twice does nothing.
        """
        if not self._way.is_let_go:
            self._way.is_let_go = True
            self._way.close()

    def within(self, seconds: float | None) -> Graph:
        """Return this graph with a time limit: the server stops whatever takes longer.

        The limit is that of a transaction: of one `read`, one `write`, one `transaction`, and of
        one `stream` until its last row is taken; what it stops raises `QueryTimeoutError`. Neo4j
        looks every two seconds. The graph that is returned is closed with this one.

        Args:
            seconds: more than 0, and at most `LONGEST`; None for no limit.

        Raises:
            UsageError: another number; a server would take 0 for no limit.
        """
        if seconds is not None and not 0 < seconds <= LONGEST:
            msg = f"a time limit of {seconds} s: it is more than 0 and at most {LONGEST:,} s"
            raise UsageError(msg)
        return Graph(self.where, self._connection, seconds, self.who)

    @property
    def server(self) -> Server:
        """The server that holds the graph: name, version, address."""
        return self._connection.server()

    def read(self, cypher: str, /, **parameters: Any) -> list[Row]:
        """Return the rows of a query that only reads; the server refuses any other.

        Raises:
            WriteRefusedError: the query writes, changes the schema, reads files or calls a
                procedure that does more than read the graph. Nothing was changed.
            QueryError: the query is wrong; the message says where (line, column).
            StoreUnavailableError: the server is away.
        """
        self._connection.allow_read(cypher, parameters)
        return self._connection.managed(
            lambda transaction: transaction.run(cypher, **parameters),
            write=False,
            query=cypher,
            seconds=self._seconds,
        )

    def stream(self, cypher: str, /, **parameters: Any) -> Generator[Row]:
        """Yield the rows of a query that only reads, without holding them all.

        Raises:
            WriteRefusedError, QueryError, StoreUnavailableError: as for `read`.
        """
        self._connection.allow_read(cypher, parameters)
        with closing(self._connection.stream(cypher, parameters, self._seconds)) as rows:
            for row in rows:
                yield row
                _ = self._connection  # the graph may have been closed meanwhile

    def write(self, cypher: str, /, **parameters: Any) -> list[Row]:
        """Run one statement in one transaction and return its rows.

        The transaction runs again after a conflict, so the statement must do the same thing the
        second time (MERGE, not CREATE).

        Raises:
            QueryError: the query is wrong; the message says where (line, column).
            StoreUnavailableError: the server is away.
        """
        return self._connection.managed(
            lambda transaction: transaction.run(cypher, **parameters),
            write=True,
            query=cypher,
            seconds=self._seconds,
        )

    def write_rows(self, cypher: str, rows: Iterable[Mapping[str, Any]], batch: int = BATCH) -> int:
        """Run a statement that begins with `UNWIND $rows AS row`, one transaction a batch.

        Returns:
            how many rows were sent.

        Raises:
            PropertyError: a value that a graph cannot hold.
        """

        def send(transaction: Transaction, part: list[Mapping[str, Any]]) -> int:
            transaction.rows(cypher, part)
            return len(part)

        return self._batched(rows, batch, send)

    def merge_nodes(
        self, labels: Sequence[str], rows: Iterable[Mapping[str, Any]], batch: int = BATCH
    ) -> int:
        """Make sure that a node stands for each row: `Transaction.merge_nodes`, in batches."""
        return self._batched(rows, batch, lambda t, part: t.merge_nodes(labels, part))

    def merge_edges(
        self,
        type_: str,
        rows: Iterable[Mapping[str, Any]],
        *,
        start: str = "Entity",
        end: str = "Entity",
        key: Sequence[str] = (),
        batch: int = BATCH,
    ) -> int:
        """Make sure that an edge stands for each row: `Transaction.merge_edges`, in batches."""
        return self._batched(
            rows,
            batch,
            lambda t, part: t.merge_edges(type_, part, start=start, end=end, key=key),
        )

    def transaction(self, work: Callable[[Transaction], T], query: str = "") -> T:
        """Run several statements in one transaction: all of them happen, or none.

        `work` runs again after a conflict, so it must do the same thing the second time. `query`
        is shown where an error points into it.

        Raises:
            StoreError: what the server said.
        """
        return self._connection.managed(work, write=True, query=query, seconds=self._seconds)

    def ensure_schema(
        self, types: Iterable[str], relationships: Iterable[str] = (), *, search: bool = True
    ) -> None:
        """Give the graph its constraints and indexes, where it does not have them yet.

        Args:
            types: the labels of the entity types.
            relationships: the relationship types that the graph will hold.
            search: the full-text index too. To fill an empty graph without it, and to ensure it
                afterwards, is quicker on Neo4j.

        Raises:
            PropertyError: a type that cannot be a label, or that is also a relationship type.
        """
        for statement in schema_statements(types, relationships):
            _SCHEMA.copy()(self.write, statement)
        if search:
            _SCHEMA.copy()(self._connection.ensure_search)

    def clear(self) -> None:
        """Delete every node and relationship; constraints and indexes stay."""
        # Relationships first: a node of many would not fit into the memory of one transaction.
        for pattern, name in (("()-[x]->()", "DELETE"), ("(x)", "DETACH DELETE")):
            statement = f"MATCH {pattern} WITH x LIMIT {_DELETE_BATCH} {name} x"
            while self.write(f"{statement} RETURN count(*) AS deleted")[0]["deleted"]:
                pass

    def counts(self) -> dump.Counts:
        """Return how many nodes carry each label, and how many relationships are of each type."""
        return dump.Counts(
            nodes=dump.as_counts(self.read(dump.LABEL_COUNTS)),
            relationships=dump.as_counts(self.read(dump.TYPE_COUNTS)),
        )

    def dump(self) -> list[str]:
        """Return the whole graph as sorted lines of JSON: equal lists mean the same graph."""
        return dump.dump_lines(self.stream(dump.NODES), self.stream(dump.EDGES))

    def fingerprint(self) -> str:
        """Return the SHA-256 of `dump`, in hex."""
        return hashlib.sha256("\n".join(self.dump()).encode()).hexdigest()

    def _batched(
        self,
        rows: Iterable[Mapping[str, Any]],
        batch: int,
        work: Callable[[Transaction, list[Mapping[str, Any]]], int],
    ) -> int:
        left, done = iter(rows), 0
        while part := list(itertools.islice(left, batch)):
            done += self.transaction(functools.partial(_apply, work, part))
        return done


def _apply(
    work: Callable[[Transaction, list[Mapping[str, Any]]], int],
    part: list[Mapping[str, Any]],
    transaction: Transaction,
) -> int:
    return work(transaction, part)
