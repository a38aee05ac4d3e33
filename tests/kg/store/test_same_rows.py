"""The embedded store and both lines of Neo4j give the same rows for the same graph."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kg import Graph

PAPERS = [
    {"id": f"pmid:{n}", "title": f"Title {n}", "text": f"Title {n} Text, with ü and 😀.", "year": y}
    for n, y in enumerate([1986, 1988, 1990, None, 2001], start=1)
]
CHEMICALS = [
    {"id": "MESH:D008274", "name": "Magnesium", "synonyms": ["Mg", "magnesium ion"]},
    {"id": "MESH:D005395", "name": "Fish oil", "synonyms": []},
    {"id": "abduce:Chemical/x", "name": "O'Brien\"s \\ $x {y}", "synonyms": ["a"]},
]
DISEASES = [
    {"id": "MESH:D008881", "name": "Migraine", "synonyms": ["migraine disorder"]},
    {"id": "MESH:D011928", "name": "Raynaud disease", "synonyms": ["Raynaud's"]},
]
MENTIONS = [
    {"start": f"pmid:{1 + n % 5}", "end": entity["id"], "n": n}
    for n, entity in enumerate([*CHEMICALS, *DISEASES, *CHEMICALS])
]
CLAIMS = [
    {
        "start": "MESH:D008274",
        "end": "MESH:D008881",
        "claim_id": "claim:1",
        "belief": 0.75,
        "n_support": 3,
        "curated": False,
    },
    {
        "start": "MESH:D005395",
        "end": "MESH:D011928",
        "claim_id": "claim:2",
        "belief": 0.5,
        "n_support": 1,
        "curated": True,
    },
]
EVIDENCE = [
    {"id": "evidence:1", "claim_id": "claim:1", "quote": "Mg stops migraine."},
    {"id": "evidence:2", "claim_id": "claim:2", "quote": "r.claim_id {is} a text"},
    {"id": "evidence:3", "claim_id": "claim:2", "quote": "Fish oil helps."},
]


def _queries() -> list[tuple[str, dict[str, Any]]]:
    lines = Path(__file__).with_name("queries.cypher").read_text(encoding="utf-8").splitlines()
    parts = [line.partition(" // ") for line in lines if line and not line.startswith("//")]
    return [(cypher, json.loads(parameters or "{}")) for cypher, _, parameters in parts]


def _fill(graph: Graph) -> None:
    graph.ensure_schema(["Chemical", "Disease"])
    graph.merge_nodes(["Paper"], PAPERS)
    graph.merge_nodes(["Entity", "Chemical"], CHEMICALS)
    graph.merge_nodes(["Entity", "Disease"], DISEASES)
    graph.merge_edges("MENTIONS", MENTIONS, start="Paper")
    graph.merge_edges("TREATS", CLAIMS, key=["claim_id"])
    graph.merge_nodes(["Evidence"], EVIDENCE)


@pytest.mark.parametrize("line", ["neo4j", "neo4j_lts"])
def test_one_graph_gives_the_same_rows_on_every_server(
    line: str, embedded_graph: Graph, request: pytest.FixtureRequest, subtests: pytest.Subtests
) -> None:
    """Every query gives the same columns and rows, in the same order, on every server."""
    neo4j_graph = request.getfixturevalue(f"{line}_graph")
    _fill(embedded_graph)
    _fill(neo4j_graph)
    assert embedded_graph.dump() == neo4j_graph.dump()
    for cypher, parameters in _queries():
        with subtests.test(cypher):
            embedded = embedded_graph.read(cypher, **parameters)
            assert embedded == neo4j_graph.read(cypher, **parameters)
            assert json.loads(json.dumps(embedded)) == embedded
