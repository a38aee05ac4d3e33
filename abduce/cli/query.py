"""`abduce query`: ask the graph in Cypher."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from abduce.cli.options import Database, Graph, Json, User


def query(
    cypher: Annotated[str, typer.Argument(metavar="CYPHER", help="The question, in Cypher.")],
    graph: Graph = None,
    user: User = None,
    database: Database = None,
    param: Annotated[
        list[str] | None,
        typer.Option("--param", metavar="K=V", help="A value for $K, as JSON or as text; repeat."),
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Allow the query to write.")] = False,
    as_json: Json = False,
) -> None:
    """Ask the graph in Cypher; it only reads, unless --write is given."""
    import abduce
    from abduce.cli.console import print_json, print_rows, say

    params = dict(_parameter(text) for text in param or ())
    found = False
    with abduce.open_graph(graph, user=user, database=database) as opened:
        rows = opened.write(cypher, **params) if write else opened.stream(cypher, **params)
        if as_json:
            for row in rows:
                found = True
                print_json(row)
        else:
            listed = list(rows)
            found = bool(listed)
            if found:
                print_rows(listed)
    if not found and not write:
        say("nothing found: the query gives no rows")
        raise typer.Exit(1)


def _parameter(text: str) -> tuple[str, Any]:
    from kg import UsageError

    name, equals, value = text.partition("=")
    if not equals or not name:
        msg = f"--param {text!r} has not the form NAME=VALUE, as in --param 'name=\"fish oil\"'"
        raise UsageError(msg)
    try:
        return name, json.loads(value)
    except json.JSONDecodeError:
        return name, value
