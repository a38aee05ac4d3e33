"""Merging between loads and forgetting: what stands counts, and not what came first."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise, permutations
from pathlib import Path

import pytest

from kg import Graph, load_shards, mint_entity_id
from kg.curated_models import Fact, Source, Term
from kg.forgetting import forget_papers, forget_source
from kg.loading.curated import load_curated
from kg.resolving import list_merges, merge_entities, undo_merge
from kg.sources import CuratedSource
from tests.kg.written import DOMAIN, LOWERS, Written, library, one_claim, shard

Change = Callable[[Graph], object]

RAYNAUD, HEADACHE, MIGRAINE, VASOSPASM = (
    mint_entity_id("Disease", name)
    for name in ("Raynaud's disease", "headache", "migraine", "vasospasm")
)
FISH_OIL, MAGNESIUM = (mint_entity_id("Chemical", name) for name in ("fish oil", "magnesium"))
CURED, SAME = "DOID:1", "MESH:D1"


def _papers() -> list[Written]:
    """Papers on few entities; some of them with claims between diseases, in the order of ids."""
    between = [
        one_claim(
            f"pmid:{900 + number}",
            ("Disease", min(pair)),
            "ASSOCIATION",
            ("Disease", max(pair)),
            date="2001",
        )
        for number, pair in enumerate(
            permutations(["migraine", "vasospasm", "Raynaud's disease", "headache"], 2)
        )
    ]
    return [*library(14, seed=3), *between]


def _source(version: str, *, more: bool) -> CuratedSource:
    terms = [
        Term(id=CURED, type="Disease", name="migraine", parents=(SAME,)),
        Term(id=SAME, type="Disease", name="headache"),
        Term(id=MIGRAINE, type="Disease", name="Migraine", parents=(CURED,)),
    ]
    facts = [
        Fact(subject=MIGRAINE, predicate="ASSOCIATION", object=CURED, row="1", details="{}"),
        Fact(subject=CURED, predicate="ASSOCIATION", object=VASOSPASM, row="2"),
    ]
    if more:
        terms.append(Term(id="DOID:3", type="Disease", name="spasm", parents=(MIGRAINE,)))
        facts.append(Fact(subject="DOID:3", predicate="ASSOCIATION", object=SAME, row="3"))
        facts.append(Fact(subject=FISH_OIL, predicate=LOWERS, object="DOID:3", row="4"))
    return CuratedSource(
        Source(name="onto", version=version), DOMAIN, lambda: iter(terms), lambda: iter(facts)
    )


def _dump_after(graph: Graph, *changes: Change) -> list[str]:
    graph.clear()
    for change in changes:
        change(graph)
    return graph.dump()


def _merge(absorbed: str, into: str) -> Change:
    return lambda graph: merge_entities(graph, absorbed, into, "person", "for the test")


def _undo(absorbed: str) -> Change:
    return lambda graph: undo_merge(graph, absorbed)


def _curated(version: str = "1", *, more: bool = False) -> Change:
    return lambda graph: load_curated(graph, _source(version, more=more))


@pytest.fixture
def loads(tmp_path: Path) -> tuple[Change, Change]:
    """Loads of two halves of the papers."""
    papers = _papers()
    random.Random(4).shuffle(papers)  # noqa: S311  (no secret)
    halves = [shard(tmp_path / str(n), papers[n::2], str(n)) for n in range(2)]
    first, second = (lambda graph, half=half: load_shards(graph, [half]) for half in halves)
    return first, second


def _forget(half: int) -> Change:
    papers = _papers()
    random.Random(4).shuffle(papers)  # noqa: S311  (no secret)
    return lambda graph: forget_papers(graph, [item.paper.id for item in papers[half::2]])


@pytest.mark.parametrize(
    ("absorbed", "into"),
    [(MIGRAINE, VASOSPASM), (VASOSPASM, MIGRAINE), (HEADACHE, RAYNAUD), (MAGNESIUM, FISH_OIL)],
)
def test_a_load_between(
    graph: Graph, loads: tuple[Change, Change], absorbed: str, into: str
) -> None:
    """Papers loaded after a merge stand where those before it do, and go back with them."""
    first, second = loads
    merge, undo = _merge(absorbed, into), _undo(absorbed)
    expected = _dump_after(graph, first, second, merge)
    assert _dump_after(graph, first, merge, second) == expected
    undone = _dump_after(graph, first, second)
    assert _dump_after(graph, first, merge, second, undo) == undone


def test_curated_loads_between(graph: Graph, loads: tuple[Change, Change]) -> None:
    """Versions of a curated source that come between leave no trace of the merges, or of order."""
    papers, _ = loads
    merges = [_merge(MIGRAINE, VASOSPASM), _merge(VASOSPASM, RAYNAUD)]
    undos = [_undo(VASOSPASM), _undo(MIGRAINE)]
    old, new = _curated("1"), _curated("2", more=True)
    merged = _dump_after(graph, papers, old, new, *merges)
    assert _dump_after(graph, papers, *merges, old, new) == merged
    assert _dump_after(graph, papers, old, *merges, new) == merged
    unmerged = _dump_after(graph, papers, old, new)
    assert _dump_after(graph, papers, *merges, old, *undos, new) == unmerged
    assert _dump_after(graph, papers, old, *merges, new, *undos) == unmerged
    back = _dump_after(graph, papers, new, old)
    assert _dump_after(graph, papers, new, *merges, old, *reversed(undos)) == back


def test_papers_meet_a_source(graph: Graph, loads: tuple[Change, Change]) -> None:
    """What papers read joins a curated term, whether they come before the merge or after it."""
    first, second = loads
    merge = _merge(MIGRAINE, CURED)
    source = _curated("1", more=True)
    expected = _dump_after(graph, first, second, source, merge)
    assert _dump_after(graph, first, source, merge, second) == expected
    (row,) = graph.read(
        "MATCH (e:Entity {id: $id}) RETURN e.name AS name, e.absorbed AS a", id=CURED
    )
    assert row == {"name": "migraine", "a": [MIGRAINE]}
    unmerged = _dump_after(graph, first, source, second)
    assert _dump_after(graph, first, source, merge, second, _undo(MIGRAINE)) == unmerged


def test_forgetting_between(graph: Graph, loads: tuple[Change, Change]) -> None:
    """Papers and sources that are forgotten while merged go as if nothing had been merged."""
    first, second = loads
    merges = [_merge(MIGRAINE, VASOSPASM), _merge(VASOSPASM, RAYNAUD)]
    undos = [_undo(VASOSPASM), _undo(MIGRAINE)]
    source = _curated()
    drop: Change = lambda graph: forget_source(graph, "onto")  # noqa: E731
    left = _dump_after(graph, first)
    assert _dump_after(graph, first, second, *merges, _forget(1), *undos) == left
    assert _dump_after(graph, first, source, *merges, drop, *undos) == left
    assert _dump_after(graph, source, second, first, *merges, drop, _forget(1), *undos) == left


def test_nothing_left(graph: Graph, loads: tuple[Change, Change]) -> None:
    """Where all that was said of merged entities is forgotten, undoing leaves nothing of them."""
    first, _ = loads
    merges = [_merge(MIGRAINE, VASOSPASM), _merge(VASOSPASM, RAYNAUD)]
    changes: list[Change] = [first, *merges, _forget(0)]
    _dump_after(graph, *changes)
    assert graph.read("MATCH (e:Entity) RETURN e.id AS id") == [{"id": RAYNAUD}]
    undo_merge(graph, VASOSPASM)
    ids = graph.read("MATCH (e:Entity) RETURN e.id AS id")
    assert ids == [{"id": VASOSPASM}]
    undo_merge(graph, MIGRAINE)
    assert graph.dump() == []
    assert list_merges(graph) == []


def test_chains_in_any_order(graph: Graph, loads: tuple[Change, Change]) -> None:
    """Merges of a chain, made and undone in any order, come to the same graph."""
    load, _ = loads
    chain = [HEADACHE, RAYNAUD, MIGRAINE, VASOSPASM]
    links = list(pairwise(chain))
    load(graph)
    before = graph.dump()
    merged = set()
    for order in permutations(links):
        for absorbed, into in order:
            merge_entities(graph, absorbed, into, "person", "")
        merged.add(graph.fingerprint())
        assert {merge.into for merge in list_merges(graph)} == {VASOSPASM}
        for absorbed, _ in order[1:] + order[:1]:
            undo_merge(graph, absorbed)
        assert graph.dump() == before
    assert len(merged) == 1


def test_hubs(graph: Graph) -> None:
    """Undoing takes every edge of an entity with many claims of several kinds back where it was."""
    drugs = [f"DRUG:{number}" for number in range(400)]
    diseases = ["DOID:1", "DOID:2"]
    terms = [Term(id=id_, type="Chemical", name=id_) for id_ in drugs]
    terms += [Term(id=id_, type="Disease", name=id_) for id_ in diseases]
    facts = [
        Fact(subject=diseases[number % 7 == 0], predicate=predicate, object=drug, row=f"{number}")
        for predicate in ("RAISED_BY", "LOWERED_BY", "TREATED_BY", "CAUSED_BY")
        for number, drug in enumerate(drugs)
    ]
    source = CuratedSource(
        Source(name="hubs", version="1"), None, lambda: iter(terms), lambda: iter(facts)
    )
    load_curated(graph, source)
    before = graph.dump()
    merge_entities(graph, "DOID:1", "DOID:2", "person", "")
    assert graph.counts().relationships["RAISED_BY"] == len(drugs)
    undo_merge(graph, "DOID:1")
    assert graph.dump() == before
