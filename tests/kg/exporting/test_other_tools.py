"""Other tools read what we export: networkx, rdflib, Neo4j's own import, readers of KGX."""

from __future__ import annotations

import csv
import json
import subprocess
from pathlib import Path

import neo4j
import networkx as nx
import pytest
import rdflib
from rdflib.namespace import PROV, RDF, RDFS, SKOS

from kg import (
    Certainty,
    Graph,
    Polarity,
    StoreError,
    UnreadableFileError,
    UsageError,
    load_shards,
    open_graph,
)
from kg.archive import NodeRecord, restore
from kg.exporting import export_graph, export_records
from kg.local_neo4j import USER, Neo4jHome, import_files, run_import
from tests.kg.archive.graphs import change_manifest, everything, fill, odd_graph
from tests.kg.written import LOWERS, library, one_claim, shard
from tests.servers import JARS, SETTINGS, watched

ABDUCE = rdflib.Namespace("https://w3id.org/abduce/ns#")
PROPERTY = rdflib.Namespace("https://w3id.org/abduce/property#")
NP = rdflib.Namespace("http://www.nanopub.org/nschema#")
PAPERS = [
    one_claim("pmid:1"),
    one_claim("pmid:2", polarity=Polarity.DENIES),
    one_claim("pmid:3", certainty=Certainty.HEDGED),
]
FISH_OIL, RAYNAUD = "abduce:Chemical/fish_oil", "abduce:Disease/raynaud_disease"


@pytest.fixture
def papers(embedded_graph: Graph, tmp_path: Path) -> Graph:
    """A graph of three papers: one states a claim, one denies it, one supposes it."""
    load_shards(embedded_graph, [shard(tmp_path / "shards", PAPERS)])
    return embedded_graph


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


def test_rdflib_reads_reified_claims(papers: Graph, tmp_path: Path) -> None:
    """An RDF 1.1 tool finds the claim, the papers it is derived from, and the sentences."""
    export_graph(papers, tmp_path / "out", "rdf", reify=True)
    seen = rdflib.Graph().parse(data=(tmp_path / "out" / "graph.ttl").read_text())
    fish_oil = next(iter(seen.subjects(RDFS.label, rdflib.Literal("fish oil"))))
    (statement,) = seen.subjects(RDF.predicate, ABDUCE[LOWERS])
    assert seen.value(statement, RDF.subject) == fish_oil
    assert (fish_oil, ABDUCE[LOWERS], seen.value(statement, RDF.object)) in seen
    pubmed = rdflib.Namespace("https://pubmed.ncbi.nlm.nih.gov/")
    derived = set(seen.objects(statement, PROV.wasDerivedFrom))
    assert derived == {pubmed["1"], pubmed["2"], pubmed["3"]}
    quoted = set(seen.subjects(PROV.wasQuotedFrom, pubmed["2"]))
    assert {str(seen.value(node, PROPERTY.polarity)) for node in quoted} == {"denies"}


def test_what_ontology_tools_know(tmp_path: Path) -> None:
    """IS_A, synonyms and cross-references stand in the words of RDFS and SKOS as well."""
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
    with open_graph(tmp_path / "graph", create=True) as graph:
        fill(graph, fill_from)
        graph.merge_edges("IS_A", [{"start": "MESH:D1", "end": "MESH:D2", "sources": ["x@1"]}])
        export_graph(graph, tmp_path / "out", "rdf", reify=True)
    seen = rdflib.Graph().parse(data=(tmp_path / "out" / "graph.ttl").read_text())
    (one,) = seen.subjects(RDFS.label, rdflib.Literal("a"))
    assert seen.value(one, SKOS.altLabel) == rdflib.Literal("b")
    assert seen.value(one, SKOS.definition) == rdflib.Literal("d")
    assert list(seen.objects(one, SKOS.exactMatch)) == [
        rdflib.URIRef("http://purl.obolibrary.org/obo/DOID_14")
    ]
    (parent,) = seen.objects(one, RDFS.subClassOf)
    assert str(parent).endswith("D2")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib's parser warns of itself
def test_nanopublications_are_whole(papers: Graph, tmp_path: Path) -> None:
    """Each piece of evidence is a nanopublication of four graphs; a denial asserts no claim."""
    export_graph(papers, tmp_path / "out", "nanopub")
    seen = rdflib.Dataset()
    seen.parse(data=(tmp_path / "out" / "nanopubs.trig").read_text(), format="trig")
    found = {(quad[0], quad[3]) for quad in seen.quads((None, RDF.type, NP.Nanopublication, None))}
    assert len(found) == len(PAPERS)
    asserted = []
    for nanopub, head in found:
        inside = seen.graph(head)
        parts = [
            seen.graph(rdflib.URIRef(str(inside.value(nanopub, NP[f"has{part}"]))))
            for part in ("Assertion", "Provenance", "PublicationInfo")
        ]
        assert all(len(part) for part in parts)
        assertion, provenance, info = parts
        assert list(provenance.objects(assertion.identifier, PROV.wasDerivedFrom))
        assert list(info.objects(nanopub, PROV.wasAttributedTo))
        asserted += [predicate for _, predicate, _ in assertion if predicate == ABDUCE[LOWERS]]
    assert len(asserted) == 1  # the other two deny and suppose it


def test_kgx_has_what_its_users_expect(papers: Graph, tmp_path: Path) -> None:
    """Biolink's categories and predicates, and where a claim is from, in both forms of KGX."""
    for name, file in (("kgx", "edges.tsv"), ("kgx-jsonl", "edges.jsonl")):
        export_graph(papers, tmp_path / name, name)
        assert (tmp_path / name / file).is_file()
    with (tmp_path / "kgx" / "edges.tsv").open(encoding="utf-8", newline="") as lines:
        (row,) = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    (text,) = (tmp_path / "kgx-jsonl" / "edges.jsonl").read_text().splitlines()
    edge = json.loads(text)
    assert row["subject"] == edge["subject"] == FISH_OIL
    assert row["predicate"] == edge["predicate"] == "biolink:negatively_correlated_with"
    assert row["publications"] == "|".join(edge["publications"]) == "PMID:1|PMID:2|PMID:3"
    assert row["primary_knowledge_source"] == edge["primary_knowledge_source"] == "infores:abduce"
    assert row["negated"] == ""  # KGX takes any text for true
    assert edge["negated"] is False
    assert float(row["has_confidence_level"]) == edge["belief"]
    nodes = (tmp_path / "kgx-jsonl" / "nodes.jsonl").read_text().splitlines()
    categories = {json.loads(line)["id"]: json.loads(line)["category"] for line in nodes}
    assert categories == {FISH_OIL: ["biolink:ChemicalEntity"], RAYNAUD: ["biolink:Disease"]}


def test_neo4j_imports_our_files(embedded_graph: Graph, tmp_path: Path) -> None:
    """Whatever is in our files, neo4j-admin takes them and gives the graph that was exported."""
    fill(embedded_graph, odd_graph())
    load_shards(embedded_graph, [shard(tmp_path / "shards", library(20))])
    export_graph(embedded_graph, tmp_path / "out", "neo4j-admin")
    home = Neo4jHome(tmp_path / "home", libraries=JARS, version="2026", settings=SETTINGS)
    with watched(home):
        running = import_files(home, tmp_path / "out")
        with open_graph(running.url, user=USER, password=home.password) as graph:
            assert everything(graph) == everything(embedded_graph)
            constraints = graph.read("SHOW CONSTRAINTS YIELD labelsOrTypes AS labels")
            assert {"labels": ["Entity"]} in constraints
        with pytest.raises(UsageError, match="is stopped"):
            import_files(home, tmp_path / "out")
        home.stop()
        with pytest.raises(UsageError, match="holds a database neo4j already"):
            import_files(home, tmp_path / "out")


def test_the_lts_line_by_hand(embedded_graph: Graph, tmp_path: Path) -> None:
    """Packed files go into Neo4j 5.26, and schema.cypher as it stands does the rest."""
    fill(embedded_graph, odd_graph())
    export_graph(embedded_graph, tmp_path / "out", "neo4j-admin", compress=True)
    home = Neo4jHome(tmp_path / "home", libraries=JARS, version="5.26", settings=SETTINGS)
    with watched(home):
        run_import(home, tmp_path / "out")
        running = home.start()
        auth = (USER, home.password.get_secret_value())
        script = (tmp_path / "out" / "schema.cypher").read_text(encoding="utf-8")
        with neo4j.GraphDatabase.driver(running.url, auth=auth) as driver:
            for statement in script.split(";\n")[:-1]:
                with driver.session() as session:
                    session.run(statement).consume()
        with open_graph(running.url, user=USER, password=home.password) as graph:
            assert graph.dump() == embedded_graph.dump()


def test_files_that_neo4j_does_not_take(tmp_path: Path) -> None:
    """What the import tool says against our files, or what they are not, is told."""
    home = Neo4jHome(tmp_path / "home", libraries=JARS, settings=SETTINGS)
    export_records([NodeRecord(("Source",), {"id": "a"})], tmp_path / "other", "parquet")
    with pytest.raises(UnreadableFileError, match="--format neo4j-admin"):
        import_files(home, tmp_path / "other")
    export_records([NodeRecord(("Source",), {"id": "a", "n": 1})], tmp_path / "out", "neo4j-admin")
    rows = tmp_path / "out" / "nodes-Source.csv"
    rows.write_text(rows.read_text().replace(",1", ",one"))
    change_manifest(tmp_path / "out", {})
    with pytest.raises(StoreError, match="neo4j-admin could not import"):
        import_files(home, tmp_path / "out")


def test_the_command_line_for_people(tmp_path: Path) -> None:
    """import.sh is a shell script that calls neo4j-admin with every file that there is."""
    export_records(odd_graph(), tmp_path / "out", "neo4j-admin")
    script = tmp_path / "out" / "import.sh"
    subprocess.run(["sh", "-n", str(script)], check=True)
    seen = tmp_path / "seen"
    admin = tmp_path / "bin" / "neo4j-admin"
    admin.parent.mkdir()
    admin.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {seen}\n')
    admin.chmod(0o755)
    path = {"PATH": f"{admin.parent}:/usr/bin:/bin"}
    subprocess.run([str(script), "mine", "--verbose"], check=True, env=path)
    arguments = seen.read_text().splitlines()
    assert arguments[:4] == ["database", "import", "full", "mine"]
    assert arguments[-1] == "--verbose"
    named = {
        name
        for argument in arguments
        if argument.startswith(("--nodes=", "--relationships="))
        for name in argument.rpartition("=")[2].split(",")
    }
    assert named == {path.name for path in (tmp_path / "out").glob("*.csv")}


def test_what_neo4j_admin_wrote_goes_into_a_folder(tmp_path: Path) -> None:
    """The files for Neo4j are an export like any other: an embedded graph can be made of them."""
    export_records(odd_graph(), tmp_path / "out", "neo4j-admin", compress=True)
    with open_graph(tmp_path / "graph", create=True) as graph:
        summary = restore(graph, tmp_path / "out")
        assert graph.counts().relationships == summary.edges
