"""`abduce check`: what speaks for one claim, and what against it."""

from __future__ import annotations

from typing import Annotated

import typer

from abduce.cli.options import AsOf, GraphOptions, Json, Since


def check(
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="Id, name or synonym.")],
    predicate: Annotated[
        str, typer.Argument(metavar="PREDICATE", help="A relation, or its alias.")
    ],
    object_: Annotated[str, typer.Argument(metavar="OBJECT", help="Id, name or synonym.")],
    at: GraphOptions,
    as_of: AsOf = None,
    since: Since = None,
    as_json: Json = False,
) -> None:
    import abduce
    from abduce.cli.hypotheses import say_left_out, show_hypothesis

    with at.open() as opened:
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
