"""`abduce explain`: a stored hypothesis with its paths, sentences and findings."""

from __future__ import annotations

from typing import Annotated

import typer

from abduce.cli.options import GraphOptions, Json


def explain(
    hypothesis_id: Annotated[
        str, typer.Argument(metavar="HYPOTHESIS_ID", help="As `propose` or `check` printed it.")
    ],
    at: GraphOptions,
    as_json: Json = False,
) -> None:
    import abduce
    from abduce.cli.hypotheses import show_hypothesis

    with at.open() as opened:
        hypothesis = abduce.explain(opened, hypothesis_id)
    show_hypothesis(hypothesis, as_json=as_json)
