"""Parquet: one file for each label set and each kind of edge; the native form, nothing is lost."""

from __future__ import annotations

import itertools
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from kg.archive.folder import Manifest, inner_path
from kg.archive.formats import Options, stored_tables
from kg.archive.records import EdgeBlock, NodeRecord, Record
from kg.archive.rows import END, START
from kg.archive.tables import StoredTable, Tables, arrow_type
from kg.errors import BadRecordError, UnreadableFileError

_ROWS = 5000  # read at once, as many as a restore writes
_MAX_GROUP = 2**31  # bytes of a row group, unpacked


def write(records: Iterable[Record | EdgeBlock], folder: Path, options: Options) -> dict[str, Any]:
    """Write records into a folder, and return what the manifest has to remember."""
    stored = []
    with tempfile.TemporaryDirectory(dir=folder) as waiting:
        tables = Tables(Path(waiting))
        for record in records:
            tables.add(record)
        for table in tables.finish():
            path = folder / f"{table.stem}.parquet"
            path.parent.mkdir(exist_ok=True)
            level = 9 if options.compress else 1
            with pq.ParquetWriter(
                path, table.schema, compression="zstd", compression_level=level
            ) as writer:
                for part in table.parts():
                    writer.write_table(part)
            stored.append(table.stored(f"{table.stem}.parquet"))
    return {"tables": [table.model_dump(exclude_defaults=True) for table in stored]}


def read(folder: Path, manifest: Manifest) -> Iterator[Record | EdgeBlock]:
    """Yield the records that `write` wrote, edges in blocks.

    Raises:
        UnreadableFileError: a file is no Parquet, or has other columns.
    """
    for table in stored_tables(folder, manifest):
        path = inner_path(folder, table.file)
        try:
            yield from _records(path, table)
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise UnreadableFileError(str(path), "", f"is no Parquet of ours: {error}") from error


def _records(path: Path, table: StoredTable) -> Iterator[Record | EdgeBlock]:
    ends = [] if table.labels else [START, END]
    kinds = dict.fromkeys(ends, "string") | table.kinds
    with pq.ParquetFile(path) as file:
        if file.schema_arrow.names != list(kinds):
            raise UnreadableFileError(str(path), "", "has other columns than the manifest says")
        for field in file.schema_arrow:
            if not field.type.equals(arrow_type(kinds[field.name])):
                reason = f"has {field.type}, and the manifest says {kinds[field.name]}"
                raise UnreadableFileError(str(path), repr(field.name), reason)
        for number in range(file.num_row_groups):
            if file.metadata.row_group(number).total_byte_size > _MAX_GROUP:
                raise UnreadableFileError(str(path), f"row group {number}", "is too large")
        for batch in file.iter_batches(_ROWS):
            if table.labels:
                yield from _nodes(batch, table)
            else:
                yield from _blocks(batch, table, str(path))


def _nodes(batch: pa.RecordBatch, table: StoredTable) -> Iterator[NodeRecord]:
    columns = [column.to_pylist() for column in batch.columns]
    for values in zip(*columns, strict=True):
        pairs = zip(table.kinds, values, strict=True)
        properties = {name: value for name, value in pairs if value is not None}
        yield NodeRecord(table.labels, properties)


def _blocks(batch: pa.RecordBatch, table: StoredTable, path: str) -> Iterator[EdgeBlock]:
    """Yield edges in blocks, one for each set of properties that some of them have."""
    if any(batch.column(name).null_count for name in (START, END)):
        raise BadRecordError(path, table.type, "an edge without a start or an end")
    starts, ends = (batch.column(name).to_pylist() for name in (START, END))
    columns = {name: batch.column(name).to_pylist() for name in table.kinds}
    partly = {name: column for name, column in columns.items() if None in column}
    whole = [name for name in columns if name not in partly]
    which = zip(*([v is not None for v in column] for column in partly.values()), strict=True)
    rows: dict[tuple[bool, ...], list[int]] = defaultdict(list)
    for number, there in enumerate(which if partly else itertools.repeat((), len(starts))):
        rows[there].append(number)
    for there, numbers in rows.items():
        names = [*whole, *itertools.compress(partly, there)]
        varying = {name: _taken(columns[name], numbers) for name in sorted(names)}
        yield EdgeBlock(
            table.type,
            table.start_label,
            table.end_label,
            _taken(starts, numbers),
            _taken(ends, numbers),
            {},
            varying,
        )


def _taken(values: list[Any], numbers: list[int]) -> list[Any]:
    if len(numbers) == len(values):
        return values
    return [values[number] for number in numbers]
