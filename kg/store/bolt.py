"""Bolt: drivers, and transactions that run again when two of them met.

The driver's own managed transactions wait a second before the first retry, and go on for 30
seconds against a server that is away. Conflicts on the embedded store are over in milliseconds,
and an absent server is to be reported within ten seconds; hence a loop of our own.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import neo4j
import tenacity
from neo4j.exceptions import ClientError, DriverError, Neo4jError

from kg.errors import AbduceError, GraphNotFoundError, PropertyError
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
DRIVER_ERRORS = (DriverError, Neo4jError)


class BoltConnection(Connection):
    """A connection through the official driver; a subclass says which sessions it has."""

    @abstractmethod
    def writer(self) -> neo4j.Session:
        """Return a session whose transactions may write."""

    @abstractmethod
    def reader(self) -> neo4j.Session:
        """Return a session in which the server refuses every write."""

    @abstractmethod
    def renew(self) -> bool:
        """Find the graph again after its server went away; False where only that server has it."""

    def spoken(self, cypher: str) -> str:
        """Return a query as this server has to be asked it."""
        return cypher

    def managed(self, work: Callable[[Transaction], T], *, write: bool, query: str = "") -> T:
        """Run `work` in one transaction (see `Connection.managed`).

        After the server went away and another stands in for it, it runs once more.
        """
        session = self.writer if write else self.reader
        try:
            try:
                return _until_alone(session, work, self.spoken)
            except DRIVER_ERRORS as error:
                if not (is_gone(error) and self.renew()):
                    raise
            return _until_alone(session, work, self.spoken)
        except DRIVER_ERRORS as error:
            raise self.explained(error, query) from error

    def explained(self, error: Exception, query: str) -> AbduceError:
        """Return our error for one of the driver's."""
        return explain(error, self.address, query)

    def stream(self, cypher: str, parameters: dict[str, Any]) -> Iterator[Row]:
        """Yield the rows of a query that only reads; a lost server is replaced before the first."""
        begun = False
        while True:
            try:
                for row in self._rows(cypher, parameters):
                    begun = True
                    yield row
            except DRIVER_ERRORS as error:
                if begun or not is_gone(error) or not self.renew():
                    raise self.explained(error, cypher) from error
            else:
                return

    def _rows(self, cypher: str, parameters: dict[str, Any]) -> Iterator[Row]:
        with self.reader() as session, session.begin_transaction() as transaction:
            for record in run(transaction, self.spoken(cypher), parameters):
                yield plain_row(record)


def run(transaction: neo4j.Transaction, cypher: str, parameters: dict[str, Any]) -> neo4j.Result:
    """Send one statement.

    Names are validated before they enter a query (`kg.store.names`), values are parameters, and a
    user's own query is the user's: nothing else is ever put together as text.

    Raises:
        PropertyError: a parameter of a type that cannot be sent.
    """
    try:
        return transaction.run(cypher, parameters)
    except (TypeError, ValueError) as error:  # with and without the driver's Rust part
        raise PropertyError(f"a parameter cannot be sent to the graph: {error}") from error


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


def _until_alone(
    session: Callable[[], neo4j.Session],
    work: Callable[[Transaction], T],
    spoken: Callable[[str], str],
) -> T:
    attempts = tenacity.Retrying(
        retry=tenacity.retry_if_exception(is_conflict),
        wait=tenacity.wait_random_exponential(multiplier=0.01, max=1.0),
        stop=tenacity.stop_after_delay(CONFLICT_SECONDS),
        reraise=True,
    )
    for attempt in attempts:
        with attempt:
            return _once(session, work, spoken)
    raise AssertionError("unreachable: the last attempt raises")


def _once(
    session: Callable[[], neo4j.Session],
    work: Callable[[Transaction], T],
    spoken: Callable[[str], str],
) -> T:
    with session() as opened, opened.begin_transaction() as inner:

        def execute(cypher: str, parameters: dict[str, Any]) -> list[Row]:
            return [plain_row(record) for record in run(inner, spoken(cypher), parameters)]

        result = work(Transaction(execute))
        inner.commit()
        return result
