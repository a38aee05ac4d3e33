"""`abduce load`: annotation shards, curated sources and exports into a graph."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from abduce.cli.options import GraphOptions, Json
from kg.sources import SourceOptions

Sources = Annotated[
    list[Path],
    typer.Argument(
        metavar="PATH...",
        help="Shards that `extract` wrote; ontologies, databases or a table; or a folder that "
        "`export` wrote. Also .gz and .xz, and folders.",
    ),
]


def load(paths: Sources, options: SourceOptions, at: GraphOptions, as_json: Json = False) -> None:
    import abduce
    from abduce.cli.loaded import show_loaded
    from abduce.cli.progress import progress_bar
    from kg import UnreadableFileError
    from kg.loading.curated import kind_of

    # Before a folder is made for a graph that nothing would come into.
    if not any(path.exists() or path.is_symlink() for path in paths):
        raise UnreadableFileError(str(paths[0]), "", "there is no such file or folder")
    kind = options.format or kind_of(paths, options.mapping)
    with at.open(create=True) as graph, progress_bar("rows") as bar:
        said = {**dict(options), "format": kind}
        summary = abduce.load(graph, paths, on_progress=bar, **said)
    show_loaded(summary, as_json=as_json)
