"""OWL ontologies, in their syntaxes."""

from __future__ import annotations

import json
from pathlib import Path

import pyhornedowl
import pytest

from kg import UnreadableFileError
from kg.sources import guess_format
from tests.kg.sources.written import OBO, OWL, OWL_FUNCTIONAL, read, terms, triples, write


def test_a_class_says_all_that_is_said_of_it(tmp_path: Path) -> None:
    """Label, synonyms with their scopes, definition, cross-references and parents are there."""
    opened, failures = read(tmp_path / "s", "owl")
    term = terms(opened)["DOID:6364"]
    assert (term.name, term.type) == ("migraine", "Disease")
    assert term.definition == "A headache that recurs."
    assert [(n.text, n.scope) for n in term.names] == [
        ("migraine disorder", "exact"),
        ("headache", "broad"),
    ]
    assert (term.xrefs, term.alternatives) == (("UMLS:C0149931",), ("DOID:267",))
    assert term.parents == ("DOID:4",)
    assert not failures


def test_a_restriction_is_a_fact_named_as_its_property(tmp_path: Path) -> None:
    """`subClassOf (located_in some X)` is a fact, and no parent."""
    opened, _ = read(tmp_path / "s", "owl")
    assert triples(opened) == [("DOID:6364", "LOCATED_IN", "UBERON:0000955", "supports")]


def test_a_definition_by_intersection_says_kinds_and_relations(tmp_path: Path) -> None:
    """Of `equivalentClass (X and located_in some Y)` X is a parent and the rest a fact."""
    text = OWL.replace("<rdfs:subClassOf><owl:Restriction>", _START).replace(
        "</owl:Restriction></rdfs:subClassOf>", _END
    )
    opened, _ = read(tmp_path / "s", "owl", {"d.owl": text})
    assert terms(opened)["DOID:6364"].parents == ("DOID:4", "DOID:7")
    assert triples(opened) == [("DOID:6364", "LOCATED_IN", "UBERON:0000955", "supports")]


_START = """<owl:equivalentClass><owl:Class><owl:intersectionOf rdf:parseType="Collection">
<rdf:Description rdf:about="http://purl.obolibrary.org/obo/DOID_7"/><owl:Restriction>"""
_END = "</owl:Restriction></owl:intersectionOf></owl:Class></owl:equivalentClass>"


def test_what_is_deprecated_is_obsolete(tmp_path: Path) -> None:
    """A deprecated class is a term, and says what replaces it."""
    opened, _ = read(tmp_path / "s", "owl")
    old = terms(opened)["DOID:9"]
    assert (old.obsolete, old.replaced_by) == (True, "DOID:4")


def test_the_ontology_names_the_source(tmp_path: Path) -> None:
    """Name, version and licence are those that the ontology says of itself."""
    opened, _ = read(tmp_path / "s", "owl")
    assert (opened.source.ref, opened.source.licence) == ("doid@2024-01-31", "CC0-1.0")


@pytest.mark.parametrize("syntax", ["ofn", "owx"])
def test_other_syntaxes_say_the_same(syntax: str, tmp_path: Path) -> None:
    """Functional syntax and OWL/XML are known by content, and read as RDF is."""
    text = OWL_FUNCTIONAL
    if syntax == "owx":
        text = pyhornedowl.open_ontology_from_string(text, "ofn").save_to_string("owx")
    paths = write(tmp_path / "s", {"x.txt": text})
    assert guess_format(paths[0]) == "owl"
    opened, _ = read(tmp_path / "s", "owl", {"x.txt": text})
    assert terms(opened)["DOID:6364"].parents == ("DOID:4",)
    assert triples(opened) == [("DOID:6364", "LOCATED_IN", "DOID:4", "supports")]
    assert opened.source.ref == "doid@2024-01-31"
    assert terms(opened)["DOID:6364"].row.startswith("x.txt ")


def test_obo_and_owl_say_the_same(tmp_path: Path) -> None:
    """An OBO ontology that another program has turned into OWL is read as the OBO is."""
    plain = OBO.replace("[JA:Epilepsy Genetics Kiel, url:http\\://x.org/y]", "[]")
    turned = pyhornedowl.open_ontology_from_string(plain, "obo").save_to_string("owl")
    obo, _ = read(tmp_path / "obo", "obo", {"doid.obo": plain})
    owl, _ = read(tmp_path / "owl", "owl", {"doid.owl": turned})
    varying = {"row", "details"}
    as_obo = {id_: term.model_dump(exclude=varying) for id_, term in terms(obo).items()}
    as_owl = {id_: term.model_dump(exclude=varying) for id_, term in terms(owl).items()}
    as_obo["DOID:6364"]["xrefs"] = tuple(sorted(as_obo["DOID:6364"]["xrefs"]))
    # OWL declares what another ontology has; OBO only points at it.
    assert as_owl.pop("UBERON:0000955")["name"] == ""
    assert as_owl == as_obo
    assert triples(owl) == triples(obo)


def test_a_broken_ontology_is_one_error(tmp_path: Path) -> None:
    """Functional syntax that is wrong is an error with the file's name."""
    with pytest.raises(UnreadableFileError, match=r"x\.ofn"):
        read(tmp_path / "s", "owl", {"x.ofn": OWL_FUNCTIONAL[:-30]})


def test_what_is_neither_parent_nor_fact_is_in_the_details(tmp_path: Path) -> None:
    """What a class is disjoint with, and a restriction to all, are kept, once."""
    more = """<owl:disjointWith rdf:resource="&obo;DOID_7"/>
<rdfs:subClassOf><owl:Restriction><owl:onProperty rdf:resource="&obo;RO_0001025"/>
<owl:allValuesFrom rdf:resource="&obo;UBERON_1"/></owl:Restriction></rdfs:subClassOf>
<rdfs:subClassOf><owl:Restriction>"""
    text = OWL.replace("<rdfs:subClassOf><owl:Restriction>", more, 1)
    opened, failures = read(tmp_path / "s", "owl", {"d.owl": text})
    assert json.loads(terms(opened)["DOID:6364"].details) == {
        "owl:disjointWith": ["DOID:7"],
        "rdfs:subClassOf": [
            {
                "owl:allValuesFrom": ["UBERON:1"],
                "owl:onProperty": ["RO:0001025"],
                "rdf:type": ["owl:Restriction"],
            }
        ],
    }
    assert not failures


_RESTRICTION = """<owl:Restriction><owl:onProperty rdf:resource="&obo;RO_0001025"/>{}
</owl:Restriction>"""


def _numbered(kind: str, number: int) -> str:
    filler = '<owl:onClass rdf:resource="&obo;UBERON_1"/>'
    return _RESTRICTION.format(f"{filler}<owl:{kind}>{number}</owl:{kind}>")


_SOME = _RESTRICTION.format('<owl:someValuesFrom rdf:resource="&obo;UBERON_1"/>')
_INVERSE = """<owl:Restriction><owl:onProperty><owl:ObjectProperty>
<owl:inverseOf rdf:resource="&obo;RO_0001025"/></owl:ObjectProperty></owl:onProperty>
<owl:someValuesFrom rdf:resource="&obo;UBERON_1"/></owl:Restriction>"""


@pytest.mark.parametrize(
    ("restriction", "polarity"),
    [
        (_SOME, "supports"),
        (f"<owl:Class><owl:complementOf>{_SOME}</owl:complementOf></owl:Class>", "denies"),
        (_numbered("minQualifiedCardinality", 1), "supports"),
        (_numbered("qualifiedCardinality", 10), "supports"),
        (_numbered("qualifiedCardinality", 0), "denies"),
        (_numbered("maxQualifiedCardinality", 0), "denies"),
        (_numbered("minQualifiedCardinality", 0), None),
        (_numbered("maxQualifiedCardinality", 3), None),
        (_INVERSE, None),
    ],
)
def test_a_restriction_is_what_it_says(
    restriction: str, polarity: str | None, tmp_path: Path
) -> None:
    """Some is a fact, none a denied one; what is neither is kept in the details and no fact."""
    whole = f"<rdfs:subClassOf>{restriction}</rdfs:subClassOf>\n<rdfs:subClassOf>"
    text = OWL.replace("<rdfs:subClassOf><owl:Restriction>", f"{whole}<owl:Restriction>", 1)
    opened, failures = read(tmp_path / "s", "owl", {"d.owl": text})
    found = [triple for triple in triples(opened) if triple[2] == "UBERON:1"]
    wanted = [("DOID:6364", "LOCATED_IN", "UBERON:1", polarity)] if polarity else []
    assert found == wanted
    assert ("UBERON:1" in terms(opened)["DOID:6364"].details) == (polarity is None)
    assert not failures


def test_a_negative_assertion_denies(tmp_path: Path) -> None:
    """What OWL says not to hold of two individuals is denied, and not left out."""
    more = """<owl:NamedIndividual rdf:about="&obo;X_1"/><owl:NamedIndividual rdf:about="&obo;X_2"/>
<owl:NegativePropertyAssertion><owl:sourceIndividual rdf:resource="&obo;X_1"/>
<owl:assertionProperty rdf:resource="&obo;RO_0001025"/>
<owl:targetIndividual rdf:resource="&obo;X_2"/></owl:NegativePropertyAssertion></rdf:RDF>"""
    text = OWL.replace("</rdf:RDF>", more)
    opened, failures = read(tmp_path / "s", "owl", {"d.owl": text})
    assert ("X:1", "LOCATED_IN", "X:2", "denies") in triples(opened)
    assert not failures
