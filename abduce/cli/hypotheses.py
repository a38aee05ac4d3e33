"""How hypotheses are printed: one JSON object a row, or blocks of text that fit 80 columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.padding import Padding
from rich.text import Text

from abduce.cli.console import print_json, results, shown

if TYPE_CHECKING:
    from kg import Hypothesis, Path

# How many of the ranked are shown with this many of their paths; `explain` shows all of one.
PATHS_SHOWN = 2


def show_ranked(hypotheses: Sequence[Hypothesis], *, as_json: bool) -> None:
    """Print hypotheses best first, with their ranks."""
    for rank, hypothesis in enumerate(hypotheses, start=1):
        if as_json:
            print_json(as_row(hypothesis, rank))
        else:
            _print_hypothesis(hypothesis, f"{rank}. ", PATHS_SHOWN)


def show_hypothesis(hypothesis: Hypothesis, *, as_json: bool) -> None:
    """Print one hypothesis with all its paths."""
    if as_json:
        print_json(as_row(hypothesis))
    else:
        _print_hypothesis(hypothesis, "", len(hypothesis.paths))


def as_row(hypothesis: Hypothesis, rank: int | None = None) -> dict[str, Any]:
    """Return a hypothesis as `--json` prints it, with its rank first if it has one."""
    row = hypothesis.model_dump(mode="json")
    for end in ("subject", "object"):
        row[end] = {key: row[end][key] for key in ("id", "name", "type")}
    return row if rank is None else {"rank": rank, **row}


def _print_hypothesis(hypothesis: Hypothesis, label: str, n_paths: int) -> None:
    sentence = f"{hypothesis.subject.name} {hypothesis.reading} {hypothesis.object.name}"
    _print_line(label + sentence, indent=0, style="bold")
    _print_line(f"{hypothesis.verdict.value}; {_score_in_words(hypothesis)}", indent=3)
    for finding in hypothesis.findings:
        sources = f" [{', '.join(finding.sources)}]" if finding.sources else ""
        _print_line(
            f"{finding.check}: {finding.status.value}: {finding.message}{sources}", indent=3
        )
    for path in hypothesis.paths[:n_paths]:
        _print_path(path)
    hidden = len(hypothesis.paths) - n_paths
    more = f" ({hidden} more paths: abduce explain)" if hidden > 0 else ""
    _print_line(f"{hypothesis.id}{more}", indent=3, style="dim")
    results().print()


def _print_path(path: Path) -> None:
    _print_line(f"{path_in_words(path)} (adds {shown(path.contribution)})", indent=3)
    for edge_quotes in path.quotes:
        for quote in edge_quotes:
            _print_line(f'"{quote.text}" {quote.paper}', indent=6, style="italic")


def path_in_words(path: Path) -> str:
    """Return a path as text; `->` and `<-` say which way each claim points."""
    words = path.nodes[0].name
    for edge, before, after in zip(path.edges, path.nodes[:-1], path.nodes[1:], strict=True):
        forward = edge.subject == before.id
        words += f" -{edge.reading}-> " if forward else f" <-{edge.reading}- "
        words += after.name
    return words


def _score_in_words(hypothesis: Hypothesis) -> str:
    score = f"score {shown(hypothesis.score)}"
    if hypothesis.probability is not None:
        return f"{score}, probability {hypothesis.probability:.2f}"
    reason = f" ({hypothesis.probability_reason})" if hypothesis.probability_reason else ""
    return f"{score}, no probability{reason}"


def _print_line(text: str, *, indent: int, style: str = "") -> None:
    results().print(Padding(Text(shown(text), style=style, overflow="fold"), (0, 0, 0, indent)))
