"""Forgetting: afterwards the graph is the one that never had it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kg import Graph, Polarity, UnknownNameError, load_shards, mint_entity_id
from kg.forgetting import forget_papers, forget_source
from kg.forgetting import papers as forgetting
from kg.loading.curated import load_curated
from kg.resolving import merge_entities
from kg.sources import CuratedSource
from kg.versions import graph_version
from tests.kg.libraries import Reading, readings, shards
from tests.kg.loading.curated.sources import fact, source, term
from tests.kg.written import DOMAIN, LOWERS, library, one_claim, shard

ANY = settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # each try is a graph: shrinking is slow
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
FISH_OIL = mint_entity_id("Chemical", "fish oil")
MAGNESIUM = mint_entity_id("Chemical", "magnesium")
MIGRAINE = mint_entity_id("Disease", "migraine")
# What the source says meets what the papers say, and goes beyond it.
TERMS = [
    term(FISH_OIL, "Chemical", "Fish oils"),
    term(MAGNESIUM, "Chemical", "magnesium"),
    term(MIGRAINE, "Disease", "Migraine disorders", parents=["X:1"]),
    term("X:1", "Disease", "headache"),
]
FACTS = [
    fact(FISH_OIL, LOWERS, MIGRAINE, "row 1", phase=3),
    fact(MAGNESIUM, LOWERS, MIGRAINE, "row 2", denied=True),
    fact(FISH_OIL, LOWERS, "X:1", "row 3"),
]


def curated(version: str = "1") -> CuratedSource:
    """A small curated source; the second version says less."""
    if version == "1":
        return source(TERMS, FACTS, name="small", version="1", domain=DOMAIN)
    return source(TERMS[1:], FACTS[:1], name="small", version=version, domain=DOMAIN, error=0.01)


def ids(kept: Iterable[Reading]) -> set[str]:
    """The ids of the papers."""
    return {reading.written.paper.id for reading in kept}


@ANY
@given(st.data())
def test_load_and_forget(
    graph: Graph, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """For any sets of papers A and B: load A, load B, forget B is load A without B.

    In whatever order and batches, with a curated source, or two versions of it, in between, and
    with two entities merged at any time once the source has both.
    """
    folder = tmp_path_factory.mktemp("sets")
    every = data.draw(readings())
    first = [reading for reading in every if reading.in_first]
    second = [reading for reading in every if reading.in_second]
    left = [reading for reading in first if reading.written.paper.id not in ids(second)]
    versions = data.draw(st.sampled_from([(), ("1",), ("1", "2")]))
    graph.clear()
    load_shards(graph, [shards(folder / "left", left)])
    for version in versions:  # what the second one lacks is retired, so the first one counts
        load_curated(graph, curated(version))
    merge = partial(merge_entities, graph, MAGNESIUM, FISH_OIL, "person", "a test")
    merged = bool(versions) and data.draw(st.booleans())
    if merged:
        merge()
    expected = graph.dump()
    graph.clear()
    steps: list[Callable[[], object]] = [
        lambda: load_shards(graph, [shards(folder / "first", first)]),
        lambda: load_shards(graph, [shards(folder / "second", second)]),
    ]
    steps = data.draw(st.permutations(steps))
    for version in versions:
        at = data.draw(st.integers(0, 2)) if version == "1" else len(steps)
        steps.insert(at, partial(load_curated, graph, curated(version)))
        if merged and version == "1":
            steps.insert(data.draw(st.integers(at + 1, len(steps))), merge)
    for step in steps:
        step()
    batch = data.draw(st.sampled_from([1, 2, 200]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forgetting, "BATCH_PAPERS", batch)
        summary = forget_papers(graph, sorted(ids(second)))
    assert set(summary.forgotten) == ids(second)
    assert summary.unknown == ()
    assert graph.dump() == expected


@ANY
@given(st.data())
def test_load_and_forget_a_source(
    graph: Graph, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """A curated source that is forgotten leaves the graph of the papers alone, in any order."""
    folder = tmp_path_factory.mktemp("sets")
    kept = shards(folder / "papers", data.draw(readings()))
    graph.clear()
    load_shards(graph, [kept])
    expected = graph.dump()
    graph.clear()
    steps: list[Callable[[], object]] = [
        lambda: load_shards(graph, [kept]),
        lambda: load_curated(graph, curated()),
    ]
    for step in data.draw(st.permutations(steps)):
        step()
    summary = forget_source(graph, "small")
    assert (summary.facts, summary.terms, summary.parents) == (3, 4, 1)
    assert graph.dump() == expected


def test_two_sources(graph: Graph) -> None:
    """What two curated sources say is told apart: the other one's half stays."""
    other = source(TERMS, FACTS, name="other", version="7", domain=None)
    load_curated(graph, other)
    expected = graph.dump()
    load_curated(graph, curated())
    assert forget_source(graph, "small").claims_removed == 0
    assert graph.dump() == expected
    forget_source(graph, "other@7")
    assert graph.dump() == []


def test_everything_goes(graph: Graph, tmp_path: Path) -> None:
    """When all papers are forgotten nothing is left, not a schema or a pack."""
    load_shards(graph, [shard(tmp_path / "s", library(20))])
    summary = forget_papers(graph, [f"pmid:{n}" for n in range(1, 21)])
    assert (summary.papers, summary.evidence) == (20, 20)
    assert graph.dump() == []


def test_twice(graph: Graph, tmp_path: Path) -> None:
    """Forgetting again changes nothing, not even the graph's version, and names the papers."""
    load_shards(graph, [shard(tmp_path / "s", library(5))])
    forget_papers(graph, ["pmid:1"])
    before, version = graph.dump(), graph_version(graph)
    summary = forget_papers(graph, ["pmid:1", " PMID:1 ", "https://pubmed.ncbi.nlm.nih.gov/77"])
    assert (summary.papers, graph.dump(), graph_version(graph)) == (0, before, version)
    assert summary.unknown == ("pmid:1", "https://pubmed.ncbi.nlm.nih.gov/77")


def test_ids_as_people_write_them(graph: Graph, tmp_path: Path) -> None:
    """A DOI is found in any case and as a link; other ids as `kg.paper_id` knows them."""
    names = ["doi:10.1000/AbC", "doi:10.1000/x", "pmid:5", "lab:notebook-1"]
    load_shards(graph, [shard(tmp_path / "s", [one_claim(name) for name in names])])
    given_as = ["10.1000/aBc", "https://doi.org/10.1000/x", "PMID: 5", "lab:notebook-1"]
    assert set(forget_papers(graph, given_as).forgotten) == set(names)


def test_ids_as_another_program_wrote_them(graph: Graph, tmp_path: Path) -> None:
    """A paper whose id stands in the graph in a form that is not ours can be forgotten by it."""
    names = ["PMID:1", "5", "PMC9", "A paper", "https://doi.org/10.1000/x"]
    load_shards(graph, [shard(tmp_path / "s", [one_claim(name) for name in names])])
    summary = forget_papers(graph, [*names, "pmid:77", "PMID:77"])
    assert (set(summary.forgotten), summary.unknown) == (set(names), ("pmid:77",))


def test_a_hypothesis_stays(graph: Graph, tmp_path: Path) -> None:
    """A hypothesis is a recorded result and stays; its edge to an entity that is gone does not."""
    load_shards(graph, [shard(tmp_path / "s", [one_claim("pmid:1")])])
    graph.merge_nodes(("Hypothesis",), [{"id": "hypothesis:1", "predicate": LOWERS}])
    edge = {"start": "hypothesis:1", "end": FISH_OIL}
    graph.merge_edges("SUBJECT", [edge], start="Hypothesis")
    forget_papers(graph, ["pmid:1"])
    assert len(graph.dump()) == 1
    assert "hypothesis:1" in graph.dump()[0]


def test_unknown_source(embedded_graph: Graph) -> None:
    """A source that the graph does not have is an error that names the nearest."""
    load_curated(embedded_graph, curated())
    with pytest.raises(UnknownNameError, match="nearest: small"):
        forget_source(embedded_graph, "smal")


def test_what_is_left_is_weighed_anew(graph: Graph, tmp_path: Path) -> None:
    """Of three papers the one that denies goes: belief, counts and years are those of the two."""
    papers = [
        one_claim("pmid:1", date="1980"),
        one_claim("pmid:2", date="1990", polarity=Polarity.DENIES),
        one_claim("pmid:3", date="1985"),
    ]
    load_shards(graph, [shard(tmp_path / "s", papers)])
    claim = f"MATCH ()-[c:{LOWERS}]->() RETURN c.belief AS b, c.n_deny AS d, c.last_year AS y"
    (before,) = graph.read(claim)
    summary = forget_papers(graph, ["pmid:2"])
    (after,) = graph.read(claim)
    assert (summary.claims_changed, summary.claims_removed) == (1, 0)
    assert before["b"] < after["b"]
    assert (after["d"], after["y"]) == (0, 1985)
