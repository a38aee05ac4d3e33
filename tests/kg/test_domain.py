"""The domain schema: names, directions and readings; and several schemas in one."""

from __future__ import annotations

from itertools import permutations

import pytest

from kg import Domain, PackError, UnknownNameError, parse_domain
from kg.contributions.schema_store import merge_domains
from tests.kg.written import DOMAIN, LOWERS


def small(version: str = "1", name: str = "small", **changes: str) -> Domain:
    """A schema of one relation, with some of its lines changed."""
    lines = {
        "types": "[types.Star]\n[types.Planet]",
        "relation": "[relations.HOSTS]",
        "options": "symmetric = false",
        "signature": '{ subject = "Star", object = "Planet", reading = "hosts" }',
    } | changes
    return parse_domain(
        f'name = "{name}"\nversion = "{version}"\n{lines["types"]}\n{lines["relation"]}\n'
        f"{lines['options']}\nsignatures = [{lines['signature']}]\n"
    )


def test_names_and_aliases() -> None:
    """Types and relations are found by their names and by those that corpora give them."""
    assert DOMAIN.type_named("GeneOrGeneProduct") == DOMAIN.type_named("gene") == "Gene"
    assert DOMAIN.relation_named("negative-correlation") == LOWERS
    with pytest.raises(UnknownNameError, match="Disease"):
        DOMAIN.type_named("Desease")


def test_an_alias_of_a_pair() -> None:
    """TREATS is the negative correlation of chemicals and diseases, and of no other pair."""
    (pattern,) = DOMAIN.patterns("treats")
    assert pattern.predicate == LOWERS
    assert (pattern.subject_type, pattern.object_type) == ("Chemical", "Disease")
    assert pattern.reading == "lowers or treats"
    assert len(DOMAIN.patterns(LOWERS)) > 5
    with pytest.raises(UnknownNameError, match="TREATS"):
        DOMAIN.patterns("TREETS")


def test_direction() -> None:
    """A pair is turned to fit its signature, and put in the order of ids within one type."""
    chemical, disease = ("x:2", "Chemical"), ("x:1", "Disease")
    assert DOMAIN.orient(LOWERS, disease, chemical) == ("x:2", "x:1")
    assert DOMAIN.orient(LOWERS, chemical, disease) == ("x:2", "x:1")
    genes = ("x:9", "Gene"), ("x:3", "Gene")
    assert (
        DOMAIN.orient("BIND", *genes) == DOMAIN.orient("BIND", *reversed(genes)) == ("x:3", "x:9")
    )
    assert small().orient("HOSTS", ("x:9", "Star"), ("x:3", "Star")) == ("x:9", "x:3")


def test_unknown_reading() -> None:
    """A claim that no signature covers reads as its predicate in small letters."""
    assert DOMAIN.reading("BIND", "Species", "Species") == "bind"
    assert DOMAIN.reading("IS_LIKE", "Gene", "Gene") == "is like"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"signature": '{ subject = "Star", object = "Moon", reading = "x" }'}, "Moon"),
        ({"options": 'opposite = "FREES"'}, "FREES"),
        ({"types": "[types.Star]\n[types.Planet]\n[types.Hosts]"}, "both a type and a relation"),
        ({"types": "[types.star]\n[types.Planet]"}, "star"),
        ({"options": "sign = 2"}, "sign"),
        ({"options": "colour = 2"}, "colour"),
        ({"options": "= ="}, "domain schema"),
    ],
)
def test_wrong_schema(changes: dict[str, str], said: str) -> None:
    """A schema that contradicts itself or has another form is an error that says where."""
    with pytest.raises(PackError, match=said):
        small(**changes)


def test_merged_in_any_order() -> None:
    """Several schemas make one with all their names, whatever their order."""
    schemas = [DOMAIN, small("2"), small("10", options="symmetric = false\nsign = 1")]
    merged = {merge_domains(order).model_dump_json() for order in permutations(schemas)}
    assert len(merged) == 1
    domain = merge_domains(schemas)
    assert {"Gene", "Star"} <= set(domain.types)
    assert {"HOSTS", "BIND"} <= set(domain.relations)
    assert domain.relations["HOSTS"].sign == 1


def test_newest_wins() -> None:
    """Where versions of a schema disagree, the newest wins, and version 10 is newer than 9."""
    reading = '{{ subject = "Star", object = "Planet", reading = "{}" }}'
    old, new = (
        small("9", signature=reading.format("old")),
        small("10", signature=reading.format("new")),
    )
    assert merge_domains([old, new]).reading("HOSTS", "Star", "Planet") == "new"


def test_merge_that_cannot_be() -> None:
    """A name that is a type in one schema and a relation in another is an error."""
    other = small(
        name="other",
        types="[types.Star]\n[types.Hosts]",
        relation="[relations.LIKES]",
        signature='{ subject = "Star", object = "Hosts", reading = "likes" }',
    )
    with pytest.raises(PackError, match="do not fit together"):
        merge_domains([small(), other])
