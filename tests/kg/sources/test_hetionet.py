"""Hetionet: kinds, ids and metaedges in the words of the graph."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import Polarity
from tests.kg.sources.written import FILES, HETIONET_EDGES, HETIONET_NODES, read, terms, triples

# The 24 metaedges of Hetionet v1.0 (Himmelstein et al. 2017, Table 2).
METAEDGES = {
    "AdG": "DOWNREGULATES", "AeG": "EXPRESSES", "AuG": "UPREGULATES", "CbG": "BINDS",
    "CcSE": "CAUSES", "CdG": "DOWNREGULATES", "CpD": "PALLIATES", "CrC": "RESEMBLES",
    "CtD": "TREATS", "CuG": "UPREGULATES", "DaG": "ASSOCIATES", "DdG": "DOWNREGULATES",
    "DlA": "LOCALIZES", "DpS": "PRESENTS", "DrD": "RESEMBLES", "DuG": "UPREGULATES",
    "GcG": "COVARIES", "GiG": "INTERACTS", "GpBP": "PARTICIPATES", "GpCC": "PARTICIPATES",
    "GpMF": "PARTICIPATES", "GpPW": "PARTICIPATES", "Gr>G": "REGULATES", "PCiC": "INCLUDES",
}  # fmt: skip
NODES = {
    "Anatomy::UBERON:0000002": "UBERON:0000002",
    "Biological Process::GO:0000002": "GO:0000002",
    "Cellular Component::GO:0000015": "GO:0000015",
    "Compound::DB00014": "DRUGBANK:DB00014",
    "Disease::DOID:0050156": "DOID:0050156",
    "Gene::1": "NCBIGene:1",
    "Molecular Function::GO:0000010": "GO:0000010",
    "Pathway::PC7_10399": "PC7:10399",
    "Pathway::WP100_r74146": "WIKIPATHWAYS:WP100_r74146",
    "Pharmacologic Class::N0000000069": "NDFRT:N0000000069",
    "Side Effect::C0000727": "UMLS:C0000727",
    "Symptom::D000006": "MESH:D000006",
}


def test_every_metaedge_is_the_relation_of_its_verb(tmp_path: Path) -> None:
    """Each of the 24 metaedges becomes the relationship type of its verb, in its direction."""
    edges = "source\tmetaedge\ttarget\n"
    edges += "".join(f"Gene::1\t{metaedge}\tGene::2\n" for metaedge in METAEDGES)
    opened, failures = read(tmp_path / "s", "hetionet", {"e.sif": edges})
    assert [fact[1] for fact in triples(opened)] == list(METAEDGES.values())
    assert not failures
    assert opened.domain is not None
    assert opened.domain.relation_named("CtD") == "TREATS"


def test_every_kind_has_its_curie_and_label(tmp_path: Path) -> None:
    """Each of the eleven kinds gets a CURIE of its vocabulary, and its name in CamelCase."""
    rows = "".join(f"{node}\tx\t{node.partition('::')[0]}\n" for node in NODES)
    opened, _ = read(tmp_path / "s", "hetionet", {"n.tsv": "id\tname\tkind\n" + rows})
    found = list(opened.terms())
    assert [term.id for term in found] == list(NODES.values())
    assert {term.type for term in found} == {
        node.partition("::")[0].title().replace(" ", "") for node in NODES
    }


def test_a_fact_says_its_line(tmp_path: Path) -> None:
    """A fact is a triple of CURIEs, with the file and the line that it came from."""
    opened, _ = read(tmp_path / "s", "hetionet")
    fact = next(iter(opened.facts()))
    assert (fact.subject, fact.predicate, fact.object) == (
        "DRUGBANK:DB00571",
        "TREATS",
        "DOID:6364",
    )
    assert (fact.row, fact.polarity) == ("edges.sif line 2", Polarity.SUPPORTS)
    assert opened.source.ref.startswith("hetionet@sha256:")
    assert opened.source.licence == "CC0-1.0"


def test_relations_are_symmetric_and_signed_as_they_are(tmp_path: Path) -> None:
    """Only likeness, interaction and covariation go both ways; up- and downregulation oppose."""
    opened, _ = read(tmp_path / "s", "hetionet")
    assert opened.domain is not None
    relations = opened.domain.relations
    both = {name for name, relation in relations.items() if relation.symmetric}
    assert both == {"RESEMBLES", "INTERACTS", "COVARIES"}
    assert (relations["UPREGULATES"].sign, relations["DOWNREGULATES"].sign) == (1, -1)
    assert relations["UPREGULATES"].opposite == "DOWNREGULATES"


def test_kinds_can_be_called_otherwise(tmp_path: Path) -> None:
    """A kind is renamed in terms and schema alike, whether named as kind or as label."""
    opened, _ = read(tmp_path / "s", "hetionet", types="Compound=Chemical,side effect=Disease")
    assert {term.type for term in opened.terms()} == {"Chemical", "Disease"}
    assert opened.domain is not None
    assert "Compound" not in opened.domain.types
    causes = opened.domain.signature("CAUSES", "Chemical", "Disease")
    assert causes is not None
    assert opened.domain.type_named("Side Effect") == "Disease"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Compound::DB1\tCtD", "2 columns"),
        ("Compound::DB1\tCtD\tDB2", "Kind::ID"),
        ("Planet::9\tCtD\tGene::1", "Planet"),
        ("Gene::\tGiG\tGene::1", "Kind::ID"),
    ],
)
def test_a_wrong_edge_is_told_and_the_rest_goes_on(line: str, reason: str, tmp_path: Path) -> None:
    """An edge that cannot be used is a failure that says what was expected, and costs itself."""
    files = FILES["hetionet"] | {"edges.sif": f"{HETIONET_EDGES}{line}\n"}
    opened, failures = read(tmp_path / "s", "hetionet", files)
    assert len(triples(opened)) == 2
    assert [failure.where for failure in failures] == ["line 4"]
    assert reason in failures[0].reason


def test_a_wrong_node_is_told(tmp_path: Path) -> None:
    """A node of an unknown kind is a failure, and the other nodes are there."""
    files = {"nodes.tsv": f"{HETIONET_NODES}Planet::9\tPluto\tPlanet\n"}
    opened, failures = read(tmp_path / "s", "hetionet", files)
    assert len(terms(opened)) == 3
    assert "Planet" in failures[0].reason
