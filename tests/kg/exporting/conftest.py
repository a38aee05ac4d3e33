"""Graphs to export for other tools."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import Certainty, Graph, Polarity, load_shards
from tests.kg.archive.test_history import live
from tests.kg.written import one_claim, shard

PAPERS = [
    one_claim("pmid:1"),
    one_claim("pmid:2", polarity=Polarity.DENIES),
    one_claim("pmid:3", certainty=Certainty.HEDGED),
]


@pytest.fixture
def papers(embedded_graph: Graph, tmp_path: Path) -> Graph:
    """A graph of three papers: one states a claim, one denies it, one supposes it."""
    load_shards(embedded_graph, [shard(tmp_path / "shards", PAPERS)])
    return embedded_graph


@pytest.fixture
def lived(embedded_graph: Graph, tmp_path: Path) -> Graph:
    """A graph of papers and of a curated source, with denials, a merge and a retired term."""
    live(embedded_graph, tmp_path)
    return embedded_graph
