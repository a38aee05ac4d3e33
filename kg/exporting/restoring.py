"""An export back into a graph: an empty one becomes the graph that was exported."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from kg.ahead import ahead
from kg.collecting import rare_collections
from kg.errors import BadRecordError, UnreadableFileError, UsageError
from kg.exporting.folder import MANIFEST, read_manifest
from kg.exporting.formats import format_named
from kg.exporting.restored import Batch, batched
from kg.exporting.restored_edges import EdgeStatement
from kg.models import Model
from kg.store.graph import Graph
from kg.store.names import valid_label
from kg.store.transaction import Transaction
from kg.versions import become_another, in_turn, mark_restoring

OnProgress = Callable[[int, int | None], None]

# While a restore goes on, the graph has this node: which export, and how many of its records.
MARK = "Restore"
# A command that restores keeps its own run, and the graph its version, before anything is there.
_LOG = ("GraphVersion", "Run")

_BATCH = 5000
_BATCH_CHARACTERS = 8_000_000  # a server holds all that a transaction changes in its memory
_AHEAD = 2  # batches that are read and made ready while the server writes
_BEGUN = f"MATCH (m:{MARK} {{id: 'restore'}}) RETURN m.export AS export, m.done AS done"
_CONTENT = (
    f"MATCH (n) WHERE NOT (n:{MARK} AND n.id = 'restore' OR n:GraphVersion OR n:Run) "
    "RETURN count(n) AS n"
)
_BEGIN = f"MERGE (m:{MARK} {{id: 'restore'}}) SET m.export = $export, m.done = 0"
_DONE = f"MATCH (m:{MARK} {{id: 'restore'}}) SET m.done = $done"
_END = f"MATCH (m:{MARK} {{id: 'restore'}}) DETACH DELETE m"


class RestoreSummary(Model):
    """What a restored graph holds. `resumed` records were there from a run that was killed."""

    path: str
    format: str
    graph_version: int
    nodes: dict[str, int]
    edges: dict[str, int]
    resumed: int = 0


@rare_collections()
def restore(
    graph: Graph, path: Path | str, *, on_progress: OnProgress | None = None
) -> RestoreSummary:
    """Fill an empty graph with an export: afterwards `Graph.dump` is the one of the graph exported.

    A restore that was killed goes on where it stopped, when it is run again with the same export.

    Args:
        graph: where to; it holds nothing yet.
        path: a folder that `export_graph` wrote, in any format.
        on_progress: called with how many nodes and edges are done, and of how many.

    Raises:
        UsageError: the graph holds something already.
        UnreadableFileError: this is no export, or its files are not as they were.
        BadRecordError: a record of it cannot be; says where.
        PropertyError: a name or a value that a graph cannot hold.
        StoreError: what the server said.
    """
    folder = Path(path)
    manifest = read_manifest(folder)
    export = hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()
    source = format_named(manifest.format)
    resumed = done = _begin(graph, folder, export)
    batches = batched(source.read(folder, manifest), done, _BATCH, _BATCH_CHARACTERS)
    for done in _fill(graph, folder, ahead(batches, _AHEAD)):
        if on_progress is not None:
            on_progress(done, manifest.records)
    if done != manifest.records:
        reason = f"promises {manifest.records} nodes and edges, and the files hold {done}"
        raise UnreadableFileError(str(folder / MANIFEST), "", reason)
    graph.ensure_schema(())
    in_turn(graph, _end, half_restored=True)
    return RestoreSummary(
        path=str(path),
        format=manifest.format,
        graph_version=manifest.graph_version,
        nodes=manifest.nodes,
        edges=manifest.edges,
        resumed=resumed,
    )


def _begin(graph: Graph, folder: Path, export: str) -> int:
    """Mark the graph as being restored, and return how many records it has of this export."""
    begun = graph.read(_BEGUN)
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
    graph.ensure_schema((), search=False)  # Neo4j fills the index at once quicker, at the end
    in_turn(graph, partial(_mark, export=export), half_restored=True)
    return 0


def _fill(graph: Graph, folder: Path, batches: Iterable[Batch]) -> Iterator[int]:
    """Write batches, each in one transaction, and yield how many records are in the graph then."""
    types: set[str] = set()
    for batch in batches:
        if batch.types - types:  # the indexes of a type, before the first entity of it
            graph.ensure_schema(sorted(batch.types - types), search=False)
            types |= batch.types
        work = partial(_write, batch=batch, folder=folder)
        in_turn(graph, work, half_restored=True)
        yield batch.before + batch.records


def _write(transaction: Transaction, batch: Batch, folder: Path) -> None:
    marked = transaction.run(_BEGUN)
    before, after = batch.before, batch.before + batch.records
    if not marked or marked[0]["done"] not in (before, after):
        raise UsageError(f"another restore of {folder} goes on in this graph: let it end")
    if marked[0]["done"] != before:
        return  # the server went away after it had taken this batch, and before it said so
    for labels, rows in batch.nodes.items():
        _create_nodes(transaction, labels, rows)
    for edges in batch.edges:
        created = transaction.run(edges.cypher, **edges.parameters)[0]["n"]
        if created != edges.rows:
            raise _lost_ends(transaction, folder, edges)
    transaction.run(_DONE, done=after)


def _mark(transaction: Transaction, export: str) -> None:
    transaction.run(_BEGIN, export=export)
    mark_restoring(transaction, going_on=True)


def _end(transaction: Transaction) -> None:
    transaction.run(_END)
    mark_restoring(transaction, going_on=False)
    become_another(transaction)


def _create_nodes(
    transaction: Transaction, labels: Sequence[str], rows: list[dict[str, Any]]
) -> None:
    if labels[0] in _LOG:  # the version has the mark of a restore that goes on
        transaction.merge_nodes(labels, rows)
        return
    every = ":".join(map(valid_label, labels))
    transaction.run(f"UNWIND $rows AS row CREATE (n:{every} {{id: row.id}}) SET n = row", rows=rows)


def _lost_ends(transaction: Transaction, folder: Path, edges: EdgeStatement) -> BadRecordError:
    type_, start, end = edges.kind
    starts = {group[0] for group in edges.groups}
    ends = {row[0] for group in edges.groups for row in group[1]}
    for label, ids in ((start, starts), (end, ends)):
        query = f"UNWIND $ids AS id MATCH (n:{label} {{id: id}}) RETURN id"
        there = Counter(row["id"] for row in transaction.run(query, ids=sorted(ids)))
        for id_ in sorted(ids):
            if there[id_] != 1:
                reason = (
                    f"an edge {type_} needs one node {label} of this id, there are {there[id_]}"
                )
                return BadRecordError(str(folder), repr(id_), reason)
    return BadRecordError(str(folder), type_, "edges could not be written")
