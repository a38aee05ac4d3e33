"""A graph on a server: Neo4j, by its Bolt address."""

from __future__ import annotations

from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

import neo4j

from kg.errors import UsageError, WriteRefusedError
from kg.store import fulltext
from kg.store.bolt import DRIVER_ERRORS, BoltConnection, describe, open_driver, run
from kg.store.connection import Server
from kg.store.faults import explain

SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")
_EXPLAIN = "EXPLAIN "
_REMEMBERED = 512


class RemoteConnection(BoltConnection):
    """A driver to a server. Reading is refused to write by the server, in READ access mode.

    READ access mode lets two kinds of query through that do more than read the graph: LOAD CSV,
    which reads files and the network, and procedures of the kind that apoc has. Each query is
    therefore explained first, and the operators of the server's own plan decide.
    """

    def __init__(
        self, url: str, user: str | None, password: str | None, database: str | None
    ) -> None:
        parts = _split(url)
        self.address = _without_user(parts)
        self._driver = open_driver(
            urlunsplit(parts._replace(netloc=_host(parts))),
            unquote(parts.username) if user is None and parts.username else user,
            unquote(parts.password) if password is None and parts.password else password,
            self.address,
        )
        self._database = database
        self._bookmarks = neo4j.GraphDatabase.bookmark_manager()
        self._allowed: set[str] = set()

    def writer(self) -> neo4j.Session:
        return self._session(neo4j.WRITE_ACCESS)

    def reader(self) -> neo4j.Session:
        return self._session(neo4j.READ_ACCESS)

    def allow_read(self, cypher: str, parameters: dict[str, Any]) -> None:
        if cypher in self._allowed:
            return
        try:
            with self.reader() as session, session.begin_transaction() as transaction:
                summary = run(transaction, _EXPLAIN + cypher, parameters).consume()
        except DRIVER_ERRORS as error:
            raise explain(error, self.address, cypher, _EXPLAIN) from error
        _refuse_more_than_reading(summary)
        if len(self._allowed) < _REMEMBERED:
            self._allowed.add(cypher)

    def ensure_search(self) -> None:
        self.managed(lambda transaction: transaction.run(fulltext.IN_CYPHER), write=True)

    def renew(self) -> bool:
        return False

    def server(self) -> Server:
        return describe(self._driver, self.address)

    def close(self) -> None:
        self._driver.close()

    def _session(self, mode: str) -> neo4j.Session:
        return self._driver.session(
            database=self._database,
            default_access_mode=mode,
            bookmark_manager=self._bookmarks,
        )


def _split(url: str) -> SplitResult:
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES or not parts.hostname:
        shown = _without_user(parts) if parts.hostname else f"{parts.scheme}://"
        raise UsageError(
            f"{shown!r} is no address of a graph: give a folder, or one of "
            + ", ".join(f"{scheme}://host:port" for scheme in SCHEMES)
        )
    return parts


def _host(parts: SplitResult) -> str:
    return parts.netloc.rpartition("@")[2]


def _without_user(parts: SplitResult) -> str:
    return f"{parts.scheme}://{_host(parts)}"


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
        if operator == "ProcedureCall" and not procedure.startswith("db."):
            raise WriteRefusedError(
                f"the procedure {procedure} is not one that only reads the graph (those are db.*)"
            )


def _operators(plan: Any) -> list[tuple[str, str]]:
    if not plan:
        return []
    name = str(plan["operatorType"]).partition("@")[0]
    found = [(name, str(plan.get("args", {}).get("Details", "")))]
    for child in plan.get("children", []):
        found += _operators(child)
    return found
