"""KGX is what the Biolink model says: its classes, fields, predicates and forms of ids.

The package `biolink-model` carries the model, also as pydantic classes that refuse any other field
or value. `kgx validate` looks up the same things, but fetches the model from the network.
"""

from __future__ import annotations

import csv
import importlib
import importlib.resources
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given

from kg import Graph, load_shards
from kg.archive import EdgeRecord, NodeRecord
from kg.base_schema import base_schema
from kg.exporting import export_graph, export_records, kgx
from kg.prefixes import normalise_curie
from kg.sources import open_source
from tests.kg.archive.graphs import fill, ids, odd_graph
from tests.kg.exporting.conftest import PAPERS
from tests.kg.written import shard

FISH_OIL, RAYNAUD = "abduce:Chemical.fish_oil", "abduce:Disease.raynaud_disease"
MODEL = importlib.resources.files("biolink_model")
CURIE = re.compile(r"[^ <()>:]*:[^/ :]+")  # kgx.prefix_manager.PrefixManager.is_curie
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def biolink() -> Any:
    """The classes of the Biolink model; they take some seconds."""
    return importlib.import_module("biolink_model.datamodel.pydanticmodel_v2")


def lines_of(folder: Path) -> tuple[Rows, Rows]:
    """Nodes and edges of an export as JSON lines."""
    nodes, edges = (
        [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").split("\n")[:-1]]
        for name in ("nodes.jsonl", "edges.jsonl")
    )
    return nodes, edges


def rows_of(file: Path) -> list[dict[str, str]]:
    """The rows of a TSV."""
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def check(nodes: Rows, edges: Rows, biolink: Any) -> None:
    """Refuse what Biolink, or kgx, would refuse."""
    for node in nodes:
        for category in node["category"]:
            class_ = getattr(biolink, category.removeprefix("biolink:"))
            class_.model_validate({**node, "category": [category]})
        assert CURIE.fullmatch(node["id"])
    known = {node["id"] for node in nodes}
    for edge in edges:
        biolink.Association.model_validate(edge)
        assert {edge["subject"], edge["object"]} <= known


def test_kgx_has_what_its_users_expect(papers: Graph, tmp_path: Path) -> None:
    """Biolink's categories and predicates, and where a claim is from, in both forms of KGX."""
    for name, file in (("kgx", "edges.tsv"), ("kgx-jsonl", "edges.jsonl")):
        export_graph(papers, tmp_path / name, name)
        assert (tmp_path / name / file).is_file()
    (row,) = rows_of(tmp_path / "kgx" / "edges.tsv")
    nodes, (edge,) = lines_of(tmp_path / "kgx-jsonl")
    assert row["subject"] == edge["subject"] == FISH_OIL
    assert row["predicate"] == edge["predicate"] == "biolink:negatively_correlated_with"
    assert row["publications"] == "|".join(edge["publications"]) == "PMID:1|PMID:2|PMID:3"
    assert row["primary_knowledge_source"] == edge["primary_knowledge_source"] == "infores:abduce"
    assert row["negated"] == ""  # KGX takes any text for true
    assert edge["negated"] is False
    assert float(row["has_confidence_score"]) == edge["has_confidence_score"]
    assert edge["evidence_count"] == len(PAPERS)
    categories = {node["id"]: node["category"] for node in nodes}
    assert categories == {FISH_OIL: ["biolink:ChemicalEntity"], RAYNAUD: ["biolink:Disease"]}


@pytest.mark.parametrize(("denials", "quotes"), [(1, ["no doubt", "yes"]), (3, ["no"])])
def test_sentences_say_what_the_edge_says(denials: int, quotes: list[str], tmp_path: Path) -> None:
    """`supporting_text` are the sentences that support a claim; of a denied one, that deny it."""
    ends = [NodeRecord(("Entity", "Drug"), {"id": id_}) for id_ in ("O:1", "O:2")]
    sentences = {"yes": "supports", "no doubt": "supports", "no": "denies"}
    evidence = [
        NodeRecord(
            ("Evidence",),
            {"id": quote, "claim_id": "c", "paper": "pmc:PMC1", "polarity": how, "quote": quote},
        )
        for quote, how in sentences.items()
    ]
    said = {"claim_id": "c", "n_support": 2, "n_deny": denials, "n_papers": 1}
    edge = EdgeRecord("TREATS", "Entity", "O:1", "Entity", "O:2", said)
    export_records([*ends, *evidence, edge], tmp_path / "out", "kgx-jsonl")
    _, (seen,) = lines_of(tmp_path / "out")
    assert seen["negated"] is (denials > 2)
    assert seen["supporting_text"] == quotes
    assert seen["publications"] == ["PMCID:PMC1"]


def test_biolink_takes_every_node_and_edge(lived: Graph, tmp_path: Path, biolink: Any) -> None:
    """Papers, a source, denials and a merge give no field or value that is not Biolink's."""
    load_shards(lived, [shard(tmp_path / "more", PAPERS)])
    export_graph(lived, tmp_path / "out", "kgx-jsonl")
    nodes, edges = lines_of(tmp_path / "out")
    check(nodes, edges, biolink)
    assert {edge["agent_type"] for edge in edges} == {"text_mining_agent", "not_provided"}
    assert any(node.get("deprecated") for node in nodes)
    export_graph(lived, tmp_path / "tsv", "kgx")
    for name, rows in (("nodes", nodes), ("edges", edges)):
        cells = rows_of(tmp_path / "tsv" / f"{name}.tsv")
        assert [row["id"] for row in cells] == [row["id"] for row in rows]
        assert all(set(row) <= set(cells[0]) for row in rows)


def test_biolink_takes_odd_values(embedded_graph: Graph, tmp_path: Path, biolink: Any) -> None:
    """Whatever a graph holds, ids are CURIEs, and fields of Biolink's types."""
    fill(embedded_graph, odd_graph())
    export_graph(embedded_graph, tmp_path / "out", "kgx-jsonl")
    check(*lines_of(tmp_path / "out"), biolink)
    export_graph(embedded_graph, tmp_path / "tsv", "kgx")
    entities = [r for r in odd_graph() if isinstance(r, NodeRecord) and r.labels[0] == "Entity"]
    assert len(rows_of(tmp_path / "tsv" / "nodes.tsv")) == len(entities)


@given(one=ids, other=ids)
def test_two_ids_stay_two(one: str, other: str) -> None:
    """Any id becomes a CURIE that kgx takes, and no two become one."""
    assert CURIE.fullmatch(kgx.curie(one))
    assert (kgx.curie(one) == kgx.curie(other)) == (one == other)


@pytest.mark.parametrize("id_", ["MESH:D008687", "NCBIGene:7124", "CHEBI:6801", "doi:10.1%2Fx"])
def test_a_good_curie_stays(id_: str) -> None:
    """The ids of ontologies are in KGX what they are in the graph."""
    assert normalise_curie(kgx.curie(id_.replace("%2F", "/"))) == id_


def test_the_names_of_biolink_are_in_biolink() -> None:
    """What our schema names are classes, but no mixins, and predicates, but no old ones."""
    text = (MODEL / "schema" / "biolink_model.yaml").read_text(encoding="utf-8")
    model = yaml.load(text, Loader=yaml.CSafeLoader)
    classes = {re.sub(r"\W", "", name.title()): said for name, said in model["classes"].items()}
    slots = {name.replace(" ", "_"): said for name, said in model["slots"].items()}
    schema = base_schema()
    for category in {type_.biolink or "NamedThing" for type_ in schema.types.values()}:
        assert not classes[category].get("mixin"), category
    for predicate in {relation.biolink or "related_to" for relation in schema.relations.values()}:
        above = predicate
        while above != "related_to":
            assert "deprecated" not in slots[above], above
            above = slots[above]["is_a"].replace(" ", "_")


def test_it_is_a_curated_source_like_any_other(papers: Graph, tmp_path: Path) -> None:
    """The files are read as KGX: entities as terms, claims as facts, none left over."""
    export_graph(papers, tmp_path / "out", "kgx")
    failures: list[Any] = []
    files = [tmp_path / "out" / "nodes.tsv", tmp_path / "out" / "edges.tsv"]
    source = open_source(files, on_failure=failures.append)
    assert {(term.id, term.name) for term in source.terms()} == {
        (FISH_OIL, "fish oil"),
        (RAYNAUD, "Raynaud's disease"),
    }
    (fact,) = source.facts()
    assert (fact.subject, fact.object) == (FISH_OIL, RAYNAUD)
    assert failures == []


def test_a_line_end_is_no_row(tmp_path: Path) -> None:
    """What TSV would take for a cell's, a row's or an item's end is none of these."""
    said = {"id": "O:1", "name": "a\tb\nc", "synonyms": ["d|e", "f"]}
    nodes = [NodeRecord(("Entity", "Chemical"), said), NodeRecord(("Entity",), {"id": "O:2"})]
    edge = EdgeRecord("TREATS", "Entity", "O:1", "Entity", "O:2", {"belief": 0.5})
    export_records([*nodes, edge], tmp_path / "out", "kgx")
    first, _ = rows_of(tmp_path / "out" / "nodes.tsv")
    assert (first["name"], first["synonym"]) == ("a b c", "d\N{BROKEN BAR}e|f")
