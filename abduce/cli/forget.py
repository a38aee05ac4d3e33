"""`abduce forget`: take papers or a curated source out of the graph."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from abduce.cli.options import GraphOptions, Json

if TYPE_CHECKING:
    from kg.forgetting import ForgetSummary, SourceForgotten

_WENT = ("papers", "facts", "terms", "parents")
_SHOWN = 20  # ids


def forget(
    papers: Annotated[
        list[str] | None,
        typer.Argument(metavar="PAPER...", help="Ids: pmid:123, 123, PMC123, doi:10.1/x, a link."),
    ] = None,
    retracted: Annotated[
        Path | None,
        typer.Option(
            "--retracted", metavar="FILE", help="Retraction Watch's CSV, or ids one a line."
        ),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option("--source", metavar="NAME", help="A curated source, in whatever version."),
    ] = None,
    *,
    at: GraphOptions,
    as_json: Json = False,
) -> None:
    import abduce
    from abduce.cli.progress import progress_bar
    from kg import UsageError

    if sum(bool(given) for given in (papers, retracted, source)) != 1:
        raise UsageError("name either papers, or --retracted FILE, or --source NAME: one of them")
    unit = "claims and terms" if source else "papers"
    with (
        at.open() as opened,
        progress_bar(unit) as bar,
    ):
        summary: ForgetSummary | SourceForgotten
        if source:
            summary = abduce.forget_source(opened, source, on_progress=bar)
        else:
            given: Sequence[str] | Path = papers or retracted or ()
            summary = abduce.forget(opened, given, on_progress=bar)
    _show(summary, named=bool(papers), as_json=as_json)


def _show(summary: ForgetSummary | SourceForgotten, *, named: bool, as_json: bool) -> None:
    """Print what went; leave with 1 if nothing did, or a paper that was named is not there."""
    from abduce.cli.console import print_fields, print_json, say

    fields = summary.model_dump(mode="json")
    if as_json:
        print_json(fields)
    else:
        print_fields({name: _short(value) for name, value in fields.items()})
    if not any(summary.counts[name] for name in _WENT if name in summary.counts):
        say("nothing was forgotten: the graph holds none of it")
        raise typer.Exit(1)
    # Most papers of a list of retractions are in no one's graph; one that was named should be.
    if named and fields["unknown"]:
        say(f"not in the graph: {_short(fields['unknown'])}; the rest is forgotten")
        raise typer.Exit(1)


def _short(value: object) -> object:
    if not isinstance(value, list):
        return value
    more = f" and {len(value) - _SHOWN} more" if len(value) > _SHOWN else ""
    return ", ".join(value[:_SHOWN]) + more
