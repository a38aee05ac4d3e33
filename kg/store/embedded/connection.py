"""A connection to the embedded store, which survives the end of the process that runs it."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import neo4j
from neo4j.exceptions import AuthError, Neo4jError

from kg.errors import (
    AbduceError,
    AuthenticationError,
    QueryError,
    StoreError,
    StoreUnavailableError,
)
from kg.store import fulltext
from kg.store.bolt import BoltConnection, describe, open_driver
from kg.store.connection import Server
from kg.store.embedded import dialect, lease
from kg.store.embedded.command import run_sql
from kg.store.embedded.engine import DATABASE, HOST, MESSAGE_BYTES, READER, WRITER, Ports
from kg.store.embedded.folder import GraphFolder, find_folder
from kg.store.embedded.parse_check import refuse_write
from kg.store.embedded.time_limit import MARK, TimeLimit
from kg.store.faults import Sent, explain, is_gone

_FIND_SECONDS = 9.0
_POLL_SECONDS = 0.05
_REMEMBERED = 512
_QUEUE = "queryQueueTimeout"  # in what ArcadeDB says when a query has waited in vain
_FULL_BYTES = 32 * 2**20  # a commit may need this much at once


@dataclass(frozen=True)
class _Attached:
    """What is open towards one server: a user that writes, and one that may only read."""

    ports: Ports
    writer: neo4j.Driver
    reader: neo4j.Driver


class EmbeddedConnection(BoltConnection):
    """Two drivers to the folder's server, as two users.

    ArcadeDB ignores the driver's READ access mode. What refuses writes is that the second user
    may only read, and, before that, the server's parser (`kg.store.embedded.parse_check`): rights
    alone would let a write pass that finds nothing to change.
    """

    def __init__(self, folder: GraphFolder) -> None:
        self.address = str(folder.path)
        self._folder = folder
        self._changing = threading.Lock()
        self._closed = False
        self._allowed: set[str] = set()
        self._attached = self._attach()

    message_bytes = MESSAGE_BYTES - 2**20  # room for the query itself

    def writer(self) -> neo4j.Session:
        """Return a session of the user that writes."""
        return self._attached.writer.session(database=DATABASE)

    def reader(self) -> neo4j.Session:
        """Return a session of the user that may only read."""
        return self._attached.reader.session(
            database=DATABASE, default_access_mode=neo4j.READ_ACCESS
        )

    def place(self) -> object:
        """Return the ports of the server; None where this process runs it, on ever other ones."""
        return None if lease.is_own(self._folder) else self._attached.ports

    def is_lost(self, error: Exception) -> bool:
        """Whether the server is away, or about to be: while it stops it gives any kind of error."""
        return super().is_lost(error) or self._is_stopping(error)

    def translate(self, cypher: str) -> str:
        """Return the query as ArcadeDB has to be asked it (see `kg.store.embedded.dialect`)."""
        return dialect.translate(cypher)

    @contextmanager
    def timed(self, cypher: str, seconds: float | None, *, write: bool) -> Iterator[str]:
        """Hold a query to its time (see `kg.store.embedded.time_limit`)."""
        if seconds is None:
            yield self.translate(cypher)
            return
        secrets = self._folder.secrets()
        credentials = (WRITER, secrets.writer) if write else (READER, secrets.reader)
        port = self._attached.ports.http
        with TimeLimit(port, credentials, self.translate(cypher), seconds) as limit:
            yield limit.cypher

    def allow_read(self, cypher: str, parameters: dict[str, Any]) -> None:
        """Refuse what the server's parser says is no query that only reads."""
        if cypher in self._allowed:
            return
        password = self._folder.secrets().reader
        self._by_http(lambda port: refuse_write(port, password, cypher, parameters))
        if len(self._allowed) < _REMEMBERED:
            self._allowed.add(cypher)

    def ensure_search(self) -> None:
        """Make the full-text index in ArcadeDB's own SQL."""
        password = self._folder.secrets().writer
        for statement in fulltext.IN_SQL:
            self._by_http(partial(run_sql, password=password, statement=statement))

    def _by_http(self, ask: Callable[[int], None]) -> None:
        """Ask something of the server's HTTP port; where it is away, of the one that follows it."""
        try:
            ask(self._attached.ports.http)
        except OSError:
            self.renew()
            try:
                ask(self._attached.ports.http)
            except OSError as error:
                raise StoreUnavailableError(
                    f"the graph {self.address} does not answer: {error}; run it again"
                ) from error

    def renew(self) -> bool:
        """Attach to the server that another process runs by now, or run one here."""
        before = self._attached
        with self._changing:
            if self._closed:
                return False
            if self._attached is before:  # else another thread has done it
                self._detach()
                self._attached = self._attach()
        return True

    def explained(self, error: Exception, query: str, seconds: float | None = None) -> AbduceError:
        """Return our error for one of the driver's; ArcadeDB does not say that a disk is full."""
        if self._is_stopping(error):
            return StoreUnavailableError(
                f"the process that ran the graph {self.address} has ended in the middle of this: "
                "run it again, another one takes over"
            )
        if is_gone(error):  # and it runs still
            return StoreUnavailableError(
                f"the graph {self.address} has broken off in the middle of this, twice: it may "
                "need more memory than there is; ask for less at once"
            )
        if _QUEUE in str(error):
            return StoreUnavailableError(
                f"the graph {self.address} is busy with too many queries at once: run it again"
            )
        free = shutil.disk_usage(self._folder.path).free
        if free < _FULL_BYTES and not _is_about_the_query(error):
            return StoreError(
                f"the disk that holds the graph {self.address} has {free / 2**20:.0f} MB left: "
                "free some and run it again; what was stored before is safe"
            )
        sent = Sent("", dialect.unseen(query), 0, partial(dialect.original_place, query))
        found = explain(error, self.address, query, sent, seconds)
        return QueryError(MARK.sub("", str(found))) if type(found) is QueryError else found

    def server(self) -> Server:
        """Return ArcadeDB's version, and the folder as its address."""
        return describe(self._attached.writer, self.address)

    def close(self) -> None:
        """Close both drivers; the server stops if this process runs it and nobody else uses it."""
        with self._changing:
            if not self._closed:
                self._closed = True
                self._detach()

    def _is_stopping(self, error: Exception) -> bool:
        # It forgets its users before it closes their connections.
        refused = isinstance(error, AuthError)
        return refused or not lease.is_current(self._folder, self._attached.ports)

    def _attach(self) -> _Attached:
        deadline = time.monotonic() + _FIND_SECONDS
        while True:
            ports = lease.acquire(self._folder)
            try:
                return self._drivers(ports)
            except (StoreUnavailableError, AuthenticationError):
                # Its owner has just gone, and the port may already be somebody else's.
                lease.release(self._folder)
                if time.monotonic() > deadline:
                    raise
                time.sleep(_POLL_SECONDS)
            except BaseException:
                lease.release(self._folder)
                raise

    def _drivers(self, ports: Ports) -> _Attached:
        passwords = self._folder.secrets()
        url = f"bolt://{HOST}:{ports.bolt}"
        writer = open_driver(url, WRITER, passwords.writer, self.address)
        try:
            reader = open_driver(url, READER, passwords.reader, self.address)
        except BaseException:
            writer.close()
            raise
        return _Attached(ports, writer, reader)

    def _detach(self) -> None:
        self._attached.writer.close()
        self._attached.reader.close()
        lease.release(self._folder)


def _is_about_the_query(error: Exception) -> bool:
    code = (error.code or "") if isinstance(error, Neo4jError) else ""
    return code.startswith(("Neo.ClientError.Statement.", "Neo.ClientError.Schema."))


def open_embedded(where: Path, *, create: bool) -> EmbeddedConnection:
    """Open the graph in a folder (see `kg.open_graph`)."""
    return EmbeddedConnection(find_folder(where, create=create))
