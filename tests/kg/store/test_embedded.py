"""The embedded store: private, shared between processes, and safe against a kill."""

from __future__ import annotations

import json
import os
import random
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier

import pytest

from kg import Graph, UsageError, open_graph
from kg.store.embedded.folder import find_folder

WRITER = Path(__file__).with_name("writer.py")
ROOT = Path(__file__).parents[3]
BATCH = 50

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts writer.py on a folder and waits until it has opened it."""
    started: list[subprocess.Popen[str]] = []

    def run(folder: Path, *arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, str(WRITER), str(folder), *arguments],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


def test_folder_and_passwords_are_private(tmp_path: Path) -> None:
    """Only its owner may enter the folder or read the passwords, and the two differ."""
    where = tmp_path / "graph"
    with open_graph(where, create=True):
        assert stat.S_IMODE(where.stat().st_mode) == 0o700
        assert stat.S_IMODE((where / "secrets.json").stat().st_mode) == 0o600
        passwords = json.loads((where / "secrets.json").read_text())
        assert len({*passwords.values()}) == 2
        assert min(len(password) for password in passwords.values()) >= 32


def test_no_password_is_written_anywhere_else(tmp_path: Path) -> None:
    """Neither logs nor configuration nor data hold a password in the clear."""
    where = tmp_path / "graph"
    with open_graph(where, create=True) as graph:
        graph.merge_nodes(["Paper"], [{"id": "pmid:1"}])
        assert not any(p in repr(graph) for p in json.loads((where / "secrets.json").read_text()))
    passwords = json.loads((where / "secrets.json").read_text()).values()
    for path in where.rglob("*"):
        if path.is_file() and path.name != "secrets.json":
            content = path.read_bytes()
            assert not any(password.encode() in content for password in passwords), path


def test_what_was_written_is_there_again(tmp_path: Path) -> None:
    """A graph that is closed and opened again is the same graph."""
    where = tmp_path / "graph"
    with open_graph(where, create=True) as graph:
        graph.ensure_schema(["Chemical"])
        graph.merge_nodes(["Entity", "Chemical"], [{"id": str(n)} for n in range(100)])
        before = graph.dump()
    with open_graph(where) as graph:
        assert graph.dump() == before
        graph.merge_nodes(["Entity", "Chemical"], [{"id": "more"}])
    with open_graph(where, create=True) as graph:
        assert graph.counts().nodes == {"Chemical": 101, "Entity": 101}


def test_many_make_one_graph(tmp_path: Path) -> None:
    """Whoever makes a graph while others make the same one gets it, not an error."""
    with ThreadPoolExecutor(8) as pool:
        for number in range(40):
            together = Barrier(8)
            make = partial(_made, tmp_path / str(number), together)
            assert list(pool.map(make, range(8))) == [True] * 8


def _made(where: Path, together: Barrier, _: int) -> bool:
    together.wait()
    return find_folder(where, create=True).marker.is_file()


def test_a_graph_that_was_half_made(tmp_path: Path) -> None:
    """Killed in the moment of being made, a folder is made a graph by the next one."""
    (tmp_path / ".graph.json.77.abcd").write_text("")
    assert find_folder(tmp_path, create=True).marker.is_file()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / ".graph").write_text("")
    with pytest.raises(UsageError, match="holds no graph"):
        find_folder(tmp_path / "other", create=True)


def test_two_graphs_at_once_do_not_meet(tmp_path: Path) -> None:
    """What is written to one graph is not in the other, and neither ends with the other."""
    with open_graph(tmp_path / "a", create=True) as a:
        with open_graph(tmp_path / "b", create=True) as b:
            a.merge_nodes(["Paper"], [{"id": "pmid:1"}])
            b.merge_nodes(["Evidence"], [{"id": "evidence:1"}])
            assert a.counts().nodes == {"Paper": 1}
            assert b.counts().nodes == {"Evidence": 1}
        a.merge_nodes(["Paper"], [{"id": "pmid:2"}])
        assert a.counts().nodes == {"Paper": 2}


def test_one_graph_is_shared_within_a_process(tmp_path: Path) -> None:
    """Two openings of one folder see each other's work; the first to close ends nothing."""
    first = open_graph(tmp_path / "graph", create=True)
    with open_graph(tmp_path / "graph") as second:
        first.merge_nodes(["Paper"], [{"id": "pmid:1"}])
        assert second.counts().nodes == {"Paper": 1}
        first.close()
        second.merge_nodes(["Paper"], [{"id": "pmid:2"}])
        assert second.counts().nodes == {"Paper": 2}


def test_a_second_process_shares_the_graph(tmp_path: Path, start: Start) -> None:
    """A graph that another process holds open can be read and written beside it."""
    start(tmp_path / "graph", "holder", "hold")
    with open_graph(tmp_path / "graph") as graph:
        graph.merge_nodes(["Paper"], [{"id": "pmid:1"}])
        assert graph.counts().nodes == {"Paper": 1}


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_the_graph_outlives_the_process_that_runs_it(
    tmp_path: Path, start: Start, end: signal.Signals
) -> None:
    """When the process that runs the server ends, however it ends, another one takes over."""
    owner = start(tmp_path / "graph", "holder", "hold")
    with open_graph(tmp_path / "graph") as graph:
        graph.merge_nodes(["Paper"], [{"id": "pmid:1"}])
        owner.send_signal(end)
        owner.wait()
        graph.merge_nodes(["Paper"], [{"id": "pmid:2"}])
        assert graph.read("MATCH (p:Paper) RETURN count(p) AS n") == [{"n": 2}]
        assert [row["id"] for row in graph.stream("MATCH (p:Paper) RETURN p.id AS id")]


def test_readers_of_a_lost_server_find_the_next(tmp_path: Path, start: Start) -> None:
    """Reading and streaming go on as well as writing does."""
    for ask in (
        lambda graph: graph.read("RETURN 1 AS x"),
        lambda graph: list(graph.stream("RETURN 1 AS x")),
        lambda graph: graph.read("RETURN 2 - 1 AS x"),
    ):
        owner = start(tmp_path / "graph", "holder", "hold")
        with open_graph(tmp_path / "graph") as graph:
            graph.read("RETURN 1 AS x")
            owner.kill()
            owner.wait()
            assert ask(graph) == [{"x": 1}]


def test_a_stale_endpoint_is_not_believed(tmp_path: Path, start: Start) -> None:
    """What a killed process left behind leads nobody to a port of somebody else."""
    owner = start(tmp_path / "graph", "holder", "hold")
    owner.kill()
    owner.wait()
    assert (tmp_path / "graph" / "endpoint.json").exists()
    with open_graph(tmp_path / "other", create=True) as other:
        kept = json.loads((tmp_path / "other" / "endpoint.json").read_text())
        (tmp_path / "graph" / "endpoint.json").write_text(json.dumps(kept))
        with open_graph(tmp_path / "graph") as graph:
            graph.merge_nodes(["Paper"], [{"id": "pmid:1"}])
        assert other.counts().nodes == {}


def test_a_killed_writer_loses_nothing_that_it_said_is_stored(tmp_path: Path, start: Start) -> None:
    """After SIGKILL at any moment every acknowledged batch is there, whole, and no half of one."""
    chance = random.Random()  # noqa: S311
    stored: dict[str, int] = {}
    for life in range(3):
        writer = start(tmp_path / "graph", f"life{life}")
        time.sleep(chance.uniform(0.05, 1.0))
        writer.kill()
        assert writer.stdout is not None
        said = [line for line in writer.stdout if line.endswith("\n")]
        stored[f"life{life}"] = len(said)
    with open_graph(tmp_path / "graph") as graph:
        for name, batches in stored.items():
            _check_batches(graph, name, batches)


def _check_batches(graph: Graph, name: str, said: int) -> None:
    rows = graph.read(
        "MATCH (n:Entity) WHERE n.id STARTS WITH $name "
        "OPTIONAL MATCH (n)-[r:NEXT]->(m:Chemical) "
        "RETURN split(n.id, ':')[1] AS batch, count(DISTINCT n) AS nodes, count(r) AS edges",
        name=f"{name}:",
    )
    found = {int(row["batch"]): (row["nodes"], row["edges"]) for row in rows}
    assert all(found[batch] == (BATCH, BATCH - 1) for batch in range(said))
    # One batch more may have been stored without having been said, in part: nodes, then edges.
    assert set(found) <= set(range(said + 1))
    assert all(nodes == BATCH and edges in (0, BATCH - 1) for nodes, edges in found.values())


def test_nothing_is_printed(tmp_path: Path) -> None:
    """The engine writes nothing to standard output or standard error."""
    program = (
        "import sys; from kg import open_graph\n"
        "with open_graph(sys.argv[1], create=True) as graph: graph.ensure_schema(['Chemical'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "graph")],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert done.stdout == done.stderr == ""


def test_a_forked_child_does_not_keep_the_graph(tmp_path: Path) -> None:
    """A child that outlives its parent does not hold the parent's lock on the folder."""
    program = (
        "import os, sys, time; from kg import open_graph\n"
        "graph = open_graph(sys.argv[1], create=True)\n"
        "if os.fork() == 0: time.sleep(3600); os._exit(0)\n"
        "print('forked', flush=True); os._exit(0)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", program, str(tmp_path / "graph")],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        start_new_session=True,
    )
    assert parent.stdout is not None
    assert parent.stdout.readline() == "forked\n"
    parent.wait()
    try:
        with open_graph(tmp_path / "graph") as graph:
            assert graph.counts().nodes == {}
    finally:
        os.killpg(parent.pid, signal.SIGKILL)
        parent.stdout.close()
