"""Rendering of hypotheses: one JSON object a row, or blocks of text that fit 80 columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.padding import Padding
from rich.text import Text

from abduce.cli.console import print_json, results, say, shown

if TYPE_CHECKING:
    from kg import Finding, Hypothesis, Path, Quote, Snapshot
    from kg.asking import CuratedEvidence
    from kg.snapshot import LeftOut, Window

# How many paths of each are shown in a ranking; `explain` shows all of one hypothesis.
PATHS_SHOWN = 2


def show_ranked(hypotheses: Sequence[Hypothesis], *, as_json: bool) -> None:
    """Print hypotheses best first, with their ranks; for people, in short."""
    for rank, hypothesis in enumerate(hypotheses, start=1):
        if as_json:
            print_json(as_row(hypothesis, rank))
        else:
            _print_in_short(hypothesis, rank)
    if not as_json:
        for reason in dict.fromkeys(h.probability_reason for h in hypotheses):
            if reason:
                say(f"no probability: {reason}")


def show_hypothesis(hypothesis: Hypothesis, *, as_json: bool) -> None:
    """Print one hypothesis with all its findings and paths."""
    if as_json:
        print_json(as_row(hypothesis))
        return
    _print_line(_claim_in_words(hypothesis), indent=0, style="bold")
    _print_line(f"{hypothesis.verdict.value}; {_score_in_words(hypothesis)}", indent=3)
    if hypothesis.as_of or hypothesis.since:
        _print_line(f"only from what was said {_time_in_words(hypothesis)}", indent=3)
    if hypothesis.probability_reason:
        _print_line(f"no probability: {hypothesis.probability_reason}", indent=3)
    for finding in hypothesis.findings:
        _print_finding(finding)
    for path in hypothesis.paths:
        _print_path(path)
    _print_line(hypothesis.id, indent=3, style="dim")


def say_left_out(snapshot: Snapshot) -> None:
    """Say of what time a snapshot is, and what could not be placed in it."""
    if snapshot.window is not None:
        say_window(snapshot.window, snapshot.left_out)


def say_window(window: Window, left: LeftOut) -> None:
    """Say of what time something is, and what could not be placed in it."""
    papers, sources = left.papers, left.sources
    what = [f"{papers} paper" + ("" if papers == 1 else "s")] if papers else []
    what += sources
    left_out = f"; left out for want of a (clear) date: {', '.join(what)}" if what else ""
    say(f"only what was said {window}{left_out}")


def as_row(hypothesis: Hypothesis, rank: int | None = None) -> dict[str, Any]:
    """Return a hypothesis as `--json` prints it, with its rank first if it has one.

    `as_of` and `since` are there where it is of some time.
    """
    row = hypothesis.model_dump(mode="json")
    for bound in ("as_of", "since"):
        if not row[bound]:
            del row[bound]
    for end in ("subject", "object"):
        row[end] = {key: row[end][key] for key in ("id", "name", "type")}
    return row if rank is None else {"rank": rank, **row}


def _print_in_short(hypothesis: Hypothesis, rank: int) -> None:
    _print_line(f"{rank}. {_claim_in_words(hypothesis)}", indent=0, style="bold")
    _print_line(f"{hypothesis.verdict.value}; {_score_in_words(hypothesis)}", indent=3)
    fine = [f.check for f in hypothesis.findings if f.status.value == "fine"]
    for finding in hypothesis.findings:
        if finding.check not in fine:
            _print_finding(finding)
    if fine:
        _print_line(f"fine: {', '.join(fine)}", indent=3)
    for path in hypothesis.paths[:PATHS_SHOWN]:
        _print_path(path)
    hidden = max(0, len(hypothesis.paths) - PATHS_SHOWN)
    more = f" ({hidden} more in abduce explain)" if hidden else ""
    _print_line(f"{hypothesis.id}{more}", indent=3, style="dim")
    results().print()


def _print_finding(finding: Finding) -> None:
    sources = "".join(f" [{source}]" for source in finding.sources)
    _print_line(f"{finding.check}: {finding.status.value}: {finding.message}{sources}", indent=3)


def _print_path(path: Path) -> None:
    _print_line(f"{path_in_words(path)} (adds {shown(path.contribution)})", indent=3)
    for edge_quotes in path.quotes:
        for quote in edge_quotes:
            _print_quote(quote)


def _print_quote(quote: Quote | CuratedEvidence) -> None:
    from kg.asking import CuratedEvidence

    if isinstance(quote, CuratedEvidence):
        _print_line(f"row: {quote.place}", indent=6)
    else:
        _print_line(f'"{quote.text}" {quote.paper}', indent=6, style="italic")


def path_in_words(path: Path) -> str:
    """Return a path as text; `->` and `<-` say which way each claim points."""
    words = path.nodes[0].name
    for edge, before, after in zip(path.edges, path.nodes[:-1], path.nodes[1:], strict=True):
        forward = edge.subject == before.id
        words += f" -{edge.reading}-> " if forward else f" <-{edge.reading}- "
        words += after.name
    return words


def _claim_in_words(hypothesis: Hypothesis) -> str:
    return f"{hypothesis.subject.name} {hypothesis.reading} {hypothesis.object.name}"


def _time_in_words(hypothesis: Hypothesis) -> str:
    from kg.snapshot import Window

    return str(Window(as_of=hypothesis.as_of, since=hypothesis.since))


def _score_in_words(hypothesis: Hypothesis) -> str:
    score = f"score {shown(hypothesis.score)}"
    if hypothesis.probability is None:
        return score
    return f"{score}, probability {hypothesis.probability:.2f}"


def _print_line(text: str, *, indent: int, style: str = "") -> None:
    results().print(Padding(Text(shown(text), style=style, overflow="fold"), (0, 0, 0, indent)))
