"""The snapshot of Hetionet: taken for the first time, opened again, and a hub's surroundings.

Three times are printed for each server, each beside what it could be at best or what else one
would do, in the same run:

- the first snapshot, and the bare driver streaming the very same rows (the ceiling);
- the snapshot that was kept, opened by a fresh process, with the server and without, and how long
  that process takes from beginning to end, imports and all;
- two steps around the entity with most claims, and the same question to the server in Cypher.

    python benchmarks/snapshot.py --data FOLDER [--graph FOLDER] [--jars .neo4j] [--only SERVER]

FOLDER (else ABDUCE_DATA) holds hetionet/nodes.tsv.gz and hetionet/edges.sif.gz. --graph is an
embedded graph that holds it already; else one is filled.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import neo4j
import numpy as np
from setting import DataParser, hetionet, print_refused, timed

from kg import Graph, Snapshot, open_graph, take_snapshot
from kg.exporting import export_records
from kg.loading.curated import fresh_rows, load_curated
from kg.local_neo4j import USER, Neo4jHome, finish_import, run_import
from kg.snapshot import SNAPSHOT_QUERIES
from kg.sources import CuratedSource, open_source

ROUNDS = 9
# Run in a process of its own; prints seconds without imports, and without the server.
FRESH = """
import json, os, sys, time
from kg import open_graph, take_snapshot
from kg.snapshot import open_snapshot
where, folder = sys.argv[1:]
began = time.perf_counter()
open_snapshot(folder).claims
alone = time.perf_counter() - began
with open_graph(where, user="neo4j", password=os.environ["ABDUCE_PASSWORD"]) as graph:
    began = time.perf_counter()
    take_snapshot(graph)
    taken = time.perf_counter() - began
print(json.dumps([alone, taken]))
"""
AROUND = "MATCH (h:Entity {id: $id})-[*1..2]-(e:Entity) RETURN count(DISTINCT e) AS n"


def main() -> None:
    """Measure, and print a table."""
    given = _arguments()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    with tempfile.TemporaryDirectory(dir=given.scratch) as scratch:
        os.environ["XDG_CACHE_HOME"] = str(Path(scratch) / "cache")
        if given.only in (None, "embedded"):
            _on_embedded(given, Path(scratch))
        if given.only in (None, "neo4j"):
            _on_neo4j(given, Path(scratch))


def _on_embedded(given: argparse.Namespace, scratch: Path) -> None:
    folder = Path(given.graph) if given.graph else scratch / "graph"
    with open_graph(folder, create=not given.graph) as graph:
        if not given.graph:
            seconds, _ = timed(lambda: load_curated(graph, _source(given.data)))
            _show("Hetionet into the embedded graph", seconds)
        shutil.rmtree(folder / "snapshots", ignore_errors=True)
        secrets = json.loads((folder / "secrets.json").read_text())
        port = json.loads((folder / "endpoint.json").read_text())["bolt"]
        with _bare(f"bolt://127.0.0.1:{port}", "reader", secrets["reader"]) as driver:
            _measure(graph, driver, folder / "snapshots", "")


def _on_neo4j(given: argparse.Namespace, scratch: Path) -> None:
    home = Neo4jHome(scratch / "neo4j", libraries=given.jars)
    home.install()
    files = scratch / "files"
    export_records(fresh_rows(_source(given.data), on_failure=print_refused), files, "neo4j-admin")
    run_import(home, files)
    running = home.start()
    secret = home.password.get_secret_value()
    try:
        with open_graph(running.url, user=USER, password=secret) as graph:
            finish_import(graph, files)
            with _bare(running.url, USER, secret) as driver:
                _measure(graph, driver, scratch / "cache", secret)
    finally:
        home.stop()


def _measure(graph: Graph, driver: neo4j.Driver, cache: Path, secret: str) -> None:
    server = graph.server
    print(f"\n{server.name} {server.version}")
    cpu = time.process_time()
    first, snapshot = timed(lambda: take_snapshot(graph))
    # Of an embedded graph the server's work is in it; what else runs on the machine is not.
    cpu = time.process_time() - cpu
    ceiling, rows = timed(lambda: _stream(driver))
    _show(
        "first snapshot",
        first,
        f"{len(snapshot.entities):,} entities, {snapshot.n_claims:,} claims",
    )
    _show("  of which this process computes", cpu)
    _show("the bare driver streams the same rows", ceiling, f"{rows:,} rows")
    again, _ = timed(lambda: take_snapshot(graph))
    _show("kept snapshot, same process", again)
    (manifest,) = cache.rglob("manifest.json")
    size = sum(path.stat().st_size for path in manifest.parent.iterdir())
    command = [sys.executable, "-c", FRESH, graph.where, str(manifest.parent)]
    environment = os.environ | {"ABDUCE_PASSWORD": secret, "PYTHONPATH": str(Path.cwd())}
    whole, done = timed(
        lambda: subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    )
    alone, taken = json.loads(done.stdout)
    _show("kept snapshot, fresh process, no server", alone, f"{size / 2**20:.0f} MB mapped")
    _show("kept snapshot, fresh process, server asked", taken)
    _show("that process, imports and start of all", whole)
    _around(graph, snapshot)


def _around(graph: Graph, snapshot: Snapshot) -> None:
    degrees = sum(np.diff(a.indptr) + np.diff(a.in_indptr) for a in snapshot.claims.values())
    hub = snapshot.entity_ids[int(np.argmax(degrees))]
    times = []
    for _ in range(ROUNDS):
        seconds, found = timed(lambda: snapshot.neighbourhood(hub, steps=2))
        times.append(seconds)
    what = f"{hub}: {len(found):,} entities, {found.n_claims:,} claims"
    _show("two steps around the hub, first time", times[0], what)
    _show(f"two steps around the hub, median of {ROUNDS}", statistics.median(times))
    asked, rows = timed(lambda: graph.read(AROUND, id=hub))
    _show("the server counts them in Cypher", asked, f"{rows[0]['n']:,} entities")


def _stream(driver: neo4j.Driver) -> int:
    """Let the server send what a snapshot needs, and do nothing with it."""
    count, queries = 0, SNAPSHOT_QUERIES
    with driver.session(default_access_mode=neo4j.READ_ACCESS) as session:
        ids = sorted(record["id"] for record in session.run(queries.entities))
        for start in range(0, len(ids), queries.entities_a_query):
            part = ids[start : start + queries.entities_a_query]
            count += sum(1 for _ in session.run(queries.claims, ids=part))
        count += sum(1 for _ in session.run(queries.is_a))
    return count + len(ids)


@contextmanager
def _bare(url: str, user: str, password: str) -> Iterator[neo4j.Driver]:
    with neo4j.GraphDatabase.driver(
        url, auth=(user, password), notifications_min_severity="OFF"
    ) as driver:
        yield driver


def _source(data: Path) -> CuratedSource:
    return open_source(hetionet(data), on_failure=print_refused)


def _show(what: str, seconds: float, more: str = "") -> None:
    print(f"{what:44} {seconds:9.3f} s  {more}", flush=True)


def _arguments() -> argparse.Namespace:
    parser = DataParser(__doc__)
    parser.add_argument("--graph", type=Path, help="an embedded graph that holds Hetionet")
    parser.add_jars()
    parser.add_argument("--only", choices=("embedded", "neo4j"), help="one server alone")
    parser.add_scratch()
    return parser.given()


if __name__ == "__main__":
    main()
