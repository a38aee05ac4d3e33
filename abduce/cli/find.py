"""`abduce find`: which entity a name means."""

from __future__ import annotations

from typing import Annotated

import typer

from abduce.cli.options import GraphOptions, Json


def find(
    text: Annotated[
        str, typer.Argument(metavar="TEXT", help="An id, a name, or what looks like one.")
    ],
    types: Annotated[
        list[str] | None,
        typer.Option("--type", metavar="TYPE", help="Only entities of this type; repeat."),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=1000, help="List so many and no more.")
    ] = 10,
    *,
    at: GraphOptions,
    as_json: Json = False,
) -> None:
    import abduce
    from abduce.cli.console import print_json, print_rows, say

    with at.open() as opened:
        found = abduce.find(opened, text, types=types or (), limit=limit)
    if as_json:
        for item in found:
            print_json(item.model_dump(mode="json"))
    elif found:
        print_rows(
            [
                {
                    "id": item.entity.id,
                    "name": item.entity.name,
                    "type": item.entity.type,
                    "papers": item.n_papers,
                    "score": item.score,
                    "matched": f"{item.matched}: {item.text}",
                }
                for item in found
            ]
        )
    if not found:
        say(f"nothing found: no entity has a name like {text!r}")
        raise typer.Exit(1)
