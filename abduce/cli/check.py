"""`abduce check`: what speaks for one claim, and what against it."""

from __future__ import annotations

from typing import Annotated

import typer

from abduce.cli.options import AsOf, Database, Graph, Json, Since, User


def check(
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="Id, name or synonym.")],
    predicate: Annotated[
        str, typer.Argument(metavar="PREDICATE", help="A relation, or its alias.")
    ],
    object_: Annotated[str, typer.Argument(metavar="OBJECT", help="Id, name or synonym.")],
    graph: Graph = None,
    user: User = None,
    database: Database = None,
    as_of: AsOf = None,
    since: Since = None,
    as_json: Json = False,
) -> None:
    """Check one claim: is it known, opposed, denied, or of types that cannot be so related?"""
    import abduce
    from abduce.cli.hypotheses import say_left_out, show_hypothesis

    with abduce.open_graph(graph, user=user, database=database) as opened:
        hypothesis = abduce.check(
            opened,
            subject,
            predicate,
            object_,
            as_of=as_of,
            since=since,
            on_snapshot=say_left_out,
        )
    show_hypothesis(hypothesis, as_json=as_json)
