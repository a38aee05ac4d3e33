"""Forgetting a curated source: large ones, interrupted ones, and loads of it at the same time."""

from __future__ import annotations

from itertools import islice

import pytest

from kg import Graph, StoreError
from kg.forgetting import forget_source, sources
from kg.loading.curated import load_curated
from kg.sources import CuratedSource
from tests.kg.loading.curated.sources import DOMAIN, fact, source, term

SIZE = 60
DRUG = "X:hub"
SICK = [f"X:{number}" for number in range(SIZE)]
TERMS = [
    term(DRUG, "Drug"),
    term("X:above"),
    *(term(id_, parents=["X:above"]) for id_ in SICK),
]
FACTS = [
    fact(DRUG, predicate, id_, f"{predicate} {id_}", denied=number % 5 == 0)
    for predicate in ("TREATS", "CAUSES")
    for number, id_ in enumerate(SICK)
]


class StoppedError(Exception):
    """What stops a run from outside."""


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a hub have more claims than go at once."""
    monkeypatch.setattr(sources, "CLAIMS", 7)
    monkeypatch.setattr(sources, "ENTITIES", 7)


def large(name: str = "large") -> CuratedSource:
    """A source with two kinds of claims of one entity, and with parents."""
    return source(TERMS, FACTS, name=name, version="1", domain=DOMAIN)


def other() -> CuratedSource:
    """A source that has half of the terms, every third fact, and one of its own, differently."""
    own = fact(DRUG, "TREATS", SICK[1], "mine", denied=True)
    return source(TERMS[: SIZE // 2], [*FACTS[: SIZE // 2 : 3], own], name="other", domain=DOMAIN)


def test_hub(graph: Graph) -> None:
    """Of an entity with more claims than fit a transaction all go, but those of another source."""
    load_curated(graph, other())
    expected = graph.dump()
    load_curated(graph, large())
    summary = forget_source(graph, "large")
    assert (summary.facts, summary.terms, summary.parents) == (2 * SIZE, SIZE + 2, SIZE)
    assert graph.dump() == expected
    forget_source(graph, "other")
    assert graph.dump() == []


def test_all_of_a_hub_at_once(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    """Claims of one entity under several predicates all go in one transaction."""
    monkeypatch.setattr(sources, "CLAIMS", 10 * SIZE)
    load_curated(graph, large())
    assert forget_source(graph, "large").claims_removed == 2 * SIZE
    assert graph.dump() == []


def test_only_facts_keep_it(graph: Graph) -> None:
    """An entity that only its facts kept goes with the last of them, not before."""
    load_curated(graph, large("first"))
    facts_alone = source([], FACTS[:20], name="second", version="1", domain=DOMAIN)
    load_curated(graph, facts_alone)
    forget_source(graph, "first")
    assert graph.counts().nodes["Entity"] == 21
    assert forget_source(graph, "second").entities_removed == 21
    assert graph.dump() == []


@pytest.mark.parametrize("after", [1, 10, 25])
def test_goes_on_where_it_stopped(graph: Graph, after: int) -> None:
    """Stopped after any batch and run again, the graph is the one that never had the source."""
    load_curated(graph, other())
    expected = graph.dump()
    load_curated(graph, large())
    calls = iter(range(after))

    def stop(_done: int, _total: int | None) -> None:
        if not list(islice(calls, 1)):
            raise StoppedError

    with pytest.raises(StoppedError):
        forget_source(graph, "large", on_progress=stop)
    assert graph.dump() != expected
    forget_source(graph, "large")
    assert graph.dump() == expected


def test_loaded_again_after_it_stopped(graph: Graph) -> None:
    """Half forgotten and then loaded again, a source is whole."""
    load_curated(graph, large())
    expected = graph.dump()

    def stop(done: int, _total: int | None) -> None:
        if done > SIZE:
            raise StoppedError

    with pytest.raises(StoppedError):
        forget_source(graph, "large", on_progress=stop)
    load_curated(graph, large())
    assert graph.dump() == expected


def test_progress_knows_the_total(embedded_graph: Graph) -> None:
    """Progress counts claims, IS_A edges and entities up to a total that is known at once."""
    load_curated(embedded_graph, large())
    told: list[tuple[int, int | None]] = []
    forget_source(embedded_graph, "large", on_progress=lambda *both: told.append(both))
    total = 2 * SIZE + SIZE + SIZE + 2
    assert {of for _, of in told} == {total}
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert told[-1][0] == total


def test_a_load_that_goes_on_stops(graph: Graph) -> None:
    """A load of the source that is going on stops, and leaves nothing of it."""
    forgotten: list[str] = []

    def forget(_done: int, _total: int | None) -> None:
        if not forgotten:
            forgotten.append(forget_source(graph, "large").source)

    with pytest.raises(StoreError, match="'large' was followed by its being taken out"):
        load_curated(graph, large(), on_progress=forget)
    assert graph.dump() == []


def test_a_load_that_begins_wins(graph: Graph) -> None:
    """A load of the source that begins while it is forgotten is complete, and forgetting stops."""
    load_curated(graph, large())
    expected = graph.dump()
    loaded: list[str] = []

    def load(_done: int, _total: int | None) -> None:
        if not loaded:
            loaded.append(load_curated(graph, large()).source)

    with pytest.raises(StoreError, match="'large' is loaded again meanwhile"):
        forget_source(graph, "large", on_progress=load)
    assert graph.dump() == expected
