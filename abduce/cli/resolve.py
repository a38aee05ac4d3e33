"""`abduce resolve`: one thing, one node."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from abduce.cli.options import Database, Graph, Json, User
from abduce.cli.resolve_options import (
    Apart,
    Candidates,
    DryRun,
    KeptApart,
    Merge,
    Merges,
    Never,
    Undo,
    UndoApart,
    Why,
)

if TYPE_CHECKING:
    from kg import Graph as OpenGraph
    from kg import Model
    from kg.resolving import ResolveSummary

_SHOWN = 20


def resolve(
    dry_run: DryRun = False,
    candidates: Candidates = False,
    merges: Merges = False,
    merge: Merge = None,
    undo: Undo = None,
    apart: Apart = None,
    undo_apart: UndoApart = None,
    kept_apart: KeptApart = False,
    never: Never = False,
    why: Why = "",
    graph: Graph = None,
    user: User = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Merge what is surely one thing and list what may be; each merge can be undone exactly."""
    import abduce

    decisions = (decision is not None for decision in (merge, apart, undo, undo_apart))
    _check_one(dry_run, candidates, merges, kept_apart, *decisions)
    _check_reason(why, never=never, merge=merge, apart=apart, undo=undo)
    with abduce.open_graph(graph, user=user, database=database) as opened:
        if merges:
            _list(abduce.merges(opened), "no merge is recorded", as_json=as_json)
        elif kept_apart:
            _list(abduce.kept_apart(opened), "nothing is kept apart", as_json=as_json)
        elif merge is not None:
            _print(abduce.merge(opened, *merge, why=why), as_json=as_json)
        elif apart is not None:
            _print(abduce.keep_apart(opened, *apart, why=why), as_json=as_json)
        elif undo_apart is not None:
            _list(abduce.undo_apart(opened, *undo_apart), "", as_json=as_json)
        elif undo is not None:
            _print(abduce.undo_merge(opened, undo, never=never, why=why), as_json=as_json)
        else:
            _resolve(opened, dry_run=dry_run, candidates=candidates, as_json=as_json)


def _check_one(*asked: bool) -> None:
    from kg import UsageError

    if sum(asked) > 1:
        raise UsageError(
            "give one of --dry-run, --candidates, --merges, --kept-apart, --merge, --undo, --apart "
            "and --undo-apart"
        )


def _check_reason(why: str, *, never: bool, merge: Merge, apart: Apart, undo: Undo) -> None:
    from kg import UsageError

    if why and not (merge or apart or never):
        raise UsageError("--why is a reason: give it with --merge, --apart, or --undo and --never")
    if never and undo is None:
        raise UsageError("--never says that an undone merge is not made again: give it with --undo")


def _resolve(graph: OpenGraph, *, dry_run: bool, candidates: bool, as_json: bool) -> None:
    import abduce
    from abduce.cli.progress import progress_bar

    with progress_bar("merges") as bar:
        summary = abduce.resolve(graph, dry_run=dry_run or candidates, on_progress=bar)
    if candidates:
        _list(summary.candidates, "nothing may be one thing", as_json=as_json)
    else:
        _show(summary, as_json=as_json)


def _print(fact: Model, *, as_json: bool) -> None:
    from abduce.cli.console import print_fields, print_json

    (print_json if as_json else print_fields)(fact.model_dump(exclude_defaults=True))


def _list(facts: Sequence[Model], nothing: str, *, as_json: bool) -> None:
    from abduce.cli.console import print_json, print_rows, say

    rows = [fact.model_dump(mode="json") for fact in facts]
    if as_json:
        for row in rows:
            print_json(row)
    elif rows:
        print_rows(rows)
    if not rows:
        say(nothing)
        raise typer.Exit(1)


def _show(summary: ResolveSummary, *, as_json: bool) -> None:
    from abduce.cli.console import print_fields, print_json, print_rows, say

    if as_json:
        print_json(summary.model_dump(mode="json"))
    else:
        listed = {"merges": len(summary.merges), "candidates": len(summary.candidates)}
        print_fields({**summary.model_dump(mode="json"), **listed})
        shown = summary.merges if summary.dry_run else summary.candidates[:_SHOWN]
        if shown:
            print_rows([fact.model_dump(mode="json", exclude={"direct"}) for fact in shown])
        if not summary.dry_run and len(summary.candidates) > _SHOWN:
            say(f"the likeliest {_SHOWN} are listed; --candidates lists all of them")
    if not summary.entities:
        say("nothing came of it: the graph holds no entity")
        raise typer.Exit(1)
