"""Restore: an empty graph becomes the one that was exported."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from kg.archive.filling import BEGUN, fill
from kg.archive.folder import KIND, MANIFEST, Manifest, parse_manifest, read_manifest
from kg.archive.formats import RESTORED, archive_named, format_named
from kg.archive.records import counted, edges_of, nodes_of
from kg.archive.restored import MARK, MARKED, batched
from kg.errors import UnreadableFileError, UsageError
from kg.gc_threshold import raised_gc_threshold
from kg.models import Model
from kg.prefetch import prefetch
from kg.store.graph import Graph
from kg.store.transaction import Transaction
from kg.versions import become_another, exclusive_write, mark_restoring

OnProgress = Callable[[int, int | None], None]

_BATCH = 5000
_BATCH_CHARACTERS = 8_000_000  # a server holds all that a transaction changes in its memory
_AHEAD = 2  # batches that are read and made ready while the server writes
_CONTENT = (
    f"MATCH (n) WHERE NOT (n:{MARK} AND n.id = '{MARKED}' OR n:GraphVersion OR n:Run) "
    "RETURN count(n) AS n"
)
_BEGIN = f"MERGE (m:{MARK} {{id: '{MARKED}'}}) SET m.export = $export, m.done = 0"
_END = f"MATCH (m:{MARK} {{id: '{MARKED}'}}) DETACH DELETE m"


class RestoreSummary(Model):
    """What a restored graph holds. `resumed` records were there from a run that was killed."""

    path: str
    format: str
    graph_version: int
    nodes: dict[str, int]
    edges: dict[str, int]
    resumed: int = 0


@raised_gc_threshold()
def restore(
    graph: Graph, path: Path | str, *, on_progress: OnProgress | None = None
) -> RestoreSummary:
    """Fill an empty graph with an export: afterwards `Graph.dump` is the one of the graph exported.

    A restore that was killed goes on where it stopped, when it is run again with the same export.

    Args:
        graph: where to; it holds nothing yet.
        path: a folder that `export_graph` wrote, as Parquet or for neo4j-admin.
        on_progress: called with how many nodes and edges are done, and of how many.

    Raises:
        UsageError: the graph holds something already, or the export is for other tools.
        UnreadableFileError: this is no export, or its files are not as they were.
        BadRecordError: a record of it cannot be; says where.
        PropertyError: a name or a value that a graph cannot hold.
        StoreError: what the server said.
    """
    folder = Path(path)
    manifest = read_manifest(folder)
    export = hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()
    _refuse_other_formats(folder, manifest.format)
    archive = archive_named(manifest.format)
    resumed = done = _begin(graph, folder, manifest, export)
    counts: dict[Any, int] = {}
    records = counted(archive.read(folder, manifest), counts)
    batches = batched(records, done, _BATCH, _BATCH_CHARACTERS)
    for done in fill(graph, folder, prefetch(batches, _AHEAD)):
        if on_progress is not None:
            on_progress(done, manifest.records)
    _compare(folder, manifest, counts)
    graph.ensure_schema(())
    exclusive_write(graph, _end, half_restored=True)
    return RestoreSummary(
        path=str(path),
        format=manifest.format,
        graph_version=manifest.graph_version,
        nodes=manifest.nodes,
        edges=manifest.edges,
        resumed=resumed,
    )


def is_export(path: Path | str) -> bool:
    """Whether a path is a folder that a graph can be restored from.

    Raises:
        UsageError: `abduce export` wrote it for other tools.
    """
    folder = Path(path)
    if folder.name.removesuffix(".gz").endswith(".graphml") and folder.is_file():
        _refuse_other_formats(folder, "graphml")
    try:
        found = f'"{KIND}"' in (folder / MANIFEST).read_text(encoding="utf-8")[:200]
    except (OSError, ValueError):
        return False
    if found:
        _refuse_other_formats(folder, parse_manifest(folder).format)
    return found


def _refuse_other_formats(path: Path, name: str) -> None:
    if not format_named(name).restores:
        files = "the files of kgx and rdf can be loaded as a curated source: name them one by one"
        raise UsageError(
            f"{path} is {name}, written for other tools: a graph is restored from exports as "
            f"{' or '.join(RESTORED)} only (abduce export --format {RESTORED[-1]}); {files}"
        )


def is_half_restored(graph: Graph) -> bool:
    """Whether a restore of the graph has not come to its end."""
    return bool(graph.read(BEGUN))


def _compare(folder: Path, manifest: Manifest, counts: dict[Any, int]) -> None:
    """Refuse an export that holds something else than its manifest says."""
    for promised, held in ((manifest.nodes, nodes_of(counts)), (manifest.edges, edges_of(counts))):
        for what in sorted(promised | held):
            if promised.get(what, 0) != held.get(what, 0):
                reason = (
                    f"promises {promised.get(what, 0)} of {what}, and the files hold "
                    f"{held.get(what, 0)}: export once more, and restore that into an empty graph"
                )
                raise UnreadableFileError(str(folder / MANIFEST), "", reason)


def _begin(graph: Graph, folder: Path, manifest: Manifest, export: str) -> int:
    """Mark the graph as being restored, and return how many records it has of this export."""
    begun = graph.read(BEGUN)
    if begun and begun[0]["export"] == export:
        return int(begun[0]["done"])
    held = int(graph.read(_CONTENT)[0]["n"])
    if begun and held:
        raise UsageError(
            f"{graph.where} is half restored from another export than {folder}: run that restore "
            "again, or give an empty graph"
        )
    if held:
        raise UsageError(
            f"{graph.where} holds {held} nodes already, and an export is restored into an empty "
            "graph only: give another folder or database as --graph"
        )
    _refuse_one_name_for_both(graph, manifest)
    graph.ensure_schema((), search=False)  # Neo4j fills the index at once quicker, at the end
    exclusive_write(graph, partial(_mark, export=export), half_restored=True)
    return 0


def _refuse_one_name_for_both(graph: Graph, manifest: Manifest) -> None:
    """Refuse a label that is a relationship type too, where the server keeps both in one place."""
    if graph.server.name == "Neo4j":
        return
    types = {type_.casefold(): type_ for type_ in manifest.edges}
    for label in sorted({label for labels in manifest.nodes for label in labels.split(":")}):
        if label.casefold() in types:
            raise UsageError(
                f"{label!r} is a label of this export, and {types[label.casefold()]!r} a "
                f"relationship type, and {graph.where} cannot hold both: give one of them another "
                "name where it comes from, or restore into a Neo4j"
            )


def _mark(transaction: Transaction, export: str) -> None:
    transaction.run(_BEGIN, export=export)
    mark_restoring(transaction, going_on=True)


def _end(transaction: Transaction) -> None:
    transaction.run(_END)
    mark_restoring(transaction, going_on=False)
    become_another(transaction)
