"""Records as typed tables, one for each label set and each kind of edge, in bounded memory.

The columns of a table are known only when its last record has come, so rows wait on disk (Arrow
IPC) until then. A name has one kind in a table: records in which it has another kind make a
second table of the same label set.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import pyarrow as pa

from kg.exporting.kinds import EMPTY, SCALARS, kind_of
from kg.exporting.records import EdgeRecord, NodeRecord, Record
from kg.models import Model

START, END = ":start", ":end"  # no property has such a name

_FIRST_ROWS = 64
_MOST_ROWS = 50_000
_PART_BYTES = 32 * 2**20  # a part of a table in memory, about
_COMPRESSION = pa.ipc.IpcWriteOptions(compression="lz4")

_ARROW = {
    "string": pa.string(),
    "boolean": pa.bool_(),
    "long": pa.int64(),
    "double": pa.float64(),
}

Kinds: TypeAlias = dict[str, str]  # by column, sorted
Columns: TypeAlias = dict[str, list[Any]]  # by name: values, None where a row has none


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
        self._waiting: dict[Any, _Waiting] = {}

    def add(self, record: Record) -> None:
        """Add a record to the table that it belongs to."""
        kind = (
            record.labels if isinstance(record, NodeRecord) else (record[0], record[1], record[3])
        )
        waiting = self._waiting.get(kind)
        if waiting is None:
            waiting = self._waiting[kind] = _Waiting(_key(record))
        waiting.rows.append(record)
        if len(waiting.rows) >= waiting.limit:
            self._store(waiting)

    def finish(self) -> Iterator[Table]:
        """Yield the tables, those of nodes first, each in the order of its records."""
        for waiting in self._waiting.values():
            self._store(waiting)
        for key in sorted(self._found, key=lambda key: (not key.labels, key)):
            for growing in self._found[key]:
                yield growing.finish(key)

    def _store(self, waiting: _Waiting) -> None:
        key, rows, waiting.rows = waiting.key, waiting.rows, []
        if not rows:
            return
        tables = self._found.setdefault(key, [])
        for number, part, kinds, columns in _by_table(rows, tables):
            if number == len(tables):
                tables.append(_Growing(self._folder / f"{key.name}.{number}", number))
            size = tables[number].store(part, kinds, columns)
            share = max(1, size // len(part))
            waiting.limit = min(_MOST_ROWS, max(1, _PART_BYTES // share))


class _Waiting:
    """Records of one key that are not on disk yet."""

    __slots__ = ("key", "limit", "rows")

    def __init__(self, key: TableKey) -> None:
        self.key = key
        self.limit = _FIRST_ROWS
        self.rows: list[Any] = []


class _Growing:
    """A table that is still written: segments on disk, each with more columns than the last."""

    def __init__(self, path: Path, number: int) -> None:
        self._path = path
        self._number = number
        self._segments: list[Path] = []
        self._writer: pa.ipc.RecordBatchFileWriter | None = None
        self._rows = 0
        self.kinds: Kinds = {}
        self._edges = False

    def store(self, rows: Sequence[Record], kinds: Kinds, columns: Columns) -> int:
        """Store rows whose properties are of these kinds, and return their size in bytes."""
        joined = self.kinds | {n: _joined(self.kinds.get(n), k) or k for n, k in kinds.items()}
        if joined != self.kinds or self._writer is None:
            self.kinds = dict(sorted(joined.items()))
            self._edges = isinstance(rows[0], EdgeRecord)
            self._writer = self._next_segment()
        table = self._arrow(rows, columns)
        self._writer.write_table(table)
        self._rows += len(rows)
        return int(table.nbytes)

    def finish(self, key: TableKey) -> Table:
        """Return the table."""
        if self._writer is not None:
            self._writer.close()
        return Table(key, self._number, self.kinds, self._rows, self._schema(), self._parts)

    def _next_segment(self) -> pa.ipc.RecordBatchFileWriter:
        if self._writer is not None:
            self._writer.close()
        path = self._path.with_name(f"{self._path.name}.{len(self._segments)}.arrow")
        self._segments.append(path)
        return pa.ipc.new_file(path, self._schema(), options=_COMPRESSION)

    def _schema(self) -> pa.Schema:
        ends = [(START, pa.string()), (END, pa.string())] if self._edges else []
        return pa.schema([*ends, *((name, arrow_type(kind)) for name, kind in self.kinds.items())])

    def _arrow(self, rows: Sequence[Any], columns: Columns) -> pa.Table:
        given = dict(columns)
        if self._edges:
            given |= {START: [row.start for row in rows], END: [row.end for row in rows]}
        schema = self._schema()
        arrays = [
            pa.array(given[field.name], field.type)
            if field.name in given
            else pa.nulls(len(rows), field.type)
            for field in schema
        ]
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


def _key(record: Record) -> TableKey:
    if isinstance(record, NodeRecord):
        return TableKey(record.labels)
    return TableKey((), record.type, record.start_label, record.end_label)


def _columns(rows: Sequence[Record]) -> Columns:
    """Return, by name, the value of a property in each row, None where it is not."""
    every = [row.properties for row in rows]
    names = dict.fromkeys(itertools.chain.from_iterable(every))
    return {name: [row.get(name) for row in every] for name in names}


def _by_table(
    rows: Sequence[Record], tables: Sequence[_Growing]
) -> Iterator[tuple[int, Sequence[Record], Kinds, Columns]]:
    """Yield the number of a table, its rows, kinds, columns: nearly always one table for all."""
    columns = _columns(rows)
    kinds = {name: _only(_kinds(values)) for name, values in columns.items()}
    if None in kinds.values():
        yield from _row_by_row(rows, tables)
        return
    one: Kinds = {name: kind for name, kind in kinds.items() if kind}
    number = next((n for n, table in enumerate(tables) if _fit(table.kinds, one)), len(tables))
    yield number, rows, one, columns


def _row_by_row(
    rows: Sequence[Record], tables: Sequence[_Growing]
) -> Iterator[tuple[int, Sequence[Record], Kinds, Columns]]:
    known: list[Kinds] = [table.kinds for table in tables]
    parts: dict[int, tuple[list[Record], Kinds]] = {}
    for row in rows:
        kinds = {name: kind_of(value) for name, value in row.properties.items()}
        number = next((n for n, kept in enumerate(known) if _fit(kept, kinds)), len(known))
        kept = known[number] if number < len(known) else {}
        joined = {name: _joined(kept.get(name), kind) or kind for name, kind in kinds.items()}
        known[number : number + 1] = [kept | joined]
        part, of_part = parts.setdefault(number, ([], {}))
        part.append(row)
        of_part.update(joined)
    for number in sorted(parts):
        part, of_part = parts[number]
        yield number, part, of_part, _columns(part)


def _kinds(values: Sequence[Any]) -> set[str]:
    types = set(map(type, values))
    types.discard(type(None))
    if list not in types:
        return {SCALARS[type_] for type_ in types}
    if types == {list}:  # millions of lists come through here, of few kinds
        items = {type(value[0]) if value else None for value in values if value is not None}
        return {f"{SCALARS[item]}[]" if item else EMPTY for item in items}
    return {kind_of(value) for value in values if value is not None}


def _only(kinds: set[str]) -> str | None:
    """Return the one kind that all of these are; None if there is none."""
    joined: str | None = None
    for kind in sorted(kinds):
        joined = _joined(joined, kind)
        if joined is None:
            return None
    return joined


def _fit(known: Kinds, kinds: Kinds) -> bool:
    return all(_joined(known.get(name), kind) for name, kind in kinds.items())


def _joined(known: str | None, kind: str) -> str | None:
    """Return the kind of a column that takes both; None if there is none."""
    if known is None or known == kind:
        return kind
    if known == EMPTY and kind.endswith("[]"):
        return kind
    if kind == EMPTY and known.endswith("[]"):
        return known
    return None
