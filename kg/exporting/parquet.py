"""Parquet: one file for each label set and each kind of edge; the native form, nothing is lost."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from kg.errors import UnreadableFileError
from kg.exporting.folder import Manifest, inner_path
from kg.exporting.formats import Options, stored_tables
from kg.exporting.records import EdgeBlock, Record
from kg.exporting.rows import END, START
from kg.exporting.tables import StoredTable, Tables

_ROWS = 2000  # read at once
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


def read(folder: Path, manifest: Manifest) -> Iterator[Record]:
    """Yield the records that `write` wrote.

    Raises:
        UnreadableFileError: a file is no Parquet, or has other columns.
    """
    for table in stored_tables(folder, manifest):
        path = inner_path(folder, table.file)
        try:
            yield from _rows(path, table)
        except (pa.ArrowException, OSError) as error:
            raise UnreadableFileError(str(path), "", f"is no Parquet of ours: {error}") from error


def _rows(path: Path, table: StoredTable) -> Iterator[Record]:
    ends = [] if table.labels else [START, END]
    with pq.ParquetFile(path) as file:
        if file.schema_arrow.names != [*ends, *table.kinds]:
            raise UnreadableFileError(str(path), "", "has other columns than the manifest says")
        for number in range(file.num_row_groups):
            if file.metadata.row_group(number).total_byte_size > _MAX_GROUP:
                raise UnreadableFileError(str(path), f"row group {number}", "is too large")
        for batch in file.iter_batches(_ROWS):
            columns = [column.to_pylist() for column in batch.columns]
            starts, stops = columns[: len(ends)] or ([""] * len(batch), [""] * len(batch))
            for start, end, *values in zip(starts, stops, *columns[len(ends) :], strict=True):
                pairs = zip(table.kinds, values, strict=True)
                properties = {name: value for name, value in pairs if value is not None}
                yield table.record(properties, start, end)
