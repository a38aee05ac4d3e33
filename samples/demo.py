"""From papers to checked hypotheses, on the sample abstracts: what `make demo` runs.

Reads samples/abstracts.jsonl with the shipped pack into an embedded graph in .demo/graph, asks
it in Cypher, and proposes from one end of each discovery in samples/discoveries.toml. The other
end is looked up only in the ranking that comes out. A discovery that does not come out is
reported as that, and is no failure of the run.
"""

from __future__ import annotations

import sys
import textwrap
import time
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import abduce
from kg import Graph, Hypothesis, Quote, UnknownNameError, normalise_name
from kg import Path as GraphPath

SAMPLES = Path(__file__).resolve().parent
FOLDER = SAMPLES.parent / ".demo"
PACK = "biomedicine"
GOOD_RANK = 5
ALL = 100_000  # more than there are candidates: the rank has to be among all of them
PATHS_SHOWN = 3
WIDTH = 80

DISEASE = "Parkinson's disease"
QUESTION = """\
MATCH (drug:Chemical)-[claim:NEGATIVE_CORRELATION]->(disease:Disease)
MATCH (e:Evidence)-[:REPORTED_IN]->(paper:Paper)
WHERE disease.name = $disease AND e.claim_id = claim.claim_id
RETURN drug.name AS drug, claim.belief AS belief, e.quote AS sentence, paper.id AS paper
ORDER BY belief DESC, drug, paper, sentence"""


@dataclass(frozen=True)
class Discovery:
    """A discovery that others made by reading: `known` is asked about, `missing` looked up."""

    name: str
    source: str
    known: str
    relation: str
    missing: frozenset[str]


def main() -> None:
    """Build, ask, propose, and count what came out."""
    began = time.monotonic()
    FOLDER.mkdir(exist_ok=True)
    with abduce.open_graph(FOLDER / "graph", create=True) as graph:
        build(graph)
        ask(graph)
        discoveries = read_discoveries(SAMPLES / "discoveries.toml")
        ranks = [show_discovery(graph, *numbered) for numbered in enumerate(discoveries, start=3)]
    came_out = sum(rank is not None and rank <= GOOD_RANK for rank in ranks)
    heading("Result")
    say(
        f"{came_out} of {len(ranks)} discoveries came out among the first {GOOD_RANK} of all "
        f"candidates, in {time.monotonic() - began:.0f} s."
    )
    print("The graph stays in .demo/graph: ask it with abduce query ... --graph .demo/graph")


def build(graph: Graph) -> None:
    """Read the abstracts into the graph, and print what became of them."""
    heading("1. Papers become a graph")
    command(f"abduce build samples/abstracts.jsonl --pack {PACK} --graph .demo/graph --fresh")
    summary = abduce.build(
        [SAMPLES / "abstracts.jsonl"], PACK, graph, fresh=True, on_progress=show_progress
    )
    say(
        f"{summary.papers} papers, {summary.mentions} mentions, {summary.entities} entities, "
        f"{summary.claims} claims, {summary.evidence} pieces of evidence, "
        f"{len(summary.failed)} failed, {summary.seconds:.1f} s"
    )


def show_progress(done: int, total: int | None) -> None:
    """Keep one line of a terminal up to date; print nothing where there is none."""
    if sys.stderr.isatty():
        of = f" of {total}" if total else ""
        print(f"\r  {done}{of} papers\r", end="", file=sys.stderr, flush=True)


def ask(graph: Graph) -> None:
    """Ask a question in Cypher, and print the rows with their sentences."""
    heading("2. A question in Cypher, with the sentences behind the answer")
    print(textwrap.indent(QUESTION, "  "))
    print(f"  with disease = {DISEASE!r}\n")
    rows = abduce.query(graph, QUESTION, disease=DISEASE)
    for row in rows:
        say(f"{row['drug']} (belief {row['belief']:.2f})", indent=2)
        say(f'"{row["sentence"]}" {row["paper"]}', indent=6)
    if not rows:
        say("No claim of this kind was read.", indent=2)


def show_discovery(graph: Graph, number: int, discovery: Discovery) -> int | None:
    """Propose from the known end, print where the missing end stands and why; return its rank."""
    heading(f"{number}. Hypotheses: {discovery.name}")
    say(f"First proposed in {discovery.source}.")
    command(
        f'abduce propose "{discovery.known}" --relation {discovery.relation} --graph .demo/graph'
    )
    try:
        proposed = abduce.propose(graph, discovery.relation, entity=discovery.known, top=ALL)
    except UnknownNameError as error:
        say(f"Did not come out: {error}")
        return None
    found = first_named(proposed, discovery.missing)
    if found is None:
        say(f"Did not come out: none of the {len(proposed)} candidates is the missing end.")
        return None
    rank, hypothesis = found
    show_ranking(graph, proposed, rank)
    show_hypothesis(hypothesis)
    return rank


def first_named(
    proposed: Iterable[Hypothesis], names: frozenset[str]
) -> tuple[int, Hypothesis] | None:
    """Return the best hypothesis, and its rank, of which one end has one of the names."""
    for rank, hypothesis in enumerate(proposed, start=1):
        subject = hypothesis.subject
        if names & {normalise_name(name) for name in (subject.name, *subject.synonyms)}:
            return rank, hypothesis
    return None


def show_ranking(graph: Graph, proposed: list[Hypothesis], rank: int) -> None:
    """Print the first candidates, and the rank of the one that was looked for."""
    for place, hypothesis in enumerate(proposed[:GOOD_RANK], start=1):
        mark = "->" if place == rank else "  "
        name, score, verdict = hypothesis.subject.name, hypothesis.score, hypothesis.verdict
        say(f"{mark} {place}. {name} (score {score:.3f}, {verdict.value})")
    found = proposed[rank - 1].subject
    counted = abduce.query(graph, f"MATCH (n:{found.type}) RETURN count(n) AS n")[0]["n"]
    print()
    say(
        f"{found.name} {'came out' if rank <= GOOD_RANK else 'did not come out'}: "
        f"{ordinal(rank)} of {len(proposed)} candidates. The graph holds {counted} entities of "
        f"type {found.type}; to the others leads no path, or the claim is known."
    )


def show_hypothesis(hypothesis: Hypothesis) -> None:
    """Print a hypothesis in words, with its verdict, best paths and their sentences."""
    print()
    say(
        f"Hypothesis: {hypothesis.subject.name} {hypothesis.reading} {hypothesis.object.name}. "
        f"Verdict: {hypothesis.verdict.value}."
    )
    for finding in hypothesis.findings:
        say(f"{finding.check}: {finding.status.value}: {finding.message}", indent=2)
    for path in hypothesis.paths[:PATHS_SHOWN]:
        say(f"because {in_words(path)}", indent=2)
        for quote in best_quotes(path):
            say(f'"{quote.text}" {quote.paper}', indent=6)


def in_words(path: GraphPath) -> str:
    """Return the claims of a path, one after the other, each in the direction it was read."""
    names = {node.id: node.name for node in path.nodes}
    steps = [f"{names[e.subject]} {e.reading} {names[e.object]}" for e in path.edges]
    return "; ".join(steps)


def best_quotes(path: GraphPath) -> list[Quote]:
    """Return the best sentence of each claim on the path."""
    return [quotes[0] for quotes in path.quotes if quotes and isinstance(quotes[0], Quote)]


def read_discoveries(path: Path) -> list[Discovery]:
    """Read what to ask for, and the names by which the other end may come out."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["discovery"]
    return [
        Discovery(
            name=row["name"],
            source=row["source"],
            known=row["known"],
            relation=row["relation"],
            missing=frozenset(normalise_name(name) for name in row["missing"]),
        )
        for row in rows
    ]


def ordinal(number: int) -> str:
    """Return 1st, 2nd, 3rd, 4th, 11th."""
    teen = number % 100 in {11, 12, 13}
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def heading(text: str) -> None:
    print(f"\n{text}\n{'-' * min(len(text), WIDTH)}")


def command(line: str) -> None:
    print(f"\n  $ {line}\n")


def say(text: str, indent: int = 0) -> None:
    margin = " " * indent
    print(textwrap.fill(text, WIDTH, initial_indent=margin, subsequent_indent=margin + "  "))


if __name__ == "__main__":
    main()
