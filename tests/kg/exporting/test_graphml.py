"""GraphML is read by networkx and igraph."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import igraph
import networkx as nx
import pytest
from lxml import etree

from kg import Graph, UsageError
from kg.archive import EdgeRecord, NodeRecord, Record
from kg.exporting import export_graph, export_records
from tests.kg.archive.graphs import odd_graph
from tests.kg.written import LOWERS

FISH_OIL = "abduce:Chemical/fish_oil"
TAG = "{http://graphml.graphdrawing.org/xmlns}"
TYPES = {"boolean", "int", "long", "float", "double", "string"}  # of the GraphML primer


def chemicals(*said: dict[str, Any]) -> list[Record]:
    """Entities with these properties."""
    return [
        NodeRecord(("Entity", "Chemical"), {"id": f"O:{number}", **properties})
        for number, properties in enumerate(said)
    ]


def written(folder: Path, records: list[Record]) -> Path:
    """A file of these records."""
    export_records(records, folder / "out", "graphml")
    return folder / "out" / "graph.graphml"


def test_networkx_reads_graphml(papers: Graph, tmp_path: Path) -> None:
    """With networkx one sees every node and edge, numbers as numbers, the type of each edge."""
    export_graph(papers, tmp_path / "out", "graphml")
    seen = nx.read_graphml(tmp_path / "out" / "graph.graphml")
    counts = papers.counts()
    assert seen.number_of_edges() == sum(counts.relationships.values())
    assert seen.nodes[FISH_OIL]["name"] == "fish oil"
    assert seen.nodes[FISH_OIL]["n_papers"] == 3
    assert json.loads(seen.nodes[FISH_OIL]["forms"]) == ["fish oil"]
    assert seen.nodes["Paper|pmid:1"]["labels"] == ":Paper"
    (claim,) = (said for *_, said in seen.edges(data=True) if said["label"] == LOWERS)
    assert (claim["n_support"], claim["n_deny"], claim["curated"]) == (2, 1, False)
    assert 0 < claim["belief"] < 1


def test_igraph_reads_what_networkx_reads(lived: Graph, tmp_path: Path) -> None:
    """igraph, whose warnings are errors here, sees the same nodes, edges, names and beliefs."""
    summary = export_graph(lived, tmp_path / "out", "graphml")
    file = tmp_path / "out" / "graph.graphml"
    by_igraph, by_networkx = igraph.Graph.Read_GraphML(str(file)), nx.read_graphml(file)
    assert by_igraph.vcount() == len(by_networkx) == sum(summary.nodes.values())
    assert by_igraph.ecount() == by_networkx.number_of_edges() == sum(summary.edges.values())
    names = {node["id"]: node["name"] for node in by_igraph.vs if node["name"]}
    assert names == {
        key: said["name"] for key, said in by_networkx.nodes(data=True) if "name" in said
    }
    beliefs = sorted(edge["belief"] for edge in by_igraph.es if edge["claim_id"])
    others = sorted(s["belief"] for *_, s in by_networkx.edges(data=True) if "belief" in s)
    assert beliefs == pytest.approx(others)


def test_an_attribute_is_declared_once(tmp_path: Path) -> None:
    """Lists with and without items are one attribute; an empty list is told from a missing one."""
    file = written(tmp_path, chemicals({"synonyms": ["a"]}, {"synonyms": []}, {}))
    seen = igraph.Graph.Read_GraphML(str(file))
    assert seen.vs["synonyms"] == ['["a"]', "[]", ""]


def test_an_attribute_has_the_type_of_all_its_values(tmp_path: Path) -> None:
    """Whole numbers and others are numbers; what is a text once is a text always."""
    first = {"number": 1, "mixed": 1, "whole": 2**60, "flag": True, "labels": "mine"}
    file = written(tmp_path, chemicals(first, {"number": 0.5, "mixed": "x", "flag": False}))
    seen = nx.read_graphml(file).nodes
    assert [seen[id_]["number"] for id_ in ("O:0", "O:1")] == [1.0, 0.5]
    assert [seen[id_]["mixed"] for id_ in ("O:0", "O:1")] == ["1", "x"]
    assert [seen[id_]["flag"] for id_ in ("O:0", "O:1")] == [True, False]
    assert seen["O:0"]["whole"] == 2**60
    assert (seen["O:0"]["labels"], seen["O:0"]["labels_"]) == (":Entity:Chemical", "mine")


def test_odd_values_are_good_graphml(tmp_path: Path) -> None:
    """Whatever a graph holds, both tools read the file, and it keeps to GraphML's own words."""
    records = odd_graph()
    file = written(tmp_path, records)
    edges = sum(isinstance(record, EdgeRecord) for record in records)
    seen = nx.read_graphml(file, force_multigraph=True)
    assert (len(seen), seen.number_of_edges()) == (len(records) - edges, edges)
    assert igraph.Graph.Read_GraphML(str(file)).ecount() == edges
    root = etree.parse(file).getroot()
    keys = [key.attrib for key in root.iter(f"{TAG}key")]
    assert {key["attr.type"] for key in keys} <= TYPES
    assert Counter((key["for"], key["attr.name"]) for key in keys).most_common(1)[0][1] == 1
    allowed = {"node": {"id"}, "edge": {"source", "target"}, "data": {"key"}}
    for tag, attributes in allowed.items():
        assert {name for element in root.iter(TAG + tag) for name in element.attrib} == attributes


def test_what_the_graph_keeps_for_itself_is_left_out(lived: Graph, tmp_path: Path) -> None:
    """Merges, runs and schemas are no nodes, what search needs is no attribute."""
    export_graph(lived, tmp_path / "out", "graphml")
    seen = nx.read_graphml(tmp_path / "out" / "graph.graphml")
    labels = {said["labels"].split(":")[1] for _, said in seen.nodes(data=True)}
    assert labels == {"Entity", "Evidence", "Paper", "Source"}
    names = {name for _, said in seen.nodes(data=True) for name in said}
    assert names.isdisjoint({"name_grams", "normal_names", "terms"})


def test_a_text_that_no_xml_reader_takes_is_refused(tmp_path: Path) -> None:
    """A text of over 9 MB is refused with the format that takes it, and nothing is written."""
    with pytest.raises(UsageError, match="export to parquet"):
        written(tmp_path, chemicals({"text": "ä" * 5_000_000}))
    assert list(tmp_path.iterdir()) == []
