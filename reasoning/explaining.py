"""Explanations of hypotheses: why each was proposed, and what speaks against it, in words."""

from __future__ import annotations

from collections.abc import Iterator

from kg import Finding, FindingStatus, Graph, Hypothesis, Path, Quote, Verdict
from kg.asking import CuratedEvidence, read_hypothesis
from kg.snapshot import Window

_VERDICTS = {
    Verdict.KNOWN: "The graph holds this claim already.",
    Verdict.SUPPORTED: "The graph does not hold this claim, but something weaker that says it.",
    Verdict.NOVEL: "Nothing in the graph says this directly, or speaks against it directly.",
    Verdict.CONTRADICTED: "Papers or curated sources in the graph speak against this.",
    Verdict.INVALID: "Such a claim cannot be.",
    Verdict.UNKNOWN: "Whether this is new cannot be said: a check could not run.",
}
_STATUSES = {
    FindingStatus.FINE: "fine",
    FindingStatus.KNOWN: "known",
    FindingStatus.SUPPORTED: "supported",
    FindingStatus.CONTRADICTED: "against",
    FindingStatus.INVALID: "invalid",
    FindingStatus.UNKNOWN: "cannot say",
}


def explain(graph: Graph, hypothesis_id: str) -> Hypothesis:
    """Return a hypothesis as it was stored when it was proposed or checked.

    Raises:
        UnknownNameError: the graph holds no hypothesis of that id.
    """
    return read_hypothesis(graph, hypothesis_id)


def explanation_text(hypothesis: Hypothesis) -> str:
    """Return an explanation in plain English, with the sentences, one thought a line."""
    return "\n".join(_lines(hypothesis))


def _lines(hypothesis: Hypothesis) -> Iterator[str]:
    h = hypothesis
    yield f"{h.subject.name} {h.reading} {h.object.name}"
    yield f"  verdict: {h.verdict}. {_VERDICTS[h.verdict]}"
    yield f"  score: {h.score:.4g}; {_probability(h)}"
    if h.as_of or h.since:
        yield f"  from what was said {Window(as_of=h.as_of, since=h.since)} alone"
    speaks_for = [path for path in h.paths if path.contribution > 0]
    against = [path for path in h.paths if path.contribution < 0]
    yield "Why it was proposed:" if speaks_for else "No indirect path speaks for it."
    for path in speaks_for:
        yield from _path_lines(path, h.score)
    yield "What the checks say:"
    for finding in h.findings:
        yield from _finding_lines(finding)
    yield "Paths that speak against it:" if against else "No shown path speaks against it."
    for path in against:
        yield from _path_lines(path, h.score)


def _probability(hypothesis: Hypothesis) -> str:
    if hypothesis.probability is None:
        return hypothesis.probability_reason
    return f"probability {hypothesis.probability:.2f}"


def _path_lines(path: Path, score: float) -> Iterator[str]:
    names = {node.id: node.name for node in path.nodes}
    steps = "; ".join(f"{names[e.subject]} {e.reading} {names[e.object]}" for e in path.edges)
    share = f", {path.contribution / score:.0%} of the score" if score > 0 else ""
    yield f"  - {steps} ({path.contribution:+.4g}{share})"
    for edge, quotes in zip(path.edges, path.quotes, strict=True):
        if not quotes:
            yield f"      no evidence is stored (belief {edge.belief:.2f})"
        for quote in quotes:
            yield f"      {_quoted(quote)}"


def _finding_lines(finding: Finding) -> Iterator[str]:
    yield f"  - {finding.check.replace('_', ' ')}: {_STATUSES[finding.status]}; {finding.message}"
    for source in finding.sources:
        yield f"      {source}"


def _quoted(quote: Quote | CuratedEvidence) -> str:
    if isinstance(quote, CuratedEvidence):
        return f"a row of {quote.place}"
    return f'"{quote.text}" ({quote.paper})'
