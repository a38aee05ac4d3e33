"""Hetionet into an empty embedded graph, and into a running Neo4j, by UNWIND.

The ceiling is the server itself, in the same run: the same edges between the same nodes, created
bare (no property, no index but that of ids) by one UNWIND a transaction. Seconds of processor time
say where the time goes: `ours` is this process, in which the embedded server runs too, `server` is
Neo4j. Other work on the machine makes wall time longer and processor time hardly at all.

    python benchmarks/load_hetionet.py --data FOLDER [--edges N] [--server both] [--jars .neo4j]

FOLDER (else ABDUCE_DATA) holds hetionet/nodes.tsv.gz and hetionet/edges.sif.gz.
"""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import os
import shutil
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from setting import DataParser, SettingParser, hetionet, print_refused

from kg import Graph, open_graph
from kg.loading.curated import CuratedSummary, load_curated
from kg.local_neo4j import Neo4jHome
from kg.sources import CuratedSource, open_source

BATCH = 5000
BLOCK = 20_000  # edges that stay together where a part of them is taken
TICKS = os.sysconf("SC_CLK_TCK")


class Meter:
    """Wall time, processor time and peak memory (resident, all processes together) of some work.

    Args:
        server: the process id of the server, where that is a process of its own.
    """

    def __init__(self, server: int | None) -> None:
        self.server = server
        self.peak = 0
        self._stop = threading.Event()
        self._sampler = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> Self:
        self._sampler.start()
        self._wall, self._ours = time.perf_counter(), time.process_time()
        self._theirs = self._server_seconds()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.wall = time.perf_counter() - self._wall
        self.ours = time.process_time() - self._ours
        self.theirs = self._server_seconds() - self._theirs
        self._stop.set()
        self._sampler.join()

    def _server_seconds(self) -> float:
        if self.server is None:
            return 0.0
        fields = Path(f"/proc/{self.server}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def _sample(self) -> None:
        pids = [os.getpid(), *([self.server] if self.server else [])]
        while not self._stop.wait(0.2):
            self.peak = max(self.peak, sum(map(_resident, pids)))


def _resident(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def part_of(source: CuratedSource, edges: int | None) -> CuratedSource:
    """Return the source with so many of its edges, taken in blocks from all of it."""
    if edges is None:
        return source
    every = sum(1 for _ in source.facts())
    step = max(1, every // edges)

    def facts() -> Iterator[Any]:
        kept = (f for n, f in enumerate(source.facts()) if n // BLOCK % step == 0)
        return itertools.islice(kept, edges)

    return dataclasses.replace(source, facts=facts)


def bare(graph: Graph, source: CuratedSource) -> tuple[int, float]:
    """Create the nodes and then the bare edges; return how many edges, and in how many seconds."""
    types: dict[str, list[str]] = defaultdict(list)
    for term in source.terms():
        types[term.type].append(term.id)
    graph.ensure_schema(types)
    for type_, ids in types.items():
        create = f"UNWIND $ids AS id CREATE (:Entity:{type_} {{id: id}})"
        for start in range(0, len(ids), BATCH):
            graph.write(create, ids=ids[start : start + BATCH])
    edges = [(f.predicate, f.subject, f.object) for f in source.facts()]
    began = time.perf_counter()
    for predicate, group in itertools.groupby(edges, key=lambda edge: edge[0]):
        create = (
            "UNWIND $rows AS row MATCH (a:Entity {id: row[0]}) MATCH (b:Entity {id: row[1]}) "
            f"CREATE (a)-[:{predicate}]->(b)"
        )
        rows = [list(edge[1:]) for edge in group]
        for start in range(0, len(rows), BATCH):
            graph.write(create, rows=rows[start : start + BATCH])
    return len(edges), time.perf_counter() - began


def load(graph: Graph, source: CuratedSource, nodes: int) -> tuple[CuratedSummary, float]:
    """Load the source; return its summary, and the seconds from the last node to the last edge."""
    last_node = [time.perf_counter()]

    def on_progress(done: int, _total: int | None) -> None:
        if done <= nodes:
            last_node[0] = time.perf_counter()

    summary = load_curated(graph, source, on_progress=on_progress)
    return summary, time.perf_counter() - last_node[0]


def measure(name: str, graph: Graph, source: CuratedSource, server: int | None) -> None:
    """Measure one server, which holds nothing, and print what came of it."""
    with Meter(server) as ceiling:
        edges, seconds = bare(graph, source)
    graph.clear()
    nodes = sum(1 for _ in source.terms())
    with Meter(server) as meter:
        summary, facts = load(graph, source, nodes)
    counts = graph.counts()
    claims = sum(counts.relationships.values())
    if (counts.nodes["Entity"], claims) != (summary.entities, summary.claims):
        raise SystemExit(f"{name} holds {counts}, and {summary} was loaded")
    print(f"{name}: {counts.nodes['Entity']:,} nodes, {claims:,} edges")
    _show("bare edges (the ceiling)", seconds, edges, ceiling)
    _show("abduce load, edges", facts, claims, meter)
    _show("abduce load, all of it", meter.wall, claims, meter)
    print(
        f"  processor time of all of it: {meter.ours:.0f} s ours, {meter.theirs:.0f} s server, of "
        f"{meter.wall:.0f} s; without a wait for each other {max(meter.ours, meter.theirs):.0f} s"
    )


def _show(what: str, seconds: float, edges: int, meter: Meter) -> None:
    rate = edges / seconds
    print(f"  {what:28} {seconds:8.1f} s {rate:10,.0f} edges/s  peak {meter.peak / 2**30:.2f} GB")


@contextmanager
def embedded(scratch: Path) -> Iterator[tuple[Graph, int | None]]:
    """Yield an empty embedded graph; its server runs in this process."""
    with open_graph(scratch / "graph", create=True) as graph:
        yield graph, None


@contextmanager
def neo4j(scratch: Path, jars: Path) -> Iterator[tuple[Graph, int | None]]:
    """Yield an empty graph in a Neo4j that has just been started, and its process id."""
    home = Neo4jHome(scratch / "neo4j", libraries=jars)
    running = home.start()
    try:
        with open_graph(running.url, user="neo4j", password=home.password) as graph:
            yield graph, running.pid
    finally:
        home.stop()


class Place(NamedTuple):
    """An empty graph, the process id of its server if that is another one, a folder for files."""

    name: str
    graph: Graph
    pid: int | None
    scratch: Path


def add_servers(parser: SettingParser) -> None:
    """Take which servers to measure, where Neo4j's jars are, and where temporary files go."""
    parser.add_argument("--server", choices=("embedded", "neo4j", "both"), default="both")
    parser.add_jars()
    parser.add_scratch()


def places(given: argparse.Namespace) -> Iterator[Place]:
    """Yield an empty graph on each server that was asked for, one after the other."""
    scratch = Path(tempfile.mkdtemp(dir=given.scratch))
    try:
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before\n")
        if given.server in ("embedded", "both"):
            with embedded(scratch) as (graph, pid):
                yield Place("embedded", graph, pid, scratch)
        if given.server in ("neo4j", "both"):
            with neo4j(scratch, given.jars) as (graph, pid):
                yield Place(f"Neo4j {graph.server.version}", graph, pid, scratch)
    finally:
        shutil.rmtree(scratch)


def main() -> None:
    """Measure, and print."""
    given = _arguments()
    source = part_of(open_source(hetionet(given.data), on_failure=print_refused), given.edges)
    for place in places(given):
        measure(place.name, place.graph, source, place.pid)


def _arguments() -> Any:
    parser = DataParser(__doc__)
    parser.add_argument("--edges", type=int, help="so many edges, from all of it; else all")
    add_servers(parser)
    return parser.given()


if __name__ == "__main__":
    main()
