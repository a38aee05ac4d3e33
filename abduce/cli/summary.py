"""Summary of a long command: counts, what failed and where, and the exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from abduce.cli.console import list_failures, print_fields, print_json, say

if TYPE_CHECKING:
    from kg import Failure, Model


def show_summary(
    summary: Model, failed: tuple[Failure, ...], n_papers: int, *, as_json: bool
) -> None:
    """Print a summary and list its failures; leave with 1 if there are any, or no paper.

    Raises:
        typer.Exit: with code 1, when something failed or nothing came of it.
    """
    fields: dict[str, Any] = summary.model_dump(mode="json")
    if as_json:
        print_json(fields)
    else:
        print_fields({**fields, "failed": len(failed)})
    list_failures(failed)
    if n_papers == 0:
        say("nothing came of it: no paper could be read")
    elif failed:
        say(f"{len(failed)} could not be used, see above; the rest is done")
    if failed or n_papers == 0:
        raise typer.Exit(1)


def show_totals(summary: Model, *, as_json: bool) -> None:
    """Print a summary whose nodes and edges are counted by kind: for people, how many in all."""
    fields: dict[str, Any] = summary.model_dump(mode="json")
    if as_json:
        print_json(fields)
        return
    totals = {kind: sum(fields[kind].values()) for kind in ("nodes", "edges")}
    print_fields({**fields, **totals})
