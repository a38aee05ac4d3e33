"""Batches of an export into a graph, one transaction each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from kg.archive.restored import MARK, MARKED, Batch
from kg.archive.restored_edges import EdgeStatement
from kg.errors import BadRecordError, QueryError, UsageError
from kg.store.graph import Graph
from kg.store.names import valid_label
from kg.store.transaction import Transaction
from kg.versions import exclusive_write

BEGUN = f"MATCH (m:{MARK} {{id: '{MARKED}'}}) RETURN m.export AS export, m.done AS done"
_DONE = f"MATCH (m:{MARK} {{id: '{MARKED}'}}) SET m.done = $done"
# A command that restores keeps its own run, and the graph its version, before anything is there.
_LOG = ("GraphVersion", "Run")
# 5,000 nodes of a label without an index, and 10,000 edges between them, took 81 s.
_INDEX = "CREATE INDEX %s_id IF NOT EXISTS FOR (n:%s) ON (n.id)"
_TAKEN = "Neo.ClientError.Schema.ConstraintValidationFailed"


def fill(graph: Graph, folder: Path, batches: Iterable[Batch]) -> Iterator[int]:
    """Write batches, each in one transaction, and yield how many records are in the graph then.

    Raises:
        BadRecordError: an end of an edge is not there, or an id twice.
        UsageError: another restore goes on in the graph.
        StoreError: what the server said.
    """
    known: set[str] = set()
    for batch in batches:
        if batch.types - known:  # the indexes of a type, before the first entity of it
            graph.ensure_schema(sorted(batch.types - known), search=False)
        for label in sorted(batch.others - known):
            graph.write(_INDEX % (valid_label(label), label))
        known |= batch.types | batch.others
        try:
            exclusive_write(graph, partial(_write, batch=batch, folder=folder), half_restored=True)
        except QueryError as error:
            if getattr(error.__cause__, "code", "") != _TAKEN:
                raise
            raise _twin(graph, batch, folder) from error
        yield batch.before + batch.records


def _write(transaction: Transaction, batch: Batch, folder: Path) -> None:
    marked = transaction.run(BEGUN)
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


def _twin(graph: Graph, batch: Batch, folder: Path) -> BadRecordError:
    for labels, rows in batch.nodes.items():
        ids = Counter(row["id"] for row in rows)
        query = f"UNWIND $ids AS id MATCH (n:{labels[0]} {{id: id}}) RETURN id"
        ids.update(row["id"] for row in graph.read(query, ids=sorted(ids)))
        for id_, times in ids.items():
            if times > 1:
                reason = f"is the id of {times} nodes {labels[0]}, and an id is unique"
                return BadRecordError(str(folder), repr(id_), reason)
    return BadRecordError(str(folder), "", "two nodes have one id, and an id is unique")
