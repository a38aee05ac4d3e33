"""An export back into a graph: an empty one becomes the graph that was exported."""

from __future__ import annotations

import hashlib
import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from kg.collecting import rare_collections
from kg.errors import BadRecordError, UnreadableFileError, UsageError
from kg.exporting.folder import MANIFEST, read_manifest
from kg.exporting.formats import format_named
from kg.exporting.kinds import MAX_VALUE
from kg.exporting.records import EdgeRecord, NodeRecord, Record
from kg.models import Model
from kg.store.graph import Graph
from kg.store.names import valid_label, valid_relationship_type
from kg.store.transaction import Transaction
from kg.versions import become_another, in_turn, mark_restoring

OnProgress = Callable[[int, int | None], None]

# While a restore goes on, the graph has this node: which export, and how many of its records.
MARK = "Restore"
# A command that restores keeps its own run, and the graph its version, before anything is there.
_LOG = ("GraphVersion", "Run")

_BATCH = 5000
_BATCH_CHARACTERS = 8_000_000  # a server holds all that a transaction changes in its memory
_BEGUN = f"MATCH (m:{MARK}) RETURN m.export AS export, m.done AS done"
_CONTENT = f"MATCH (n) WHERE NOT (n:{MARK} OR n:GraphVersion OR n:Run) RETURN count(n) AS n"
_BEGIN = f"MERGE (m:{MARK} {{id: 'restore'}}) SET m.export = $export, m.done = 0"
_DONE = f"MATCH (m:{MARK}) SET m.done = $done"
_END = f"MATCH (m:{MARK}) DETACH DELETE m"


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
    restorer = _Restorer(graph, folder)
    records = itertools.islice(source.read(folder, manifest), done, None)
    for batch in _batched(records):
        done = restorer.write(batch, done)
        if on_progress is not None:
            on_progress(done, manifest.records)
    if done != manifest.records:
        reason = f"promises {manifest.records} nodes and edges, and the files hold {done}"
        raise UnreadableFileError(str(folder / MANIFEST), "", reason)
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
    graph.ensure_schema(())
    in_turn(graph, partial(_mark, export=export), half_restored=True)
    return 0


class _Restorer:
    def __init__(self, graph: Graph, folder: Path) -> None:
        self._graph = graph
        self._folder = folder
        self._types: set[str] = set()

    def write(self, batch: Sequence[Record], done: int) -> int:
        """Write records in one transaction, and return how many are in the graph now."""
        self._prepare(batch)
        after = done + len(batch)
        work = partial(_write, batch=batch, done=done, folder=self._folder)
        in_turn(self._graph, work, half_restored=True)
        return after

    def _prepare(self, batch: Iterable[Record]) -> None:
        """Give the graph the indexes of entity types before the first entity of each."""
        new = {
            label
            for record in batch
            if isinstance(record, NodeRecord) and record.labels[:1] == ("Entity",)
            for label in record.labels[1:]
        } - self._types
        if new:
            self._graph.ensure_schema(sorted(new))
            self._types |= new


def _write(transaction: Transaction, batch: Sequence[Record], done: int, folder: Path) -> None:
    marked = transaction.run(_BEGUN)
    if not marked or marked[0]["done"] not in (done, done + len(batch)):
        raise UsageError(f"another restore of {folder} goes on in this graph: let it end")
    if marked[0]["done"] != done:
        return  # the server went away after it had taken this batch, and before it said so
    nodes, edges = _grouped(batch)
    for labels, rows in nodes.items():
        _create_nodes(transaction, labels, rows)
    for (type_, start, end), rows in edges.items():
        created = _create_edges(transaction, type_, start, end, rows)
        if created != len(rows):
            raise _lost_ends(transaction, folder, type_, ((start, end), rows))
    transaction.run(_DONE, done=done + len(batch))


def _mark(transaction: Transaction, export: str) -> None:
    transaction.run(_BEGIN, export=export)
    mark_restoring(transaction, going_on=True)


def _end(transaction: Transaction) -> None:
    transaction.run(_END)
    mark_restoring(transaction, going_on=False)
    become_another(transaction)


def _grouped(batch: Iterable[Record]) -> tuple[dict[Any, Any], dict[Any, Any]]:
    nodes: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    edges: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for record in batch:
        if isinstance(record, EdgeRecord):
            row = {"start": record.start, "end": record.end, "properties": record.properties}
            edges[record.type, record.start_label, record.end_label].append(row)
        else:
            nodes[record.labels].append(record.properties)
    return nodes, edges


def _create_nodes(
    transaction: Transaction, labels: Sequence[str], rows: list[dict[str, Any]]
) -> None:
    if labels[0] in _LOG:
        transaction.merge_nodes(labels, rows, replace=True)
        return
    every = ":".join(map(valid_label, labels))
    statement = f"UNWIND $rows AS row CREATE (n:{every} {{id: row.id}}) SET n = row"
    transaction.rows(statement, rows)


def _create_edges(
    transaction: Transaction, type_: str, start: str, end: str, rows: list[dict[str, Any]]
) -> int:
    statement = (
        f"UNWIND $rows AS row MATCH (a:{valid_label(start)} {{id: row.start}}) "
        f"MATCH (b:{valid_label(end)} {{id: row.end}}) "
        f"CREATE (a)-[r:{valid_relationship_type(type_)}]->(b) SET r = row.properties "
        "RETURN count(r) AS n"
    )
    return int(transaction.rows(statement, rows)[0]["n"])


def _lost_ends(
    transaction: Transaction,
    folder: Path,
    type_: str,
    edges: tuple[tuple[str, str], list[dict[str, Any]]],
) -> BadRecordError:
    labels, rows = edges
    for label, side in zip(labels, ("start", "end"), strict=True):
        ids = sorted({row[side] for row in rows})
        query = f"UNWIND $ids AS id MATCH (n:{label} {{id: id}}) RETURN id"
        there = Counter(row["id"] for row in transaction.run(query, ids=ids))
        for id_ in ids:
            if there[id_] != 1:
                reason = (
                    f"an edge {type_} needs one node {label} of this id, there are {there[id_]}"
                )
                return BadRecordError(str(folder), repr(id_), reason)
    return BadRecordError(str(folder), type_, "edges could not be written")


def _batched(records: Iterable[Record]) -> Iterator[list[Record]]:
    batch: list[Record] = []
    characters = 0
    for record in records:
        characters += _check(record)
        batch.append(record)
        if len(batch) >= _BATCH or characters >= _BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def _check(record: Record) -> int:
    """Return about how many characters a record has."""
    characters = 0
    labels = getattr(record, "labels", ("edge",))
    id_ = record.properties.get("id", "")
    if isinstance(record, NodeRecord) and not (labels and isinstance(id_, str) and id_):
        raise BadRecordError("an export", str(labels), "a node without a label or an id")
    for name, value in record.properties.items():
        size = sum(map(_size, value)) if isinstance(value, list) else _size(value)
        if size > MAX_VALUE:
            reason = f"property {name!r} has {size} characters, and {MAX_VALUE} are allowed"
            raise BadRecordError("an export", str(id_), reason)
        characters += size
    return characters


def _size(value: object) -> int:
    return len(value) if isinstance(value, str) else 8
