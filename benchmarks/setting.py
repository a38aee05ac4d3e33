"""What benchmarks have in common: how they are told where the data are, and a clock."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from kg import Failure

T = TypeVar("T")


class SettingParser(argparse.ArgumentParser):
    """Reads the command line of a benchmark.

    Args:
        about: the docstring of the benchmark; its first line is shown.
    """

    def __init__(self, about: str | None) -> None:
        super().__init__(description=(about or "").splitlines()[0])

    def add_jars(self) -> None:
        """Take `--jars FOLDER` as well."""
        self.add_argument(
            "--jars", type=Path, default=Path(".neo4j"), help="where Neo4j's jars are"
        )

    def add_scratch(self) -> None:
        """Take `--scratch FOLDER` as well."""
        self.add_argument("--scratch", type=Path, help="where temporary files go")


class DataParser(SettingParser):
    """Reads it with `--data FOLDER`, else takes `ABDUCE_DATA`; without either it ends."""

    def __init__(self, about: str | None) -> None:
        super().__init__(about)
        self.add_argument("--data", type=Path, default=os.environ.get("ABDUCE_DATA"))

    def given(self) -> argparse.Namespace:
        """Return what was given; `data` is there."""
        given = self.parse_args()
        if given.data is None:
            self.error("give --data FOLDER, or set ABDUCE_DATA")
        return given


def hetionet(data: Path) -> list[Path]:
    """Return the files of Hetionet (https://github.com/hetio/hetionet): nodes and edges."""
    return [data / "hetionet" / name for name in ("nodes.tsv.gz", "edges.sif.gz")]


def print_refused(failure: Failure) -> None:
    """Print what a source could not be taken at."""
    print(f"{failure.path}: {failure.where}: {failure.reason}")


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Return how many seconds some work took (wall time), and what came of it."""
    start = time.perf_counter()
    done = work()
    return time.perf_counter() - start, done
