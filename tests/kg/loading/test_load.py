"""Loading: the same shards give the same graph, in any order and any parts."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import Graph, load_shards, open_graph
from kg.loading import batches as loading
from tests.kg.written import PACK, by_hand, library, one_claim, rows_by_hand, shard


def test_the_shape(graph: Graph, tmp_path: Path) -> None:
    """One paper with one claim gives the nodes, edges and properties of the graph's shape."""
    summary = load_shards(graph, [shard(tmp_path / "s", [one_claim("pmid:1")])])
    assert summary.model_dump() == {
        "papers": 1, "mentions": 2, "entities": 2, "claims": 1, "evidence": 1, "failed": (),
    }  # fmt: skip
    rows = graph.read(
        "MATCH (c:Chemical)-[r:NEGATIVE_CORRELATION]->(d:Disease) "
        "MATCH (e:Evidence {claim_id: r.claim_id})-[:REPORTED_IN]->(p:Paper)-[m:MENTIONS]->(c) "
        "MATCH (e)-[:SUBJECT]->(c) MATCH (e)-[:OBJECT]->(d) "
        "RETURN c.name AS name, c.n_papers AS n, r.belief AS belief, r.n_support AS support, "
        "r.n_deny AS deny, r.n_papers AS papers, r.first_year AS first, r.last_year AS last, "
        "r.curated AS curated, e.quote AS quote, e.start AS start, e.end AS end, p.text AS text, "
        "m.n AS mentions, m.names AS names, p.packs AS packs, e.polarity AS polarity"
    )
    assert len(rows) == 1
    (row,) = rows
    assert row["text"][row["start"] : row["end"]] == row["quote"]
    assert (row["name"], row["n"], row["mentions"], row["names"]) == (
        "fish oil",
        1,
        1,
        ["fish oil"],
    )
    assert row["belief"] == pytest.approx(0.855)
    assert (row["support"], row["deny"], row["papers"]) == (1, 0, 1)
    assert (row["first"], row["last"], row["curated"]) == (1986, 1986, False)
    assert (row["packs"], row["polarity"]) == ([PACK], "supports")


def test_twice(graph: Graph, tmp_path: Path) -> None:
    """Loading the same shards again changes nothing, and says the same of them."""
    folder = shard(tmp_path / "s", library(40))
    first = load_shards(graph, [folder])
    before = graph.dump()
    assert load_shards(graph, [folder]) == first
    assert graph.dump() == before


def test_order_and_batches(graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In other shards, another order and other batches, the same papers give the same graph."""
    papers = library(60)
    load_shards(graph, [shard(tmp_path / "one", papers)])
    expected = graph.dump()
    graph.clear()
    random.Random(5).shuffle(papers)  # noqa: S311  (no secret)
    monkeypatch.setattr(loading, "BATCH_PAPERS", 7)
    for part in range(4):
        shard(tmp_path / "many", papers[part::4], f"part{part}")
        load_shards(graph, [tmp_path / "many"], keys=[f"part{part}"])
    assert graph.dump() == expected


def test_both_servers(embedded_graph: Graph, neo4j_graph: Graph, tmp_path: Path) -> None:
    """The embedded store and Neo4j hold the same graph after the same load."""
    folder = shard(tmp_path / "s", library(50))
    summaries = [load_shards(graph, [folder]) for graph in (embedded_graph, neo4j_graph)]
    assert summaries[0] == summaries[1]
    assert embedded_graph.dump() == neo4j_graph.dump()


def test_made_by_hand(graph: Graph, tmp_path: Path) -> None:
    """Plain Parquet files without metadata load as written shards do, but for the schema."""
    papers = library(30)
    load_shards(graph, [shard(tmp_path / "s", papers, domain="")])
    expected = graph.dump()
    graph.clear()
    summary = load_shards(graph, [by_hand(tmp_path / "h", rows_by_hand(papers))])
    assert summary.failed == ()
    assert graph.dump() == expected


def test_evidence_that_comes_later(graph: Graph, tmp_path: Path) -> None:
    """Mentions and evidence of papers that the graph has are loaded without their papers."""
    papers = library(20)
    load_shards(graph, [shard(tmp_path / "s", papers, domain="")])
    expected = graph.dump()
    graph.clear()
    rows = rows_by_hand(papers)
    for kind in ("papers", "mentions", "evidence"):
        folder = by_hand(tmp_path / kind, {kind: rows[kind]})
        assert load_shards(graph, [folder]).failed == ()
    assert graph.dump() == expected


def test_two_packs_read_one_paper(graph: Graph, tmp_path: Path) -> None:
    """What two packs read in one paper is joined: two readings, one paper, one mention a place."""
    first, second = one_claim("pmid:1"), one_claim("pmid:1", pack="other@2")
    load_shards(graph, [shard(tmp_path / "a", [first])])
    load_shards(graph, [shard(tmp_path / "b", [second])])
    (row,) = graph.read(
        "MATCH (p:Paper)-[m:MENTIONS]->(e:Chemical)-[r:NEGATIVE_CORRELATION]->() "
        "RETURN p.packs AS packs, m.n AS n, e.n_papers AS papers, r.n_support AS support, "
        "r.n_papers AS claim_papers"
    )
    expected = {"packs": ["other@2", PACK], "n": 1, "papers": 1, "support": 2, "claim_papers": 1}
    assert row == expected


def test_odd_characters(graph: Graph, tmp_path: Path) -> None:
    """NUL, astral characters, quotes and backslashes in names and texts come back as they were."""
    odd = "f\u0000sh 'oil' \\ \"🐟\" \u2028 ` {x}"
    paper = one_claim("pmid:1", ("Chemical", odd))
    assert load_shards(graph, [shard(tmp_path / "s", [paper])]).failed == ()
    (row,) = graph.read(
        "MATCH (p:Paper)-[m:MENTIONS]->(e:Chemical) "
        "RETURN p.text AS text, e.name AS name, m.names AS names"
    )
    assert row == {"text": paper.paper.text, "name": odd, "names": [odd]}


def test_progress(embedded_graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress counts papers up to the number there is."""
    monkeypatch.setattr(loading, "BATCH_PAPERS", 4)
    seen: list[tuple[int, int | None]] = []
    folder = shard(tmp_path / "s", library(10))
    load_shards(embedded_graph, [folder], on_progress=lambda done, of: seen.append((done, of)))
    assert seen == [(4, 10), (8, 10), (10, 10)]


@settings(max_examples=8, deadline=None)
@given(st.data())
def test_any_split_into_loads(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """However a library is dealt out over loads, with repetitions, the graph is the same."""
    papers = library(12, seed=3)
    hands = data.draw(st.lists(st.lists(st.sampled_from(range(12))), max_size=3))
    folder = tmp_path_factory.mktemp("any")
    with open_graph(folder / "whole", create=True) as whole:
        load_shards(whole, [shard(folder / "all", papers)])
        expected = whole.dump()
    with open_graph(folder / "dealt", create=True) as dealt:
        for number, hand in enumerate([*hands, list(range(12))]):
            part = shard(folder / str(number), [papers[at] for at in dict.fromkeys(hand)])
            load_shards(dealt, [part])
        assert dealt.dump() == expected


def test_two_loads_at_once(graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two loads into one graph at the same time give the graph of one after the other."""
    papers = library(48, seed=8)
    load_shards(graph, [shard(tmp_path / "all", papers)])
    expected = graph.dump()
    graph.clear()
    load_shards(graph, [shard(tmp_path / "first", papers[:1])])
    monkeypatch.setattr(loading, "BATCH_PAPERS", 4)
    halves = [shard(tmp_path / f"half{n}", papers[n::2]) for n in range(2)]
    with ThreadPoolExecutor() as pool:
        summaries = list(pool.map(lambda half: load_shards(graph, [half]), halves))
    assert [summary.failed for summary in summaries] == [(), ()]
    assert graph.dump() == expected
