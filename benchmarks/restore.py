"""Hetionet out of a graph and into another one, beside its load from the source.

The ceiling is the server itself, in the same run: the same nodes and edges, created bare (no
property but the id) by one UNWIND a transaction. Seconds of processor time say where the time goes:
`ours` is this process, in which the embedded server runs too, `server` is Neo4j. Other work on the
machine makes wall time longer and processor time hardly at all.

    python benchmarks/restore.py --data FOLDER [--edges N] [--format F ...] [--server both]

FOLDER (else ABDUCE_DATA) holds hetionet/nodes.tsv.gz and hetionet/edges.sif.gz.
"""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from load_hetionet import Meter, add_servers, bare, part_of, places
from setting import DataParser, hetionet, print_refused

from kg import Graph
from kg.archive import RESTORED, restore
from kg.exporting import export_graph
from kg.loading.curated import load_curated
from kg.sources import CuratedSource, open_source


def measure(
    graph: Graph, process: int | None, source: CuratedSource, formats: list[str], scratch: Path
) -> None:
    """Measure one server, which holds nothing, and print what came of it."""
    name = graph.server.name
    with Meter(process) as ceiling:
        bare(graph, source)
    graph.clear()
    with Meter(process) as load:
        load_curated(graph, source)
    counts = graph.counts()
    records = counts.nodes["Entity"] + sum(counts.relationships.values())
    print(f"{name}: {records:,} nodes and edges")
    _show("bare (the ceiling)", ceiling, records)
    _show("load of the source", load, records)
    before = graph.fingerprint()
    folders = {format_: scratch / f"{name}-{format_}" for format_ in formats}
    for format_, folder in folders.items():
        with Meter(process) as meter:
            export_graph(graph, folder, format_)
        _show(f"export to {format_}", meter, records)
    for format_, folder in folders.items():
        graph.clear()
        with Meter(process) as meter:
            restore(graph, folder)
        _show(f"restore from {format_}", meter, records)
        print(f"    {meter.wall / load.wall:.2f} times the load")
        if graph.fingerprint() != before:
            raise SystemExit(f"{format_}: the restored graph is another one")


def _show(what: str, meter: Meter, records: int) -> None:
    rate = records / meter.wall
    spent = f"processor: {meter.ours:6.1f} s ours, {meter.theirs:6.1f} s server"
    peak = f"peak {meter.peak / 2**30:.2f} GB"
    print(f"  {what:26} {meter.wall:8.1f} s {rate:9,.0f}/s   {spent}   {peak}", flush=True)


def main() -> None:
    """Measure, and print."""
    given = _arguments()
    source = part_of(open_source(hetionet(given.data), on_failure=print_refused), given.edges)
    for place in places(given):
        measure(place.graph, place.pid, source, given.format, place.scratch)


def _arguments() -> Namespace:
    parser = DataParser(__doc__)
    parser.add_argument("--edges", type=int, help="so many edges, from all of it; else all")
    parser.add_argument(
        "--format", choices=RESTORED, nargs="+", default=["parquet"], help="what to go through"
    )
    add_servers(parser)
    return parser.given()


if __name__ == "__main__":
    main()
