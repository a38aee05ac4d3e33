"""A graph on a server: Neo4j, by its Bolt address."""

from __future__ import annotations

from typing import Any

import neo4j

from kg.errors import AuthenticationError, WriteRefusedError
from kg.store import fulltext
from kg.store.access import Access, Login, host, login_of, split_address, without_user
from kg.store.bolt import DRIVER_ERRORS, BoltConnection, describe, open_driver, run
from kg.store.connection import Server
from kg.store.faults import Sent, explain

_EXPLAIN = "EXPLAIN "
_REMEMBERED = 512
# Neo4j runs these for one who reads: they change how the server plans and counts.
_MAINTENANCE = ("db.checkpoint", "db.prepare", "db.resample", "db.stats.")


class RemoteConnection(BoltConnection):
    """A driver to a server. Reading is refused to write by the server, in READ access mode.

    READ access mode lets two kinds of query through that do more than read the graph: LOAD CSV,
    which reads files and the network, and procedures of the kind that apoc has. Each query is
    therefore explained first, and the operators of the server's own plan decide.

    Where a user is given who only reads, all reading is that user's; what the user may do is the
    server's business.
    """

    def __init__(self, url: str, access: Access) -> None:
        parts = split_address(url)
        self.address = without_user(parts)
        self._url = f"{parts.scheme}://{host(parts)}"
        self._access = access
        login = login_of(parts, access.login)
        self._only_reads = access.reader.is_given and not login.is_given
        self._reading = self._open_reading(access.reader if access.reader.is_given else login)
        self._writing = self._reading
        if login.is_given and access.reader.is_given:
            try:
                self._writing = self._open(login)
            except BaseException:
                self._reading.close()
                raise
        self._bookmarks = neo4j.GraphDatabase.bookmark_manager()
        self._allowed: set[str] = set()

    def writer(self) -> neo4j.Session:
        if self._only_reads:
            raise WriteRefusedError(
                "only a user who reads is given, and this writes: give one who may write as well "
                "(ABDUCE_USER and ABDUCE_PASSWORD)"
            )
        return self._session(self._writing, neo4j.WRITE_ACCESS)

    def reader(self) -> neo4j.Session:
        return self._session(self._reading, neo4j.READ_ACCESS)

    def allow_read(self, cypher: str, parameters: dict[str, Any]) -> None:
        if cypher in self._allowed:
            return
        try:
            with self.reader() as session, session.begin_transaction() as transaction:
                summary = run(transaction, _EXPLAIN + cypher, parameters).consume()
        except DRIVER_ERRORS as error:
            raise explain(error, self.address, cypher, Sent(prefix=_EXPLAIN)) from error
        _refuse_more_than_reading(summary)
        if len(self._allowed) < _REMEMBERED:
            self._allowed.add(cypher)

    def ensure_search(self) -> None:
        self.managed(lambda transaction: transaction.run(fulltext.IN_CYPHER), write=True)

    def renew(self) -> bool:
        return False

    def server(self) -> Server:
        return describe(self._reading, self.address)

    def close(self) -> None:
        self._reading.close()
        self._writing.close()

    def _open_reading(self, login: Login) -> neo4j.Driver:
        try:
            return self._open(login)
        except AuthenticationError:
            if not self._access.reader.is_given:
                raise
            raise AuthenticationError(
                f"the graph server at {self.address} refused the user who reads, or the password: "
                "give the right ones (ABDUCE_READ_USER and ABDUCE_READ_PASSWORD)"
            ) from None

    def _open(self, login: Login) -> neo4j.Driver:
        password = login.password.get_secret_value() if login.password else None
        return open_driver(
            self._url,
            login.user,
            password,
            self.address,
            ca_certificate=self._access.ca_certificate,
            database=self._access.database,
        )

    def _session(self, driver: neo4j.Driver, mode: str) -> neo4j.Session:
        return driver.session(
            database=self._access.database,
            default_access_mode=mode,
            bookmark_manager=self._bookmarks,
        )


def _refuse_more_than_reading(summary: neo4j.ResultSummary) -> None:
    if summary.query_type != "r":
        raise WriteRefusedError(
            "the query writes, or changes the schema or the server, and only reading is allowed "
            "here; nothing was changed (to write, use --write)"
        )
    for operator, details in _operators(summary.plan):
        procedure = details.partition("(")[0]
        if operator == "LoadCSV":
            raise WriteRefusedError("LOAD CSV reads files, and only the graph may be read here")
        if operator == "TerminateTransactions":
            raise WriteRefusedError("TERMINATE stops other people's work, and may not here")
        # Of READ procedures, those named db.* read the graph; others may do anything (apoc.load).
        if operator == "ProcedureCall" and (
            not procedure.startswith("db.") or procedure.startswith(_MAINTENANCE)
        ):
            raise WriteRefusedError(
                f"the procedure {procedure} is not one that only reads the graph (most of db.* are)"
            )


def _operators(plan: Any) -> list[tuple[str, str]]:
    if not plan:
        return []
    name = str(plan["operatorType"]).partition("@")[0]
    found = [(name, str(plan.get("args", {}).get("Details", "")))]
    for child in plan.get("children", []):
        found += _operators(child)
    return found
