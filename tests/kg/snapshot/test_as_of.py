"""As of a date: the graph as it would be if nothing later had ever been loaded."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import (
    Graph,
    Snapshot,
    UsageError,
    load_shards,
    mint_entity_id,
    open_graph,
    take_snapshot,
)
from kg.asking import claims_in
from kg.curated_models import Fact, Term
from kg.loading import write_shard
from kg.loading.curated import load_curated
from kg.resolving import merge_entities
from kg.snapshot import Window
from kg.sources import CuratedSource
from tests.kg.dated import FISH_OIL, NEW, OLD, PAPERS, RAYNAUD, fill
from tests.kg.loading.curated.sources import fact, source, term
from tests.kg.written import DOMAIN_TOML, LOWERS, Written, library

DATES = (None, "soon", "2014", "2015-03", "2015-07-01", "2016", "2016-05", "2017-01-02")
BY_2015 = {"2014", "2015-03", "2015-07-01"}


def written(number: int, date: str | None, rng: st.DataObject) -> Written:
    """A paper of one claim with a date; odd spellings only in some, so that names change."""
    (paper,) = library(1, seed=rng.draw(st.integers(0, 60)))
    one = paper.paper.model_copy(
        update={
            "id": f"pmid:{number}",
            "date": date,
            "retracted": rng.draw(st.integers(0, 4)) == 0,
        }
    )
    evidence = tuple(e.model_copy(update={"paper": one.id}) for e in paper.evidence)
    return replace(paper, paper=one, evidence=evidence)


def load_written(graph: Graph, papers: list[Written], folder: Path) -> None:
    """Load papers of several packs, each with an error rate of its own, one shard a pack."""
    for number, (pack, rate) in enumerate((("one@1", 0.2), ("two@1", None))):
        own = [paper for paper in papers if int(paper.paper.id[5:]) % 2 == number]
        if own:
            write_shard(
                folder, pack[:3],
                [p.paper for p in own],
                [(p.paper.id, pack, m) for p in own for m in p.mentions],
                [e.model_copy(update={"pack": pack}) for p in own for e in p.evidence],
                DOMAIN_TOML if number else "",
                packs=[pack],
                pack_errors={} if rate is None else {pack: rate},
            )  # fmt: skip
    if papers:
        load_shards(graph, [folder])


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data(), st.lists(st.sampled_from(DATES), min_size=1, max_size=12))
def test_nothing_later_leaks(data: st.DataObject, dates: list[str | None]) -> None:
    """The snapshot as of a date is the one of a graph that was only given what is dated by then."""
    papers = [written(number, date, data) for number, date in enumerate(dates, start=1)]
    before = [paper for paper in papers if paper.paper.date in BY_2015]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        with open_graph(folder / "all", create=True) as graph:
            load_written(graph, papers, folder / "s")
            if not before:
                with pytest.raises(UsageError, match="nothing as of 2015"):
                    take_snapshot(graph, as_of="2015")
                return
            then = take_snapshot(graph, as_of="2015")
        with open_graph(folder / "before", create=True) as graph:
            load_written(graph, before, folder / "b")
            alone = take_snapshot(graph)
    assert then.version == alone.version
    assert then.entity_ids == alone.entity_ids
    assert then.names == alone.names
    assert then.left_out.papers == sum(date in (None, "soon") for date in dates)


UNDATED = source([Term(id=RAYNAUD, type="Disease", name="A later name")], name="undated")


def _kept(papers: list[Written], dates: set[str]) -> list[Written]:
    return [paper for paper in papers if paper.paper.date in dates]


@pytest.mark.parametrize(
    ("as_of", "dates", "sources"),
    [
        ("2014", {"2014"}, [OLD]),
        ("2015", {"2014", "2015-07-01"}, [OLD]),
        ("2016", {"2014", "2015-07-01", "2016", "2016-05"}, [OLD, NEW]),
        ("2016-05", {"2014", "2015-07-01", "2016-05"}, [OLD, NEW]),
    ],
)
def test_papers_and_sources(
    as_of: str, dates: set[str], sources: list[CuratedSource], graph: Graph, tmp_path: Path
) -> None:
    """Curated terms, facts and IS_A count by the date of their source, papers by their own."""
    fill(graph, PAPERS, [OLD, NEW, UNDATED])
    then = take_snapshot(graph, as_of=as_of)
    with open_graph(tmp_path / "alone", create=True) as other:
        alone = take_snapshot(fill(other, _kept(PAPERS, dates), sources))
    assert then.names == alone.names
    assert then.entity_ids == alone.entity_ids
    assert {name: len(arrays) for name, arrays in then.claims.items()} == {
        name: len(arrays) for name, arrays in alone.claims.items()
    }
    assert then.version == alone.version
    assert then.left_out.sources == ("undated@1",)
    assert then.left_out.papers == (2 if as_of == "2016-05" else 1)


@pytest.mark.parametrize("as_of", ["2015", "2016"])
def test_merged_entities(as_of: str, embedded_graph: Graph, tmp_path: Path) -> None:
    """A merge, which has no date, holds at any time: also where one of the two came later."""
    magnesium = mint_entity_id("Chemical", "magnesium")
    merge_entities(fill(embedded_graph, PAPERS), magnesium, FISH_OIL, "person", "a test")
    then = take_snapshot(embedded_graph, as_of=as_of)
    early = _kept(
        PAPERS, {"2014", "2015-07-01"} | ({"2016", "2016-05"} if as_of > "2015" else set())
    )
    with open_graph(tmp_path / "alone", create=True) as other:
        fill(other, early)
        if as_of > "2015":
            merge_entities(other, magnesium, FISH_OIL, "person", "a test")
        alone = take_snapshot(other)
    assert then.names == alone.names
    assert then.version == alone.version


def test_since(graph: Graph) -> None:
    """Since a date, only what was said then counts; names are still those that were known."""
    fill(graph, PAPERS, [OLD, NEW])
    late = take_snapshot(graph, since="2016")
    (claim,) = [c for c in claims_in(late, FISH_OIL, RAYNAUD) if c.predicate == LOWERS]
    assert (claim.n_papers, claim.first_year, claim.last_year) == (2, 2016, 2017)
    assert (claim.n_support, claim.n_deny) == (3, 0)
    assert "vasospasm" in late.names
    between = take_snapshot(graph, since="2015", as_of="2015")
    (claim,) = claims_in(between, FISH_OIL, RAYNAUD)
    assert (claim.n_support, claim.n_deny, claim.curated) == (0, 1, False)


def test_what_came_later_is_absent(graph: Graph) -> None:
    """An entity that only later papers name is absent, and n_papers counts those of the time."""
    fill(graph, PAPERS)
    then = take_snapshot(graph, as_of="2015")
    assert set(then.entity_ids) == {FISH_OIL, RAYNAUD}
    assert then.n_papers.tolist() == [2, 2]
    assert then.names[then.row(FISH_OIL)] == "fish oil"


def test_all_time_is_now(embedded_graph: Graph) -> None:
    """As of a day after everything, with all dated, the snapshot is the one of the graph."""
    fill(embedded_graph, PAPERS[:5], [OLD, NEW])
    now, then = take_snapshot(embedded_graph), take_snapshot(embedded_graph, as_of="2030")
    assert now.version == then.version
    assert now.window is None
    assert then.window == Window(as_of="2030")
    assert take_snapshot(embedded_graph, as_of="2030").window == then.window


def test_dates_that_are_none(embedded_graph: Graph) -> None:
    """A wrong date is refused before anything is read."""
    with pytest.raises(UsageError, match="as-of 'May' is no date"):
        take_snapshot(embedded_graph, as_of="May")


def test_hub_of_facts_is_a_fact(snapshot_facts: Snapshot) -> None:
    """Claims that only a curated source makes are in the arrays, and marked as curated."""
    arrays = snapshot_facts.claims["TREATS"]
    assert arrays.curated.tolist() == [True]
    assert arrays.n_papers.tolist() == [0]
    assert len(snapshot_facts.is_a) == 1


@pytest.fixture
def snapshot_facts(embedded_graph: Graph) -> Snapshot:
    """The snapshot of a graph that has one fact and no paper."""
    facts: list[Fact] = [fact("x:1", "TREATS", "x:2")]
    terms = [term("x:1", "Drug"), term("x:2", parents=["x:3"]), term("x:3")]
    load_curated(embedded_graph, source(terms, facts))
    return take_snapshot(embedded_graph)


def test_a_source_without_a_date_is_named_where_nothing_is_left(embedded_graph: Graph) -> None:
    """Who asks for a time of undated sources alone is told which sources have no date."""
    terms = [term("x:1", "Drug"), term("x:2")]
    load_curated(embedded_graph, source(terms, [fact("x:1", "TREATS", "x:2")]))
    with pytest.raises(UsageError, match=r"1 of its sources \(drugs@1\) have no date"):
        take_snapshot(embedded_graph, as_of="2016")
