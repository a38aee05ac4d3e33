"""Finding misspelt names: ours against rapidfuzz over all names, and against Lucene's fuzzy words.

All three look for the same names with one slip of the pen (a letter put in, left out, replaced, or
swapped with its neighbour; seeded) among all names of Hetionet's nodes, in one run. Two sets are
asked for: names that are made of words, and symbols of genes, where the nearest name is often
another gene's: "nearest" says for how many the true one is nearest at all, and for how many it is
so alone.

    python benchmarks/find.py --data DATA [--graph WHERE] [--asked 200] [--seed 0]

DATA holds hetionet/nodes.tsv.gz (https://github.com/hetio/hetionet); else ABDUCE_DATA. WHERE is
an address of an empty Neo4j (ABDUCE_USER, ABDUCE_PASSWORD); else a new folder. Lucene is asked
where the server is Neo4j: ArcadeDB's fuzzy words take too long to be used (docs/lab-log.md).
"""

from __future__ import annotations

import csv
import gzip
import os
import random
import statistics
import string
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA
from setting import DataParser, hetionet

from kg import Graph, normalise_name, open_graph
from kg.lexicon import find_entities, name_grams

Search = Callable[[str], Sequence[str]]  # a name -> ids, the likeliest first
SHORTEST = 4  # letters; below it a slip leaves hardly a name
INDEX = "peer_names"


class Named(NamedTuple):
    """An entity of Hetionet."""

    id: str
    name: str
    kind: str


class Misspelt(NamedTuple):
    """A name with a slip of the pen, and whose it was."""

    text: str
    id: str


def read_names(data: Path) -> list[Named]:
    """Return all nodes; the same name may be that of several."""
    nodes, _ = hetionet(data)
    with gzip.open(nodes, "rt", encoding="utf-8") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return [Named(row["id"], row["name"], row["kind"]) for row in rows]


def misspelt(name: str, rng: random.Random) -> str:
    """Return the name with one slip: a letter more, less, another one, or two swapped."""
    while True:
        at, letter = rng.randrange(len(name)), rng.choice(string.ascii_lowercase)
        before, here, after = name[:at], name[at], name[at + 1 :]
        slips = (
            before + letter + here + after,
            before + after,
            before + letter + after,
            before + after[:1] + here + after[1:],
        )
        slip = rng.choice(slips)
        if normalise_name(slip) != normalise_name(name):
            return slip


def choose(names: Sequence[Named], asked: int, rng: random.Random) -> dict[str, list[Misspelt]]:
    """Return misspelt names: of things called by words, and of genes."""
    sets = {
        "words": [n for n in names if n.kind != "Gene" and len(n.name) >= SHORTEST],
        "genes": [n for n in names if n.kind == "Gene" and len(n.name) >= SHORTEST],
    }
    return {
        label: [Misspelt(misspelt(n.name, rng), n.id) for n in rng.sample(pool, asked)]
        for label, pool in sets.items()
    }


def fill(graph: Graph, names: Sequence[Named]) -> None:
    """Give a graph the entities."""
    graph.ensure_schema(())
    graph.merge_nodes(
        ("Entity",),
        [
            {"id": n.id, "name": n.name, "synonyms": [], "name_grams": name_grams([n.name])}
            for n in names
        ],
    )


def by_abduce(graph: Graph) -> Search:
    """Search with `kg.lexicon.find_entities`."""
    return lambda text: [found.entity.id for found in find_entities(graph, text)]


def by_rapidfuzz(names: Sequence[Named]) -> Search:
    """Compare with every name in memory, by the same distance that ours ranks with."""
    normal = [normalise_name(n.name) for n in names]

    def search(text: str) -> list[str]:
        best = process.extract(
            normalise_name(text), normal, scorer=OSA.normalized_similarity, limit=10
        )
        return [names[at].id for _, _, at in best]

    return search


def by_lucene(graph: Graph) -> Search:
    """Search a full-text index over plain names, each word up to two letters off."""
    graph.write(f"CREATE FULLTEXT INDEX {INDEX} IF NOT EXISTS FOR (e:Entity) ON EACH [e.name]")
    graph.read("CALL db.awaitIndexes(300)")

    def search(text: str) -> list[str]:
        words = " ".join(f"{word}~2" for word in normalise_name(text).split())
        rows = graph.read(
            f"CALL db.index.fulltext.queryNodes('{INDEX}', $words, {{limit: 10}}) "
            "YIELD node, score RETURN node.id AS id ORDER BY score DESC",
            words=words,
        )
        return [row["id"] for row in rows]

    return search


def nearest(names: Sequence[Named], asked: Sequence[Misspelt]) -> tuple[float, float]:
    """Return for what share the true name is nearest, and for what share it is so alone."""
    normal = [normalise_name(n.name) for n in names]
    place = {n.id: at for at, n in enumerate(names)}
    texts = [normalise_name(m.text) for m in asked]
    table = process.cdist(texts, normal, scorer=OSA.distance, score_cutoff=3, dtype=np.uint8)
    best = table.min(axis=1)
    true = table[np.arange(len(asked)), [place[m.id] for m in asked]]
    alone = (table == best[:, None]).sum(axis=1) == 1
    return float((true == best).mean()), float(((true == best) & alone).mean())


def report(label: str, search: Search, asked: Sequence[Misspelt]) -> None:
    """Print how often the right entity came first and in the first ten, and how long it took."""
    search(asked[0].text)  # the first question also opens what the others use
    seconds, first, ten = [], 0, 0
    for text, id_ in asked:
        began = time.perf_counter()
        found = search(text)
        seconds.append(time.perf_counter() - began)
        first += found[:1] == [id_]
        ten += id_ in found
    middle, slow = statistics.median(seconds), statistics.quantiles(seconds, n=20)[-1]
    print(
        f"  {label:12} first {first / len(asked):6.1%}  in ten {ten / len(asked):6.1%}  "
        f"median {middle * 1000:6.1f} ms  95 % within {slow * 1000:6.1f} ms"
    )


def main() -> None:
    """Fill a graph, ask all three, print."""
    parser = DataParser(__doc__)
    parser.add_argument("--graph", help="an empty Neo4j; else a new folder")
    parser.add_argument("--asked", type=int, default=200, help="names of each set")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.given()
    names = read_names(given.data)
    sets = choose(names, given.asked, random.Random(given.seed))  # noqa: S311 (no secret)
    with ExitStack() as stack:
        graph = stack.enter_context(_open(given.graph, stack))
        if graph.counts().nodes:
            parser.error("the graph is not empty")
        began = time.perf_counter()
        fill(graph, names)
        print(f"{len(names)} names into {graph.server.name}: {time.perf_counter() - began:.1f} s")
        searches = {"abduce": by_abduce(graph), "rapidfuzz": by_rapidfuzz(names)}
        if graph.server.name == "Neo4j":
            searches["lucene ~2"] = by_lucene(graph)
            stack.callback(graph.write, f"DROP INDEX {INDEX}")
        for label, asked in sets.items():
            share, alone = nearest(names, asked)
            print(f"{label}: the true name is nearest for {share:.1%}, alone for {alone:.1%}")
            for name, search in searches.items():
                report(name, search, asked)


def _open(address: str | None, stack: ExitStack) -> Graph:
    if address is None:
        return open_graph(stack.enter_context(tempfile.TemporaryDirectory()), create=True)
    return open_graph(
        address, user=os.environ.get("ABDUCE_USER"), password=os.environ.get("ABDUCE_PASSWORD")
    )


if __name__ == "__main__":
    main()
