"""Four processes write and four read one graph at once, and the one that runs it may die."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from kg import load_shards, open_graph
from tests.kg.faults import crowd
from tests.kg.faults.loads import FULL, Place
from tests.kg.written import shard

WRITERS = READERS = 4
SECONDS = 120.0 if FULL else 5.0
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["kg.store.remote", "tests.kg.faults.crowd"])

Begun = tuple[ForkServerProcess, Connection]


def _begin(work: Callable[..., None], *arguments: object) -> Begun:
    mine, theirs = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=work, args=(*arguments, theirs))
    process.start()
    theirs.close()
    return process, mine


def _said(begun: Begun) -> Any:
    process, mine = begun
    with mine:
        answer = mine.recv()  # EOFError: it died
    process.join()
    assert process.exitcode == 0
    return answer


def _work_at_once(place: Place, folder: Path, meanwhile: Callable[[], None]) -> list[int]:
    """Let all of them work; return how many shards each writer has loaded."""
    writers = [_begin(crowd.write, place, folder, n, SECONDS) for n in range(WRITERS)]
    readers = [_begin(crowd.read, place, SECONDS) for _ in range(READERS)]
    meanwhile()
    looked = [_said(reader) for reader in readers]
    loaded = [_said(writer) for writer in writers]
    assert [amiss for _, amiss in looked if amiss] == []
    assert min(looks for looks, _ in looked) > 1
    return loaded


def _of_one_process(loaded: list[int], folder: Path) -> list[str]:
    """Return the dump of a graph into which one process has loaded the same papers."""
    papers = [
        paper
        for writer, turns in enumerate(loaded)
        for turn in range(turns)
        for paper in crowd.papers_of(writer, turn)
    ]
    with open_graph(folder / "alone", create=True) as graph:
        load_shards(graph, [shard(folder / "all", papers)])
        return graph.dump()


def test_four_write_and_four_read(new_place: Callable[[], Place], tmp_path: Path) -> None:
    """Nothing is lost, nothing doubled, and no reader is left with half a paper."""
    place = new_place()
    place.open().close()
    loaded = _work_at_once(place, tmp_path, lambda: None)
    with place.open() as graph:
        assert graph.dump() == _of_one_process(loaded, tmp_path)


def test_a_graph_is_handed_on(tmp_path: Path) -> None:
    """Processes that come and go run the graph by turns, and no change of hands is noticed."""
    place = Place(str(tmp_path / "graph"))
    place.open().close()
    writers = [_begin(crowd.come_and_go, place, tmp_path, n, SECONDS) for n in range(WRITERS)]
    loaded = [_said(writer) for writer in writers]
    with place.open() as graph:
        assert graph.dump() == _of_one_process(loaded, tmp_path)


def test_the_process_that_runs_the_graph_dies(tmp_path: Path) -> None:
    """Killed while others read and write, it takes nothing with it: another one takes over."""
    place = Place(str(tmp_path / "graph"))
    owner = _begin(crowd.hold, place)
    assert owner[1].recv() == "open"

    def kill_it() -> None:
        time.sleep(SECONDS / 2)
        owner[0].kill()
        owner[0].join()
        owner[1].close()

    loaded = _work_at_once(place, tmp_path, kill_it)
    assert owner[0].exitcode == -9
    with place.open() as graph:
        assert graph.dump() == _of_one_process(loaded, tmp_path)
