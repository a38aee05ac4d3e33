"""`abduce load`: annotation shards, curated sources and exports into a graph."""

from __future__ import annotations

from abduce.cli.options import Database, Graph, Json, User
from abduce.cli.source_options import (
    Date,
    Format,
    Licence,
    Mapping,
    SourceName,
    Sources,
    SourceVersion,
    Types,
    read_labels,
)


def load(
    paths: Sources,
    format_: Format = None,
    mapping: Mapping = None,
    source: SourceName = None,
    version: SourceVersion = None,
    licence: Licence = None,
    date: Date = None,
    types: Types = None,
    graph: Graph = None,
    user: User = None,
    database: Database = None,
    as_json: Json = False,
) -> None:
    """Load shards, curated sources or an export; what is there already is not doubled."""
    import abduce
    from abduce.cli.loaded import show_loaded
    from abduce.cli.progress import progress_bar
    from kg import UnreadableFileError
    from kg.curated import kind_of

    labels = read_labels(types or [])
    # Before a folder is made for a graph that nothing would come into.
    if not any(path.exists() or path.is_symlink() for path in paths):
        raise UnreadableFileError(str(paths[0]), "", "there is no such file or folder")
    kind = format_ or kind_of(paths, mapping)
    with (
        abduce.open_graph(graph, user=user, database=database, create=True) as opened,
        progress_bar("rows") as bar,
    ):
        summary = abduce.load(
            opened,
            paths,
            format=kind,
            mapping=mapping,
            source=source,
            version=version,
            licence=licence,
            date=date,
            types=labels,
            on_progress=bar,
        )
    show_loaded(summary, as_json=as_json)
