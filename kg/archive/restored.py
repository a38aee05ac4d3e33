"""Records of an export, made ready for a server: checked, grouped, in batches of a transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from kg.archive import kinds
from kg.archive.records import EdgeBlock, EdgeRecord, NodeRecord, Record, size_of
from kg.archive.restored_edges import (
    EdgeStatement,
    cut,
    in_columns,
    is_sound,
    pieces,
    statements,
)
from kg.errors import BadRecordError
from kg.graph_schema import LABELS
from kg.store.names import properties

# While a restore goes on, the graph has such a node: which export, and how many of its records.
MARK = "Restore"
MARKED = "restore"


class Batch(NamedTuple):
    """What one transaction writes: so many records, after those that came before.

    `types` are those of its entities, `others` labels under which no schema makes ids unique;
    `nodes` are rows by their labels.
    """

    before: int
    records: int
    types: frozenset[str]
    others: frozenset[str]
    nodes: dict[tuple[str, ...], list[dict[str, Any]]]
    edges: list[EdgeStatement]


def batched(
    items: Iterable[Record | EdgeBlock], done: int, records: int, characters: int
) -> Iterator[Batch]:
    """Yield what comes after the first `done` records in batches, each of so many at most.

    Raises:
        BadRecordError: a node without a label or an id, or a value that is too large.
        PropertyError: a name or a value that a graph cannot hold.
    """
    waiting: list[Record | EdgeBlock] = []
    before, rows, size = done, 0, 0
    for item, characters_of in _pieces(_after(items, done), records, characters):
        rows_of = size_of(item)
        if waiting and (rows + rows_of > records or size + characters_of > characters):
            yield _batch(waiting, before, rows)
            waiting, before, rows, size = [], before + rows, 0, 0
        waiting.append(item)
        rows += rows_of
        size += characters_of
    if waiting:
        yield _batch(waiting, before, rows)


def _after(items: Iterable[Record | EdgeBlock], done: int) -> Iterator[Record | EdgeBlock]:
    for item in items:
        rows = size_of(item)
        if done < rows:
            yield cut(item, done) if isinstance(item, EdgeBlock) else item
        done = max(0, done - rows)


def _pieces(
    items: Iterable[Record | EdgeBlock], records: int, characters: int
) -> Iterator[tuple[Record | EdgeBlock, int]]:
    for item in items:
        if isinstance(item, EdgeBlock):
            yield from pieces(item, records, characters)
        else:
            yield item, _checked(item)


def _batch(items: Iterable[Record | EdgeBlock], before: int, rows: int) -> Batch:
    nodes: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    edges: list[EdgeRecord] = []
    blocks: list[EdgeBlock] = []
    for item in items:
        if isinstance(item, NodeRecord):
            nodes[item.labels].append(properties(item.properties, item.properties["id"]))
        elif isinstance(item, EdgeBlock):
            blocks.append(item)
        else:
            edges.append(item)
    blocks.extend(in_columns(edges))
    for block in blocks:
        if not is_sound(block):
            _say_what_is_wrong(block)
    types = frozenset(label for labels in nodes if labels[0] == "Entity" for label in labels[1:])
    others = frozenset(labels[0] for labels in nodes) - set(LABELS)
    return Batch(before, rows, types, others, nodes, list(statements(blocks)))


def _say_what_is_wrong(block: EdgeBlock) -> None:
    for edge in block.records():
        _checked(edge)
        properties(edge.properties, f"an edge {edge.type} from {edge.start}")


def _checked(record: Record) -> int:
    """Return about how many characters a record has."""
    characters = 0
    id_ = record.properties.get("id", "")
    if isinstance(record, NodeRecord) and not (record.labels and isinstance(id_, str) and id_):
        raise BadRecordError("an export", str(record.labels), "a node without a label or an id")
    if isinstance(record, NodeRecord) and (record.labels[0], id_) == (MARK, MARKED):
        reason = "stands in a graph that is half restored: it has no place in an export"
        raise BadRecordError("an export", f"{MARK} {id_}", reason)
    for name, value in record.properties.items():
        size = sum(map(_size, value)) if isinstance(value, list) else _size(value)
        if size > kinds.MAX_VALUE:
            reason = f"property {name!r} has {size} characters, and {kinds.MAX_VALUE} are allowed"
            raise BadRecordError("an export", str(id_), reason)
        characters += size
    return characters


def _size(value: object) -> int:
    return len(value) if isinstance(value, str) else 8
