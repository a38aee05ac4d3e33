"""`abduce export`: a graph out to files that it is restored from, or that other tools read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from abduce.cli.options import GraphOptions, Json


def export(
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="The folder to make; it is not there yet.")
    ],
    format_: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="parquet or neo4j-admin: all of it. For other tools: kgx, kgx-jsonl, rdf, graphml",
        ),
    ] = "parquet",
    compress: Annotated[
        bool, typer.Option("--compress", help="Pack the files (gzip; Parquet: harder).")
    ] = False,
    reify: Annotated[
        bool,
        typer.Option(
            "--reify", help="RDF: reification, which every tool reads, not RDF 1.2 triple terms."
        ),
    ] = False,
    *,
    at: GraphOptions,
    as_json: Json = False,
) -> None:
    import abduce
    from abduce.cli.console import say
    from abduce.cli.progress import progress_bar
    from abduce.cli.summary import show_totals

    with (
        at.open() as opened,
        progress_bar("records") as bar,
    ):
        summary = abduce.export(
            opened, path, format_, compress=compress, reify=reify, on_progress=bar
        )
    show_totals(summary, as_json=as_json)
    if not summary.nodes:
        say("nothing came of it: the graph is empty")
        raise typer.Exit(1)
