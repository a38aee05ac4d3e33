"""`abduce query`: ask the graph in Cypher."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import closing
from itertools import islice
from typing import Annotated, Any

import typer

from abduce.cli.options import GraphOptions, Json, setting_help
from abduce.cli.params import Params, Timeout


def query(
    cypher: Annotated[str, typer.Argument(metavar="CYPHER", help="The question, in Cypher.")],
    at: GraphOptions,
    param: Params = None,
    timeout: Timeout = None,
    limit: Annotated[
        int | None,
        typer.Option("--limit", min=1, help=setting_help("query_limit")),
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Allow the query to write.")] = False,
    as_json: Json = False,
) -> None:
    """Stop what takes too long, and cut what gives too many rows.

    Either is said, and ends with 1.
    """
    from abduce.cli.console import say
    from abduce.cli.params import read_params
    from abduce.settings import read_settings
    from kg import Graph
    from kg.asking import change

    params = read_params(param)
    settings = read_settings(query_timeout=timeout, query_limit=limit)
    with at.open() as opened:
        limited = opened.within(settings.query_timeout)

        def answer() -> Generator[dict[str, Any]]:
            ask = change if write else Graph.stream
            yield from ask(limited, cypher, **params)

        with closing(answer()) as rows:  # of what is cut, the server's end is closed too
            found = _print(islice(rows, settings.query_limit), as_json=as_json)
            is_cut = next(rows, None) is not None
    if is_cut:
        say(
            f"cut: the query gives more than {found} rows, and these are the first of them; "
            "give --limit (ABDUCE_QUERY_LIMIT), or a LIMIT in the query"
        )
    if not found and not write:
        say("nothing found: the query gives no rows")
    if is_cut or not (found or write):
        raise typer.Exit(1)


def _print(rows: Iterable[dict[str, Any]], *, as_json: bool) -> int:
    """Print rows, as JSON one by one as they come; return how many there were."""
    from abduce.cli.console import print_json, print_rows

    found = 0
    if as_json:
        for found, row in enumerate(rows, start=1):  # noqa: B007 (how many there were)
            print_json(row)
    elif listed := list(rows):
        found = len(listed)
        print_rows(listed)
    return found
