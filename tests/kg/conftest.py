"""Graphs filled with papers, for tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kg import Graph, load_shards
from tests.kg.written import Written, shard

Load = Callable[..., Graph]


@pytest.fixture
def load(graph: Graph, tmp_path: Path) -> Load:
    """Fill the graph with papers."""

    def fill(papers: list[Written], domain: str | None = None) -> Graph:
        folder = tmp_path / "shards"
        shard(folder, papers) if domain is None else shard(folder, papers, domain=domain)
        load_shards(graph, [folder])
        return graph

    return fill
