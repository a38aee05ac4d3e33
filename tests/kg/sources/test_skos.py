"""Thesauri in SKOS."""

from __future__ import annotations

import json
from pathlib import Path

from tests.kg.sources.written import SKOS, read, terms, triples


def test_a_concept_has_its_names_in_all_languages(tmp_path: Path) -> None:
    """The English label is the name, those of other languages are preferred names there."""
    opened, failures = read(tmp_path / "s", "skos")
    supply = terms(opened)["STW:descriptor/1"]
    assert (supply.name, supply.language) == ("Supply", "en")
    assert [(n.text, n.scope, n.language) for n in supply.names] == [
        ("Angebot", "preferred", "de"),
        ("Offer", "exact", "en"),
        ("Suply", "exact", "en"),
    ]
    assert supply.definition == "As in economics."
    assert supply.xrefs == ("WIKIDATA:Q1",)
    assert not failures


def test_broader_and_narrower_say_one_thing(tmp_path: Path) -> None:
    """What is broader is a parent, whichever of the two concepts says it."""
    found = terms(read(tmp_path / "s", "skos")[0])
    assert found["STW:descriptor/1"].parents == ("STW:thsys/a",)
    assert found["STW:descriptor/2"].parents == ("STW:thsys/a",)


def test_a_pair_that_is_related_is_one_fact(tmp_path: Path) -> None:
    """Two concepts that call each other related are one fact, of a symmetric relation."""
    opened, _ = read(tmp_path / "s", "skos")
    assert triples(opened) == [("STW:descriptor/1", "RELATED", "STW:descriptor/2", "supports")]
    assert opened.domain is not None
    assert opened.domain.relations["RELATED"].symmetric


def test_a_retired_concept_is_obsolete(tmp_path: Path) -> None:
    """A concept that is only said to be in the scheme, and deprecated, is an obsolete term."""
    barter = terms(read(tmp_path / "s", "skos")[0])["STW:descriptor/3"]
    assert (barter.obsolete, barter.replaced_by) == (True, "STW:descriptor/1")


def test_the_scheme_names_the_source(tmp_path: Path) -> None:
    """Version, licence, title and date are those of the scheme; the name is the ids' prefix."""
    source = read(tmp_path / "s", "skos")[0].source
    assert (source.ref, source.licence) == ("stw@9.06", "CC-BY-4.0")
    assert (source.title, source.date) == ("A thesaurus", "2018-08-15")


def test_labels_of_kinds_can_be_chosen(tmp_path: Path) -> None:
    """A class of a concept beside skos:Concept gets the label that the caller names for it."""
    text = SKOS.replace("stw:thsys\\/a a skos:Concept", "stw:thsys\\/a a skos:Concept, stw:Thsys")
    opened, _ = read(tmp_path / "s", "skos", {"s.ttl": text}, types="Thsys=Category")
    found = terms(opened)
    assert found["STW:thsys/a"].type == "Category"
    assert found["STW:descriptor/1"].type == "EconomicsConcept"
    assert opened.domain is not None
    assert set(opened.domain.types) == {"Category", "EconomicsConcept"}


def test_labels_of_skos_xl_are_names(tmp_path: Path) -> None:
    """A label that is a thing of its own, as SKOS-XL has them, is a name like a plain one."""
    text = (
        SKOS
        + """@prefix xl: <http://www.w3.org/2008/05/skos-xl#> .
stw:descriptor\\/4 a skos:Concept ; xl:prefLabel stw:l1 ; xl:altLabel [ xl:literalForm "Gold"@de ] .
stw:l1 a xl:Label ; xl:literalForm "Gold"@en .
"""
    )
    opened, _ = read(tmp_path / "s", "skos", {"s.ttl": text})
    gold = terms(opened)["STW:descriptor/4"]
    assert (gold.name, gold.language, gold.details) == ("Gold", "en", "")
    assert [(n.text, n.scope, n.language) for n in gold.names] == [("Gold", "exact", "de")]
    assert "STW:l1" not in terms(opened)


def test_a_match_that_is_not_exact_is_in_the_details(tmp_path: Path) -> None:
    """A close or broad match is no cross-reference and no fact, and it is kept."""
    match = (
        "stw:descriptor\\/1 skos:closeMatch <http://e.org/x> ; skos:broadMatch <http://e.org/y> .\n"
    )
    opened, _ = read(tmp_path / "s", "skos", {"s.ttl": SKOS + match})
    supply = terms(opened)["STW:descriptor/1"]
    assert json.loads(supply.details) == {
        "skos:broadMatch": ["http://e.org/y"],
        "skos:closeMatch": ["http://e.org/x"],
    }
    assert len(triples(opened)) == 1


def test_what_must_be_a_concept_is_one(tmp_path: Path) -> None:
    """A thing with a label that is narrower than a concept is one, also where no type is said."""
    more = """stw:descriptor\\/5 skos:prefLabel "Auction"@en ; skos:broader stw:thsys\\/a .
stw:descriptor\\/6 skos:prefLabel "Group"@en ; a skos:Collection ; skos:member stw:descriptor\\/5 .
"""
    opened, failures = read(tmp_path / "s", "skos", {"s.ttl": SKOS + more})
    assert terms(opened)["STW:descriptor/5"].parents == ("STW:thsys/a",)
    assert "STW:descriptor/6" not in terms(opened)
    assert not failures
