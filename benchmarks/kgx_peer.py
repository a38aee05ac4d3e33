"""The same KGX files into the same Neo4j: ours against kgx.

A part of Hetionet is written as KGX (nodes and edges, TSV), once small and once large. Both load
these files into the same Neo4j in turns, each in a process of its own and timed without its
imports. Each begins in a Neo4j without a node, a constraint or an index, as a new user has it; the
nodes and edges that it holds afterwards are counted and must be the same number. Our full-text
index, which the peer has nothing like, is filled by Neo4j when the load has ended: the wait for it
is told apart.

kgx (https://github.com/biolink/kgx, `pip install kgx`) comes into a virtual environment of its own.
It fetches the Biolink model from the network as it is imported: here it gets the one of the package
biolink-model, before the clock starts. It asks Neo4j for its constraint in the syntax of version 4,
is refused, and goes on without an index: so the time that it takes grows with the square of the
nodes. The small files are loaded with kgx as it comes, to its end; the large ones with the
constraint that it should have had, which this script makes for it.

    python benchmarks/kgx_peer.py --data FOLDER [--nodes 5000] [--edges 200000] [--peer FOLDER]

FOLDER (else ABDUCE_DATA) holds hetionet/nodes.tsv.gz and hetionet/edges.sif.gz; --peer says where
the peer's environment is made, or stands already.
"""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any, NamedTuple

from setting import DataParser, hetionet, print_refused

from kg import Graph, open_graph
from kg.local_neo4j import Neo4jHome, Running
from kg.sources import open_source

PEER = "kgx==2.7.0"
BLOCK = 20_000  # edges that stay together where a part of them is taken
CONSTRAINT = (
    "CREATE CONSTRAINT named_thing IF NOT EXISTS "
    "FOR (n:`biolink:NamedThing`) REQUIRE n.id IS UNIQUE"
)
THEIRS = """
import sys, time
from importlib.resources import files
from bmt.toolkit import Toolkit
from linkml_runtime.utils.schemaview import SchemaView

def offline(self, *given):
    self.view = SchemaView(str(files("biolink_model") / "schema" / "biolink_model.yaml"))
    self.pmap = {}

Toolkit.__init__ = offline
import kgx.config
from kgx.transformer import Transformer
prefixes = Toolkit().view.schema.prefixes.values()
kgx.config.jsonld_context_map["biolink"] = {p.prefix_prefix: p.prefix_reference for p in prefixes}
nodes, edges, uri = sys.argv[1:]
password = sys.stdin.readline().strip()
start, used = time.perf_counter(), time.process_time()
transformer = Transformer(stream=True)
transformer.transform(
    {"filename": [nodes, edges], "format": "tsv"},
    {"uri": uri, "username": "neo4j", "password": password, "format": "neo4j"},
)
print("seconds", time.perf_counter() - start, time.process_time() - used)
"""
OURS = """
import sys, time
import abduce
nodes, edges, uri = sys.argv[1:]
password = sys.stdin.readline().strip()
start, used = time.perf_counter(), time.process_time()
with abduce.open_graph(uri, user="neo4j", password=password) as graph:
    summary = abduce.load(graph, [nodes, edges])
    loaded = time.perf_counter()
    print("seconds", loaded - start, time.process_time() - used)
    graph.read("CALL db.awaitIndexes(600)")
    print("index", time.perf_counter() - loaded)
assert not summary.failed, summary.failed[:3]
"""


class Times(NamedTuple):
    """Seconds of one load: by the clock, of processor time, and of waiting for indexes after it."""

    wall: float
    client: float
    server: float
    indexes: float


class Way(NamedTuple):
    """A way to load: who runs which script, the label of its nodes, what is made before it."""

    name: str
    python: str | Path
    script: str
    label: str
    before: str = ""


def write_kgx(data: Path, folder: Path, edges: int, nodes: int | None = None) -> list[Path]:
    """Write a part of Hetionet as KGX, taken from all of it.

    Without `nodes` it is all nodes and so many edges; else so many nodes, and so many of the edges
    between them at most.
    """
    source = open_source(hetionet(data), on_failure=print_refused)
    terms = list(source.terms())
    terms = terms[:: max(1, len(terms) // nodes)][:nodes] if nodes else terms
    folder.mkdir()
    nodes_file, edges_file = folder / "nodes.tsv", folder / "edges.tsv"
    with nodes_file.open("w", encoding="utf-8") as out:
        out.write("id\tcategory\tname\n")
        for term in terms:
            out.write(f"{term.id}\tbiolink:{term.type}\t{term.name}\n")
    ids = {term.id for term in terms}
    every = [fact for fact in source.facts() if fact.subject in ids and fact.object in ids]
    step = max(1, len(every) // edges)
    kept = (fact for n, fact in enumerate(every) if n // BLOCK % step == 0)
    with edges_file.open("w", encoding="utf-8") as out:
        out.write("id\tsubject\tpredicate\tobject\tprimary_knowledge_source\n")
        for number, fact in enumerate(itertools.islice(kept, edges)):
            claim = f"{fact.subject}\tbiolink:{fact.predicate.lower()}\t{fact.object}"
            out.write(f"urn:edge:{number}\t{claim}\tinfores:hetionet\n")
    return [nodes_file, edges_file]


def peer_python(folder: Path) -> Path:
    """Return the Python of an environment that has kgx, which is made where it is not there."""
    python = folder / "bin" / "python"
    if not python.exists():
        # The pip that comes with Python 3.11 cannot resolve what kgx asks for.
        venv.create(folder, with_pip=True, upgrade_deps=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", PEER], check=True)
    return python


def timed(way: Way, files: list[Path], neo4j: Running, password: str) -> Times:
    """Run a loading script in a process of its own; return how long the loading took."""
    command = [way.python, "-c", way.script, *map(str, files), neo4j.url]
    before = _server_seconds(neo4j.pid)
    done = subprocess.run(command, input=password, text=True, check=True, stdout=subprocess.PIPE)
    said = dict(line.split(" ", 1) for line in done.stdout.splitlines() if " " in line)
    wall, client = map(float, said["seconds"].split())
    index = float(said.get("index", 0.0))
    return Times(wall, client, _server_seconds(neo4j.pid) - before, index)


def _server_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def counts(graph: Graph, node: str) -> tuple[int, int]:
    """Return how many nodes have a label, and how many edges there are between them."""
    (nodes,) = graph.read(f"MATCH (n:`{node}`) RETURN count(n) AS n")
    (edges,) = graph.read(f"MATCH (:`{node}`)-[r]->(:`{node}`) RETURN count(r) AS n")
    return nodes["n"], edges["n"]


def as_new(graph: Graph) -> None:
    """Leave nothing in a graph: no node, no constraint, no index of anybody."""
    graph.clear()
    for row in graph.read("SHOW CONSTRAINTS YIELD name"):
        graph.write(f"DROP CONSTRAINT `{row['name']}`")
    for row in graph.read("SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP'"):
        graph.write(f"DROP INDEX `{row['name']}`")


def compare(ways: list[Way], files: list[Path], neo4j: Running, password: str, rounds: int) -> None:
    """Load files in each way in turns, print what came of it, and leave with 1 if counts differ."""
    best: dict[str, Times] = {}
    held: dict[str, tuple[int, int]] = {}
    with open_graph(neo4j.url, user="neo4j", password=password) as graph:
        for _ in range(rounds):
            for way in ways:
                as_new(graph)
                if way.before:
                    graph.write(way.before)
                times = timed(way, files, neo4j, password)
                best[way.name] = min(times, best.get(way.name, times))
                held[way.name] = counts(graph, way.label)
    for name, times in best.items():
        nodes, edges = held[name]
        print(
            f"  {name:32} {times.wall:7.1f} s (client {times.client:5.1f} s, Neo4j "
            f"{times.server:5.1f} s) {nodes:7,} nodes {edges:8,} edges",
            flush=True,
        )
    ours, theirs = (best[way.name] for way in ways)
    print(f"  full-text index of abduce, filled after its load: {ours.indexes:.1f} s")
    ratio, whole = theirs.wall / ours.wall, theirs.wall / (ours.wall + ours.indexes)
    print(f"  abduce is {ratio:.1f} times as fast as {ways[1].name}, {whole:.1f} with the index")
    if len(set(held.values())) > 1:
        raise SystemExit("the two graphs are not of the same size")


def main() -> None:
    """Measure, print, and leave with 1 if the counts differ."""
    given = _arguments()
    scratch = Path(tempfile.mkdtemp(dir=given.scratch))
    try:
        small = write_kgx(given.data, scratch / "small", given.edges, given.nodes)
        large = write_kgx(given.data, scratch / "large", given.edges)
        python = peer_python(given.peer or scratch / "peer")
        home = Neo4jHome(scratch / "neo4j", libraries=given.jars)
        running, password = home.start(), home.password.get_secret_value()
        try:
            print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before")
            print(f"best of {given.rounds} rounds, in brackets the processor time of it")
            ours = Way("abduce", sys.executable, OURS, "Entity")
            peer = Way(f"{PEER} as it comes", python, THEIRS, "biolink:NamedThing")
            helped = peer._replace(name=f"{PEER} with a constraint made", before=CONSTRAINT)
            for what, files, other in (("small", small, peer), ("large", large, helped)):
                print(f"{what} files", flush=True)
                compare([ours, other], files, running, password, given.rounds)
        finally:
            home.stop()
    finally:
        shutil.rmtree(scratch)


def _arguments() -> Any:
    parser = DataParser(__doc__)
    parser.add_argument("--nodes", type=int, default=5_000, help="of the small files")
    parser.add_argument("--edges", type=int, default=200_000, help="of the large files")
    parser.add_argument("--rounds", type=int, default=2, help="the first one warms Neo4j up")
    parser.add_jars()
    parser.add_argument("--peer", type=Path, help="the environment of the peer")
    parser.add_scratch()
    return parser.given()


if __name__ == "__main__":
    main()
