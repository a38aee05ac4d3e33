"""Odd values and hostile names: the same right result, or the same error, on every server."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import Graph, PropertyError, QueryError

KEPT: dict[str, Any] = {
    "nul": "a\0b",
    "control": "\x01\x1b[31m\x7f",
    "long": "x" * 100_000,
    "long_wide": "蛋" * 100_000,
    "no_character": "\uffff\ufffe",
    "mark": "\ufeffa",
    "composed": "é e\u0301",
    "turned": "\u202eabc\u202c",
    "family": "👩‍👩‍👧",
    "empty": "",
    "quotes": "`'\"\\`{}$x",
    "least": 5e-324,
    "most": 1.7e308,
    "many": list(range(50_000)),
    "empties": ["", ""],
    "nuls": ["\0", "\0\0"],
}
REFUSED: dict[str, Any] = {
    "half": "a\ud800b",
    "other_half": ["fine", "\udfff"],
    "map": {"a": 1},
    "map_in_list": [{"a": 1}],
    "gap": [None],
    "mixed": [1, "a"],
    "mixed_numbers": [1, 2.5],
    "mixed_truth": [True, 1],
    "lists": [[1], [2]],
    "huge": -(2**63) - 1,
    "infinite": float("inf"),
    "bytes": b"a",
    "endless": "ü" * 8_000_001,
    "set": {1},
}
INJECTIONS = [
    "x`) DETACH DELETE n //",
    "X {id: 1}) DETACH DELETE n //",
    "X]->() DETACH DELETE a //",
    "x = 1 WITH n MATCH (m) DETACH DELETE m //",
    "`",
    "'",
    '"',
    "a.b",
    "a b",
    "$x",
    "\\u0060",
    "a\0",
    "a\n",
    "\uff21",
    "",
    "A" * 129,
]
TEXTS = st.text(st.characters(codec="utf-8"), max_size=200)
VALUES = st.one_of(
    TEXTS,
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.lists(TEXTS, max_size=5),
    st.lists(st.integers(-(2**63), 2**63 - 1), max_size=5),
)


@pytest.fixture
def graph(every_graph: Graph) -> Graph:
    """A graph with its schema and one entity, on each server in turn."""
    every_graph.ensure_schema(["Chemical"])
    every_graph.merge_nodes(["Entity", "Chemical"], [{"id": "a", "name": "A"}])
    return every_graph


def test_what_fits_comes_back_as_it_was(graph: Graph, subtests: pytest.Subtests) -> None:
    """Odd values are kept letter by letter on nodes and edges, and are found by their value."""
    for name, value in KEPT.items():
        with subtests.test(name):
            graph.merge_nodes(["Entity", "Chemical"], [{"id": f"id {name}", "value": value}])
            edge = {"start": "a", "end": f"id {name}", "value": value}
            graph.merge_edges("TREATS", [edge])
            (row,) = graph.read(
                "MATCH (:Entity {id: 'a'})-[r]->(n:Entity {id: $id}) WHERE n.value = $value "
                "RETURN n.value AS node, r.value AS edge",
                id=f"id {name}",
                value=value,
            )
            assert row == {"node": value, "edge": value}


def test_what_does_not_fit_is_refused_by_name(graph: Graph, subtests: pytest.Subtests) -> None:
    """A value that no graph holds is an error that names property and owner; nothing is stored."""
    before = graph.dump()
    for name, value in REFUSED.items():
        with subtests.test(name):
            good, bad = {"id": "b", name: 1}, {"id": "c", name: value}
            with pytest.raises(PropertyError, match=f"'{name}' of c"):
                graph.merge_nodes(["Entity", "Chemical"], [good, bad])
            with pytest.raises(PropertyError, match=f"'{name}'"):
                graph.merge_edges("TREATS", [{"start": "a", "end": "a", name: value}])
    assert graph.dump() == before


def test_a_null_is_no_value(graph: Graph) -> None:
    """None leaves a property as it is, or removes it where the row replaces all."""
    kinds = ["Entity", "Chemical"]
    graph.merge_nodes(kinds, [{"id": "a", "name": None, "year": None}])
    assert graph.read("MATCH (n:Entity) RETURN properties(n) AS p") == [
        {"p": {"id": "a", "name": "A"}}
    ]
    graph.transaction(lambda t: t.merge_nodes(kinds, [{"id": "a", "name": None}], replace=True))
    assert graph.read("MATCH (n:Entity) RETURN properties(n) AS p") == [{"p": {"id": "a"}}]


@pytest.mark.parametrize("name", ["id", "name", "claim_id"])
def test_an_indexed_value_has_a_length_that_every_server_takes(graph: Graph, name: str) -> None:
    """Up to 8,000 bytes it is kept and found; a longer one, or a list, is refused by name."""
    row = {"id": "long"}
    for fits in ("x" * 8000, "ü" * 4000):
        graph.merge_nodes(["Entity", "Chemical"], [row | {name: fits}])
        query = f"MATCH (n:Entity {{{name}: $value}}) RETURN n.{name} AS value"
        assert graph.read(query, value=fits) == [{"value": fits}]
    for refused in ("x" * 8001, "ü" * 4001, "x" * 100_000):
        with pytest.raises(PropertyError, match=f"'{name}' .* bytes"):
            graph.merge_nodes(["Entity", "Chemical"], [row | {name: refused}])
    if name != "id":
        with pytest.raises(PropertyError, match=f"'{name}' .* list"):
            graph.merge_nodes(["Entity", "Chemical"], [row | {name: ["x"]}])


def test_rows_may_be_large_together(graph: Graph) -> None:
    """Rows of 18 MB in one batch, of nodes and of edges, are sent in parts and stored."""
    rows = [{"id": f"pmid:{number}", "text": str(number) + "x" * 6_000_000} for number in range(3)]
    assert graph.merge_nodes(["Paper"], rows) == 3
    edges = [{"start": row["id"], "end": "a", "text": row["text"]} for row in rows]
    assert graph.merge_edges("MENTIONS", edges, start="Paper") == 3
    query = "MATCH (p:Paper)-[m:MENTIONS]->() WHERE p.text = m.text RETURN size(p.text) AS n"
    assert graph.read(query) == [{"n": 6_000_001}] * 3
    graph.clear()


def test_a_query_that_is_too_large_is_told(embedded_graph: Graph) -> None:
    """ArcadeDB would never answer it, so it is refused before it is sent."""
    with pytest.raises(PropertyError, match="fewer rows"):
        embedded_graph.write(
            "UNWIND $texts AS text RETURN count(text)", texts=["ü" * 8_000_000] * 5
        )
    assert embedded_graph.read("RETURN 1 AS x") == [{"x": 1}]


def test_a_query_says_which_parameter_does_not_fit(graph: Graph) -> None:
    """A parameter, or a query, with half a surrogate pair is told, with its name."""
    for value in ("\ud800", ["\ud800"], {"x": "\ud800"}, {1: 2}, 2**63, object()):
        with pytest.raises(PropertyError, match=r"parameter \$wrong cannot"):
            graph.read("RETURN $right AS a, $wrong AS b", right="x", wrong=value)
    with pytest.raises(QueryError, match="surrogate"):
        graph.write("RETURN '\ud800' AS x")


def test_no_name_becomes_part_of_a_query(graph: Graph, subtests: pytest.Subtests) -> None:
    """Labels, types, property names and keys that could change a query are refused as such."""
    before = graph.dump()
    edge = {"start": "a", "end": "a"}
    for name in INJECTIONS:
        with subtests.test(name):
            for attempt in (
                lambda name: graph.merge_nodes([name], [{"id": "x"}]),
                lambda name: graph.merge_nodes(["Entity", name], [{"id": "x"}]),
                lambda name: graph.merge_nodes(["Entity", "Chemical"], [{"id": "x", name: 1}]),
                lambda name: graph.merge_edges(name, [edge]),
                lambda name: graph.merge_edges("TREATS", [edge], start=name),
                lambda name: graph.merge_edges("TREATS", [edge], end=name),
                lambda name: graph.merge_edges("TREATS", [edge | {name: 1}]),
                lambda name: graph.merge_edges("TREATS", [edge | {name: 1}], key=[name]),
                lambda name: graph.transaction(lambda t: t.delete_nodes(name, ["a"])),
                lambda name: graph.ensure_schema([name]),
            ):
                with pytest.raises(PropertyError, match=re.escape(repr(name[:60]))):
                    attempt(name)
    assert graph.dump() == before


def test_values_are_never_part_of_a_query(graph: Graph) -> None:
    """Ids, names and ends that look like Cypher are stored and found as the texts that they are."""
    ids = [f"{number} {text}" for number, text in enumerate(INJECTIONS)]
    graph.merge_nodes(["Entity", "Chemical"], [{"id": id_, "name": id_} for id_ in ids])
    rows = [{"start": "a", "end": id_, "claim_id": id_} for id_ in ids]
    assert graph.merge_edges("TREATS", rows, key=["claim_id"]) == len(ids)
    found = graph.read("MATCH (:Entity {id: 'a'})-[r:TREATS]->(n) RETURN n.id AS id")
    assert sorted(row["id"] for row in found) == sorted(ids)
    graph.transaction(lambda t: t.delete_nodes("Entity", ids))
    assert graph.read("MATCH (n:Entity) RETURN n.id AS id") == [{"id": "a"}]


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(value=VALUES)
def test_any_value_comes_back(graph: Graph, value: object) -> None:
    """Every text, number, truth and list of them is what it was, however it was written."""
    graph.merge_nodes(["Entity", "Chemical"], [{"id": "any", "value": value}])
    (row,) = graph.read("MATCH (n:Entity {id: 'any'}) RETURN n.value AS value")
    assert row["value"] == value
    assert type(row["value"]) is type(value)
