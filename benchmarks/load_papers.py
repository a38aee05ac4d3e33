"""Papers with their sentences and entities into Neo4j: ours against neo4j-graphrag's Neo4jWriter.

Both fill the same Neo4j (5.26 LTS, on this machine) with the same nodes, edges and properties, in
turns, in one run; the counts at the end are compared. Ours reads annotation shards, checks every
quote against its text, and works out names, counts and beliefs. The peer gets the finished nodes
and edges as JSON lines and makes its own objects of them; both clocks run from the file to the
last commit. How long the peer's `run` takes alone, with all objects in memory, is printed too.

    python benchmarks/load_papers.py [--papers 3000] [--rounds 3] [--folder FOLDER]

Neo4j, the peer's packages (a virtual environment of its own, `pip`) and the APOC procedures that
the peer needs (Maven) are fetched into FOLDER, else into a temporary one.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from kg import (
    Certainty,
    Evidence,
    Graph,
    Mention,
    Paper,
    Polarity,
    load_shards,
    mint_entity_id,
    open_graph,
)
from kg.loading import write_shard
from kg.local_neo4j import Neo4jHome

LINE = "5.26"
PEER = "neo4j-graphrag==1.22.0"
APOC = "5.26.19"
PACK = "benchmark@1"
# As in BioRED: about 20 mentions of 8 entities and 3 claims an abstract of 250 words.
ENTITIES, CLAIMS, WORDS = 8, 3, 250
TYPES = ("Chemical", "Disease", "Gene")
PREDICATES = ("ASSOCIATION", "POSITIVE_CORRELATION", "NEGATIVE_CORRELATION")
# When a graph was filled, and with which packs, is not what the peer writes.
OURS_ALONE = "NOT (n:Run OR n:GraphVersion OR n:Pack OR n:Domain)"
NODES = f"MATCH (n) WHERE {OURS_ALONE} RETURN labels(n) AS labels, properties(n) AS properties"
EDGES = (
    "MATCH (a)-[r]->(b) RETURN a.id AS start, b.id AS end, type(r) AS type, "
    "properties(r) AS properties"
)
COUNT = f"MATCH (n) WHERE {OURS_ALONE} RETURN count(n) AS nodes"
COUNT_EDGES = "MATCH ()-[r]->() RETURN count(r) AS edges"
WRITE = """
import asyncio, json, sys, time, warnings
warnings.simplefilter("ignore")
import neo4j
from neo4j_graphrag.components.kg_writer import Neo4jWriter
from neo4j_graphrag.components.types import Neo4jGraph, Neo4jNode, Neo4jRelationship

url, rows = sys.argv[1:]
opened = time.perf_counter()
with open(rows, encoding="utf-8") as file:
    kept = [json.loads(line) for line in file]
graph = Neo4jGraph(
    nodes=[Neo4jNode(**row["node"]) for row in kept if "node" in row],
    relationships=[Neo4jRelationship(**row["edge"]) for row in kept if "edge" in row],
)
with neo4j.GraphDatabase.driver(url, auth=("neo4j", sys.stdin.readline().strip())) as driver:
    writer = Neo4jWriter(driver)
    began = time.perf_counter()
    done = asyncio.run(writer.run(graph))
    ended = time.perf_counter()
print(json.dumps({"status": done.status, "run": ended - began, "all": ended - opened}))
"""


def write_papers(folder: Path, n: int, seed: int = 0) -> Path:
    """Write made-up papers as shards of 500; names are used as unevenly as in real ones."""
    rng = random.Random(seed)  # noqa: S311  (no secret)
    names = [f"substance {number}" for number in range(max(50, n))]
    for first in range(0, n, 500):
        read = [_read(rng, number, names) for number in range(first, min(n, first + 500))]
        write_shard(
            folder,
            f"papers{first}",
            [paper for paper, _, _ in read],
            [(paper.id, PACK, mention) for paper, mentions, _ in read for mention in mentions],
            [row for _, _, evidence in read for row in evidence],
            "",
            packs=[PACK],
        )
    return folder


def _read(
    rng: random.Random, number: int, names: list[str]
) -> tuple[Paper, list[Mention], list[Evidence]]:
    id_, text = f"pmid:{number}", f"On {number}.\n"
    mentions: list[Mention] = []
    evidence: list[Evidence] = []
    chosen = {
        names[int(len(names) * rng.random() ** 3)]: rng.choice(TYPES) for _ in range(ENTITIES)
    }
    typed = [(f"{type_.lower()} {name}", type_) for name, type_ in chosen.items()]
    for sentence in range(10):
        start = len(text)
        (first, first_type), (second, second_type) = rng.sample(typed, 2)
        for name, type_ in ((first, first_type), (second, second_type)):
            entity = mint_entity_id(type_, name)
            mentions.append(
                Mention(
                    start=len(text), end=len(text) + len(name), type=type_, text=name,
                    confidence=0.9, entity=entity,
                )
            )  # fmt: skip
            text += f"{name} " + " ".join(["word"] * (WORDS // 20)) + " "
        if sentence < CLAIMS:
            evidence.append(
                Evidence(
                    paper=id_,
                    subject=mentions[-2].entity,
                    predicate=rng.choice(PREDICATES),
                    object=mentions[-1].entity,
                    polarity=Polarity.SUPPORTS,
                    certainty=Certainty.STATED,
                    confidence=0.9,
                    start=start,
                    end=len(text),
                    quote=text[start:],
                    pack=PACK,
                )
            )
    date = f"{1990 + number % 30}"
    return Paper(id=id_, title=f"On {number}.", text=text, date=date), mentions, evidence


def rows_for_the_peer(graph: Graph, target: Path) -> Path:
    """Write the whole graph as the peer's nodes and edges, one a line."""
    with target.open("w", encoding="utf-8") as file:
        for row in _rows(graph):
            file.write(json.dumps(row) + "\n")
    return target


def _rows(graph: Graph) -> Iterator[dict[str, Any]]:
    for node in graph.stream(NODES):
        (label,) = set(node["labels"]) - {"Entity"}
        properties = node["properties"]
        yield {"node": {"id": properties["id"], "label": label, "properties": properties}}
    for edge in graph.stream(EDGES):
        ends = {"start_node_id": edge["start"], "end_node_id": edge["end"]}
        yield {"edge": {**ends, "type": edge["type"], "properties": edge["properties"]}}


def counts(graph: Graph) -> tuple[int, int]:
    """Return how many nodes and edges there are."""
    return graph.read(COUNT)[0]["nodes"], graph.read(COUNT_EDGES)[0]["edges"]


def ours(graph: Graph, shards: Path) -> float:
    """Load the shards; return the seconds it took."""
    began = time.perf_counter()
    summary = load_shards(graph, [shards])
    seconds = time.perf_counter() - began
    if summary.failed:
        sys.exit(f"not everything was loaded: {summary.failed[:3]}")
    return seconds


def theirs(python: Path, url: str, password: str, rows: Path) -> tuple[float, float]:
    """Let the peer write its nodes and edges; return seconds from the file on, and of `run`."""
    command = [str(python), "-c", WRITE, url, str(rows)]
    done = subprocess.run(command, input=password, capture_output=True, text=True, check=False)
    if done.returncode or json.loads(done.stdout)["status"] != "SUCCESS":
        sys.exit(f"the peer failed: {done.stdout[-500:]}{done.stderr[-2000:]}")
    said = json.loads(done.stdout)
    return float(said["all"]), float(said["run"])


def install_peer(folder: Path) -> Path:
    """Give the peer an environment of its own; return its Python."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", PEER, "neo4j-rust-ext"], check=True)
    return python


def install_apoc(folder: Path, jars: Path) -> Path:
    """Put the procedures that the peer calls beside Neo4j's jars and among its plugins.

    Neo4j's own start script has both in the class path. Returns the folder of the new jars.
    """
    plugins, libraries = folder / "neo4j" / "plugins", folder / "libraries"
    if not list(plugins.glob("apoc-core-*.jar")):
        plugins.mkdir(parents=True, exist_ok=True)
        for artifact in ("apoc-core", "apoc-common"):
            _copy_from_maven("org.neo4j.procedure", artifact, APOC, plugins)
    both = libraries / jars.name
    both.mkdir(parents=True, exist_ok=True)
    there = {_artifact(jar) for jar in jars.glob("*.jar")}
    for jar in (*jars.glob("*.jar"), *plugins.glob("*.jar")):
        link = both / jar.name
        if not link.exists() and (jar.parent == jars or _artifact(jar) not in there):
            link.symlink_to(jar)
    return libraries


def _artifact(jar: Path) -> str:
    return jar.stem.rpartition("-")[0]


def _copy_from_maven(group: str, artifact: str, version: str, target: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        sys.exit("Maven (mvn) is needed to fetch the APOC procedures that the peer calls")
    with tempfile.TemporaryDirectory() as draft:
        pom = Path(draft) / "pom.xml"
        pom.write_text(
            "<project><modelVersion>4.0.0</modelVersion><groupId>benchmark</groupId>"
            "<artifactId>peer</artifactId><version>1</version><dependencies><dependency>"
            f"<groupId>{group}</groupId><artifactId>{artifact}</artifactId>"
            f"<version>{version}</version></dependency></dependencies></project>"
        )
        copy = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
        command = [maven, "-B", "-q", "-f", str(pom), copy, f"-DoutputDirectory={target}"]
        subprocess.run([*command, "-DincludeScope=runtime"], check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    """Fill Neo4j in turns, compare the counts, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--papers", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="keeps what is fetched for the next time")
    parser.add_argument("--libraries", type=Path, help="where Neo4j's jars are, or go")
    given = parser.parse_args()
    with ExitStack() as stack:
        folder = given.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder = folder.resolve()
        python = install_peer(folder / "peer")
        plain = Neo4jHome(folder / "neo4j", given.libraries, print, LINE)
        plain.install()
        libraries = install_apoc(folder, plain.jars)
        settings = {"dbms.security.procedures.unrestricted": "apoc.*"}
        home = Neo4jHome(folder / "neo4j", libraries, print, LINE, settings)
        url, password = home.start().url, home.password.get_secret_value()
        stack.callback(home.stop)
        graph = stack.enter_context(open_graph(url, password=password))
        graph.clear()
        compare(
            graph,
            folder,
            given.papers,
            given.rounds,
            lambda rows: theirs(python, url, password, rows),
        )


def compare(graph: Graph, folder: Path, papers: int, rounds: int, peer: Any) -> None:
    """Run both in turns, each first on a tenth so that the server is warm, and print."""
    seconds: dict[str, list[float]] = {"abduce": [], "Neo4jWriter": [], "its run alone": []}
    for name, n, times in (("warm", max(1, papers // 10), 1), ("all", papers, rounds)):
        shards = write_papers(folder / f"{name}-{n}", n)
        for _ in range(times):
            graph.clear()
            seconds["abduce"].append(ours(graph, shards))
            written = counts(graph)
            rows = rows_for_the_peer(graph, folder / f"{name}.jsonl")
            graph.clear()
            whole, alone = peer(rows)
            seconds["Neo4jWriter"].append(whole)
            seconds["its run alone"].append(alone)
            if counts(graph) != written:
                sys.exit(f"not the same graph: {written} and {counts(graph)}")
    nodes, edges = written
    print(f"{papers} papers: {nodes:,} nodes and {edges:,} edges, the same for both")
    middle = {name: statistics.median(taken[1:]) for name, taken in seconds.items()}
    for name, taken in seconds.items():
        every = ", ".join(f"{value:.1f}" for value in taken[1:])
        print(f"{name:14} {middle[name]:6.1f} s ({every}) {papers / middle[name]:6.0f} papers/s")
    for name in ("Neo4jWriter", "its run alone"):
        print(f"ours is {middle[name] / middle['abduce']:.2f} times as fast as {name}")


if __name__ == "__main__":
    main()
