"""The verbs of `import abduce` that keep a graph: out to files, and back. See `abduce.api`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg import Graph
    from kg.archive import RestoreSummary
    from kg.asking import Answer
    from kg.exporting import ExportSummary
    from kg.forgetting import ForgetSummary, SourceForgotten
    from kg.lexicon import FoundEntity
    from kg.resolving import Merge, Refusal, ResolveSummary
    from kg.runs import Run

OnProgress = Callable[[int, int | None], None]


def export(
    graph: Graph,
    path: str | Path,
    format: str = "parquet",  # noqa: A002
    *,
    compress: bool = False,
    reify: bool = False,
    on_progress: OnProgress | None = None,
) -> ExportSummary:
    """Write a graph into a new folder; `restore` makes the same graph of parquet and neo4j-admin.

    Args:
        graph: an open graph.
        path: the folder to make.
        format: parquet or neo4j-admin (the whole graph), or kgx, kgx-jsonl, rdf or graphml (what
            these have words for).
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


def restore(
    graph: Graph, path: str | Path, *, on_progress: OnProgress | None = None
) -> RestoreSummary:
    """Fill an empty graph with what `export` wrote; killed and run again, it goes on.

    Raises:
        UsageError: the graph holds something already.
        UnreadableFileError: this is no export, or its files have changed.
    """
    from kg.archive import restore as restore_

    return restore_(graph, path, on_progress=on_progress)


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


def forget_source(
    graph: Graph, name: str, *, on_progress: OnProgress | None = None
) -> SourceForgotten:
    """Take a curated source out: afterwards the graph is the one that never had it.

    Raises:
        UnknownNameError: the graph has no such source.
    """
    from kg.forgetting import forget_source as forget_source_

    return forget_source_(graph, name, on_progress=on_progress)


def runs(graph: Graph, *, limit: int = 100) -> list[Run]:
    """Return the last runs: who changed the graph, when, with what, and what came of it."""
    from kg.runs import list_runs

    return list_runs(graph, limit)


def resolve(
    graph: Graph, *, dry_run: bool = False, on_progress: OnProgress | None = None
) -> ResolveSummary:
    """Merge what is surely one thing, by rules that say why, and list what may be.

    Args:
        graph: an open graph.
        dry_run: only say what would be merged.
        on_progress: called with how many merges are made, and of how many.
    """
    from kg.resolving import resolve as resolve_

    return resolve_(graph, dry_run=dry_run, on_progress=on_progress)


def merge(graph: Graph, absorbed: str, into: str, *, why: str = "") -> Merge:
    """Merge one entity into another, as a person decides; both by id, name or synonym.

    Raises:
        UnknownNameError: no such entity; the message holds the nearest names.
        UsageError: they are one already, or of different types.
    """
    from kg.resolving import merge_entities

    ids = _two_ids(graph, absorbed, into)
    return merge_entities(graph, *ids, rule="person", why=why)


def undo_merge(graph: Graph, absorbed: str, *, never: bool = False, why: str = "") -> Merge:
    """Take back that an id was merged: the graph becomes what it would be without that.

    Args:
        graph: an open graph.
        absorbed: the id.
        never: no rule makes the merge again.
        why: the reason for that.

    Raises:
        UnknownNameError: no merge of that id is recorded.
    """
    from kg.resolving import undo_merge as undo_merge_

    return undo_merge_(graph, absorbed, never=never, why=why)


def keep_apart(graph: Graph, one: str, other: str, *, why: str = "") -> Refusal:
    """Say that two entities are not one thing; both by id, name or synonym.

    No rule merges them from now on, and `resolve` does not ask about them again.

    Raises:
        UnknownNameError: no such entity; the message holds the nearest names.
        UsageError: they are one.
    """
    from kg.resolving import keep_apart as keep_apart_

    return keep_apart_(graph, *_two_ids(graph, one, other), why=why)


def undo_apart(graph: Graph, one: str, other: str) -> list[Refusal]:
    """Take back that two entities are not one thing, and return what was recorded.

    Both by id, name or synonym; ids that were kept apart may have left the graph since.

    Raises:
        UnknownNameError: no such entity; the message holds the nearest names.
        UsageError: nothing keeps the two apart.
    """
    from kg.resolving import list_apart
    from kg.resolving import undo_apart as undo_apart_

    recorded = {frozenset((refusal.one, refusal.other)) for refusal in list_apart(graph)}
    ids = (one, other) if {one, other} in recorded else _two_ids(graph, one, other)
    return undo_apart_(graph, *ids)


def kept_apart(graph: Graph) -> list[Refusal]:
    """Return what was said not to be one thing, each with the reason that was given."""
    from kg.resolving import list_apart

    return list_apart(graph)


def merges(graph: Graph) -> list[Merge]:
    """Return all merges that a graph records, each with the rule and the reason."""
    from kg.resolving import list_merges

    return list_merges(graph)


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


def ask(graph: Graph, question: str, /, **parameters: Any) -> Answer:
    """Ask one of the ready questions (`abduce ask` lists them); its rows are in `Answer.rows`.

    Raises:
        UnknownNameError: no such question, parameter, entity, paper, relation or type.
        UsageError: a parameter is missing, or has another form.
    """
    from kg.asking import ask as ask_

    return ask_(graph, question, **parameters)


def _two_ids(graph: Graph, one: str, other: str) -> tuple[str, str]:
    from kg import UsageError, find_entity

    ids = (find_entity(graph, one).id, find_entity(graph, other).id)
    if ids[0] == ids[1]:
        raise UsageError(f"{one} and {other} are one entity already, {ids[0]}")
    return ids
