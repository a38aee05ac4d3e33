"""`abduce resolve`: entity resolution, by rules and as a person decides. One thing, one node."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from abduce.cli.options import GraphOptions, Json
from abduce.verbs import GROUPS

if TYPE_CHECKING:
    from kg import Model
    from kg.resolving import ResolveSummary

_SHOWN = 20


class RunByDefault(TyperGroup):
    """Command group whose command `run` needs no name."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments; flags that no command stands before are those of `run`."""
        if args:
            is_run = args[0].startswith("-") and args[0] not in ctx.help_option_names
        else:
            is_run = not ctx.resilient_parsing  # a shell that completes wants the commands
        return super().parse_args(ctx, ["run", *args] if is_run else args)


app = typer.Typer(
    name="resolve",
    cls=RunByDefault,
    help=f"{GROUPS['resolve']} Without a command: `run`.",
    add_completion=False,
)

DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Say what would be merged, and merge nothing.")
]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason; the graph keeps it.")]
One = Annotated[str, typer.Argument(metavar="ONE", help="Id, name or synonym.")]
Other = Annotated[str, typer.Argument(metavar="OTHER", help="Id, name or synonym.")]


def run(at: GraphOptions, dry_run: DryRun = False, as_json: Json = False) -> None:
    import abduce
    from abduce.cli.progress import progress_bar

    with at.open() as graph, progress_bar("merges") as bar:
        summary = abduce.resolve(graph, dry_run=dry_run, on_progress=bar)
    _show(summary, as_json=as_json)


def candidates(at: GraphOptions, as_json: Json = False) -> None:
    import abduce

    with at.open() as graph:
        _list(abduce.candidates(graph), "nothing may be one thing", as_json=as_json)


def merges(at: GraphOptions, as_json: Json = False) -> None:
    import abduce

    with at.open() as graph:
        _list(abduce.merges(graph), "no merge is recorded", as_json=as_json)


def merge(
    absorbed: Annotated[
        str, typer.Argument(metavar="ABSORBED", help="What goes: id, name or synonym.")
    ],
    into: Annotated[str, typer.Argument(metavar="INTO", help="What stays: id, name or synonym.")],
    at: GraphOptions,
    why: Why = "",
    as_json: Json = False,
) -> None:
    import abduce

    with at.open() as graph:
        _print(abduce.merge(graph, absorbed, into, why=why), as_json=as_json)


def undo(
    absorbed: Annotated[
        str, typer.Argument(metavar="ID", help="The id that was merged, as `merges` lists it.")
    ],
    at: GraphOptions,
    never: Annotated[
        bool, typer.Option("--never", help="No rule merges the two again: they are distinct.")
    ] = False,
    why: Why = "",
    as_json: Json = False,
) -> None:
    import abduce
    from kg import UsageError

    if why and not never:
        raise UsageError("--why is the reason that two are distinct: give it with --never")
    with at.open() as graph:
        _print(abduce.undo_merge(graph, absorbed, never=never, why=why), as_json=as_json)


def distinct(
    one: One, other: Other, at: GraphOptions, why: Why = "", as_json: Json = False
) -> None:
    import abduce

    with at.open() as graph:
        _print(abduce.keep_distinct(graph, one, other, why=why), as_json=as_json)


def undo_distinct(one: One, other: Other, at: GraphOptions, as_json: Json = False) -> None:
    import abduce

    with at.open() as graph:
        _list(abduce.undo_distinct(graph, one, other), "", as_json=as_json)


def list_distinct(at: GraphOptions, as_json: Json = False) -> None:
    import abduce

    with at.open() as graph:
        _list(abduce.list_distinct(graph), "nothing is kept distinct", as_json=as_json)


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
            say(f"the likeliest {_SHOWN} are listed; `abduce resolve candidates` lists all")
    if not summary.entities:
        say("nothing came of it: the graph holds no entity")
        raise typer.Exit(1)
