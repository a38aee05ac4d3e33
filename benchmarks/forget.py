"""Forgetting Hetionet, in an embedded graph and in a running Neo4j.

The ceiling is the server itself, in the same run: the same edges between the same nodes, as they
are loaded, deleted by one batched statement for each relationship type (`MATCH ()-[r:T]->() ...
LIMIT ... DELETE r`), and then the nodes. That looks at nothing else that is said of them, as
forgetting does. Other work on the machine makes wall time longer and processor time hardly at all.

    python benchmarks/forget.py --data FOLDER [--edges N] [--server both] [--jars .neo4j]

FOLDER (else ABDUCE_DATA) holds hetionet/nodes.tsv.gz and hetionet/edges.sif.gz. A part of the
edges is all edges of some start nodes, so that there are whole hubs.
"""

from __future__ import annotations

import dataclasses
import time
import zlib
from collections.abc import Iterator
from typing import Any

from load_hetionet import Meter, add_servers, places
from setting import DataParser, hetionet, print_refused, timed

from kg import Graph
from kg.forgetting import SourceForgotten, forget_source
from kg.loading.curated import load_curated
from kg.sources import CuratedSource, open_source

BATCH = 5000


def part_of(source: CuratedSource, edges: int | None) -> CuratedSource:
    """Return the source with about so many of its edges: all those of some start nodes."""
    if edges is None:
        return source
    every = sum(1 for _ in source.facts())
    step = max(1, every // edges)

    def facts() -> Iterator[Any]:
        return (f for f in source.facts() if zlib.crc32(f.subject.encode()) % step == 0)

    return dataclasses.replace(source, facts=facts)


def bare(graph: Graph, predicates: list[str]) -> tuple[float, float]:
    """Delete all edges and then all entities; return the seconds that each took."""

    def delete(pattern: str, name: str) -> None:
        statement = (
            f"MATCH {pattern} WITH x LIMIT {BATCH} WITH collect(x) AS every "
            f"FOREACH (x IN every | {name} x) RETURN size(every) AS n"
        )
        while graph.write(statement)[0]["n"]:
            pass

    def delete_edges() -> None:
        for name in predicates:
            delete(f"()-[x:{name}]->()", "DELETE")

    edges, _ = timed(delete_edges)
    nodes, _ = timed(lambda: delete("(x:Entity)", "DETACH DELETE"))
    return edges, nodes


def forget(graph: Graph, edges: int) -> tuple[SourceForgotten, float, float]:
    """Forget the source; return what went, and the seconds until the last edge and from there."""
    began = last = time.perf_counter()

    def on_progress(done: int, _total: int | None) -> None:
        nonlocal last
        if done <= edges:
            last = time.perf_counter()

    summary = forget_source(graph, "hetionet", on_progress=on_progress)
    return summary, last - began, time.perf_counter() - last


def measure(name: str, graph: Graph, source: CuratedSource, server: int | None) -> None:
    """Measure one server, which holds nothing, and print what came of it."""
    loaded = load_curated(graph, source)
    predicates = sorted(graph.counts().relationships)
    with Meter(server) as ceiling:
        bare_edges, bare_nodes = bare(graph, predicates)
    graph.clear()  # the source's node and schema
    load_curated(graph, source)
    with Meter(server) as meter:
        summary, edges, nodes = forget(graph, loaded.facts)
    if (summary.claims_removed, summary.entities_removed) != (loaded.claims, loaded.entities):
        raise SystemExit(f"{name}: {loaded} was loaded, and {summary} was forgotten")
    if graph.dump():
        raise SystemExit(f"{name} is not empty afterwards: {graph.counts()}")
    print(f"{name}: {loaded.entities:,} nodes, {loaded.claims:,} edges")
    _show("bare DELETE (the ceiling)", bare_edges, bare_nodes, loaded.claims, ceiling)
    _show("abduce forget --source", edges, nodes, loaded.claims, meter)
    print(
        f"  processor time: {meter.ours:.0f} s ours, {meter.theirs:.0f} s server, of "
        f"{meter.wall:.0f} s"
    )


def _show(what: str, edges: float, nodes: float, n: int, meter: Meter) -> None:
    print(
        f"  {what:28} edges {edges:7.1f} s {n / edges:9,.0f}/s   nodes {nodes:6.1f} s   "
        f"together {edges + nodes:7.1f} s   peak {meter.peak / 2**30:.2f} GB"
    )


def main() -> None:
    """Measure, and print."""
    given = _arguments()
    source = part_of(open_source(hetionet(given.data), on_failure=print_refused), given.edges)
    for place in places(given):
        measure(place.name, place.graph, source, place.pid)


def _arguments() -> Any:
    parser = DataParser(__doc__)
    parser.add_argument("--edges", type=int, help="about so many edges, of whole hubs; else all")
    add_servers(parser)
    return parser.given()


if __name__ == "__main__":
    main()
