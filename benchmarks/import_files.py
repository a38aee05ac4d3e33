"""Hetionet into Neo4j through import files, end to end, and into and out of an embedded graph.

End to end is from the source files until a Neo4j answers that holds every node and edge, with its
constraints and indexes. The ceiling is Neo4j's import tool alone, on the same files, in the same
run. Then the same records go into an embedded graph (with --embedded), and out of it as Parquet.

    python benchmarks/import_files.py --data FOLDER [--jars .neo4j] [--limit N] [--embedded]

FOLDER (else ABDUCE_DATA) holds hetionet/nodes.tsv.gz and hetionet/edges.sif.gz.
"""

from __future__ import annotations

import argparse
import itertools
import os
import resource
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from setting import DataParser, hetionet, print_refused, timed

from kg import open_graph
from kg.archive import EdgeBlock, Record, one_by_one, restore
from kg.exporting import export_graph, export_records
from kg.loading.curated import fresh_rows
from kg.local_neo4j import USER, Neo4jHome, finish_import, run_import
from kg.sources import open_source


def main() -> None:
    """Measure, and print a table."""
    given = _arguments()
    with tempfile.TemporaryDirectory(dir=given.scratch) as scratch:
        _through_files(Path(scratch), given)
        if given.embedded:
            _embedded(given.data, Path(scratch), given.limit)


def _through_files(scratch: Path, given: argparse.Namespace) -> None:
    files = scratch / "files"
    home = Neo4jHome(scratch / "neo4j", libraries=given.jars, version=given.line)
    home.install()
    print(f"Neo4j {home.line.version}, {os.cpu_count()} cores\n")
    start = time.perf_counter()
    written, summary = timed(
        lambda: export_records(_records(given.data, given.limit), files, "neo4j-admin")
    )
    nodes, edges = sum(summary.nodes.values()), sum(summary.edges.values())
    _show("source files to import files", written, nodes + edges)
    imported, _ = timed(lambda: run_import(home, files))
    _show("Neo4j's import tool (the ceiling)", imported, nodes + edges)
    started, running = timed(home.start)
    _show("Neo4j starts and answers", started)
    try:
        with open_graph(running.url, user=USER, password=home.password) as graph:
            finished, _ = timed(lambda: finish_import(graph, files))
        end_to_end = time.perf_counter() - start
    finally:
        home.stop()
    _show("constraints, indexes, counts", finished)
    _show(f"end to end: {nodes:,} nodes, {edges:,} edges", end_to_end)
    _peak()


def _embedded(data: Path, scratch: Path, limit: int | None) -> None:
    files = scratch / "parquet"
    summary = export_records(_records(data, limit), files, "parquet")
    total = sum(summary.nodes.values()) + sum(summary.edges.values())
    with open_graph(scratch / "graph", create=True) as graph:
        restored, _ = timed(lambda: restore(graph, files))
        _show("Parquet into an embedded graph", restored, total)
        exported, again = timed(lambda: export_graph(graph, scratch / "again", "parquet"))
        _show("embedded graph to Parquet", exported, total)
    _peak()
    # A graph on a server has a version, which files from a source do not have.
    nodes = {labels: n for labels, n in again.nodes.items() if labels != "GraphVersion"}
    if (nodes, again.edges) != (summary.nodes, summary.edges):
        raise SystemExit(f"{again} is not {summary}")


def _records(data: Path, limit: int | None) -> Iterable[Record | EdgeBlock]:
    source = open_source(hetionet(data), on_failure=print_refused)
    records = fresh_rows(source, on_failure=print_refused)
    return records if limit is None else itertools.islice(one_by_one(records), limit)


def _show(what: str, seconds: float, records: int | None = None) -> None:
    rate = f"{records / seconds:12,.0f} nodes and edges/s" if records else ""
    print(f"{what:50} {seconds:8.1f} s {rate}", flush=True)


def _peak() -> None:
    for who, kind in (
        ("this process", resource.RUSAGE_SELF),
        ("its children", resource.RUSAGE_CHILDREN),
    ):
        print(f"peak memory of {who:35} {resource.getrusage(kind).ru_maxrss / 2**20:8.2f} GB")


def _arguments() -> argparse.Namespace:
    parser = DataParser(__doc__)
    parser.add_jars()
    parser.add_argument("--line", default="2026", help="of Neo4j: 2026 or 5.26")
    parser.add_argument("--limit", type=int, help="so many nodes and edges and no more")
    parser.add_argument("--embedded", action="store_true", help="also an embedded graph")
    parser.add_scratch()
    return parser.given()


if __name__ == "__main__":
    main()
