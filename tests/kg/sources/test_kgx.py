"""KGX: Biolink in the words of the graph."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.sources import open_source
from tests.kg.sources.written import (
    KGX_EDGES,
    KGX_LINES,
    KGX_NODES,
    no_failure,
    read,
    terms,
    triples,
)


def test_nodes_are_terms(tmp_path: Path) -> None:
    """A node has its most telling category, its synonyms, and its cross-references normalised."""
    opened, failures = read(tmp_path / "s", "kgx")
    found = terms(opened)
    drug = found["DRUGBANK:DB00571"]
    assert (drug.type, drug.name) == ("SmallMolecule", "Propranolol")
    assert [name.text for name in drug.names] == ["Inderal"]
    assert drug.xrefs == ("MESH:D011433",)
    assert found["DOID:6364"].xrefs == ("UMLS:C0149931",)
    assert not failures


def test_edges_are_facts_and_a_negated_one_denies(tmp_path: Path) -> None:
    """A predicate becomes a relationship type; a negated edge denies; the rest is details."""
    opened, _ = read(tmp_path / "s", "kgx")
    assert triples(opened) == [
        ("DRUGBANK:DB00571", "TREATS", "DOID:6364", "supports"),
        ("DRUGBANK:DB00571", "CAUSES", "DOID:6364", "denies"),
    ]
    first = next(iter(opened.facts()))
    assert json.loads(first.details) == {
        "id": "e1",
        "primary_knowledge_source": "infores:drugcentral",
    }


def test_a_subclass_is_a_kind_of_its_parent(tmp_path: Path) -> None:
    """An edge `subclass_of` is a parent of the term, and no fact."""
    opened, _ = read(tmp_path / "s", "kgx")
    assert terms(opened)["DOID:6364"].parents == ("DOID:4",)


def test_json_lines_say_the_same(tmp_path: Path) -> None:
    """Nodes and edges as JSON lines, in one file, are read as those of TSV are."""
    opened, failures = read(tmp_path / "s", "kgx", {"graph.jsonl": KGX_LINES})
    assert terms(opened)["DOID:6364"].parents == ("DOID:4",)
    (fact,) = opened.facts()
    assert (fact.predicate, fact.polarity.value) == ("RELATED_TO", "denies")
    assert json.loads(fact.details) == {"publications": ["PMID:1"]}
    assert not failures


def test_the_files_name_the_source(tmp_path: Path) -> None:
    """`g_nodes.tsv` and `g_edges.tsv` are the source g."""
    opened, _ = read(tmp_path / "s", "kgx")
    assert opened.source.name == "g"


def test_a_folder_names_the_source_of_nodes_and_edges(tmp_path: Path) -> None:
    """`nodes.tsv` and `edges.tsv` are called as their folder is, in whatever order they come."""
    folder = tmp_path / "drugs"
    read(folder, "kgx", {"nodes.tsv": KGX_NODES, "edges.tsv": KGX_EDGES})
    paths = [folder / "nodes.tsv", folder / "edges.tsv"]
    refs = {
        open_source(given, on_failure=no_failure).source.ref
        for given in (paths, paths[::-1], folder)
    }
    assert len(refs) == 1
    assert next(iter(refs)).startswith("drugs@sha256:")


def test_negated_says_yes_or_no(tmp_path: Path) -> None:
    """An edge whose `negated` is neither true nor false is refused: it may well be a denial."""
    edges = KGX_EDGES.replace("\ttrue\n", "\tmaybe\n")
    opened, failures = read(tmp_path / "s", "kgx", {"nodes.tsv": KGX_NODES, "edges.tsv": edges})
    assert [fact.predicate for fact in opened.facts()] == ["TREATS"]
    (failure,) = failures
    assert failure.reason == "negated is 'maybe', and must be true or false"


def test_a_failure_names_the_file_of_its_row(tmp_path: Path) -> None:
    """Of several files, the one that holds a row that no graph can hold is told."""
    nodes = KGX_NODES + "nocurie\tbiolink:Disease\tx\t\t\n"
    opened, failures = read(tmp_path / "s", "kgx", {"a.tsv": KGX_EDGES, "b.tsv": nodes})
    list(opened.terms())
    (failure,) = failures
    assert (Path(failure.path).name, failure.where) == ("b.tsv", "line 5")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("e9\tDOID:1\tbiolink:treats\t\t\t", "no object"),
        ("e9\tDOID:1\t\tDOID:2\t\t", "no predicate"),
        ("e9\tDOID 1\tbiolink:treats\tDOID:2\t\t", "no CURIE"),
        ("e9\tDOID:1\tbiolink:treats\tDOID:2\t\t\tone too many", "7 columns"),
        ("e9\tDOID:1\tbiolink:is_a\tDOID:2\t\t", "keeps for itself"),
    ],
)
def test_a_wrong_edge_is_told(line: str, reason: str, tmp_path: Path) -> None:
    """An edge that cannot be used is a failure with its line, and the rest goes on."""
    files = {"g_nodes.tsv": KGX_NODES, "g_edges.tsv": f"{KGX_EDGES}{line}\n"}
    opened, failures = read(tmp_path / "s", "kgx", files)
    assert len(triples(opened)) == 2
    assert len(failures) == 1
    assert "line 5" in failures[0].where
    assert reason in failures[0].reason


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "no JSON"),
        ("[1]", "no JSON object"),
        ('{"id": 5, "category": []}', "must be a text"),
        ('{"id": "A:1", "category": [["x"]]}', "no text"),
        ('{"id": "A:1", "name": "\\ud800"}', "lone surrogate"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_a_wrong_line_of_json_is_told(line: str, reason: str, tmp_path: Path) -> None:
    """A line that is no node is a failure, whatever it holds, and the rest goes on."""
    text = f"{KGX_LINES}{line}\n".replace("[" * 100_000, '{"id":' + "[" * 100_000)
    opened, failures = read(tmp_path / "s", "kgx", {"graph.jsonl": text})
    assert len(terms(opened)) == 2
    assert any(reason in failure.reason for failure in failures)


def test_a_node_that_stands_twice_is_told(tmp_path: Path) -> None:
    """Of a node that stands twice the first counts, and the second is a failure."""
    files = {"g_nodes.tsv": f"{KGX_NODES}DOID:4\tbiolink:Disease\tsickness\t\t\n"}
    opened, failures = read(tmp_path / "s", "kgx", files)
    assert terms(opened)["DOID:4"].name == "disease"
    assert "again" in failures[0].reason
