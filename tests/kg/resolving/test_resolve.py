"""Resolving a graph: what is sure is merged and recorded, once; a person has the last word."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import Graph, UsageError, find_entity, load_shards, mint_entity_id
from kg.curated_models import Source, Term, TermName
from kg.forgetting import forget_source
from kg.loading.curated import load_curated
from kg.resolving import (
    keep_distinct,
    list_distinct,
    list_merges,
    merge_entities,
    resolve,
    undo_distinct,
    undo_merge,
)
from kg.resolving.clusters import Clusters
from kg.resolving.entity_index import EntityIndex, EntityRecord
from kg.resolving.rules import similar
from kg.runs import list_runs
from kg.sources import CuratedSource
from kg.versions import graph_version
from tests.kg.written import library, shard

MIGRAINE = mint_entity_id("Disease", "migraine")
TERMS = [
    Term(
        id="DOID:6364",
        type="Disease",
        name="migraine",
        xrefs=("MESH:D008881",),
        alternatives=("DOID:1",),
        row="1",
    ),
    Term(id="MESH:D008881", type="Disease", name="Migraine Disorders", row="2"),
    Term(id="DOID:2", type="Disease", name="Raynaud disease", row="3"),
    Term(id="DOID:3", type="Disease", name="vasospasms", row="4"),
    Term(
        id="CHEBI:1", type="Chemical", name="caffeine", names=(TermName(text="Coffein"),), row="5"
    ),
]
SURE = {
    "MESH:D008881": ("DOID:6364", "cross-reference"),
    MIGRAINE: ("DOID:6364", "name"),
    mint_entity_id("Disease", "Raynaud disease"): ("DOID:2", "name"),
    mint_entity_id("Chemical", "caffeine"): ("CHEBI:1", "name"),
}


@pytest.fixture
def filled(graph: Graph, tmp_path: Path) -> Graph:
    """A graph of papers and of a source that share some things."""
    load_shards(graph, [shard(tmp_path / "s", library(40))])
    source = Source(name="onto", version="1")
    load_curated(graph, CuratedSource(source, None, lambda: iter(TERMS), lambda: iter(())))
    return graph


def test_what_is_sure(filled: Graph) -> None:
    """Each sure merge is made with its rule and reason; what is similar is listed; found by all."""
    summary = resolve(filled)
    assert {m.absorbed: (m.into, m.rule) for m in list_merges(filled)} == SURE
    assert summary.by_rule == {"cross-reference": 1, "name": 3}
    assert all(merge.why for merge in summary.merges)
    vasospasm = mint_entity_id("Disease", "vasospasm")
    assert [(c.absorbed, c.into) for c in summary.candidates] == [(vasospasm, "DOID:3")]
    assert find_entity(filled, MIGRAINE).id == "DOID:6364"
    (run, *_) = list_runs(filled)
    assert (run.command, run.outcome, run.counts) == ("resolve", "done", {"merged": 4})


def test_twice(filled: Graph) -> None:
    """A second run has nothing to merge, and leaves the graph and its version as they are."""
    resolve(filled)
    before = filled.dump(), graph_version(filled)
    assert resolve(filled).merged == 0
    assert (filled.dump(), graph_version(filled)) == before


def test_a_dry_run(filled: Graph) -> None:
    """A dry run says what would be merged, and changes nothing."""
    before = filled.dump(), graph_version(filled), len(list_runs(filled))
    summary = resolve(filled, dry_run=True)
    assert {m.absorbed: (m.into, m.rule) for m in summary.merges} == SURE
    assert (filled.dump(), graph_version(filled), len(list_runs(filled))) == before


def test_undone_one_by_one(filled: Graph) -> None:
    """When all that resolving merged is undone, the graph is what it was."""
    before = filled.dump()
    resolve(filled)
    for merge in list_merges(filled):
        undo_merge(filled, merge.absorbed)
    assert filled.dump() == before


def test_never(filled: Graph) -> None:
    """What somebody undid with `never` stays apart, from what joined the other one too."""
    resolve(filled)
    undo_merge(filled, MIGRAINE, never=True, why="a song")
    assert [(r.one, r.other, r.why) for r in list_distinct(filled)] == [
        ("DOID:6364", MIGRAINE, "a song")
    ]
    again = resolve(filled)
    assert (again.merged, again.kept_apart) == (0, 1)
    assert MIGRAINE not in {c.absorbed for c in again.candidates}
    merge_entities(filled, MIGRAINE, "DOID:6364", "person", "not a song")
    assert resolve(filled).kept_apart == 0


def test_apart_and_back(filled: Graph) -> None:
    """When all that keeps things apart is taken back, the graph is what it was, and resolves so."""
    before = filled.dump(), graph_version(filled)
    keep_distinct(filled, MIGRAINE, "DOID:6364", "a song")
    keep_distinct(filled, "DOID:2", mint_entity_id("Disease", "Raynaud disease"))
    assert resolve(filled, dry_run=True).kept_apart == 2
    assert [(r.one, r.other, r.why) for r in undo_distinct(filled, MIGRAINE, "DOID:6364")] == [
        ("DOID:6364", MIGRAINE, "a song")
    ]
    (other,) = list_distinct(filled)
    undo_distinct(filled, other.other, other.one)
    assert (filled.dump(), graph_version(filled)) == (before[0], before[1] + 4)
    with pytest.raises(UsageError, match="nothing keeps"):
        undo_distinct(filled, other.one, other.other)
    assert list_runs(filled)[0].outcome != "done"
    assert resolve(filled).merged == len(SURE)


def test_apart_of_what_was_merged_since(filled: Graph) -> None:
    """What a `never` recorded is taken back by either name of an end that was merged since."""
    resolve(filled)
    undo_merge(filled, MIGRAINE, never=True)
    undo_merge(filled, "MESH:D008881")
    merge_entities(filled, "DOID:6364", "MESH:D008881", "person", "turned round")
    assert [r.one for r in undo_distinct(filled, MIGRAINE, "MESH:D008881")] == ["DOID:6364"]
    assert list_distinct(filled) == []


def test_apart_of_what_is_gone(filled: Graph) -> None:
    """A pair of which the graph no longer holds an end can still be taken back, by its ids."""
    keep_distinct(filled, "CHEBI:1", "DOID:3")
    forget_source(filled, "onto")
    (left,) = list_distinct(filled)
    assert undo_distinct(filled, "DOID:3", "CHEBI:1") == [left]


def test_stopped_and_resumed(filled: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that stops after any batch is completed by the next one, to the same graph."""
    resolve(filled)
    expected = filled.dump()
    for merge in list_merges(filled):
        undo_merge(filled, merge.absorbed)
    monkeypatch.setitem(resolve.__globals__, "BATCH", 1)

    def stop(done: int, _: int | None) -> None:
        raise KeyboardInterrupt(done)

    for left in range(4, 0, -1):
        with pytest.raises(KeyboardInterrupt):
            resolve(filled, on_progress=stop)
        assert resolve(filled, dry_run=True).merged == left - 1
        assert list_runs(filled)[0].outcome == "interrupted"
    assert filled.dump() == expected


def test_an_empty_graph(graph: Graph) -> None:
    """A graph without entities has nothing to resolve."""
    summary = resolve(graph)
    assert (summary.entities, summary.merged, summary.candidates) == (0, 0, ())


def test_hashes_that_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names whose hashes happen to be equal are compared, and are not similar for that."""
    monkeypatch.setattr(similar, "hash", lambda _: 1, raising=False)
    forms = [("migraine",), ("vasospasm",)]
    things = EntityIndex(
        EntityRecord(f"abduce:Disease/{n}", "Disease", forms=f) for n, f in enumerate(forms)
    )
    assert list(similar.SimilarNames().links(things, Clusters(things))) == []
