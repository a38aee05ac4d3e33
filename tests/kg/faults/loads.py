"""Loads that are made to fail, each step of which is a transaction of its own."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from unittest import mock

from kg import Graph, load_shards, open_graph
from kg.loading import batches as loading
from kg.loading.curated import fact_loading, load_curated, term_loading
from kg.sources import CuratedSource
from tests.kg.loading.curated.sources import fact, source, term
from tests.kg.written import library, shard

# All kills and the full time; a run of every day makes do with fewer.
FULL = os.environ.get("ABDUCE_TEST_FAULTS") == "full"
PAPERS = 40
TERMS = 60

OnProgress = Callable[[int, int | None], None]


@dataclass(frozen=True)
class Place:
    """Where a graph is, and as whom to go there."""

    where: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    def open(self) -> Graph:
        """Open it; an embedded one is made where it is not there."""
        return open_graph(self.where, user=self.user, password=self.password, create=True)


def load_papers(graph: Graph, folder: Path, on_progress: OnProgress) -> None:
    """Load forty papers, two at a time; the folder keeps their shards."""
    shards = folder / "shards"
    if not shards.is_dir():
        shard(shards, library(PAPERS))
    load_shards(graph, [shards], on_progress=on_progress)


def load_source(graph: Graph, _folder: Path, on_progress: OnProgress) -> None:
    """Load a curated source with a hierarchy."""
    load_curated(graph, _drugs("1"), on_progress=on_progress)


def replace_source(graph: Graph, folder: Path, on_progress: OnProgress) -> None:
    """Load a source, and then another version of it, in which much is other."""
    if not graph.read("MATCH (s:Source {version: '2'}) RETURN s"):
        load_source(graph, folder, on_progress)
    load_curated(graph, _drugs("2"), on_progress=on_progress)


LOADS: dict[str, Callable[[Graph, Path, OnProgress], None]] = {
    "papers": load_papers,
    "curated": load_source,
    "replaced": replace_source,
}


def run(name: str, graph: Graph, folder: Path, on_progress: OnProgress) -> None:
    """Run a load in small steps."""
    with (
        mock.patch.object(loading, "BATCH_PAPERS", 2),
        mock.patch.object(term_loading, "TERMS", 6),
        mock.patch.object(fact_loading, "FACTS", 6),
    ):
        LOADS[name](graph, folder, on_progress)


def run_in_process(name: str, place: Place, folder: Path, said: Connection) -> None:
    """Run a load, and say after each step that it is done; what a child process does."""
    with place.open() as graph:
        said.send(0)
        run(name, graph, folder, lambda done, _: said.send(done))


def _drugs(version: str) -> CuratedSource:
    shift = 0 if version == "1" else 7
    ids = range(shift, TERMS + shift)
    names = {"1": "d{}", "2": "disease {}"}
    diseases = [
        term(f"D:{n}", name=names[version].format(n), parents=[f"D:{n // 2}"] if n > shift else [])
        for n in ids
        if n // 2 >= shift or n == shift
    ]
    drugs = [term(f"R:{n}", "Drug") for n in ids]
    kept = [row.id for row in diseases]
    facts = [
        fact(f"R:{n}", "TREATS" if n % 3 else "CAUSES", kept[(n * k) % len(kept)], f"row {n}.{k}")
        for n in ids
        for k in (1, 2)
    ]
    return source([*diseases, *drugs], facts, version=version)
