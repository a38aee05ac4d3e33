"""A load or a forget that is killed leaves whole papers, and the next one finishes it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from kg import Graph, load_shards, open_graph
from kg.forgetting import forget_papers
from tests.kg.killed import kill_in_the_middle
from tests.kg.written import library, shard

# Few papers a transaction, so that there are many moments at which to be killed.
LOAD = """
from kg import load_shards, open_graph
from kg.loading import batches as loading

where, user, password, shards = sys.argv[1:]
loading.BATCH_PAPERS = 2
with open_graph(where, user=user or None, password=password or None, create=True) as graph:
    load_shards(graph, [shards], on_progress=progress)
"""
FORGET = """
from kg import open_graph
from kg.forgetting import forget_papers, papers

where, user, password, ids = sys.argv[1:]
papers.BATCH_PAPERS = 2
with open_graph(where, user=user or None, password=password or None) as graph:
    forget_papers(graph, ids.split(), on_progress=progress)
"""
PAPERS = 40
KILLS = 2


@pytest.mark.parametrize("server", ["embedded", "neo4j"])
def test_killed_and_resumed(
    server: str, embedded_graph: Graph, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Killed with SIGKILL at any moment and run again gives the graph of one clean run."""
    shards = shard(tmp_path / "s", library(PAPERS))
    load_shards(embedded_graph, [shards])
    # The embedded server lives in the process that is killed, and dies with it.
    address = (str(tmp_path / "killed"), "", "")
    if server == "neo4j":
        request.getfixturevalue("neo4j_graph")
        neo4j = request.getfixturevalue("neo4j_address")
        address = (neo4j.url, neo4j.user, neo4j.password)
    rng = random.Random()  # noqa: S311  (another moment in each run, and no secret)
    for _ in range(KILLS):
        kill_in_the_middle(
            LOAD,
            (*address, str(shards)),
            after=rng.randrange(2, PAPERS // 2),
            last=PAPERS - 4,
            wait=rng.uniform(0, 0.05),
        )
    where, user, password = address
    with open_graph(where, user=user or None, password=password or None) as graph:
        load_shards(graph, [shards])
        assert graph.dump() == embedded_graph.dump()


@pytest.mark.parametrize("server", ["embedded", "neo4j"])
def test_killed_while_forgetting(
    server: str, embedded_graph: Graph, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Killed while it forgets and run again, a graph is the one that never had the papers."""
    papers = library(PAPERS)
    load_shards(embedded_graph, [shard(tmp_path / "left", papers[PAPERS // 2 :])])
    address = (str(tmp_path / "killed"), "", "")
    if server == "neo4j":
        request.getfixturevalue("neo4j_graph")
        neo4j = request.getfixturevalue("neo4j_address")
        address = (neo4j.url, neo4j.user, neo4j.password)
    where, user, password = address
    with open_graph(where, user=user or None, password=password or None, create=True) as graph:
        load_shards(graph, [shard(tmp_path / "all", papers)])
    ids = [item.paper.id for item in papers[: PAPERS // 2]]
    rng = random.Random()  # noqa: S311  (another moment in each run, and no secret)
    kill_in_the_middle(
        FORGET,
        (*address, " ".join(ids)),
        after=rng.randrange(2, len(ids) // 2),
        last=len(ids) - 4,
        wait=rng.uniform(0, 0.01),
    )
    with open_graph(where, user=user or None, password=password or None) as graph:
        left = forget_papers(graph, ids)
        assert 0 < left.papers < len(ids)
        assert graph.dump() == embedded_graph.dump()
