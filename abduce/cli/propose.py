"""`abduce propose`: claims that the graph does not hold but its paths suggest, best first."""

from __future__ import annotations

from typing import Annotated

import typer

from abduce.cli.options import Database, Graph, Json, User


def propose(
    entity: Annotated[
        str | None,
        typer.Argument(metavar="[ENTITY]", help="One end of it: an id, a name or a synonym."),
    ] = None,
    *,
    relation: Annotated[
        str, typer.Option("--relation", metavar="TYPE", help="A relation or its alias: TREATS.")
    ],
    graph: Graph = None,
    user: User = None,
    database: Database = None,
    top: Annotated[int, typer.Option("--top", min=1, help="How many.")] = 10,
    as_json: Json = False,
) -> None:
    """Propose hypotheses, with the paths and sentences behind each, and what checks say."""
    import abduce
    from abduce.cli.console import say
    from abduce.cli.hypotheses import show_ranked

    with abduce.open_graph(graph, user=user, database=database) as opened:
        hypotheses = abduce.propose(opened, relation, entity=entity, top=top)
    if not hypotheses:
        end = f" with {entity}" if entity else ""
        say(f"nothing found: no path of the graph leads to a new {relation}{end}")
        raise typer.Exit(1)
    show_ranked(hypotheses, as_json=as_json)
