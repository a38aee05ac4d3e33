"""Summary of a load: of shards, of curated sources with their changes, of an export."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from abduce.cli.console import list_failures, print_fields, print_json, say
from abduce.cli.summary import show_summary, show_totals

if TYPE_CHECKING:
    from kg import LoadSummary
    from kg.archive import RestoreSummary
    from kg.loading.curated import CuratedSummary

_SHOWN = 20  # changed terms; --json has all


def show_loaded(summary: LoadSummary | CuratedSummary | RestoreSummary, *, as_json: bool) -> None:
    """Print what came of a load, and leave with 1 if something failed, or nothing came of it.

    Raises:
        typer.Exit: with code 1, then.
    """
    from kg import LoadSummary
    from kg.loading.curated import CuratedSummary

    if isinstance(summary, LoadSummary):
        show_summary(summary, summary.failed, summary.papers, as_json=as_json)
    elif isinstance(summary, CuratedSummary):
        _show_curated(summary, as_json=as_json)
    else:
        show_totals(summary, as_json=as_json)


def _show_curated(summary: CuratedSummary, *, as_json: bool) -> None:
    if as_json:
        print_json(summary.model_dump(mode="json"))
    else:
        fields = summary.model_dump(mode="json", exclude={"changes"}, exclude_none=True)
        print_fields({**fields, "failed": len(summary.failed)})
        _list_changes(summary)
    list_failures(summary.failed)
    if not (summary.terms or summary.facts):
        say("nothing came of it: no term and no fact could be loaded")
    elif summary.failed:
        say(f"{len(summary.failed)} could not be used, see above; the rest is done")
    if summary.failed or not (summary.terms or summary.facts):
        raise typer.Exit(1)


def _list_changes(summary: CuratedSummary) -> None:
    for change in summary.changes[:_SHOWN]:
        names = dict.fromkeys(name for name in (change.before, change.after) if name)
        what = f" ({', '.join(change.what)})" if change.change == "changed" else ""
        say(f"{change.change} {change.id}: {' -> '.join(names)}{what}")
    if len(summary.changes) > _SHOWN:
        say(f"and {len(summary.changes) - _SHOWN:,} more changes; --json lists all")
