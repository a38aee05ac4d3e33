"""The version of a graph, and emptying one while nobody else changes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import Graph, UsageError, clear_graph, load_shards, versions
from kg.versions import exclusive_write, graph_state, graph_version
from tests.kg.written import library, shard


def test_clearing_a_graph(graph: Graph, tmp_path: Path) -> None:
    """A cleared graph holds nothing, its version goes on, and it is loaded like a new one."""
    folder = shard(tmp_path / "s", library(5))
    load_shards(graph, [folder])
    loaded, before = graph.dump(), graph_state(graph)
    clear_graph(graph)
    assert graph.dump() == []
    after = graph_state(graph)
    assert before is not None
    assert after is not None
    assert after.version > before.version
    assert after.graph != before.graph
    load_shards(graph, [folder])
    assert graph.dump() == loaded


def test_nobody_writes_into_a_half_cleared_graph(
    graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where clearing was stopped, loads are refused until it has been run to its end."""
    folder = shard(tmp_path / "s", library(5))
    load_shards(graph, [folder])
    loaded = graph.dump()
    with monkeypatch.context() as patch:
        patch.setattr(versions, "_DELETE", ("RETURN 1 / 0",))
        with pytest.raises(Exception, match="zero"):
            clear_graph(graph)
    version = graph_version(graph)
    with pytest.raises(UsageError, match="was to be emptied, and is not yet"):
        load_shards(graph, [folder])
    with pytest.raises(UsageError, match="was to be emptied"):
        exclusive_write(graph, lambda _: None)
    assert graph_version(graph) == version
    clear_graph(graph)
    load_shards(graph, [folder])
    assert graph.dump() == loaded
