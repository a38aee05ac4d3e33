"""`abduce resolve`: one thing, one node."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from abduce.cli.options import Database, Graph, Json, User

if TYPE_CHECKING:
    from kg import Graph as OpenGraph
    from kg import Model
    from kg.resolving import ResolveSummary

_SHOWN = 20


def resolve(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be merged, and merge nothing.")
    ] = False,
    candidates: Annotated[
        bool,
        typer.Option("--candidates", help="List all that may be one thing, and merge nothing."),
    ] = False,
    merges: Annotated[
        bool, typer.Option("--merges", help="List the merges that the graph records.")
    ] = False,
    merge: Annotated[
        tuple[str, str] | None,
        typer.Option(
            "--merge", metavar="A B", help="Merge A into B, by id or name: your own decision."
        ),
    ] = None,
    undo: Annotated[
        str | None,
        typer.Option("--undo", metavar="ID", help="Take back the merge of this id."),
    ] = None,
    apart: Annotated[
        tuple[str, str] | None,
        typer.Option(
            "--apart", metavar="A B", help="A and B are not one thing: do not merge, do not ask."
        ),
    ] = None,
    undo_apart: Annotated[
        tuple[str, str] | None,
        typer.Option(
            "--undo-apart", metavar="A B", help="Take back that A and B are not one thing."
        ),
    ] = None,
    kept_apart: Annotated[
        bool, typer.Option("--kept-apart", help="List what was said not to be one thing.")
    ] = False,
    never: Annotated[
        bool, typer.Option("--never", help="With --undo: no rule merges the two again.")
    ] = False,
    why: Annotated[
        str,
        typer.Option("--why", metavar="TEXT", help="The reason, for --merge, --apart and --never."),
    ] = "",
    graph: Graph = None,
    user: User = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Merge what is surely one thing and list what may be; each merge can be undone exactly."""
    import abduce
    from kg import UsageError

    decisions = (decision is not None for decision in (merge, apart, undo, undo_apart))
    if sum((dry_run, candidates, merges, kept_apart, *decisions)) > 1:
        raise UsageError(
            "give one of --dry-run, --candidates, --merges, --kept-apart, --merge, --undo, --apart "
            "and --undo-apart"
        )
    if why and not (merge or apart or never):
        raise UsageError("--why is a reason: give it with --merge, --apart, or --undo and --never")
    if never and undo is None:
        raise UsageError("--never says that an undone merge is not made again: give it with --undo")
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
