"""`abduce runs`: who changed the graph, when, with what, and what came of it."""

from __future__ import annotations

from typing import Annotated

import typer

from abduce.cli.options import GraphOptions, Json


def runs(
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many, the last first.")] = 20,
    *,
    at: GraphOptions,
    as_json: Json = False,
) -> None:
    import abduce
    from abduce.cli.console import print_json, print_rows, say

    with at.open() as opened:
        found = abduce.runs(opened, limit=limit)
    if not found:
        say("nothing found: the graph has no run yet")
        raise typer.Exit(1)
    if as_json:
        for run in found:
            print_json(run.model_dump(mode="json"))
    else:
        print_rows(
            [
                {
                    "started": run.started[:19],
                    "who": run.who,
                    "command": run.command,
                    "with": run.source or run.pack,
                    "outcome": run.outcome or "not finished",
                    "version": "" if run.version is None else run.version,
                    "counts": ", ".join(f"{n} {name}" for name, n in run.counts.items() if n),
                }
                for run in found
            ]
        )
