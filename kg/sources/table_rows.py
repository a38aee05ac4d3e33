"""The rows of a table: CSV and TSV line by line, Parquet batch by batch."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from kg.errors import UnreadableFileError
from kg.files import Line, Source, open_source, shown
from kg.sources.request import SourceRequest
from kg.sources.table_mapping import TableMapping

PARQUET = b"PAR1"
_BATCH = 5_000
_DELIMITERS = "\t,;|"


class Row(NamedTuple):
    """A row: `where` says its place, `values` what stands in the columns; nulls are left out."""

    where: str
    values: dict[str, str]


def columns_of(path: Path, mapping: TableMapping) -> list[str]:
    """Return the names of a table's columns."""
    if _is_parquet(path):
        with _parquet(path) as file:
            return list(file.schema_arrow.names)
    with open_source(path) as opened:
        return _header(opened, mapping, opened.lines())[0]


def rows_of(path: Path, mapping: TableMapping, request: SourceRequest) -> Iterator[Row]:
    """Yield the rows of a table; those that cannot be read are told."""
    if _is_parquet(path):
        yield from _parquet_rows(path, mapping)
        return
    null = frozenset(mapping.null)
    with open_source(path) as opened:
        lines = opened.lines()
        columns, delimiter = _header(opened, mapping, lines)
        place = _Place(request, path)
        reader = csv.reader(place.through(lines), **_dialect(mapping, delimiter))
        while True:
            place.start = place.last + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                ending = f" (read up to line {place.last})" if place.last > place.start else ""
                request.fail(path, f"line {place.start}", f"is no row{ending}: {error}")
                continue
            if not cells:
                continue
            if len(cells) > len(columns):
                reason = f"has {len(cells)} cells, where the first line has {len(columns)}"
                request.fail(path, f"line {place.start}", reason)
                continue
            stripped = zip(columns, map(str.strip, cells), strict=False)
            yield Row(f"line {place.start}", {c: v for c, v in stripped if v not in null})


class _Place:
    """Hands lines on to the reader of CSV, and knows where it is."""

    def __init__(self, request: SourceRequest, path: Path) -> None:
        self._request = request
        self._path = path
        self.start = self.last = 1

    def through(self, lines: Iterator[Line]) -> Iterator[str]:
        for line in lines:
            self.last = line.number
            if line.problem:
                self._request.fail(self._path, line.where, line.problem)
            else:
                yield f"{line.text}\n"


def _header(opened: Source, mapping: TableMapping, lines: Iterator[Line]) -> tuple[list[str], str]:
    line = next(lines)
    if line.problem:
        raise UnreadableFileError(opened.path, line.where, line.problem)
    delimiter = mapping.delimiter or max(_DELIMITERS, key=line.text.count)
    try:
        cells = next(csv.reader([line.text], **_dialect(mapping, delimiter)), [])
    except csv.Error as error:
        reason = f"does not begin with a row of column names: {error}"
        raise UnreadableFileError(opened.path, line.where, reason) from error
    columns = [cell.strip() for cell in cells]
    twice = sorted(column for column, n in Counter(columns).items() if n > 1)
    if twice:
        reason = f"two columns have the name {twice[0]!r}; rename one"
        raise UnreadableFileError(opened.path, "line 1", reason)
    return columns, delimiter


def _dialect(mapping: TableMapping, delimiter: str) -> dict[str, Any]:
    if not mapping.quote:
        return {"delimiter": delimiter, "quoting": csv.QUOTE_NONE}
    # Strict: a quote that is never closed is an error, and no cell that holds the rest of the file.
    return {"delimiter": delimiter, "quotechar": mapping.quote, "strict": True}


def _is_parquet(path: Path) -> bool:
    with open_source(path) as opened:
        return opened.head.startswith(PARQUET)


@contextmanager
def _parquet(path: Path) -> Iterator[pq.ParquetFile]:
    try:
        with pq.ParquetFile(path) as file:
            yield file
    except (pa.ArrowException, OSError) as error:
        raise UnreadableFileError(shown(path), "", f"is no whole Parquet file: {error}") from error


def _parquet_rows(path: Path, mapping: TableMapping) -> Iterator[Row]:
    columns = sorted(set(mapping.columns().values()))
    null = frozenset(mapping.null)
    number = 0
    with _parquet(path) as file:
        for batch in file.iter_batches(batch_size=_BATCH, columns=columns):
            for record in batch.to_pylist():
                number += 1
                texts = ((column, _text(value)) for column, value in record.items())
                yield Row(f"row {number}", {c: text for c, text in texts if text not in null})


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case str():
            return value.strip()
        case float() if value.is_integer():
            return str(int(value))
        case list() | dict():
            return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
        case bytes():
            return value.decode("utf-8", errors="backslashreplace")
        case _:
            return str(value)
