"""What people write into a graph themselves goes out and comes back, or is refused by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kg import Graph, UsageError, open_graph
from kg.archive import RESTORED, EdgeRecord, NodeRecord, Record, restore
from kg.exporting import export_graph, export_records
from tests.kg.archive.graphs import fill

# Words of Cypher, which are names of properties all the same.
WORDS = (
    "null", "true", "false", "end", "in", "type", "count", "match", "where", "return", "and", "or",
    "not", "case", "when", "create", "set", "as", "with", "order", "any", "distinct", "is", "g",
    "row", "same0",
)  # fmt: skip


def moved(graph: Graph, folder: Path) -> list[str]:
    """What a graph holds after an export, and a restore in its place."""
    export_graph(graph, folder / "out", "parquet")
    graph.clear()
    restore(graph, folder / "out")
    return graph.dump()


def test_nodes_and_edges_of_ones_own_come_back(graph: Graph, tmp_path: Path) -> None:
    """Own labels, two of them on a node, times, and words of Cypher as names are kept."""
    graph.ensure_schema(["Chemical"])
    graph.merge_nodes(("Entity", "Chemical"), [{"id": "MESH:D1", "name": "a"}])
    graph.write("CREATE (:Note {id: 'n1', on: date('2020-01-02'), days: [date('2020-01-02')]})")
    graph.write("CREATE (:Note:Urgent {id: 'n2', said: datetime('2020-01-02T03:04:05Z')})")
    graph.write("CREATE (:Restore {id: 'mine'})")
    said = {word: number for number, word in enumerate(WORDS)}
    for start, type_, end in (("Note", "ABOUT", "Entity"), ("Note", "NEXT", "Note")):
        graph.write(
            f"MATCH (a:{start}), (b:{end}) CREATE (a)-[r:{type_}]->(b) SET r = $said", said=said
        )
    before = graph.dump()
    assert moved(graph, tmp_path) == before
    assert len(before) == 10


def test_own_nodes_are_found_by_an_index(neo4j_graph: Graph, tmp_path: Path) -> None:
    """A label that has no schema gets an index of its ids, or edges would search all its nodes."""
    neo4j_graph.ensure_schema(())
    neo4j_graph.write("CREATE (:Remark {id: 'r'})")
    moved(neo4j_graph, tmp_path)
    indexed = neo4j_graph.read("SHOW INDEXES YIELD labelsOrTypes, properties")
    assert {"labelsOrTypes": ["Remark"], "properties": ["id"]} in indexed
    neo4j_graph.write("DROP INDEX Remark_id")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("0.0 / 0.0", "nan"),
        ("point({x: 1, y: 2})", "coordinates"),
        ("[1, 2.5]", r"\[1, 2.5\]"),
        ("['a', 1]", r"\['a', 1\]"),
        ("[[1], [2]]", r"\[\[1\], \[2\]\]"),
        ("[1.0, null]", r"\[1.0, None\]"),
    ],
)
@pytest.mark.parametrize(
    ("written", "where"),
    [
        ("CREATE (:Note {id: 'n', odd: %s})", "Note n"),
        (
            "CREATE (:Note {id: 'n'})-[:NEXT {odd: %s}]->(:Note {id: 'm'})",
            "NEXT Note n Note m",
        ),
    ],
)
def test_a_value_that_no_file_holds_is_named(
    value: str, shown: str, written: str, where: str, embedded_graph: Graph, tmp_path: Path
) -> None:
    """The embedded server takes values that would not come back; their place is told, and why."""
    embedded_graph.write(written % value)
    with pytest.raises(UsageError, match=f"property 'odd' of {where} of .* is .*{shown}.*cannot"):
        export_graph(embedded_graph, tmp_path / "out", "parquet")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("CREATE (:`my note` {id: 'n'})", "the id 'n': 'my note' cannot be a label"),
        ("CREATE (:Note {id: 'n', `my name`: 1})", "Note n of .*: 'my name' cannot be a property"),
        (
            "CREATE (:Note {id: 'n'})-[:likes]->(:Note {id: 'm'})",
            "an edge likes Note n Note m .*: 'likes' cannot be a relationship type",
        ),
        ("CREATE ({id: 'n'})", "the id 'n' has no label"),
    ],
)
def test_a_name_that_cannot_be_given_again_is_named(
    written: str, says: str, graph: Graph, tmp_path: Path
) -> None:
    """A label, type or property of another spelling than ours is refused with its node or edge."""
    graph.write(written)
    with pytest.raises(UsageError, match=says):
        export_graph(graph, tmp_path / "out", "parquet")


def alike() -> list[Record]:
    """Edges that a careless eye takes for equal ones, and edges of many shapes."""
    nodes: list[Record] = [NodeRecord(("Entity", "Chemical"), {"id": f"O:{n}"}) for n in range(120)]
    pairs: tuple[tuple[Any, Any], ...] = (
        (0.0, -0.0), (1, 1.0), (1, True), ([0.0], [-0.0]), ([1], [True]), ([1], [1.0]), ([], [""]),
        ("1", 1), (["a"], ["a", "a"]), (2**53, 2.0**53),
    )  # fmt: skip
    edges: list[Record] = []
    for number in range(120):
        ends = ("Entity", f"O:{number}", "Entity", f"O:{number * 7 % 120}")
        said = {f"p{n}": pair[number == 99] for n, pair in enumerate(pairs)}
        edges.append(EdgeRecord("ALIKE", *ends, {**said, "always": "x", "lists": ["y"]}))
        bits = {f"b{bit}": bit for bit in range(6) if number >> bit & 1}
        edges.append(EdgeRecord("MANY", *ends, bits))
    return [*nodes, *edges]


@pytest.mark.parametrize("name", RESTORED)
def test_nearly_equal_values_stay_apart(name: str, graph: Graph, tmp_path: Path) -> None:
    """What all edges share is sent once, and only what they really share; many shapes are kept."""
    fill(graph, alike())
    before = graph.dump()
    export_records(alike(), tmp_path / "out", name)
    graph.clear()
    restore(graph, tmp_path / "out")
    assert graph.dump() == before


def test_a_graph_that_moves_is_searched_as_before(graph: Graph, tmp_path: Path) -> None:
    """The full-text index, made when all else is there, finds what was restored."""
    with open_graph(tmp_path / "from", create=True) as other:
        fill(other, [NodeRecord(("Entity", "Chemical"), {"id": "O:1", "name_grams": "fish oil"})])
        export_graph(other, tmp_path / "out", "parquet")
    restore(graph, tmp_path / "out")
    found = graph.read(
        "CALL db.index.fulltext.queryNodes('entity_names', 'oil') YIELD node RETURN node.id AS id"
    )
    assert found == [{"id": "O:1"}]
