"""`abduce explain`: a stored hypothesis with its paths, sentences and findings."""

from __future__ import annotations

from typing import Annotated

import typer

from abduce.cli.options import Database, Graph, Json, User


def explain(
    hypothesis_id: Annotated[
        str, typer.Argument(metavar="HYPOTHESIS_ID", help="As `propose` or `check` printed it.")
    ],
    graph: Graph = None,
    user: User = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Explain a hypothesis that `propose` or `check` stored in the graph."""
    import abduce
    from abduce.cli.hypotheses import show_hypothesis

    with abduce.open_graph(graph, user=user, database=database) as opened:
        hypothesis = abduce.explain(opened, hypothesis_id)
    show_hypothesis(hypothesis, as_json=as_json)
