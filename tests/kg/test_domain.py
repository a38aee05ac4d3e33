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
        ({"options": 'opposite = "FREES"'}, "its opposite 'FREES' is not in the schema"),
        ({"options": 'parent = "JOINS"'}, "its parent 'JOINS' is not in the schema"),
        ({"options": 'parent = "HOSTS"'}, "its own ancestor"),
        ({"options": 'inverse = "ORBITS"'}, "its inverse 'ORBITS' is not in the schema"),
        ({"options": 'biolink = "biolink:related_to"'}, "biolink"),
        ({"types": '[types.Star]\nid_prefixes = ["a:b"]\n[types.Planet]'}, "id_prefixes"),
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


_RELATED = """
name = "related"
version = "{version}"
[types.Star]
id_prefixes = [{prefixes}]
[types.Planet]
[relations.NEAR]
symmetric = true
signatures = [{{ subject = "Star", object = "Planet", reading = "is near" }}]
[relations.HOSTS]
symmetric = false
{hosts}
signatures = [{{ subject = "Star", object = "Planet", reading = "hosts" }}]
[relations.ORBITS]
symmetric = false
{orbits}
signatures = [{{ subject = "Planet", object = "Star", reading = "orbits" }}]
"""
_PARENT, _INVERSES = 'parent = "NEAR"', ('inverse = "ORBITS"', 'inverse = "HOSTS"')


def related(version: str = "1", hosts: str = "", orbits: str = "", prefixes: str = "") -> Domain:
    """A schema of three relations, one of which may be broader than the others."""
    return parse_domain(
        _RELATED.format(version=version, hosts=hosts, orbits=orbits, prefixes=prefixes)
    )


def test_relations_of_relations() -> None:
    """A relation may have a parent, whose parents it implies too, and an inverse."""
    domain = related(hosts=f"{_PARENT}\n{_INVERSES[0]}", orbits=f'parent = "HOSTS"\n{_INVERSES[1]}')
    assert domain.ancestors("ORBITS") == ("HOSTS", "NEAR")
    assert domain.ancestors("NEAR") == domain.ancestors("UNKNOWN") == ()


@pytest.mark.parametrize(
    ("hosts", "orbits", "said"),
    [
        ('parent = "ORBITS"', 'parent = "HOSTS"', "HOSTS: it is its own ancestor"),
        (_INVERSES[0], "", 'ORBITS has the inverse None; write `inverse = "HOSTS"` there'),
        (_INVERSES[0], 'inverse = "NEAR"', "ORBITS has the inverse NEAR"),
    ],
)
def test_wrong_relations_of_relations(hosts: str, orbits: str, said: str) -> None:
    """Parents in a circle and inverses that are not mutual are errors that say what to do."""
    with pytest.raises(PackError, match=said):
        related(hosts=hosts, orbits=orbits)


def test_merged_relations_of_relations() -> None:
    """What one schema says of ids, parents and inverses joins what another says, in any order."""
    schemas = [
        related("1", hosts=_PARENT, prefixes='"GAIA", "HD"'),
        related("2", *_INVERSES, prefixes='"HIP", "HD"'),
        related("3", orbits=f'{_PARENT}\ntransitive = true\nbiolink = "orbits"'),
    ]
    merged = {merge_domains(order).model_dump_json() for order in permutations(schemas)}
    assert len(merged) == 1
    domain = merge_domains(schemas)
    assert domain.types["Star"].id_prefixes == ("HIP", "HD", "GAIA")
    hosts, orbits = domain.relations["HOSTS"], domain.relations["ORBITS"]
    assert (hosts.parent, hosts.inverse) == ("NEAR", "ORBITS")
    assert (orbits.inverse, orbits.transitive, orbits.biolink) == ("HOSTS", True, "orbits")


def test_merge_of_parents_that_make_a_circle() -> None:
    """Two schemas of which each calls the other's broader relation the narrower one do not fit."""
    one, other = related("1", hosts='parent = "ORBITS"'), related("2", orbits='parent = "HOSTS"')
    with pytest.raises(PackError, match="do not fit together"):
        merge_domains([one, other])


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
