"""Batches of a load: what a run knows of the graph holds only while nobody else writes."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from kg import Graph, load_shards
from kg.contributions import cache
from kg.forgetting import forget_papers
from kg.loading import batches as loading
from tests.kg.written import by_hand, library, rows_by_hand, shard


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few papers a batch, so that a small load has many of them."""
    monkeypatch.setattr(loading, "BATCH_PAPERS", 3)


def test_somebody_else_writes_meanwhile(graph: Graph, tmp_path: Path) -> None:
    """What another load and a forgotten paper change in the middle of a load is not lost."""
    papers = library(40)
    first = shard(tmp_path / "first", papers[:30])
    second = shard(tmp_path / "second", papers[20:])
    ids = [item.paper.id for item in papers[:2]]
    done = 0

    def meddle(count: int, _: int | None) -> None:
        nonlocal done
        if done < 6 <= count:
            load_shards(graph, [second])
        if done < 12 <= count:
            forget_papers(graph, ids)
        done = count

    load_shards(graph, [first], on_progress=meddle)
    expected = shard(tmp_path / "expected", papers[2:])
    meddled = graph.dump()
    graph.clear()
    load_shards(graph, [expected])
    assert graph.dump() == meddled


def test_one_paper_in_two_batches(graph: Graph, tmp_path: Path) -> None:
    """Mentions and evidence that come in the batch after their papers find them written."""
    rows = rows_by_hand(library(3))
    together = by_hand(tmp_path / "together", rows)
    load_shards(graph, [together])
    expected = graph.dump()
    graph.clear()
    apart = [by_hand(tmp_path / kind, {kind: kept}) for kind, kept in rows.items()]
    assert load_shards(graph, apart).failed == ()
    assert graph.dump() == expected


def test_a_load_that_breaks_off(embedded_graph: Graph, tmp_path: Path) -> None:
    """An error between two batches ends the load at once, and the thread that reads for it."""
    folder = shard(tmp_path / "s", library(12))
    before = set(threading.enumerate())

    def broken(count: int, _: int | None) -> None:
        raise InterruptedError(count)

    with pytest.raises(InterruptedError):
        load_shards(embedded_graph, [folder], on_progress=broken)
    assert set(threading.enumerate()) <= before
    assert embedded_graph.counts().nodes["Paper"] == 3


def test_little_memory(graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A load that may remember next to nothing gives the same graph."""
    folder = shard(tmp_path / "s", library(30))
    load_shards(graph, [folder])
    expected = graph.dump()
    graph.clear()
    monkeypatch.setattr(cache, "MOST_STATES", 5)
    load_shards(graph, [folder])
    assert graph.dump() == expected
