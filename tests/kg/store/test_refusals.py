"""A query that only may read cannot write, whatever it is made of."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg import Graph, QueryError, WriteRefusedError

WRITES = [
    "CREATE (:X {a: 1})",
    "INSERT (:X)",
    "MERGE (:X {a: 2})",
    "MERGE (n:Entity {id: 'a'}) RETURN n",
    "MATCH (n) SET n.x = 1",
    "MATCH (n) SET n = {}",
    "MATCH (n) SET n += {x: 1} RETURN n",
    "MATCH (n) SET n:Foo",
    "MATCH (n) DELETE n",
    "MATCH (n) DETACH DELETE n",
    "MATCH ()-[r]->() DELETE r",
    "MATCH (n) REMOVE n.name",
    "MATCH (n) REMOVE n:Entity",
    "MATCH (n:Nothing) DELETE n",
    "MATCH (n:Nothing) SET n.x = 1",
    "MATCH (n:Nothing) REMOVE n.x",
    "cReAtE\n/* RETURN 1 */ (:X)",
    "// MATCH (n) RETURN n\nCREATE (:X)",
    "\t\r\n  \u00a0CREATE (:X)",
    "MATCH (n) WITH n CREATE (n)-[:MADE]->(:X)",
    "CALL { CREATE (:X) } RETURN 1",
    "CALL () { MERGE (:X) } RETURN 1",
    "MATCH (n) CALL { WITH n SET n.x = 1 } RETURN n",
    "CALL { CALL { CREATE (:X) } } RETURN 1",
    "CALL { MATCH (n) RETURN n UNION CREATE (n:X) RETURN n } RETURN n",
    "UNWIND [1] AS x FOREACH (y IN [1] | CREATE (:X))",
    "MATCH (n) FOREACH (x IN [n] | SET x.y = 1)",
    "MATCH (n) CALL { WITH n DETACH DELETE n } IN TRANSACTIONS OF 1 ROWS",
    "PROFILE CREATE (:X)",
    "CREATE INDEX foo FOR (n:X) ON (n.a)",
    "CREATE INDEX foo IF NOT EXISTS FOR (n:X) ON (n.a)",
    "CREATE CONSTRAINT foo FOR (n:X) REQUIRE n.a IS UNIQUE",
    "DROP INDEX Entity_name",
    "DROP INDEX nothing IF EXISTS",
    "DROP CONSTRAINT entity_id",
    "CREATE USER foo SET PASSWORD 'barbarbar'",
    "DROP USER neo4j",
    "ALTER CURRENT USER SET PASSWORD FROM 'a' TO 'barbarbar'",
    "USE system CREATE USER foo SET PASSWORD 'barbarbar'",
    "CREATE DATABASE foo",
    "DROP DATABASE graph",
    "CALL db.createLabel('Foo')",
    "CALL db.createProperty('foo')",
    "CALL db.createRelationshipType('FOO')",
    "CALL db.clearQueryCaches()",
    "CALL db.prepareForReplanning()",
    "CALL db.stats.clear('QUERIES')",
    "CALL dbms.setConfigValue('db.logs.query.enabled', 'off')",
    "CALL dbms.listConfig()",
    "CALL merge.node(['X'], {a: 1}, {}) YIELD node RETURN node",
    "CALL apoc.create.node(['X'], {}) YIELD node RETURN node",
    "CALL apoc.load.json('file:///etc/passwd') YIELD value RETURN value",
    "MATCH (n) RETURN n; CREATE (:X)",
    "RETURN EXISTS { MATCH (n) SET n.a = 1 RETURN n }",
    "MATCH (n) WHERE COUNT { CREATE (:X) } > 0 RETURN n",
]
READS = [
    "MATCH (n) RETURN n.id AS create ORDER BY create",
    "MATCH (n) WHERE n.name = 'DELETE n; CREATE (:X)' RETURN n",
    "RETURN 'MERGE' AS `SET`",
    "// CREATE (:X)\nMATCH (n) RETURN count(n) AS n",
    "CALL db.labels() YIELD label RETURN label ORDER BY label",
    "CALL { MATCH (n) RETURN n } RETURN count(n) AS n",
    "EXPLAIN MATCH (n) RETURN n",
]


@pytest.fixture
def filled(every_graph: Graph) -> Graph:
    """Two nodes and an edge, with a schema."""
    every_graph.ensure_schema(["Chemical"])
    rows = [{"id": "a", "name": "A"}, {"id": "b", "name": "B"}]
    every_graph.merge_nodes(["Entity", "Chemical"], rows)
    every_graph.merge_edges("TREATS", [{"start": "a", "end": "b", "belief": 0.5}])
    return every_graph


def test_every_kind_of_write_is_refused(filled: Graph, subtests: pytest.Subtests) -> None:
    """No write, schema change or writing procedure passes, and nothing is changed by one."""
    before = _state(filled)
    for cypher in WRITES:
        with subtests.test(cypher):
            for ask in (filled.read, lambda query: list(filled.stream(query))):
                with pytest.raises(QueryError):
                    ask(cypher)
            assert _state(filled) == before


@pytest.mark.parametrize(
    "cypher", ["CREATE (:X)", "MATCH (n) SET n.x = $x", "MATCH (n:Nothing) DELETE n"]
)
def test_a_plain_write_is_told_as_such(filled: Graph, cypher: str) -> None:
    """The error of a refused write is its own type, and says how to write."""
    with pytest.raises(WriteRefusedError, match="--write"):
        filled.read(cypher, x=1)


def test_what_only_looks_like_a_write_is_read(filled: Graph, subtests: pytest.Subtests) -> None:
    """Words in texts, names and comments do not make a query a write."""
    for cypher in READS:
        with subtests.test(cypher):
            assert filled.read(cypher) == list(filled.stream(cypher))


def test_no_file_is_read(filled: Graph, tmp_path: Path, subtests: pytest.Subtests) -> None:
    """LOAD CSV of a local file is refused, however it is spelt."""
    file = tmp_path / "secret.csv"
    file.write_text("secret,row\n")
    for cypher in _loads(file.as_uri()):
        with subtests.test(cypher), pytest.raises(QueryError):
            filled.read(cypher)


@pytest.fixture
def visits() -> Iterator[tuple[str, list[str]]]:
    """An address on this machine, and the paths that were asked for there."""
    paths: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"a,b\n")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Keep quiet."""

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/rows.csv", paths
        server.shutdown()
        thread.join()


def test_no_address_is_asked(
    filled: Graph, visits: tuple[str, list[str]], subtests: pytest.Subtests
) -> None:
    """LOAD CSV from the network is refused before anybody is asked for anything."""
    address, paths = visits
    for cypher in _loads(address):
        with subtests.test(cypher), pytest.raises(QueryError):
            filled.read(cypher)
    assert paths == []


def _loads(address: str) -> list[str]:
    return [
        f"LOAD CSV FROM '{address}' AS line RETURN line",
        f"lOaD/* x */cSv\nWITH HEADERS FROM '{address}' AS line RETURN line",
        f"MATCH (n) CALL {{ LOAD CSV FROM '{address}' AS line RETURN line }} RETURN line",
        f"MATCH (n) LOAD CSV FROM '{address}' AS line RETURN line",
    ]


def _state(graph: Graph) -> list[object]:
    indexes = graph.read("SHOW INDEXES YIELD name RETURN name ORDER BY name")
    constraints = graph.read("SHOW CONSTRAINTS YIELD name RETURN name ORDER BY name")
    return [graph.dump(), indexes, constraints]
