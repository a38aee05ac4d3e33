"""Rules: each says why, is sure only where it may be, and ignores order and what is merged."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from kg.contributions.properties import StoredTerm
from kg.curated_models import TermName
from kg.resolving import rules
from kg.resolving.clusters import Clusters
from kg.resolving.entity_index import EntityIndex, EntityRecord, prefix_of
from kg.resolving.plan import Plan, make_plan
from kg.resolving.rules import RULES, Link, Rule


def curated(id_: str, name: str = "", type_: str = "Disease", **more: object) -> EntityRecord:
    """An entity with one term."""
    given = {"id": id_, "type": type_, "name": name, "source": f"{prefix_of(id_).lower()}@1"}
    return EntityRecord(id_, type_, [StoredTerm.model_validate({**given, **more})])


def read(name: str, *forms: str, type_: str = "Disease") -> EntityRecord:
    """An entity that only papers have."""
    id_ = f"abduce:{type_}/{name.lower().replace(' ', '_')}"
    return EntityRecord(id_, type_, forms=forms or (name,), n_papers=1)


def planned(*things: EntityRecord, apart: Sequence[tuple[str, str]] = ()) -> Plan:
    """What all rules come to."""
    return make_plan(EntityIndex(things), RULES, map(frozenset, apart))


def merged(plan: Plan) -> list[tuple[str, str, str]]:
    """Each merge: what is absorbed, into what, by which rule."""
    return sorted((d.absorbed, d.into, d.rule) for d in plan.decisions)


def asked(plan: Plan) -> list[tuple[str, str, str]]:
    """Each candidate likewise."""
    return sorted((c.absorbed, c.into, c.rule) for c in plan.candidates)


MIGRAINE = curated(
    "DOID:6364",
    "migraine",
    names=(TermName(text="Bilious headache"), TermName(text="head pain", scope="broad")),
    xrefs=("MESH:D008881", "UMLS:C0149931"),
    alternatives=("DOID:1111",),
)
WORLD = [
    MIGRAINE,
    curated("MESH:D008881", "Migraine Disorders"),
    curated("MSH:D008881", "Migraine Disorders"),
    EntityRecord("DOID:1111", "Disease"),
    curated("DOID:2", "old one", obsolete=True, replaced_by="DOID:3"),
    curated("DOID:3", "new one", xrefs=("MESH:X", "MESH:Y")),
    curated("MESH:X", "an x"),
    curated("MESH:Y", "a y"),
    read("migraine"),
    read("bilious headache"),
    read("migrane"),
    read("head pain"),
    read("new ones", "new one"),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_contract(rule: Rule) -> None:
    """A rule names itself and its reason, links entities, scores in (0, 1], whatever the order."""
    found = set()
    for seed in range(3):
        shuffled = WORLD[:]
        random.Random(seed).shuffle(shuffled)  # noqa: S311  (no secret)
        things = EntityIndex(shuffled)
        links = list(rule.links(things, Clusters(things)))
        found.add(tuple(sorted(links)))
        assert links, "the world of this test has something for each rule"
        for link in links:
            assert link.rule == rule.name
            assert link.why
            assert 0 < link.score <= 1
            assert link.one in things
            assert link.other in things
            assert link.one != link.other
    assert len(found) == 1


def test_every_rule_is_used() -> None:
    """Each file of rules is in the list that resolving goes through, and no two share a name."""
    files = {path.stem for path in Path(rules.__path__[0]).glob("*.py")}
    used = {type(rule).__module__.rpartition(".")[2] for rule in RULES}
    assert used == files - {"__init__", "rule", "naming"}
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_all_together() -> None:
    """What one rule joins counts for the next: one thing, under the id that is preferred."""
    assert merged(planned(*WORLD)) == [
        ("DOID:1111", "DOID:6364", "alternative"),
        ("DOID:2", "DOID:3", "alternative"),
        ("MESH:D008881", "DOID:6364", "cross-reference"),
        ("MSH:D008881", "MESH:D008881", "identifier"),
        ("abduce:Disease/bilious_headache", "DOID:6364", "name"),
        ("abduce:Disease/migraine", "DOID:6364", "name"),
        ("abduce:Disease/new_ones", "DOID:3", "name"),
    ]
    assert asked(planned(*WORLD)) == [
        ("MESH:X", "DOID:3", "cross-reference"),
        ("MESH:Y", "DOID:3", "cross-reference"),
        ("abduce:Disease/migrane", "DOID:6364", "similar name"),
    ]


def test_again() -> None:
    """Once its merges are made, resolving finds no more to merge, and asks the same."""
    plan = planned(*WORLD)
    into = {d.absorbed: d.into for d in plan.decisions}

    def root(id_: str) -> str:
        return root(into[id_]) if id_ in into else id_

    after = {
        thing.id: EntityRecord(thing.id, thing.type) for thing in WORLD if thing.id not in into
    }
    for thing in WORLD:
        kept = after[root(thing.id)]
        kept.terms += thing.terms
        kept.forms += thing.forms
        kept.absorbed += (thing.id,) if thing.id in into else ()
    again = planned(*after.values())
    assert merged(again) == []
    assert {c[:2] for c in asked(again)} == {c[:2] for c in asked(plan)}


def test_names_that_are_not_enough() -> None:
    """Short names, abbreviations, names of two entities or of another type are never enough."""
    copd = curated("DOID:1", "lung trouble", names=(TermName(text="COPD"), TermName(text="LT1")))
    german = curated("STW:1", "poison", names=(TermName(text="gift", language="de"),))
    twins = [curated("DOID:5", "twin"), curated("MESH:5", "twin")]
    things = [copd, german, *twins, curated("CHEBI:1", "water", "Chemical")]
    reads = [read("COPD"), read("LT1"), read("gift"), read("twin"), read("water")]
    plan = planned(*things, *reads)
    assert merged(plan) == []
    pairs = [(absorbed, into) for absorbed, into, _ in asked(plan)]
    assert pairs == [
        ("MESH:5", "DOID:5"),
        ("abduce:Disease/copd", "DOID:1"),
        ("abduce:Disease/lt1", "DOID:1"),
        ("abduce:Disease/twin", "DOID:5"),
        ("abduce:Disease/twin", "MESH:5"),
    ]


def test_forms_that_disagree() -> None:
    """An entity whose names are those of two curated ones joins neither; a person is asked."""
    things = [curated("DOID:1", "flu"), curated("DOID:2", "influenza"), read("influenza")]
    assert merged(planned(*things)) == [("abduce:Disease/influenza", "DOID:2", "name")]
    mixed = [*things[:2], curated("DOID:3", "grippe"), read("grippe", "grippe", "influenza")]
    assert merged(planned(*mixed)) == []
    assert {into for _, into, _ in asked(planned(*mixed))} == {"DOID:2", "DOID:3"}


def test_names_count_once_for_one_thing() -> None:
    """A name that two entities have which a cross-reference joins is the name of one."""
    things = [
        curated("DOID:1", "migraine", xrefs=("MESH:D1",)),
        curated("MESH:D1", "Migraine"),
        read("migraine"),
    ]
    assert merged(planned(*things)) == [
        ("MESH:D1", "DOID:1", "cross-reference"),
        ("abduce:Disease/migraine", "DOID:1", "name"),
    ]


def test_cross_references_that_are_not_sure() -> None:
    """Two to one, one to two, and a chain that would join two terms of one source: only asked."""
    two_to_one = [
        curated("DOID:1", "a", xrefs=("MESH:D1",)),
        curated("DOID:2", "b", xrefs=("MESH:D1",)),
        curated("MESH:D1", "c"),
    ]
    chain = [
        curated("DOID:1", "a", xrefs=("MESH:D1",)),
        curated("MESH:D1", "b"),
        curated("DOID:2", "c", xrefs=("UMLS:C1",)),
        curated("UMLS:C1", "d", xrefs=("MESH:D1",)),
    ]
    absent = [curated("DOID:1", "a", xrefs=("MESH:D1", "MESH:D9")), curated("MESH:D1", "c")]
    for things, n in ((two_to_one, 2), (chain, 3), (absent, 1)):
        plan = planned(*things)
        assert merged(plan) == []
        assert len([c for c in plan.candidates if c.rule == "cross-reference"]) == n


def test_named_elsewhere() -> None:
    """Two that name one id of a third source may be one; nobody is told that they are."""
    plan = planned(
        curated("DOID:1", "a", xrefs=("UMLS:C1",)), curated("MONDO:1", "b", xrefs=("UMLS:C1",))
    )
    assert merged(plan) == []
    (candidate,) = plan.candidates
    assert (candidate.absorbed, candidate.into) == ("DOID:1", "MONDO:1")
    assert candidate.why == "both are said to be UMLS:C1"


def test_other_types_are_never_one() -> None:
    """What a source says is one thing, and the graph has as two types, is counted, not merged."""
    plan = planned(curated("DOID:1", "a", xrefs=("MESH:D1",)), curated("MESH:D1", "a", "Symptom"))
    assert (merged(plan), asked(plan), plan.other_type) == ([], [], 1)


def test_retired_and_obsolete_terms_say_nothing() -> None:
    """What a source no longer has, or calls obsolete, gives no name and no cross-reference."""
    gone = curated("DOID:1", "migraine", xrefs=("MESH:D1",), retired=True)
    old = curated("DOID:2", "headache", xrefs=("MESH:D2",), obsolete=True)
    others = [curated("MESH:D1", "x"), curated("MESH:D2", "y"), read("migraine"), read("headache")]
    assert merged(planned(gone, old, *others)) == []


def test_an_old_id_that_lives() -> None:
    """An old id that is a term of its own, or that two terms claim, is only asked about."""
    lives = [curated("DOID:1", "a", alternatives=("DOID:2",)), curated("DOID:2", "b")]
    split = [
        curated("DOID:1", "a", alternatives=("DOID:9",)),
        curated("DOID:3", "b", alternatives=("DOID:9",)),
        EntityRecord("DOID:9", "Disease"),
    ]
    assert (merged(planned(*lives)), len(asked(planned(*lives)))) == ([], 1)
    assert (merged(planned(*split)), len(asked(planned(*split)))) == ([], 2)


def test_what_somebody_keeps_apart() -> None:
    """A refusal holds for the two ids, and for whatever has become one with either of them."""
    things = [
        curated("DOID:1", "migraine", xrefs=("MESH:D1",)),
        curated("MESH:D1", "hemicrania"),
        read("migraine"),
    ]
    plan = planned(*things, apart=[("abduce:Disease/migraine", "MESH:D1")])
    assert merged(plan) == [("MESH:D1", "DOID:1", "cross-reference")]
    assert (plan.kept_apart, asked(plan)) == (1, [])


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("hemophilia", "hemofilia", False),  # two letters
        ("migraine", "migrane", True),
        ("breast cancer", "cancer breast", True),
        ("diabetes type 1", "diabetes type 2", False),
        ("vitamin a deficiency", "vitamin b deficiency", False),
        ("thromboxane a2", "thromboxane b2", False),
        ("hypertension", "hypotension", False),
        ("hyperkalemia", "hypokalemia", False),
        ("asthma", "aphtha", False),
        ("arthritis", "arthritus", True),
    ],
)
def test_similar_names(one: str, other: str, *, alike: bool) -> None:
    """A slip or another order of words is similar; another number, letter or opposite is not."""
    assert bool(planned(read(one), read(other)).candidates) == alike


def test_one_source_tells_its_terms_apart() -> None:
    """Two terms of one source are never asked about because of their names."""
    things = [curated("DOID:1", "ductal carcinoma"), curated("DOID:2", "carcinoma ductal")]
    assert asked(planned(*things)) == []
    assert asked(planned(*things, read("ductal carcinoma"))) == []


def test_links_sort() -> None:
    """A link is sure at a score of one alone."""
    assert Link("a", "b", "r", "w").sure
    assert not Link("a", "b", "r", "w", 0.999).sure
