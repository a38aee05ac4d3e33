"""Finding entities by ids, names and misspelt names, on every server."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from kg import Graph, UnknownNameError, find_entity, load_shards
from kg.forgetting import forget_papers
from kg.lexicon import FoundEntity, find_entities
from kg.lexicon.name_grams import grams, name_grams, whole_name
from kg.resolving import merge_entities, undo_merge
from tests.kg.written import one_claim, shard

DISEASES = (
    "migraine", "Raynaud's disease", "cluster headache", "tension-type headache",
    "type 2 diabetes mellitus", "type 1 diabetes mellitus", "amyotrophic lateral sclerosis",
    "multiple sclerosis", "systemic sclerosis", "Crohn's disease", "disease",
    "Sj\u00f6gren syndrome", "Meniere's disease", "alpha-thalassemia", "\u03b2-thalassemia",
)  # fmt: skip


@pytest.fixture
def diseases(every_graph: Graph, tmp_path: Path) -> Graph:
    """A graph of papers, each of which claims something about another disease."""
    papers = [
        one_claim(f"pmid:{number}", ("Chemical", "fish oil"), object_=("Disease", name))
        for number, name in enumerate(DISEASES, start=1)
    ]
    load_shards(every_graph, [shard(tmp_path / "shards", papers)])
    return every_graph


def first(graph: Graph, text: str) -> FoundEntity:
    """The likeliest entity."""
    return find_entities(graph, text)[0]


def names(found: Iterable[FoundEntity]) -> list[str]:
    """The names that were found, in their order."""
    return [item.entity.name for item in found]


def test_a_name_is_found_however_it_is_written(diseases: Graph) -> None:
    """Ids, names, other spellings of case and hyphens find their entity, and say what matched."""
    for text, name, score, matched in [
        ("migraine", "migraine", 1.0, "name"),
        ("abduce:Disease/migraine", "migraine", 1.0, "id"),
        ("ABDUCE:disease/MIGRAINE", "migraine", 0.99, "id"),
        ("MIGRAINE ", "migraine", 0.99, "name"),
        ("Tension type headache", "tension-type headache", 0.99, "name"),
        ("raynaud disease", "Raynaud's disease", 0.99, "name"),
    ]:
        found = first(diseases, text)
        assert (found.entity.name, found.score, found.matched) == (name, score, matched), text


def test_a_slip_of_the_pen_does_not_hide_a_name(diseases: Graph) -> None:
    """A letter more, less, another one, two swapped, a lost space or one too many: still first."""
    for text, name in [
        ("migrraine", "migraine"),
        ("migaine", "migraine"),
        ("nigraine", "migraine"),
        ("mirgaine", "migraine"),
        ("migrain", "migraine"),
        ("clusterheadache", "cluster headache"),
        ("multi ple sclerosis", "multiple sclerosis"),
        ("tpye 2 diabetes mellitus", "type 2 diabetes mellitus"),
        ("amyotrofic lateral sclerosis", "amyotrophic lateral sclerosis"),
        ("crohn diseese", "Crohn's disease"),
    ]:
        found = first(diseases, text)
        assert found.entity.name == name, text
        assert 0.7 < found.score < 0.99
        with pytest.raises(UnknownNameError) as refused:
            find_entity(diseases, text)
        assert name in refused.value.nearest


def test_accents_and_greek_letters_hardly_count(diseases: Graph) -> None:
    """Who has no such letter on the keyboard finds the name, and so does who has it."""
    for text, name in [
        ("Sjogren syndrome", "Sj\u00f6gren syndrome"),
        ("M\u00e9ni\u00e8re's disease", "Meniere's disease"),
        ("Me\u0301nie\u0300re's disease", "Meniere's disease"),
        ("\u03b1-thalassemia", "alpha-thalassemia"),
        ("beta thalassemia", "\u03b2-thalassemia"),
    ]:
        found = first(diseases, text)
        assert (found.entity.name, found.score) == (name, 0.98), text


def test_what_shares_only_letters_is_not_listed(diseases: Graph) -> None:
    """A text that is like no name finds nothing, though some of its letters are in many."""
    for text in ("zzzzsezzzz", "mmmmmmigmmm", "x" * 10_000, "DB00843"):
        assert find_entities(diseases, text) == [], text


def test_a_part_of_a_name_finds_those_that_have_it(diseases: Graph) -> None:
    """Some of a name's words find every name that has them, those that are that word first."""
    found = names(find_entities(diseases, "sclerosis"))
    assert set(found[:3]) == {
        "amyotrophic lateral sclerosis", "multiple sclerosis", "systemic sclerosis"
    }  # fmt: skip
    assert names(find_entities(diseases, "disease"))[0] == "disease"


def test_types_and_limit(diseases: Graph) -> None:
    """Only entities of the wanted types are found, and no more than wanted."""
    assert names(find_entities(diseases, "fish oil", types=["Chemical"])) == ["fish oil"]
    assert "fish oil" not in names(find_entities(diseases, "fish oil", types=["Disease"]))
    assert len(find_entities(diseases, "sclerosis", limit=2)) == 2
    assert find_entities(diseases, "qqqqqqq") == []
    assert find_entities(diseases, "...") == []


def test_the_index_follows_the_graph(diseases: Graph, tmp_path: Path) -> None:
    """What is loaded is found at once; what is forgotten is not any more, nor a name of it."""
    again = one_claim("pmid:50", object_=("Disease", "Migraine"))
    other = one_claim("pmid:51", object_=("Disease", "vasospasm"))
    load_shards(diseases, [shard(tmp_path / "more", [again, other], key="b")])
    assert first(diseases, "vasospsm").entity.name == "vasospasm"
    assert first(diseases, "migraine").matched == "synonym"  # of as many papers as "Migraine"
    forget_papers(diseases, ["pmid:50", "pmid:51"])
    assert first(diseases, "migraine").matched == "name"
    assert "vasospasm" not in names(find_entities(diseases, "vasospasm"))
    diseases.clear()
    assert find_entities(diseases, "migraine") == []


def test_who_was_merged_is_found_as_what_it_is_now(diseases: Graph) -> None:
    """The id and the name of a merged entity lead to the other one, until it is undone."""
    absorbed, into = "abduce:Disease/migraine", "abduce:Disease/cluster_headache"
    merge_entities(diseases, absorbed, into, "by hand", "a test")
    for text in (absorbed, "migraine", "MIGRAINE"):
        assert find_entity(diseases, text).id == into
    assert (first(diseases, absorbed).entity.id, first(diseases, absorbed).matched) == (
        into,
        "absorbed id",
    )
    undo_merge(diseases, absorbed)
    assert find_entity(diseases, absorbed).id == absorbed
    assert find_entity(diseases, "migraine").id == absorbed


def test_a_graph_of_another_program_is_read_through(every_graph: Graph) -> None:
    """Entities that are in no index, and in a graph that has none, are found as well."""
    rows: list[dict[str, Any]] = [
        {"id": "A:1", "name": "Fish oil", "synonyms": ["omega-3"], "normal_names": ["fish oil"]},
        {"id": "A:2", "name": "magnesium"},
    ]
    every_graph.merge_nodes(("Entity",), rows)
    for _ in range(2):
        assert find_entity(every_graph, "omega-3").id == "A:1"
        assert find_entity(every_graph, "fish-oil").id == "A:1"
        assert first(every_graph, "magnesum").entity.id == "A:2"
        every_graph.ensure_schema(())  # the second time, the index is there and empty


def test_ties_go_to_who_is_mentioned_most(every_graph: Graph, tmp_path: Path) -> None:
    """Of two entities that fit alike, the one of more papers comes first."""
    papers = [
        one_claim("pmid:1", ("Gene", "cat"), object_=("Disease", "migraine")),
        one_claim("pmid:2", ("Species", "cat"), object_=("Disease", "migraine")),
        one_claim("pmid:3", ("Species", "cat"), object_=("Disease", "migraine")),
    ]
    load_shards(every_graph, [shard(tmp_path / "shards", papers)])
    assert [item.entity.type for item in find_entities(every_graph, "cat")][:2] == [
        "Species",
        "Gene",
    ]


def test_grams_hold_no_sign_of_lucene() -> None:
    """What is put into an index or a search is letters, digits and underscores alone."""
    for name in ("fish-oil", 'a "b" AND NOT c*~2', "x:y OR (z)", "ß 蛋白 🐟", "\\/+-!^[]{}?"):
        words = (name_grams([name], [name]) or "").split()
        assert all(word.replace("_", "").isalnum() for word in words), name
        assert all(word == word.casefold() for word in words)
    assert name_grams(["..."]) is None
    assert grams("ab") == ["__a", "_ab", "ab_"]
    assert whole_name("fish oil") == "_fish_oil_"
