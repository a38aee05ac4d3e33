"""The verbs of `import abduce`. Each wires the other folders together, and holds nothing itself.

Heavy imports stand inside the functions, so that `import abduce` is light.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from extraction import BuildSummary, ExtractSummary, Pack, TextAnnotation
    from kg import Graph, Hypothesis, LoadSummary, Snapshot
    from kg.archive import RestoreSummary
    from kg.curated import CuratedSummary

OnProgress = Callable[[int, int | None], None]
OnSnapshot = Callable[["Snapshot"], None]


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
    `ABDUCE_CA_CERTIFICATE`), then from `abduce.toml` in the working folder.

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
    )


def extract_text(text: str, pack: str | Pack, title: str = "") -> TextAnnotation:
    """Read one text: its mentions, linked, and the evidence in its sentences.

    >>> import abduce
    >>> read = abduce.extract_text("Metformin treats type 2 diabetes.", "biomedicine")
    >>> [mention.text for mention in read.mentions]
    ['Metformin', 'type 2 diabetes']

    Raises:
        UnknownNameError: no such pack.
    """
    from extraction import extract_text as extract_text_

    return extract_text_(text, pack, title=title)


def extract(
    paths: Iterable[str | Path],
    pack: str | Pack,
    out: str | Path,
    *,
    limit: int | None = None,
    device: str = "auto",
    on_progress: OnProgress | None = None,
) -> ExtractSummary:
    """Read papers from files and write annotation shards into the folder `out`."""
    from extraction import extract as extract_

    return extract_(
        [Path(path) for path in paths],
        pack,
        Path(out),
        limit=limit,
        device=device,
        on_progress=on_progress,
    )


def load(
    graph: Graph,
    paths: Iterable[str | Path],
    *,
    format: str | None = None,  # noqa: A002
    mapping: str | Path | None = None,
    source: str | None = None,
    version: str | None = None,
    licence: str | None = None,
    date: str | None = None,
    types: Mapping[str, str] | None = None,
    on_progress: OnProgress | None = None,
) -> LoadSummary | CuratedSummary | RestoreSummary:
    """Load annotation shards, curated sources or an export into a graph; twice changes nothing.

    Args:
        graph: an open graph.
        paths: files, or folders of them.
        format: shards, export, or a format of curated sources (hetionet, kgx, obo, owl, skos, rdf,
            table); told by the content where it is None.
        mapping: the TOML file that says what the columns of a table mean.
        source: the name of a curated source; another version of the name is replaced.
        version: its version; like the next two, what its content says where it is None.
        licence: its licence.
        date: its date, ISO 8601.
        types: label of the graph by what the source calls a type; `*` stands for all others.
        on_progress: called with how many papers or rows are done, and of how many if known.

    Raises:
        InputError: a curated source or an export that cannot be used as a whole.
        UsageError: no such format; an export, and the graph holds something already, or it is not
            alone; words about a source, and this is none.
    """
    from kg import load_shards
    from kg.archive import restore
    from kg.curated import EXPORT, SHARDS, kind_of, load_files

    every = [Path(path) for path in paths]
    table = None if mapping is None else Path(mapping)
    kind = format or kind_of(every, table)
    if kind in (SHARDS, EXPORT):
        _check_unnamed(every, kind, mapping, source, version, licence, date, types)
    if kind == SHARDS:
        return load_shards(graph, every, on_progress=on_progress)
    if kind == EXPORT:
        return restore(graph, _only(every), on_progress=on_progress)
    return load_files(
        graph,
        every,
        format=kind,
        mapping=table,
        name=source,
        version=version,
        licence=licence,
        date=date,
        types=types,
        on_progress=on_progress,
    )


def _check_unnamed(paths: list[Path], kind: str, *words: object) -> None:
    from kg import UsageError

    if any(words):
        raise UsageError(
            "a mapping, labels, and a name, version, licence or date are of curated sources; "
            f"{paths[0] if paths else 'this'} is loaded as {kind}, which says all that itself"
        )


def _only(paths: list[Path]) -> Path:
    from kg import UsageError

    if len(paths) != 1:
        raise UsageError("an export is loaded alone, into an empty graph: name one folder")
    return paths[0]


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
        [Path(path) for path in paths],
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


def propose(
    graph: Graph,
    relation: str,
    *,
    entity: str | None = None,
    top: int = 10,
    as_of: str | None = None,
    since: str | None = None,
    on_snapshot: OnSnapshot | None = None,
) -> list[Hypothesis]:
    """Propose claims that the graph does not hold, best first, and store them in it.

    Args:
        graph: an open graph.
        relation: a relation or an alias of one: NEGATIVE_CORRELATION, TREATS.
        entity: one end, by id, name or synonym; default: any.
        top: how many.
        as_of: only from what papers and sources said by the end of this year, month or day.
        since: only from what they have said since.
        on_snapshot: called with what is reasoned over; its `left_out` says what has no date.

    Raises:
        UnknownNameError: no such relation or entity; the message holds the nearest names.
        UsageError: a date is none, or the entity was not known in that time.
    """
    from reasoning import propose as propose_

    return propose_(
        graph,
        relation,
        entity=entity,
        top=top,
        as_of=as_of,
        since=since,
        on_snapshot=on_snapshot,
    )


def check(
    graph: Graph,
    subject: str,
    predicate: str,
    object: str,  # noqa: A002
    *,
    as_of: str | None = None,
    since: str | None = None,
    on_snapshot: OnSnapshot | None = None,
) -> Hypothesis:
    """Check one claim, and store it in the graph as a hypothesis with findings and verdict.

    `as_of`, `since` and `on_snapshot` are those of `propose`.

    Raises:
        UnknownNameError: no such entity or relation; the message holds the nearest names.
        UsageError: a date is none, or an entity was not known in that time.
    """
    from reasoning import check as check_

    return check_(
        graph, subject, predicate, object, as_of=as_of, since=since, on_snapshot=on_snapshot
    )


def explain(graph: Graph, hypothesis_id: str) -> Hypothesis:
    """Return a stored hypothesis with its paths, sentences, findings and verdict.

    Raises:
        UnknownNameError: the graph stores no such hypothesis.
    """
    from reasoning import explain as explain_

    return explain_(graph, hypothesis_id)
