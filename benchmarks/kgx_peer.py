"""The same KGX files into the same Neo4j: ours against kgx.

A part of Hetionet is written as KGX (nodes and edges, TSV). Both load these files into the same
Neo4j in turns, each in a process of its own and timed without its imports; the nodes and edges
that it holds afterwards are counted and must be the same number.

kgx (https://github.com/biolink/kgx, `pip install kgx`) comes into a virtual environment of its own.
Two things are done for it. It asks Neo4j for its constraint in the syntax of version 4, is refused,
and goes on without an index: the script makes that constraint. And it fetches the Biolink model
from the network as it is imported: it gets the one of the package biolink-model, before the clock
starts. At the end it is run without that constraint, as it comes, for `--patience` seconds.

    python benchmarks/kgx_peer.py --data FOLDER [--edges 200000] [--rounds 2] [--peer FOLDER]

FOLDER (else ABDUCE_DATA) holds hetionet/nodes.tsv.gz and hetionet/edges.sif.gz; --peer says where
the peer's environment is made, or stands already.
"""

from __future__ import annotations

import argparse
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path
from typing import Any, NamedTuple

from kg import Graph, Neo4jHome, open_graph
from kg.neo4j_home import Running
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
print("seconds", time.perf_counter() - start, time.process_time() - used)
assert not summary.failed, summary.failed[:3]
"""


class Times(NamedTuple):
    """Seconds of one load: by the clock, and of processor time."""

    wall: float
    client: float
    server: float


def write_kgx(data: Path, folder: Path, edges: int) -> list[Path]:
    """Write so many of Hetionet's edges, from all of it, and all of its nodes, as KGX."""
    files = [data / "hetionet" / name for name in ("nodes.tsv.gz", "edges.sif.gz")]
    source = open_source(files, on_failure=print)
    nodes_file, edges_file = folder / "nodes.tsv", folder / "edges.tsv"
    with nodes_file.open("w", encoding="utf-8") as out:
        out.write("id\tcategory\tname\n")
        for term in source.terms():
            out.write(f"{term.id}\tbiolink:{term.type}\t{term.name}\n")
    step = max(1, sum(1 for _ in source.facts()) // edges)
    kept = (fact for n, fact in enumerate(source.facts()) if n // BLOCK % step == 0)
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
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", PEER], check=True)
    return python


def timed(
    python: str | Path, script: str, files: list[Path], neo4j: Running, password: str
) -> Times:
    """Run a loading script in a process of its own; return how long the loading took."""
    command = [python, "-c", script, *map(str, files), neo4j.url]
    before = _server_seconds(neo4j.pid)
    done = subprocess.run(command, input=password, text=True, check=True, stdout=subprocess.PIPE)
    wall, client = map(float, done.stdout.rpartition("seconds ")[2].split())
    return Times(wall, client, _server_seconds(neo4j.pid) - before)


def _server_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def counts(graph: Graph, node: str) -> tuple[int, int]:
    """Return how many nodes have a label, and how many edges there are between them."""
    (nodes,) = graph.read(f"MATCH (n:`{node}`) RETURN count(n) AS n")
    (edges,) = graph.read(f"MATCH (:`{node}`)-[r]->(:`{node}`) RETURN count(r) AS n")
    return nodes["n"], edges["n"]


def main() -> None:
    """Measure, print, and leave with 1 if the counts differ."""
    given = _arguments()
    scratch = Path(tempfile.mkdtemp(dir=given.scratch))
    try:
        files = write_kgx(Path(given.data), scratch, given.edges)
        python = peer_python(given.peer or scratch / "peer")
        home = Neo4jHome(scratch / "neo4j", libraries=given.jars)
        running, password = home.start(), home.password.get_secret_value()
        try:
            _compare(files, python, running, password, given.rounds, given.patience)
        finally:
            home.stop()
    finally:
        shutil.rmtree(scratch)


def _as_it_comes(graph: Graph, command: list[str | Path], password: str, patience: float) -> None:
    """Run the peer without the constraint that is made for it, for so many seconds at most."""
    start = time.perf_counter()
    try:
        subprocess.run(
            command, input=password, text=True, check=True, capture_output=True, timeout=patience
        )
    except subprocess.TimeoutExpired:
        ended = "was stopped"
    else:
        ended = "ended"
    seconds = time.perf_counter() - start
    nodes, edges = counts(graph, "biolink:NamedThing")
    print(f"{PEER} as it comes {ended} after {seconds:.0f} s: {nodes:,} nodes, {edges:,} edges")


def _compare(
    files: list[Path],
    python: Path,
    neo4j: Running,
    password: str,
    rounds: int,
    patience: float,
) -> None:
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before\n")
    ways: dict[str, tuple[str | Path, str, str]] = {
        "abduce": (sys.executable, OURS, "Entity"),
        PEER: (python, THEIRS, "biolink:NamedThing"),
    }
    best: dict[str, Times] = {}
    held: dict[str, tuple[int, int]] = {}
    with open_graph(neo4j.url, user="neo4j", password=password) as graph:
        for number in range(rounds):
            for name, (runs_on, script, label) in ways.items():
                graph.clear()
                if name == PEER:
                    graph.write(CONSTRAINT)
                times = timed(runs_on, script, files, neo4j, password)
                best[name] = min(times, best.get(name, times))
                held[name] = counts(graph, label)
            print(f"round {number + 1} done", flush=True)
        if patience:
            graph.clear()
            graph.write("DROP CONSTRAINT named_thing")
            _as_it_comes(
                graph, [python, "-c", THEIRS, *map(str, files), neo4j.url], password, patience
            )
    print(f"best of {rounds} rounds; processor time of the loader and of Neo4j behind it")
    for name, times in best.items():
        nodes, edges = held[name]
        print(
            f"{name:12} {times.wall:8.1f} s ({times.client:.0f} s + {times.server:.0f} s)"
            f"  {nodes:8,} nodes  {edges:10,} edges"
        )
    print(f"{best[PEER].wall / best['abduce'].wall:.1f} times as fast as {PEER}")
    if len(set(held.values())) > 1:
        raise SystemExit("the two graphs are not of the same size")


def _arguments() -> Any:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, default=os.environ.get("ABDUCE_DATA"))
    parser.add_argument("--edges", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=2, help="the first one warms Neo4j up")
    parser.add_argument(
        "--patience", type=float, default=120, help="seconds for the peer as it comes; 0: not run"
    )
    parser.add_argument("--jars", type=Path, default=Path(".neo4j"), help="where Neo4j's jars are")
    parser.add_argument("--peer", type=Path, help="the environment of the peer")
    parser.add_argument("--scratch", type=Path, help="where temporary files go")
    given = parser.parse_args()
    if given.data is None:
        parser.error("give --data FOLDER, or set ABDUCE_DATA")
    return given


if __name__ == "__main__":
    main()
