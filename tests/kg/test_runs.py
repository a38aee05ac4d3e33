"""Runs: the log of a graph."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kg import Graph, load_shards, open_graph
from kg.runs import list_runs, login_name, running
from kg.versions import graph_version
from tests.kg.written import one_claim, shard


def test_a_run_that_comes_to_its_end(graph: Graph, tmp_path: Path) -> None:
    """A load is a run: who, when, counts, and the version of the graph that it reached."""
    load_shards(graph, [shard(tmp_path / "s", [one_claim("pmid:1")])])
    (run,) = list_runs(graph)
    assert (run.command, run.outcome, run.who) == ("load", "done", login_name())
    assert run.finished is not None
    assert run.started <= run.finished
    assert run.version == graph_version(graph) == 1
    assert run.counts["papers"] == 1
    assert run.counts["failures"] == 0


def test_what_changes_nothing_counts_no_version(graph: Graph, tmp_path: Path) -> None:
    """A second load of the same papers is a run of its own, and the version stays."""
    folder = shard(tmp_path / "s", [one_claim("pmid:1")])
    load_shards(graph, [folder])
    before = graph.dump()
    load_shards(graph, [folder])
    assert [run.version for run in list_runs(graph)] == [1, 1]
    assert graph.dump() == before


@pytest.mark.parametrize(
    ("error", "outcome", "reason"),
    [(ValueError("no"), "failed", "ValueError: no"), (KeyboardInterrupt(), "interrupted", "")],
)
def test_a_run_that_stops(graph: Graph, error: BaseException, outcome: str, reason: str) -> None:
    """A run that ends by an error or by Ctrl-C says so, and has no end."""
    with pytest.raises(type(error)), running(graph, "load", source="x@1"):
        raise error
    (run,) = list_runs(graph)
    assert (run.outcome, run.reason, run.finished, run.version) == (outcome, reason, None, None)
    assert run.source == "x@1"


def test_a_run_inside_another(graph: Graph) -> None:
    """What runs inside another run is part of it, and its counts are not the outer one's."""
    with running(graph, "build", pack="p@1") as outer:
        outer.count(papers=2)
        with running(graph, "load") as inner:
            inner.count(papers=1)
    (run,) = list_runs(graph)
    assert (run.command, run.pack, run.counts) == ("build", "p@1", {"papers": 2})


def test_a_run_that_is_killed(tmp_path: Path) -> None:
    """A run that was killed stands there as begun, without outcome or end."""
    code = (
        "import os, sys\nfrom kg import open_graph\nfrom kg.runs import running\n"
        "with open_graph(sys.argv[1], create=True) as graph, running(graph, 'load'):\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    folder = tmp_path / "graph"
    assert subprocess.run([sys.executable, "-c", code, folder], check=False).returncode == -9
    with open_graph(folder) as graph:
        (run,) = list_runs(graph)
    assert (run.command, run.outcome, run.finished) == ("load", "", None)


def test_who(embedded_graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who opens the graph says who it was, nothing else does; its content does not depend on it."""
    before = embedded_graph.dump()
    monkeypatch.setenv("ABDUCE_WHO", "Charles Babbage")
    with (
        open_graph(embedded_graph.where, who="Ada Lovelace") as graph,
        running(graph.within(60), "load"),
    ):
        pass
    with running(embedded_graph, "load"):
        pass
    assert [run.who for run in list_runs(embedded_graph)] == [login_name(), "Ada Lovelace"]
    assert embedded_graph.dump() == before


def test_the_last_first(embedded_graph: Graph) -> None:
    """Runs are listed the last first, as many as asked for."""
    for command in ("load", "resolve", "forget"):
        with running(embedded_graph, command):
            pass
    assert [run.command for run in list_runs(embedded_graph, 2)] == ["forget", "resolve"]
