"""Functions of `import abduce` that wire the other folders together, and hold nothing themselves.

The verbs that are a function of one other folder as they stand are named in `abduce.verbs` alone.
Heavy imports stand inside the functions, so that `import abduce` is light.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

if TYPE_CHECKING:
    from extraction import BuildSummary, Pack
    from kg import Graph, LoadSummary
    from kg.archive import RestoreSummary
    from kg.exporting import ExportSummary
    from kg.forgetting import ForgetSummary
    from kg.lexicon import FoundEntity
    from kg.loading.curated import CuratedSummary
    from kg.resolving import Candidate, Distinct, Merge

OnProgress = Callable[[int, int | None], None]


class SourceKeywords(TypedDict, total=False):
    """Keywords of `kg.sources.SourceOptions`, which says what each means, for a type checker."""

    format: str | None
    mapping: str | Path | None
    source: str | None
    version: str | None
    licence: str | None
    date: str | None
    types: Mapping[str, str] | None


def open_graph(
    where: str | Path | None = None,
    *,
    user: str | None = None,
    password: str | None = None,
    database: str | None = None,
    create: bool = False,
) -> Graph:
    """Open a graph: a folder (the embedded store) or a Bolt address (a Neo4j server).

    What is not given comes from the environment (`ABDUCE_GRAPH`, `ABDUCE_USER`,
    `ABDUCE_PASSWORD`, `ABDUCE_DATABASE`, and `ABDUCE_READ_USER`, `ABDUCE_READ_PASSWORD`,
    `ABDUCE_CA_CERTIFICATE`, `ABDUCE_WHO`), then from `abduce.toml` in the working folder.

    >>> import abduce, tempfile
    >>> folder = tempfile.mkdtemp()
    >>> with abduce.open_graph(folder, create=True) as graph:
    ...     graph.read("RETURN 1 AS one")
    [{'one': 1}]

    Raises:
        UsageError: no graph is named anywhere.
        GraphNotFoundError: the folder holds no graph, and `create` was not given.
        StoreUnavailableError: no server answers there.
    """
    from abduce.settings import read_connection
    from kg import open_graph as open_

    connection = read_connection(None if where is None else str(where), user, database)
    return open_(
        connection.where,
        user=connection.user,
        password=connection.password if password is None else password,
        create=create,
        database=connection.database,
        read_user=connection.read_user,
        read_password=connection.read_password,
        ca_certificate=connection.ca_certificate,
        who=connection.who,
    )


def load(
    graph: Graph,
    paths: Iterable[str | Path],
    *,
    on_progress: OnProgress | None = None,
    **options: Unpack[SourceKeywords],
) -> LoadSummary | CuratedSummary | RestoreSummary:
    """Load annotation shards, curated sources or an export into a graph; twice changes nothing.

    Args:
        graph: an open graph.
        paths: files, or folders of them.
        on_progress: called with how many papers or rows are done, and of how many if known.
        options: what the files are (`format`, else told by the content), and of curated sources
            `mapping`, `source`, `version`, `licence`, `date` and `types`: see
            `kg.sources.SourceOptions`. Another version of a source replaces the one that is there.

    Raises:
        InputError: a curated source or an export that cannot be used as a whole.
        UsageError: no such format; an export, and the graph holds something already, or it is not
            alone; words about a source, and this is none.
        UnknownNameError: no such option.
    """
    from kg import UnknownNameError, UsageError, load_shards
    from kg.archive import restore
    from kg.loading.curated import EXPORT, SHARDS, kind_of, load_files
    from kg.sources import SourceOptions

    for name in options:
        if name not in SourceOptions.model_fields:
            raise UnknownNameError("option of a source", name, SourceOptions.model_fields)
    every = [Path(path) for path in paths]
    said = SourceOptions(**options)
    kind = said.format or kind_of(every, said.mapping)
    if kind not in (SHARDS, EXPORT):
        named = said.model_copy(update={"format": kind})
        return load_files(graph, every, named, on_progress=on_progress)
    if said.describes:
        raise UsageError(
            "a mapping, labels, and a name, version, licence or date are of curated sources; "
            f"{every[0] if every else 'this'} is loaded as {kind}, which says all that itself"
        )
    if kind == SHARDS:
        return load_shards(graph, every, on_progress=on_progress)
    if len(every) != 1:
        raise UsageError("an export is loaded alone, into an empty graph: name one folder")
    return restore(graph, every[0], on_progress=on_progress)


def build(
    paths: Iterable[str | Path],
    pack: str | Pack,
    graph: Graph,
    *,
    shards: str | Path | None = None,
    limit: int | None = None,
    device: str = "auto",
    fresh: bool = False,
    on_progress: OnProgress | None = None,
) -> BuildSummary:
    """Read papers from files and put what they claim into a graph.

    Args:
        paths: files or folders of papers.
        pack: the name of an installed pack, a pack's folder, or a pack.
        graph: an open graph.
        shards: where the annotation shards stay; default: beside the graph.
        limit: read so many papers and no more.
        device: where the model runs: auto, cpu or cuda.
        fresh: forget what was read before, and read all again.
        on_progress: called with how many papers are done, and of how many if known.
    """
    from abduce.settings import shards_folder
    from extraction import build as build_

    return build_(
        paths,
        pack,
        graph,
        shards_folder(graph.where) if shards is None else Path(shards),
        limit=limit,
        device=device,
        fresh=fresh,
        on_progress=on_progress,
    )


def query(graph: Graph, cypher: str, /, **params: Any) -> list[dict[str, Any]]:
    """Ask a graph in Cypher; the server refuses every write.

    Raises:
        QueryError: the query is wrong.
        WriteRefusedError: the query writes.
    """
    return graph.read(cypher, **params)


def find(
    graph: Graph, text: str, *, types: Sequence[str] = (), limit: int = 10
) -> list[FoundEntity]:
    """Return the entities that a text may name, the likeliest first, also where it is misspelt.

    Args:
        graph: an open graph.
        text: an id, a name, a synonym, or what looks like one.
        types: only entities of these types, by label or alias.
        limit: how many at most.

    Raises:
        UnknownNameError: the graph has no such type.
    """
    from kg.asking import find_type
    from kg.lexicon import find_entities

    labels = [find_type(graph, name) for name in types]
    return find_entities(graph, text, types=labels, limit=limit)


def export(
    graph: Graph,
    path: str | Path,
    format: str = "parquet",  # noqa: A002
    *,
    compress: bool = False,
    reify: bool = False,
    on_progress: OnProgress | None = None,
) -> ExportSummary:
    """Write a whole graph into a new folder, from which `restore` makes the same graph.

    Args:
        graph: an open graph.
        path: the folder to make.
        format: parquet, kgx, kgx-jsonl, rdf, nanopub, graphml or neo4j-admin.
        compress: pack the files.
        reify: in RDF, reification instead of the triple terms of RDF 1.2.
        on_progress: called with how many nodes and edges are done, and of how many.

    Raises:
        UsageError: something is at `path` already.
        UnknownNameError: no such format.
    """
    from kg.exporting import export_graph

    return export_graph(
        graph, path, format, compress=compress, reify=reify, on_progress=on_progress
    )


def forget(
    graph: Graph, papers: Iterable[str] | Path, *, on_progress: OnProgress | None = None
) -> ForgetSummary:
    """Take papers out: afterwards the graph is the one that was never given them.

    Args:
        graph: an open graph.
        papers: ids, or (as a `pathlib.Path`) a file that lists retracted papers: the table of
            Retraction Watch, or ids one a line.
        on_progress: called with how many papers are done, and of how many.

    Raises:
        UnreadableFileError: the file cannot be used.
    """
    from kg.forgetting import forget_papers, read_retractions

    ids = read_retractions(papers) if isinstance(papers, Path) else papers
    return forget_papers(graph, ids, on_progress=on_progress)


def candidates(graph: Graph, *, on_progress: OnProgress | None = None) -> tuple[Candidate, ...]:
    """Return all that may be one thing, the likeliest first; nothing is merged."""
    from kg.resolving import resolve

    return resolve(graph, dry_run=True, on_progress=on_progress).candidates


def merge(graph: Graph, absorbed: str, into: str, *, why: str = "") -> Merge:
    """Merge one entity into another, as a person decides; both by id, name or synonym.

    Raises:
        UnknownNameError: no such entity; the message holds the nearest names.
        UsageError: they are one already, or of different types.
    """
    from kg.resolving import merge_entities

    return merge_entities(graph, *_two_ids(graph, absorbed, into), rule="person", why=why)


def keep_distinct(graph: Graph, one: str, other: str, *, why: str = "") -> Distinct:
    """Say that two entities are not one thing; both by id, name or synonym.

    No rule merges them from now on, and `resolve` does not ask about them again.

    Raises:
        UnknownNameError: no such entity; the message holds the nearest names.
        UsageError: they are one.
    """
    from kg.resolving import keep_distinct as keep_distinct_

    return keep_distinct_(graph, *_two_ids(graph, one, other), why=why)


def undo_distinct(graph: Graph, one: str, other: str) -> list[Distinct]:
    """Take back that two entities are not one thing, and return what was recorded.

    Both by id, name or synonym; ids that were kept distinct may have left the graph since.

    Raises:
        UnknownNameError: no such entity; the message holds the nearest names.
        UsageError: nothing keeps the two distinct.
    """
    from kg.resolving import list_distinct
    from kg.resolving import undo_distinct as undo_distinct_

    recorded = {frozenset((one_.one, one_.other)) for one_ in list_distinct(graph)}
    ids = (one, other) if {one, other} in recorded else _two_ids(graph, one, other)
    return undo_distinct_(graph, *ids)


def _two_ids(graph: Graph, one: str, other: str) -> tuple[str, str]:
    from kg import UsageError, find_entity

    ids = (find_entity(graph, one).id, find_entity(graph, other).id)
    if ids[0] == ids[1]:
        raise UsageError(f"{one} and {other} are one entity already, {ids[0]}")
    return ids
