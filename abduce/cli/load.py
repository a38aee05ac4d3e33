"""`abduce load`: from annotation shards to a graph."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from abduce.cli.options import Database, Graph, Json, User


def load(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="Shards that `extract` wrote, or folders of them."),
    ],
    graph: Graph = None,
    user: User = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Load annotation shards into a graph; what is there already is not doubled."""
    import abduce
    from abduce.cli.progress import progress_bar
    from abduce.cli.summary import show_summary

    with (
        abduce.open_graph(graph, user=user, database=database, create=True) as opened,
        progress_bar("papers") as bar,
    ):
        summary = abduce.load(opened, paths, on_progress=bar)
    show_summary(summary, summary.failed, summary.papers, as_json=as_json)
