"""What a graph does, whichever server holds it."""

from __future__ import annotations

import datetime as dt
import re
import threading
from collections.abc import Callable
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kg import (
    Graph,
    PropertyError,
    QueryError,
    StoreError,
    Transaction,
    UsageError,
    open_graph,
)
from tests.servers import Neo4jAddress

ROWS = [{"id": f"MESH:{n}", "name": f"name {n}"} for n in range(5)]


class Colour(StrEnum):
    """An enumeration whose members are stored as their values."""

    RED = "red"


@pytest.fixture
def graph(every_graph: Graph) -> Graph:
    """An empty graph, on each server in turn."""
    return every_graph


@pytest.fixture
def typed(graph: Graph) -> Graph:
    """A graph with its schema and five chemicals."""
    graph.ensure_schema(["Chemical", "Disease"])
    graph.merge_nodes(["Entity", "Chemical"], ROWS)
    return graph


def test_says_who_answers(graph: Graph) -> None:
    """A graph knows the name, version and address of its server."""
    server = graph.server
    assert server.name in {"ArcadeDB", "Neo4j"}
    assert re.match(r"\d+\.", server.version)
    assert server.address == graph.where


def test_nodes_keep_both_labels(typed: Graph) -> None:
    """A node merged with two labels is found by either, and says both."""
    by_type = typed.read("MATCH (n:Chemical {id: 'MESH:1'}) RETURN n")
    by_common = typed.read("MATCH (n:Entity {id: 'MESH:1'}) RETURN n")
    node = {"labels": ["Chemical", "Entity"], "properties": {"id": "MESH:1", "name": "name 1"}}
    assert by_type == by_common == [{"n": node}]


@pytest.mark.parametrize("labels", [["Paper"], ["Entity", "Chemical"]])
def test_merging_nodes_twice_is_merging_once(graph: Graph, labels: list[str]) -> None:
    """The same rows again, also twice in one batch, give the same graph."""
    graph.ensure_schema(["Chemical"])
    graph.merge_nodes(labels, ROWS)
    once = graph.dump()
    assert graph.merge_nodes(labels, [*ROWS, *ROWS], batch=3) == 2 * len(ROWS)
    assert graph.dump() == once
    assert len(once) == len(ROWS)


def test_merging_nodes_without_a_schema_works_too(graph: Graph) -> None:
    """Constraints make merging quick and safe, not possible."""
    graph.merge_nodes(["Entity", "Chemical"], ROWS)
    graph.merge_nodes(["Entity", "Chemical"], ROWS)
    assert graph.counts().nodes == {"Chemical": 5, "Entity": 5}


def test_properties_change_and_none_leaves_them(typed: Graph) -> None:
    """A later row changes the properties that it gives, and None is no value."""
    typed.merge_nodes(["Entity", "Chemical"], [{"id": "MESH:1", "name": None, "n_papers": 2}])
    rows = typed.read("MATCH (n:Entity {id: 'MESH:1'}) RETURN n.name AS name, n.n_papers AS n")
    assert rows == [{"name": "name 1", "n": 2}]


def test_merging_edges_twice_is_merging_once(typed: Graph) -> None:
    """An edge between two nodes stands once for each key, and its properties follow the rows."""
    rows = [
        {"start": "MESH:1", "end": "MESH:2", "claim_id": "claim:1", "belief": 0.5},
        {"start": "MESH:1", "end": "MESH:2", "claim_id": "claim:2", "belief": 0.5},
        {"start": "MESH:1", "end": "nothing", "claim_id": "claim:3", "belief": 0.5},
    ]
    assert typed.merge_edges("TREATS", rows, key=["claim_id"]) == 2
    later = [row | {"belief": 0.75} for row in rows]
    assert typed.merge_edges("TREATS", later, key=["claim_id"]) == 2
    found = typed.read("MATCH (:Entity)-[r:TREATS]->(:Entity) RETURN r ORDER BY r.claim_id")
    assert found == [
        {"r": {"type": "TREATS", "properties": {"belief": 0.75, "claim_id": "claim:1"}}},
        {"r": {"type": "TREATS", "properties": {"belief": 0.75, "claim_id": "claim:2"}}},
    ]


def test_rows_are_written_in_batches(typed: Graph) -> None:
    """`write_rows` sends every row once, with maps of properties where the statement wants them."""
    rows = [{"id": row["id"], "props": {"n": n, "none": None}} for n, row in enumerate(ROWS)]
    sent = typed.write_rows(
        "UNWIND $rows AS row MATCH (e:Entity {id: row.id}) SET e += row.props", rows, batch=2
    )
    assert sent == len(ROWS)
    assert typed.read("MATCH (e:Entity) RETURN sum(e.n) AS n") == [{"n": 10}]


def test_values_come_back_as_they_went_in(typed: Graph) -> None:
    """Every kind of value that a graph can hold survives the way there and back."""
    values: dict[str, Any] = {
        "text": "ü😀 '\"\\ \n\t",
        "whole": -(2**63),
        "real": 0.1,
        "yes": True,
        "texts": ["a", "b"],
        "numbers": [1, 2],
        "reals": [0.5, 1.5],
        "none": [],
    }
    typed.merge_nodes(["Entity", "Chemical"], [{"id": "MESH:9", **values}])
    (row,) = typed.read("MATCH (n:Entity {id: 'MESH:9'}) RETURN properties(n) AS p")
    assert row["p"] == {"id": "MESH:9", **values}
    assert isinstance(row["p"]["yes"], bool)


def test_near_values_are_stored_as_plain_ones(typed: Graph) -> None:
    """Enumerations, dates and numpy's scalars are stored as what they stand for."""
    values = {
        "colour": Colour.RED,
        "day": dt.date(2020, 1, 2),
        "n": np.int64(3),
        "x": np.float32(0.5),
    }
    typed.merge_nodes(["Entity", "Chemical"], [{"id": "MESH:9", **values}])
    (row,) = typed.read("MATCH (n:Entity {id: 'MESH:9'}) RETURN properties(n) AS p")
    assert row["p"] == {"id": "MESH:9", "colour": "red", "day": "2020-01-02", "n": 3, "x": 0.5}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("map", {"a": 1}),
        ("mixed", [1, "a"]),
        ("nested", [[1]]),
        ("gap", [1, None]),
        ("huge", 2**63),
        ("nan", float("nan")),
        ("object", object()),
        ("bad name", 1),
        ("x: 1}) DETACH DELETE n //", 1),
    ],
)
def test_a_value_that_no_graph_holds_is_refused_by_name(
    typed: Graph, name: str, value: object
) -> None:
    """The error names the property and its owner, and nothing of the batch is stored."""
    before = typed.dump()
    with pytest.raises(PropertyError, match=re.escape(name)):
        typed.merge_nodes(["Entity", "Chemical"], [{"id": "MESH:8"}, {"id": "MESH:9", name: value}])
    assert typed.dump() == before


@pytest.mark.parametrize("name", ["entity", "A B", "A`", "", "É", "A:B", "A) DETACH DELETE n //"])
def test_only_camel_case_is_a_label(graph: Graph, name: str) -> None:
    """A label that could change a query, or that one server reads otherwise, is refused."""
    with pytest.raises(PropertyError, match="CamelCase"):
        graph.merge_nodes([name], [{"id": "x"}])
    with pytest.raises(PropertyError, match="CamelCase"):
        graph.ensure_schema([name])
    assert graph.counts().nodes == {}


@pytest.mark.parametrize("name", ["treats", "A B", "A`", "", "A_", "A]->() DETACH DELETE a //"])
def test_only_upper_snake_is_a_relationship_type(typed: Graph, name: str) -> None:
    """A relationship type that could change a query is refused."""
    with pytest.raises(PropertyError, match="UPPER_SNAKE"):
        typed.merge_edges(name, [{"start": "MESH:1", "end": "MESH:2"}])
    assert typed.counts().relationships == {}


def test_no_label_is_a_relationship_type_too(graph: Graph) -> None:
    """ArcadeDB keeps labels and relationship types in one place, so no name may be both."""
    with pytest.raises(PropertyError, match="Mentions"):
        graph.ensure_schema(["Mentions"])
    with pytest.raises(PropertyError, match="BIND"):
        graph.ensure_schema(["BIND"], relationships=["BIND"])


def test_schema_can_be_asked_for_again(typed: Graph) -> None:
    """Giving a graph its schema a second time changes nothing, and may add types."""
    typed.ensure_schema(["Chemical", "Disease"])
    typed.ensure_schema(["Gene"])
    assert typed.counts().nodes == {"Chemical": 5, "Entity": 5}


@pytest.mark.parametrize("label", ["Entity", "Evidence", "Paper", "Hypothesis"])
def test_ids_are_unique(typed: Graph, label: str) -> None:
    """A second node with an id that is taken under its label is refused by the server."""
    typed.write(f"MERGE (:{label} {{id: 'MESH:1'}})")
    with pytest.raises(QueryError):
        typed.write(f"CREATE (:{label} {{id: 'MESH:1'}})")
    with pytest.raises(QueryError):
        typed.write("CREATE (:Entity:Disease {id: 'MESH:1'})")


def test_a_transaction_happens_whole_or_not_at_all(typed: Graph) -> None:
    """What a function did before it failed is undone."""
    before = typed.dump()

    def fail(transaction: Transaction) -> None:
        transaction.merge_nodes(["Entity", "Chemical"], [{"id": "MESH:100"}])
        assert transaction.run("MATCH (n:Entity {id: 'MESH:100'}) RETURN n.id AS id")
        raise KeyError("stop")

    with pytest.raises(KeyError, match="stop"):
        typed.transaction(fail)
    assert typed.dump() == before


def test_a_transaction_returns_what_its_function_returns(typed: Graph) -> None:
    """Several statements see each other's work, and the result comes back."""

    def work(transaction: Transaction) -> int:
        transaction.merge_nodes(["Paper"], [{"id": "pmid:1"}])
        rows = [{"start": "pmid:1", "end": "MESH:1", "n": 3}]
        assert transaction.merge_edges("MENTIONS", rows, start="Paper") == 1
        found = transaction.run("MATCH (:Paper)-[m:MENTIONS]->() RETURN m.n AS n")
        return int(found[0]["n"])

    assert typed.transaction(work) == 3


def test_writers_at_once_lose_nothing(typed: Graph) -> None:
    """Threads that write to the same node and beside each other all get through."""
    errors: list[BaseException] = []

    def write(worker: int) -> None:
        try:
            for turn in range(10):
                typed.write("MATCH (n:Entity {id: 'MESH:0'}) SET n.n = coalesce(n.n, 0) + 1")
                typed.merge_nodes(["Paper"], [{"id": f"pmid:{worker}{turn}"}])
        except StoreError as error:
            errors.append(error)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert typed.read("MATCH (n:Entity {id: 'MESH:0'}) RETURN n.n AS n") == [{"n": 40}]
    assert typed.counts().nodes["Paper"] == 40


def test_counts_and_clearing(typed: Graph) -> None:
    """Counts say what is there; after clearing there is nothing, and the schema still holds."""
    typed.merge_edges("TREATS", [{"start": "MESH:1", "end": "MESH:2"}])
    assert typed.counts().nodes == {"Chemical": 5, "Entity": 5}
    assert typed.counts().relationships == {"TREATS": 1}
    typed.clear()
    assert typed.counts().nodes == typed.counts().relationships == {}
    assert typed.dump() == []
    typed.write("CREATE (:Entity {id: 'MESH:1'})")
    with pytest.raises(QueryError):
        typed.write("CREATE (:Entity {id: 'MESH:1'})")


def test_a_graph_that_is_closed(
    neo4j_address: Neo4jAddress, embedded_graph: Graph, tmp_path: Path
) -> None:
    """A closed graph says so, whatever is asked of it, and is closed twice; others stay open."""
    for graph in (
        open_graph(neo4j_address.url, user=neo4j_address.user, password=neo4j_address.password),
        open_graph(tmp_path / "closed", create=True),
    ):
        limited, rows = graph.within(300), graph.stream("UNWIND range(1, 9999) AS x RETURN x")
        assert next(rows) == {"x": 1}
        graph.close()
        graph.close()
        asked: list[Callable[[], object]] = [
            partial(next, rows),
            partial(getattr, graph, "server"),
            graph.counts,
            graph.dump,
            partial(graph.write, "CREATE (:X)"),
            partial(limited.read, "RETURN 1 AS x"),
        ]
        for ask in asked:
            with pytest.raises(UsageError, match="has been closed: open it again"):
                ask()
    assert embedded_graph.read("RETURN 1 AS x") == [{"x": 1}]


def test_a_dump_tells_graphs_apart(typed: Graph) -> None:
    """A changed property, label, edge or direction gives another fingerprint, and only that."""
    prints = {typed.fingerprint()}
    assert typed.fingerprint() in prints
    for change in (
        "MATCH (n:Entity {id: 'MESH:1'}) SET n.name = 'other'",
        "MATCH (a:Entity {id: 'MESH:1'}), (b:Entity {id: 'MESH:2'}) MERGE (a)-[:TREATS]->(b)",
        "MATCH (a:Entity {id: 'MESH:1'}), (b:Entity {id: 'MESH:2'}) MERGE (b)-[:TREATS]->(a)",
        "MATCH (:Entity {id: 'MESH:1'})-[r]->() SET r.n = 1",
        "CREATE (:Entity:Disease {id: 'MESH:77'})",
    ):
        typed.write(change)
        prints.add(typed.fingerprint())
    assert len(prints) == 6


def test_a_stream_gives_the_rows_of_a_read(typed: Graph) -> None:
    """Streaming gives the same rows, may be left early, and leaves the graph usable."""
    query = "UNWIND range(1, 5000) AS x RETURN x"
    assert list(typed.stream(query)) == typed.read(query)
    stream = typed.stream(query)
    assert next(iter(stream)) == {"x": 1}
    del stream
    assert typed.read("RETURN 1 AS x") == [{"x": 1}]


@pytest.mark.parametrize(
    ("cypher", "place"),
    [
        ("MATC (n) RETURN n", "line 1, column 1"),
        ("MATCH (n)\nWHERE n.id = \nRETURN n", "line 3, column"),
    ],
)
def test_a_wrong_query_says_where(graph: Graph, cypher: str, place: str) -> None:
    """The error of a query that cannot be parsed names line and column, and shows the line."""
    for ask in (graph.read, graph.write, lambda query: list(graph.stream(query))):
        with pytest.raises(QueryError, match=place) as caught:
            ask(cypher)
        assert cypher.splitlines()[int(place.split()[1].rstrip(",")) - 1] in str(caught.value)


@pytest.mark.parametrize("cypher", ["MATCH (n) RETURN m", "RETURN $missing", "CALL db.nothing()"])
def test_a_query_without_sense_is_told_so(graph: Graph, cypher: str) -> None:
    """An unknown variable, a missing parameter and an unknown procedure are typed errors."""
    with pytest.raises(QueryError):
        graph.read(cypher)


def test_a_parameter_that_cannot_be_sent_is_told_so(graph: Graph) -> None:
    """A parameter of a type that Bolt does not know is a typed error."""
    with pytest.raises(PropertyError, match="parameter"):
        graph.read("RETURN $x AS x", x=object())
