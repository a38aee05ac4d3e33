"""Resolving what papers call diseases against the Disease Ontology, beside rapidfuzz alone.

Papers are made up whose entities are called by names of the ontology: a third by a name as it is
(to be merged), a third by one with a slip of the pen (to be listed, never merged), a third by two
words of different names (no disease). Ours is `resolve` on an embedded graph: reading, rules,
merging. The peer, `rapidfuzz.process.extractOne` with the best score over all names, is how names
are often linked; it is timed on a part of the names and scaled up, and it merges nothing.

    python benchmarks/resolve_names.py --data FOLDER [--entities 15000] [--part 200]

FOLDER (else ABDUCE_DATA) holds ontologies/doid-2016-09-19.obo.gz.
"""

from __future__ import annotations

import random
import resource
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz, process
from setting import DataParser, print_refused, timed

from kg import Graph, Mention, Paper, load_shards, mint_entity_id, normalise_name, open_graph
from kg.loading import write_shard
from kg.loading.curated import load_curated
from kg.resolving import ResolveSummary, resolve
from kg.sources import open_source

ONTOLOGY = Path("ontologies/doid-2016-09-19.obo.gz")
KINDS = ("as it is", "with a slip", "no disease")
A_PAPER = 25  # names
SHORTEST = 8  # characters


@dataclass(frozen=True)
class Called:
    """A name in papers, and the term whose name it was made from."""

    name: str
    kind: str
    term: str


def names_of(graph: Graph) -> dict[str, set[str]]:
    """The terms that have each normalised name of at least eight characters."""
    found: dict[str, set[str]] = {}
    for row in graph.stream("MATCH (e:Disease) RETURN e.id AS id, e.normal_names AS names"):
        for name in row["names"] or ():
            if len(name) >= SHORTEST:
                found.setdefault(name, set()).add(row["id"])
    return found


def made_up(names: dict[str, set[str]], n: int) -> list[Called]:
    """Names for papers, each another entity, and none of them the name of two terms."""
    rng = random.Random(0)  # noqa: S311  (no secret)
    sole = sorted(name for name, terms in names.items() if len(terms) == 1 and name.isascii())
    rng.shuffle(sole)
    called: dict[str, Called] = {}
    for number, name in enumerate(sole[:n]):
        kind = KINDS[number % 3]
        spelled = name
        if kind == "with a slip":
            at = rng.randrange(1, len(name) - 1)
            spelled = name[:at] + name[at + 1 :]
        elif kind == "no disease":
            spelled = f"{rng.choice(sole).split()[0]} {rng.choice(sole).split()[-1]}"
        normal = normalise_name(spelled)
        if (normal in names) == (kind == "as it is"):
            called.setdefault(
                mint_entity_id("Disease", spelled), Called(spelled, kind, *names[name])
            )
    return list(called.values())


def load_papers(graph: Graph, called: list[Called], folder: Path) -> None:
    """Load papers that mention these names."""
    papers, mentions = [], []
    for start in range(0, len(called), A_PAPER):
        id_, text = f"pmid:{start + 1}", ""
        for item in called[start : start + A_PAPER]:
            at = len(text)
            text += f"{item.name}; "
            entity = mint_entity_id("Disease", item.name)
            mention = Mention(
                start=at,
                end=at + len(item.name),
                type="Disease",
                text=item.name,
                confidence=1,
                entity=entity,
            )
            mentions.append((id_, "made@1", mention))
        papers.append(Paper(id=id_, title="", text=text))
    write_shard(folder, "made", papers, mentions, [], "", packs=["made@1"])
    load_shards(graph, [folder])


def judge(summary: ResolveSummary, called: list[Called]) -> None:
    """Print what became of each kind of name."""
    merged = {merge.absorbed: merge.into for merge in summary.merges}
    listed: dict[str, set[str]] = {}
    for candidate in summary.candidates:
        listed.setdefault(candidate.absorbed, set()).add(candidate.into)
    print(f"{'names':12} {'all':>6} {'merged':>7} {'rightly':>8} {'listed':>7} {'rightly':>8}")
    for kind in KINDS:
        ids = {mint_entity_id("Disease", c.name): c.term for c in called if c.kind == kind}
        into = [(merged[id_], term) for id_, term in ids.items() if id_ in merged]
        asked = [(listed[id_], term) for id_, term in ids.items() if id_ in listed]
        right = sum(one == term for one, term in into)
        found = sum(term in some for some, term in asked)
        print(f"{kind:12} {len(ids):6} {len(into):7} {right:8} {len(asked):7} {found:8}")


def main() -> None:
    """Run both, and print a table."""
    parser = DataParser(__doc__)
    parser.add_argument("--entities", type=int, default=15_000)
    parser.add_argument("--part", type=int, default=200)
    given = parser.given()
    with (
        tempfile.TemporaryDirectory() as folder,
        open_graph(Path(folder) / "graph", create=True) as graph,
    ):
        load_curated(graph, open_source([given.data / ONTOLOGY], on_failure=print_refused))
        names = names_of(graph)
        called = made_up(names, given.entities)
        load_papers(graph, called, Path(folder) / "shards")
        planned, dry = timed(lambda: resolve(graph, dry_run=True))
        merged = timed(lambda: resolve(graph))[0] - planned
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{dry.entities:,} entities, {len(names) + len(called):,} names; peak {peak:,.0f} MB")
    judge(dry, called)
    print(f"ours: read and planned in {planned:.1f} s, {dry.merged:,} merges in {merged:.1f} s")
    every = sorted(names)
    start = time.perf_counter()
    for item in called[: given.part]:
        process.extractOne(item.name, every, scorer=fuzz.token_sort_ratio)
    spent = (time.perf_counter() - start) / min(given.part, len(called)) * len(called)
    print(f"rapidfuzz, each name against all: {spent:.0f} s ({given.part} names, scaled up)")


if __name__ == "__main__":
    main()
