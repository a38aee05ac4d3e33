"""Records as typed tables, one for each label set and each kind of edge, in bounded memory.

The columns of a table are known only when its last record has come, so rows wait on disk (Arrow
IPC) until then. A name has one kind in a table: records in which it has another kind make a
second table of the same label set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from kg.archive.kinds import EMPTY
from kg.archive.records import EdgeBlock, EdgeRecord, NodeRecord, Record
from kg.archive.rows import END, START, Kinds, Part, Same, WaitingBlocks, WaitingRows, joined
from kg.models import Model

_MOST_ROWS = 50_000
_PART_BYTES = 32 * 2**20  # a part of a table in memory, about
_COMPRESSION = pa.ipc.IpcWriteOptions(compression="lz4")

_ARROW = {
    "string": pa.string(),
    "boolean": pa.bool_(),
    "long": pa.int64(),
    "double": pa.float64(),
}


class TableKey(NamedTuple):
    """What the rows of a table are: nodes of a label set, or edges of a type between two labels."""

    labels: tuple[str, ...] = ()
    type: str = ""
    start_label: str = ""
    end_label: str = ""

    @property
    def name(self) -> str:
        """The name of its file: `Entity.Gene`, `Entity-TREATS-Entity`."""
        ends = (self.start_label, self.type, self.end_label)
        return ".".join(self.labels) if self.labels else "-".join(ends)


class StoredTable(Model):
    """What a manifest says of a table; `file` is its path in the folder."""

    file: str
    labels: tuple[str, ...] = ()
    type: str = ""
    start_label: str = ""
    end_label: str = ""
    kinds: Kinds

    def record(self, properties: dict[str, Any], start: str, end: str) -> Record:
        """Return the record of a row."""
        if self.labels:
            return NodeRecord(self.labels, properties)
        return EdgeRecord(self.type, self.start_label, start, self.end_label, end, properties)


class Table(NamedTuple):
    """A finished table: its columns in the order of their names, and its rows in parts."""

    key: TableKey
    number: int  # of several of this key
    kinds: Kinds
    rows: int
    schema: pa.Schema
    parts: Callable[[], Iterator[pa.Table]]

    @property
    def is_edges(self) -> bool:
        """Whether its rows are edges."""
        return not self.key.labels

    @property
    def stem(self) -> str:
        """The path of its file, without an ending."""
        folder = "nodes" if self.key.labels else "edges"
        return f"{folder}/{self.key.name}" + (f".{self.number}" if self.number else "")

    def stored(self, file: str) -> StoredTable:
        """Return what the manifest says of it, in this file."""
        return StoredTable(file=file, kinds=self.kinds, **self.key._asdict())


def arrow_type(kind: str) -> pa.DataType:
    """Return the type of a column that holds values of a kind."""
    if kind == EMPTY:
        return pa.list_(pa.string())
    return pa.list_(_ARROW[kind[:-2]]) if kind.endswith("[]") else _ARROW[kind]


class Tables:
    """Takes records one by one, and gives tables back.

    Args:
        folder: where rows wait; it is not emptied.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._found: dict[TableKey, list[_Growing]] = {}
        self._rows: dict[Any, tuple[TableKey, WaitingRows]] = {}
        self._blocks: dict[Any, tuple[TableKey, WaitingBlocks]] = {}

    def add(self, record: Record | EdgeBlock) -> None:
        """Add a record, or a block of them, to the table that it belongs to."""
        if isinstance(record, EdgeBlock):
            self._add_block(record)
            return
        kind = (
            record.labels if isinstance(record, NodeRecord) else (record[0], record[1], record[3])
        )
        found = self._rows.get(kind)
        if found is None:
            found = self._rows[kind] = _key(record), WaitingRows()
        key, waiting = found
        waiting.rows.append(record)
        if len(waiting.rows) >= waiting.limit:
            self._store(key, waiting)

    def _add_block(self, block: EdgeBlock) -> None:
        # What is the same in all rows of a block is nearly always the very same object in the next.
        kind = (*block[:3], id(block.same), *block.varying)
        if kind not in self._blocks:
            self._blocks[kind] = _key(block), WaitingBlocks(block)
        key, waiting = self._blocks[kind]
        waiting.add(block)
        if len(waiting.block.starts) >= waiting.limit:
            self._store(key, waiting)

    def finish(self) -> Iterator[Table]:
        """Yield the tables, those of nodes first, each in the order of its records."""
        for key, rows in self._rows.values():
            self._store(key, rows)
        for key, blocks in self._blocks.values():
            self._store(key, blocks)
        for key in sorted(self._found, key=lambda key: (not key.labels, key)):
            for growing in self._found[key]:
                yield growing.finish()

    def _store(self, key: TableKey, waiting: WaitingRows | WaitingBlocks) -> None:
        tables = self._found.setdefault(key, [])
        for part in waiting.taken([table.kinds for table in tables]):
            if part.number == len(tables):
                path = self._folder / f"{key.name}.{part.number}"
                tables.append(_Growing(path, key, part.number))
            size = tables[part.number].store(part)
            share = max(1, size // part.rows)
            waiting.limit = min(_MOST_ROWS, max(1, _PART_BYTES // share))


class _Growing:
    """A table that is still written: segments on disk, each with more columns than the last."""

    def __init__(self, path: Path, key: TableKey, number: int) -> None:
        self._path = path
        self._key = key
        self._number = number
        self._segments: list[Path] = []
        self._writer: pa.ipc.RecordBatchFileWriter | None = None
        self._rows = 0
        self.kinds: Kinds = {}

    def store(self, part: Part) -> int:
        """Store rows, and return their size in bytes."""
        kinds = self.kinds | {n: joined(self.kinds.get(n), k) or k for n, k in part.kinds.items()}
        if kinds != self.kinds or self._writer is None:
            self.kinds = dict(sorted(kinds.items()))
            self._writer = self._next_segment()
        table = self._arrow(part)
        self._writer.write_table(table)
        self._rows += part.rows
        return int(table.nbytes)

    def finish(self) -> Table:
        """Return the table."""
        if self._writer is not None:
            self._writer.close()
        return Table(self._key, self._number, self.kinds, self._rows, self._schema(), self._parts)

    def _next_segment(self) -> pa.ipc.RecordBatchFileWriter:
        if self._writer is not None:
            self._writer.close()
        path = self._path.with_name(f"{self._path.name}.{len(self._segments)}.arrow")
        self._segments.append(path)
        return pa.ipc.new_file(path, self._schema(), options=_COMPRESSION)

    def _schema(self) -> pa.Schema:
        ends = [(START, pa.string()), (END, pa.string())] if not self._key.labels else []
        return pa.schema([*ends, *((name, arrow_type(kind)) for name, kind in self.kinds.items())])

    def _arrow(self, part: Part) -> pa.Table:
        schema = self._schema()
        arrays = [_array(part.columns.get(f.name, Same(None)), f.type, part.rows) for f in schema]
        return pa.Table.from_arrays(arrays, schema=schema)

    def _parts(self) -> Iterator[pa.Table]:
        schema = self._schema()
        for path in self._segments:
            with pa.memory_map(str(path)) as source, pa.ipc.open_file(source) as reader:
                for number in range(reader.num_record_batches):
                    yield _widened(pa.Table.from_batches([reader.get_batch(number)]), schema)


def _widened(table: pa.Table, schema: pa.Schema) -> pa.Table:
    arrays = [
        table.column(field.name).cast(field.type)
        if field.name in table.column_names
        else pa.nulls(len(table), field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def _array(column: list[Any] | Same, type_: pa.DataType, rows: int) -> pa.Array:
    if isinstance(column, Same):
        return pa.repeat(pa.scalar(column.value, type_), rows)
    return pa.array(column, type_)


def _key(record: Record | EdgeBlock) -> TableKey:
    if isinstance(record, NodeRecord):
        return TableKey(record.labels)
    return TableKey((), record.type, record.start_label, record.end_label)
