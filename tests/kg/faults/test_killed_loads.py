"""A load that is killed at any moment is completed by the next one."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kg import open_graph
from tests.kg.faults.loads import FULL, LOADS, Place, run, run_in_process

KILLS = 20 if FULL else 2
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["kg.store.remote", "tests.kg.faults.loads"])


@pytest.fixture(params=LOADS)
def name(request: pytest.FixtureRequest) -> str:
    """Each kind of load."""
    return str(request.param)


def _clean(name: str, folder: Path) -> tuple[list[str], int]:
    """Run a load undisturbed; return what it gives, and in how many steps."""
    steps: list[int] = []
    with open_graph(folder / "clean", create=True) as graph:
        run(name, graph, folder, lambda done, _: steps.append(done))
        return graph.dump(), len(steps)


def _kill_one(name: str, place: Place, folder: Path, steps: int, wait: float) -> None:
    """Kill a load with SIGKILL a little after so many of its steps, if it is not done by then."""
    mine, theirs = PROCESSES.Pipe(duplex=False)
    with mine:
        process = PROCESSES.Process(target=run_in_process, args=(name, place, folder, theirs))
        process.start()
        theirs.close()
        for _ in range(steps + 1):  # the first says that the graph is open
            mine.recv()
        time.sleep(wait)
        process.kill()
        process.join()
    assert process.exitcode in (-9, 0)


def test_killed_at_any_moment_and_run_again(
    name: str, new_place: Callable[[], Place], tmp_path: Path
) -> None:
    """Nothing is lost and nothing doubled: it comes to the graph of one undisturbed run."""
    clean, steps = _clean(name, tmp_path)
    assert steps > 10
    rng = random.Random()  # noqa: S311  (other moments in each run, and no secret)
    for _ in range(KILLS):
        place = new_place()
        _kill_one(name, place, tmp_path, rng.randrange(steps), rng.uniform(0, 0.1))
        with place.open() as graph:
            run(name, graph, tmp_path, lambda *_: None)
            assert graph.dump() == clean
