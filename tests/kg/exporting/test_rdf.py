"""RDF is read by rdflib and by Oxigraph, in words that others know and a few of our own."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import DCTERMS, PROV, RDF, RDFS, SKOS

from kg import Graph
from kg.archive import EdgeRecord, NodeRecord
from kg.exporting import export_graph, export_records
from tests.kg.archive.graphs import fill, odd_graph
from tests.kg.written import LOWERS

ABDUCE = rdflib.Namespace("https://w3id.org/abduce/ns#")
PUBMED = rdflib.Namespace("https://pubmed.ncbi.nlm.nih.gov/")
REIFIES = ox.NamedNode(f"{RDF}reifies")


def turtle(folder: Path) -> rdflib.Graph:
    """What rdflib reads."""
    return rdflib.Graph().parse(data=(folder / "graph.ttl").read_text(encoding="utf-8"))


def test_rdflib_reads_reified_claims(papers: Graph, tmp_path: Path) -> None:
    """An RDF 1.1 tool finds the claim, the papers it is derived from, and the sentences."""
    export_graph(papers, tmp_path / "out", "rdf", reify=True)
    seen = turtle(tmp_path / "out")
    fish_oil = next(iter(seen.subjects(RDFS.label, rdflib.Literal("fish oil"))))
    (statement,) = seen.subjects(RDF.predicate, ABDUCE[LOWERS])
    assert seen.value(statement, RDF.subject) == fish_oil
    assert (fish_oil, ABDUCE[LOWERS], seen.value(statement, RDF.object)) in seen
    derived = set(seen.objects(statement, PROV.wasDerivedFrom))
    assert derived == {PUBMED["1"], PUBMED["2"], PUBMED["3"]}
    quoted = set(seen.subjects(PROV.wasQuotedFrom, PUBMED["2"]))
    assert {str(seen.value(node, ABDUCE.polarity)) for node in quoted} == {"denies"}
    assert set(seen.subjects(ABDUCE.denies, statement)) == quoted
    assert len(set(seen.subjects(ABDUCE.supports, statement))) == 2
    counts = (seen.value(statement, ABDUCE.supportCount), seen.value(statement, ABDUCE.denialCount))
    assert [count.toPython() for count in counts if isinstance(count, rdflib.Literal)] == [2, 1]


def test_oxigraph_reads_triple_terms(papers: Graph, tmp_path: Path) -> None:
    """In RDF 1.2 a claim is what its reifier reifies, and the belief hangs on that."""
    export_graph(papers, tmp_path / "out", "rdf", compress=False)
    store = ox.Store()
    store.load(path=tmp_path / "out" / "graph.ttl", format=ox.RdfFormat.TURTLE)
    ((claim, term),) = ((q.subject, q.object) for q in store.quads_for_pattern(None, REIFIES, None))
    assert isinstance(term, ox.Triple)
    assert term.predicate == ox.NamedNode(ABDUCE[LOWERS])
    (belief,) = store.quads_for_pattern(claim, ox.NamedNode(ABDUCE.belief), None)
    assert isinstance(belief.object, ox.Literal)
    assert 0 < float(belief.object.value) < 1
    assert len(list(store.quads_for_pattern(term.subject, term.predicate, term.object))) == 1


def test_what_ontology_tools_know(embedded_graph: Graph, tmp_path: Path) -> None:
    """IS_A, synonyms and cross-references stand in the words of RDFS and SKOS."""
    fill_from = [
        NodeRecord(
            ("Entity", "Disease"),
            {
                "id": "MESH:D1",
                "name": "a",
                "synonyms": ["b"],
                "xrefs": ["DOID:14", "no curie"],
                "definition": "d",
            },
        ),
        NodeRecord(("Entity", "Disease"), {"id": "MESH:D2"}),
    ]
    fill(embedded_graph, fill_from)
    edge = {"start": "MESH:D1", "end": "MESH:D2", "sources": ["x@1"]}
    embedded_graph.merge_edges("IS_A", [edge])
    export_graph(embedded_graph, tmp_path / "out", "rdf", reify=True)
    seen = turtle(tmp_path / "out")
    (one,) = seen.subjects(RDFS.label, rdflib.Literal("a"))
    assert seen.value(one, SKOS.altLabel) == rdflib.Literal("b")
    assert seen.value(one, SKOS.definition) == rdflib.Literal("d")
    assert list(seen.objects(one, SKOS.exactMatch)) == [
        rdflib.URIRef("http://purl.obolibrary.org/obo/DOID_14")
    ]
    (parent,) = seen.objects(one, RDFS.subClassOf)
    assert str(parent).endswith("D2")


def test_only_words_that_the_docs_list(lived: Graph, tmp_path: Path) -> None:
    """Predicates are relations, and words of known vocabularies; no property stands as it is."""
    summary = export_graph(lived, tmp_path / "out", "rdf", reify=True)
    seen = turtle(tmp_path / "out")
    ours = {
        "belief", "supportCount", "denialCount", "paperCount", "firstYear", "lastYear", "polarity",
        "certainty", "confidence", "start", "end", "retracted", "supports", "mentions",
    }  # fmt: skip
    relations = set(summary.edges) - {"IS_A", "MENTIONS"}
    predicates = set(map(str, seen.predicates()))
    own = {word for word in predicates if word.startswith(ABDUCE)}
    assert {word.removeprefix(ABDUCE) for word in own} == ours | relations
    others = tuple(map(str, (RDF, RDFS, SKOS, PROV, DCTERMS)))
    assert all(word.startswith(others) for word in predicates - own)
    classes = {str(class_).removeprefix(ABDUCE) for class_ in seen.objects(None, RDF.type)}
    assert {"Claim", "Entity", "Evidence", "Pack", "Paper", "Source"} <= classes
    assert classes.isdisjoint({"Merge", "Run", "GraphVersion", "Domain", "Distinct"})


@pytest.mark.parametrize("reify", [False, True])
def test_odd_values_are_good_rdf(reify: bool, embedded_graph: Graph, tmp_path: Path) -> None:
    """Whatever a graph holds, the file is Turtle, with every name as it was."""
    fill(embedded_graph, odd_graph())
    export_graph(embedded_graph, tmp_path / "out", "rdf", reify=reify)
    quads = list(ox.parse(path=tmp_path / "out" / "graph.ttl"))
    label = ox.NamedNode(str(RDFS.label))
    labels = {quad.object.value for quad in quads if quad.predicate == label}
    named = {
        r.properties["name"] for r in odd_graph() if "name" in r.properties and r[0][0] == "Entity"
    }
    assert labels == named - {""}


def test_a_denied_claim_is_no_triple(tmp_path: Path) -> None:
    """A claim that as much evidence denies as supports is said of, and not said."""
    ends = [NodeRecord(("Entity", "Drug"), {"id": id_}) for id_ in ("O:1", "O:2")]
    said = {"claim_id": "c", "n_support": 1, "n_deny": 1}
    edge = EdgeRecord("TREATS", "Entity", "O:1", "Entity", "O:2", said)
    export_records([*ends, edge], tmp_path / "out", "rdf")
    quads = list(ox.parse(path=tmp_path / "out" / "graph.ttl"))
    assert [quad for quad in quads if quad.predicate == ox.NamedNode(ABDUCE.TREATS)] == []
    assert [quad.object.predicate for quad in quads if quad.predicate == REIFIES] == [
        ox.NamedNode(ABDUCE.TREATS)
    ]
