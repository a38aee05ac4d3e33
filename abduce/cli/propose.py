"""`abduce propose`: claims that the graph does not hold but its paths suggest, best first."""

from __future__ import annotations

from typing import Annotated

import typer

from abduce.cli.options import AsOf, GraphOptions, Json, Since


def propose(
    entity: Annotated[
        str | None,
        typer.Argument(metavar="[ENTITY]", help="One end of it: an id, a name or a synonym."),
    ] = None,
    *,
    relation: Annotated[
        str, typer.Option("--relation", metavar="TYPE", help="A relation or its alias: TREATS.")
    ],
    at: GraphOptions,
    top: Annotated[int, typer.Option("--top", min=1, help="How many.")] = 10,
    as_of: AsOf = None,
    since: Since = None,
    as_json: Json = False,
) -> None:
    import abduce
    from abduce.cli.console import say
    from abduce.cli.hypotheses import say_left_out, show_ranked

    with at.open() as opened:
        hypotheses = abduce.propose(
            opened,
            relation,
            entity=entity,
            top=top,
            as_of=as_of,
            since=since,
            on_snapshot=say_left_out,
        )
    if not hypotheses:
        end = f" with {entity}" if entity else ""
        time = " in that time" if as_of or since else ""
        say(f"nothing found: no path of the graph leads to a new {relation}{end}{time}")
        raise typer.Exit(1)
    show_ranked(hypotheses, as_json=as_json)
