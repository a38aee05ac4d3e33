"""Bolt: drivers, and transactions that run again when two of them met.

The driver's own managed transactions wait a second before the first retry, and go on for 30
seconds against a server that is away. Conflicts on the embedded store are over in milliseconds,
and an absent server is to be reported within ten seconds; hence a loop of our own.
"""

from __future__ import annotations

import asyncio
import logging
import time
from abc import abstractmethod
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import neo4j
import tenacity
from neo4j.exceptions import ClientError, DriverError, Neo4jError

from kg.errors import AbduceError, GraphNotFoundError, PropertyError, QueryError
from kg.graph_schema import is_text
from kg.store.connection import Connection, Server
from kg.store.faults import explain, is_conflict, is_gone
from kg.store.names import Row
from kg.store.tls import refused_encryption, trusting
from kg.store.transaction import Transaction
from kg.store.values import plain_row

T = TypeVar("T")

# A server that is away is reported within ten seconds: the driver waits for the connection and
# for the handshake after it, each as long as this.
CONNECT_SECONDS = 4.0
CONFLICT_SECONDS = 60.0
_MOVES = 8
# What the driver warns of becomes an error of ours, or passes: it is not printed by itself.
_QUIET = logging.NullHandler()
DRIVER_ERRORS = (DriverError, Neo4jError)


class BoltConnection(Connection):
    """A connection through the official driver; a subclass says which sessions it has."""

    message_bytes: int | None = None  # the most that the server takes at once

    @abstractmethod
    def writer(self) -> neo4j.Session:
        """Return a session whose transactions may write."""

    @abstractmethod
    def reader(self) -> neo4j.Session:
        """Return a session in which the server refuses every write."""

    @abstractmethod
    def renew(self) -> bool:
        """Find the graph again after its server went away; False where only that server has it."""

    def place(self) -> object:
        """Return which server answers now: another one has another place."""
        return self.address

    def translate(self, cypher: str) -> str:
        """Return a query as this server has to be asked it."""
        return cypher

    def timed(
        self, cypher: str, seconds: float | None, *, write: bool
    ) -> AbstractContextManager[str]:
        """Hold a query to its time; the text is what is to be sent.

        A server that heeds the time limit of a transaction does it by itself.
        """
        del seconds, write
        return nullcontext(self.translate(cypher))

    def managed(
        self,
        work: Callable[[Transaction], T],
        *,
        write: bool,
        query: str = "",
        seconds: float | None = None,
    ) -> T:
        """Run `work` in one transaction (see `Connection.managed`).

        After the server went away and another stands in for it, it runs once more; and again, since
        several processes that end together hand the graph on from one to the next.
        """
        once = partial(self._once, work, write, seconds)
        lost: list[object] = []
        while True:
            try:
                return _until_alone(once)
            except DRIVER_ERRORS as error:
                if not self._moves(error, lost):
                    raise self.explained(error, query, seconds) from error

    def _moves(self, error: Exception, lost: list[object]) -> bool:
        """Go to the server that stands in for one that is lost; `lost` are the places tried.

        A server that is lost twice and is still there was not lost: it has died of the query.
        """
        if not self.is_lost(error) or len(lost) == _MOVES or lost.count(self.place()) > 1:
            return False
        lost.append(self.place())
        return self.renew()

    def is_lost(self, error: Exception) -> bool:
        """Whether the error says that the server has gone, so that another may stand in for it."""
        return is_gone(error)

    def explained(self, error: Exception, query: str, seconds: float | None = None) -> AbduceError:
        """Return our error for one of the driver's."""
        return explain(error, self.address, query, seconds=seconds)

    def stream(
        self, cypher: str, parameters: dict[str, Any], seconds: float | None = None
    ) -> Generator[Row]:
        """Yield the rows of a query that only reads; a lost server is replaced before the first."""
        begun = False
        lost: list[object] = []
        while True:
            rows = self._rows(cypher, parameters, seconds)
            try:
                for row in rows:
                    begun = True
                    yield row
            except GeneratorExit:
                with suppress(*DRIVER_ERRORS):  # a query that is stopped has no good end
                    rows.close()
                raise
            except DRIVER_ERRORS as error:
                if begun or not self._moves(error, lost):
                    raise self.explained(error, cypher, seconds) from error
            else:
                return

    def _rows(
        self, cypher: str, parameters: dict[str, Any], seconds: float | None
    ) -> Generator[Row]:
        with (
            self.reader() as session,
            session.begin_transaction(timeout=seconds) as transaction,
            _cut_off(session),
            self.timed(cypher, seconds, write=False) as text,
        ):
            for record in run(transaction, text, parameters, self.message_bytes):
                yield plain_row(record)

    def _once(self, work: Callable[[Transaction], T], write: bool, seconds: float | None) -> T:
        began = time.monotonic()
        session = self.writer if write else self.reader
        with (
            session() as opened,
            opened.begin_transaction(timeout=seconds) as inner,
            _cut_off(opened),
        ):

            def execute(cypher: str, parameters: dict[str, Any]) -> list[Row]:
                left = None if seconds is None else max(began + seconds - time.monotonic(), 0.0)
                with self.timed(cypher, left, write=write) as text:
                    return [plain_row(r) for r in run(inner, text, parameters, self.message_bytes)]

            result = work(Transaction(execute))
            inner.commit()
            return result


@contextmanager
def _cut_off(session: neo4j.Session) -> Iterator[None]:
    """Hang up when the user interrupts; else the driver waits for the query's end, to roll back.

    Neo4j stops a transaction whose client has hung up.
    """
    try:
        yield
    except KeyboardInterrupt as error:
        # The one public way to the driver's `kill`: an asynchronous session would be left so.
        session.__exit__(asyncio.CancelledError, error, None)  # type: ignore[no-untyped-call]
        raise


def run(
    transaction: neo4j.Transaction,
    cypher: str,
    parameters: dict[str, Any],
    most_bytes: int | None = None,
) -> neo4j.Result:
    """Send one statement, if it is not larger than the server takes.

    Names are validated before they enter a query (`kg.store.names`), values are parameters, and a
    user's own query is the user's: nothing else is ever put together as text.

    Raises:
        PropertyError: a parameter that cannot be sent; says which. Or all are too large together.
        QueryError: a query that cannot be sent.
    """
    if most_bytes is not None and (n_bytes := _bytes(parameters)) > most_bytes:
        raise PropertyError(
            f"the parameters of one query come to {n_bytes / 2**20:.0f} MB, and this graph takes "
            f"{most_bytes / 2**20:.0f} MB at once: send fewer rows at a time"
        )
    if not is_text(cypher):
        raise QueryError(
            "the query holds half a surrogate pair, which is no character: "
            + cypher.encode("ascii", "backslashreplace").decode()
        )
    try:
        return transaction.run(cypher, parameters)
    except (
        TypeError,
        ValueError,
        OverflowError,
    ) as error:  # with and without the driver's Rust part
        which = ", ".join(f"${name}" for name, value in parameters.items() if not _fits(value))
        raise PropertyError(
            f"the parameter {which or 'of the query'} cannot be sent to the graph: {error}"
        ) from error


def _bytes(value: Any) -> int:
    """Return about how many bytes a value takes in a message; never much fewer."""
    if isinstance(value, str):
        return 5 + (len(value) if value.isascii() else len(value.encode(errors="replace")))
    if isinstance(value, Mapping):
        return 5 + sum(_bytes(key) + _bytes(item) for key, item in value.items())
    if isinstance(value, list | tuple):
        return 5 + sum(map(_bytes, value))
    return 9 + (len(value) if isinstance(value, bytes | bytearray) else 0)


def _fits(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(
            isinstance(key, str) and _fits(key) and _fits(item) for key, item in value.items()
        )
    if isinstance(value, list | tuple):
        return all(map(_fits, value))
    if isinstance(value, str):
        return is_text(value)
    if isinstance(value, int):
        return -(2**63) <= value < 2**63
    return value is None or isinstance(value, float | bytes)


def open_driver(
    url: str,
    user: str | None,
    password: str | None,
    address: str,
    *,
    ca_certificate: Path | None = None,
    database: str | None = None,
) -> neo4j.Driver:
    """Return a driver whose server has answered and let the user in.

    Args:
        url: the Bolt address.
        user: the user; "neo4j" if only a password is given.
        password: the password; without one, nobody in particular goes there.
        address: the address as it is shown.
        ca_certificate: who has signed the server's certificate (see `kg.store.tls`).
        database: the database that must be there; default: the server's default one.

    Raises:
        StoreUnavailableError: nobody answers within ten seconds, or nobody who can be trusted.
        AuthenticationError: the user or the password is wrong.
        GraphNotFoundError: there is no such database.
        UsageError: the certificate cannot be used, or not with this address.
    """
    logging.getLogger("neo4j").addHandler(_QUIET)
    auth = None if password is None else neo4j.basic_auth(user or "neo4j", password)
    url, trust = trusting(url, ca_certificate)
    driver = neo4j.GraphDatabase.driver(
        url,
        auth=auth,
        connection_timeout=CONNECT_SECONDS,
        connection_acquisition_timeout=2 * CONNECT_SECONDS,
        notifications_min_severity="OFF",
        telemetry_disabled=True,
        user_agent="abduce",
        **trust,
    )
    try:
        driver.verify_connectivity()
        if database is not None:
            _require_database(driver, database, address)
    except DRIVER_ERRORS as error:
        driver.close()
        raise refused_encryption(error, address) or explain(error, address) from error
    except BaseException:
        driver.close()
        raise
    return driver


def _require_database(driver: neo4j.Driver, database: str, address: str) -> None:
    try:
        with driver.session(database=database) as session:
            session.run("RETURN 1").consume()
    except ClientError as error:
        raise GraphNotFoundError(
            "database", database, (), f"the graph server at {address} says: {error.message}"
        ) from error


def describe(driver: neo4j.Driver, address: str) -> Server:
    """Return the server's name and version from what it calls itself.

    Neo4j says "Neo4j/2026.08.1", ArcadeDB "Neo4j/5.26.0 compatible (ArcadeDB 26.10.2)".
    """
    agent = driver.get_server_info().agent
    if "(ArcadeDB " in agent:
        return Server("ArcadeDB", agent.partition("(ArcadeDB ")[2].rstrip(")"), address)
    name, _, version = agent.partition("/")
    return Server(name, version, address)


def _until_alone(once: Callable[[], T]) -> T:
    attempts = tenacity.Retrying(
        retry=tenacity.retry_if_exception(is_conflict),
        wait=tenacity.wait_random_exponential(multiplier=0.01, max=1.0),
        stop=tenacity.stop_after_delay(CONFLICT_SECONDS),
        reraise=True,
    )
    for attempt in attempts:
        with attempt:
            return once()
    raise AssertionError("unreachable: the last attempt raises")
