"""What a transaction deletes is gone, all of it, on every server."""

from __future__ import annotations

import pytest

from kg import Graph

R, S = "MATCH (:N {id: 'a'})-[r:R]->(b) ", "MATCH (:N {id: 'a'})-[s:S]->(b) "
EDGES = "MATCH ()-[r]->() RETURN type(r) AS type, count(*) AS n ORDER BY type"
NODES = "MATCH (n:N) RETURN count(n) AS n"


@pytest.fixture
def hub(every_graph: Graph) -> Graph:
    """A node with 500 neighbours, and with edges of two types to each."""
    every_graph.write(
        "CREATE (a:N {id: 'a'}) WITH a UNWIND range(1, 500) AS i CREATE (b:N {id: toString(i)}) "
        "CREATE (a)-[:R {i: i}]->(b) CREATE (a)-[:S {i: i}]->(b)"
    )
    return every_graph


@pytest.mark.parametrize(
    ("statements", "edges", "nodes"),
    [
        ((R + "DELETE r", S + "DELETE s"), {}, 501),
        ((R + "DELETE r WITH count(*) AS n " + S + "DELETE s",), {}, 501),
        ((R + "WHERE r.i <= 250 DETACH DELETE b", S + "DETACH DELETE b"), {}, 1),
        (
            (R + "CREATE (b)-[:T]->(:N {id: 'of ' + b.id})", R + "DELETE r"),
            {"S": 500, "T": 500},
            1001,
        ),
        ((R + "DELETE r", S + "WITH s LIMIT 300 DELETE s"), {"S": 200}, 501),
        ((R + "DELETE r", S + "WITH collect(s) AS x FOREACH (s IN x | DELETE s)"), {}, 501),
    ],
)
def test_a_second_delete_at_a_node_finds_everything(
    hub: Graph, statements: tuple[str, ...], edges: dict[str, int], nodes: int
) -> None:
    """A DELETE takes away all that it finds, also where its transaction changed the node before."""
    hub.transaction(lambda transaction: [transaction.run(cypher) for cypher in statements])
    assert {row["type"]: row["n"] for row in hub.read(EDGES)} == edges
    assert hub.read(NODES) == [{"n": nodes}]


def test_many_gathered_edges(every_graph: Graph) -> None:
    """Thousands of edges that were gathered in a list are deleted, and fit the memory."""
    every_graph.write(
        "CREATE (a:N {id: 'a'}) WITH a UNWIND range(1, 5000) AS i "
        "CREATE (a)-[:R]->(:N {id: toString(i), text: 'a text of some length'})"
    )
    gathered = "WITH collect(r) AS every UNWIND every AS r DELETE r"
    every_graph.write("MATCH (:N {id: 'a'})-[r:R]->() " + gathered)
    assert every_graph.read(EDGES) == []
