"""CSV files for `neo4j-admin database import full`, the fastest way into an empty Neo4j.

header-*.csv and *.csv   a header and the rows of each label set and each kind of edge
import.sh                the command line
schema.cypher            constraints and indexes, and what CSV cannot say; to be run afterwards

CSV cannot say that a list is empty, nor that it holds one empty text. A row with such a property
carries a number instead, which schema.cypher turns into that property.
"""

from __future__ import annotations

import shlex
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from kg.archive.folder import Manifest, inner_path
from kg.archive.formats import Options, opened_to_write, stored_tables
from kg.archive.kinds import EMPTY, value_of
from kg.archive.records import EdgeBlock, Record
from kg.archive.rows import END, START, Kinds
from kg.archive.tables import StoredTable, Table, TableKey, Tables
from kg.errors import UnreadableFileError, UsageError
from kg.models import Model
from kg.store import fulltext
from kg.store.names import valid_label, valid_property, valid_relationship_type
from kg.store.schema import schema_statements

# Between the items of a list: the first of these that no text of the graph holds.
DELIMITERS = "\x1f\x1e\x1d\x1c\x02\x03\x04\x05\x06\x0e\x0f\uf8ff\ue000\ue001\ue002\ue003"
_BUFFER = 4 * 2**20  # neo4j-admin's own default, in bytes
_BLOCK = 2**24
_WRITE = csv.WriteOptions(include_header=False)
Odd = dict[str, list[str]]  # properties that CSV cannot say


class OddRow(Model):
    """What a number on nodes of a label, or on edges of this type, stands for.

    The label is the first one of the nodes: a statement for each of the entity types takes Neo4j
    longer to plan than to run.
    """

    labels: tuple[str, ...] = ()
    type: str = ""
    start_label: str = ""
    end_label: str = ""
    properties: Odd


class Details(Model):
    """What the manifest remembers. The first of `odd` is what the number 1 stands for."""

    delimiter: str
    multiline: bool
    buffer: int  # bytes, for the largest value
    odd_name: str
    odd: list[OddRow]
    tables: list[StoredTable]


def write(records: Iterable[Record | EdgeBlock], folder: Path, options: Options) -> dict[str, Any]:
    """Write records into a folder, and return what the manifest has to remember.

    Raises:
        UsageError: lists of the graph hold every character that could stand between their items.
    """
    with tempfile.TemporaryDirectory(dir=folder) as waiting:
        tables = Tables(Path(waiting))
        for record in records:
            tables.add(record)
        finished = list(tables.finish())
        writer = _Writer(folder, options, _delimiter(finished), _odd_name(finished))
        for table in finished:
            writer.write(table)
    details = writer.details()
    (folder / "import.sh").write_text(_script(details), encoding="utf-8")
    (folder / "import.sh").chmod(0o755)
    (folder / "schema.cypher").write_text(_schema(details), encoding="utf-8")
    return details.model_dump(exclude_defaults=True)


def read(folder: Path, manifest: Manifest) -> Iterator[Record]:
    """Yield the records that `write` wrote.

    Raises:
        UnreadableFileError: a file is no CSV, or has other columns.
        BadRecordError: a value is not of its column's kind.
    """
    details = read_details(folder, manifest)
    for table in stored_tables(folder, manifest):
        path = inner_path(folder, table.file)
        try:
            yield from _rows(path, table, details)
        except (pa.ArrowException, OSError) as error:
            raise UnreadableFileError(str(path), "", f"is no CSV of ours: {error}") from error


def read_details(folder: Path, manifest: Manifest) -> Details:
    """Return what the manifest of such an export remembers.

    Raises:
        UnreadableFileError: it is of another format, or names files that it does not list.
    """
    if manifest.format != "neo4j-admin":
        reason = f"is an export as {manifest.format}: export once more with --format neo4j-admin"
        raise UnreadableFileError(str(folder), "", reason)
    stored_tables(folder, manifest)
    try:
        return Details.model_validate(manifest.details)
    except ValueError as error:
        raise UnreadableFileError(str(folder), "manifest.json details", str(error)) from error


def arguments(details: Details, folder: str = "") -> list[str]:
    """Return the options of `neo4j-admin database import full DATABASE`, files after `folder`."""
    delimiter = f"U+{ord(details.delimiter):04X}"
    given = ["--id-type=string", f"--array-delimiter={delimiter}"]
    given += [f"--multiline-fields={str(details.multiline).lower()}"]
    given += [f"--read-buffer-size={details.buffer}", "--bad-tolerance=0"]
    for table in details.tables:
        files = f"{folder}{_header_name(table.file)},{folder}{table.file}"
        labels = ":".join(map(valid_label, table.labels))
        option = "nodes" if labels else "relationships"
        given.append(f"--{option}={labels or valid_relationship_type(table.type)}={files}")
    return given


class Afterwards(NamedTuple):
    """What is to be set, after the import, on the nodes or edges that carry a number."""

    pattern: str
    variable: str
    number: int
    properties: Odd


def afterwards(details: Details) -> list[Afterwards]:
    """Return what CSV could not say."""
    return [
        Afterwards(_pattern(row), "n" if row.labels else "r", number, row.properties)
        for number, row in enumerate(details.odd, start=1)
    ]


class _Writer:
    def __init__(self, folder: Path, options: Options, delimiter: str, odd_name: str) -> None:
        self._folder = folder
        self._compress = options.compress
        self._found = Details(
            delimiter=delimiter,
            multiline=False,
            buffer=_BUFFER,
            odd_name=odd_name,
            odd=[],
            tables=[],
        )
        self._multiline = False
        self._longest = 0

    def write(self, table: Table) -> None:
        """Write one table, and its header."""
        name = f"{table.stem}.csv".replace("/", "-")
        file = name + (".gz" if self._compress else "")
        odd = _OddRows(table.key, self._found.delimiter, self._found.odd)
        with opened_to_write(self._folder / file, compress=self._compress) as target:
            for part in table.parts():
                rows = self._text(part, table, odd)
                csv.write_csv(rows, target, _WRITE)
        self._found.tables.append(table.stored(file))
        header = _header(table, self._found.odd_name)
        (self._folder / _header_name(file)).write_text(header + "\n", encoding="utf-8")

    def details(self) -> Details:
        """Return what the manifest has to remember."""
        # A quote may double every character, and the tool counts two bytes for each.
        buffer = max(_BUFFER, 4 * self._longest + 1024)
        return self._found.model_copy(update={"multiline": self._multiline, "buffer": buffer})

    def _text(self, part: pa.Table, table: Table, odd: _OddRows) -> pa.Table:
        """Return a part with lists as texts, and the number of each odd row."""
        columns = {START: part.column(START), END: part.column(END)} if table.is_edges else {}
        ordered = [n for n in ("id",) if n in table.kinds and not table.is_edges]
        for name in (*ordered, *(n for n in table.kinds if n not in ordered)):
            column, kind = part.column(name), table.kinds[name]
            if kind.endswith("[]"):
                column = odd.joined(name, column)
            if kind == "string" or kind.endswith("[]"):
                self._look_at(column)
            columns[name] = column
        if _has_lists(table.kinds):
            columns[self._found.odd_name] = odd.numbers(len(part))
        return pa.table(columns)

    def _look_at(self, column: pa.ChunkedArray) -> None:
        self._longest = max(self._longest, pc.max(pc.binary_length(column)).as_py() or 0)
        self._multiline = self._multiline or any(
            pc.any(pc.match_substring(column, line_end)).as_py() for line_end in "\n\r"
        )


class _OddRows:
    """Numbers the rows of a table by the lists in them that CSV cannot say."""

    def __init__(self, key: TableKey, delimiter: str, found: list[OddRow]) -> None:
        self._key = key
        self._delimiter = delimiter
        self._states: dict[str, np.ndarray[Any, Any]] = {}
        self._found = found  # of all tables: a node may have the labels of several of them

    def joined(self, name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
        """Return a column of lists as texts, None where CSV cannot say the list."""
        texts = pc.binary_join(column.cast(pa.list_(pa.string())), self._delimiter)
        empty = pc.fill_null(pc.equal(texts, ""), fill_value=False)
        if pc.any(empty).as_py():
            lengths = pc.fill_null(pc.list_value_length(column), 0)
            state = np.where(empty.to_numpy(), 1 + np.minimum(lengths.to_numpy(), 1), 0)
            self._states[name] = state
            texts = pc.if_else(empty, None, texts)
        return texts

    def numbers(self, rows: int) -> pa.Array:
        """Return the number of each row, None where it is not odd."""
        states, self._states = self._states, {}
        if not states:
            return pa.nulls(rows, pa.int64())
        kinds, inverse = np.unique(np.stack(list(states.values())), axis=1, return_inverse=True)
        numbers = [self._number(dict(zip(states, kind, strict=True))) for kind in kinds.T]
        values = np.array(numbers, dtype=np.int64)[inverse.reshape(-1)]
        return pa.array(values, mask=values == 0)

    def _number(self, states: dict[str, Any]) -> int:
        odd: Odd = {name: [""] * (int(state) - 1) for name, state in states.items() if state}
        if not odd:
            return 0
        key = self._key._replace(labels=self._key.labels[:1])
        row = OddRow(properties=odd, **key._asdict())
        if row not in self._found:
            self._found.append(row)
        return self._found.index(row) + 1


def _delimiter(tables: Sequence[Table]) -> str:
    for candidate in DELIMITERS:
        if not any(_holds(table, candidate) for table in tables):
            return candidate
    raise UsageError(
        "the lists of this graph hold every character that could stand between their items "
        "in CSV: export to parquet"
    )


def _holds(table: Table, text: str) -> bool:
    """Whether an item of a list in a table holds a text."""
    lists = [name for name, kind in table.kinds.items() if kind == "string[]"]
    return any(
        pc.any(pc.match_substring(pc.list_flatten(part.column(name)), text)).as_py()
        for part in (table.parts() if lists else ())
        for name in lists
    )


def _odd_name(tables: Sequence[Table]) -> str:
    taken = {name for table in tables for name in table.kinds}
    name = "abduce_odd"
    while name in taken:
        name += "_"
    return name


def _header(table: Table, odd_name: str) -> str:
    ends = [f":START_ID({table.key.start_label})", f":END_ID({table.key.end_label})"]
    fields = ends if table.is_edges else [f"id:ID({table.key.labels[0]})"]
    for name, kind in table.kinds.items():
        if table.is_edges or name != "id":
            fields.append(f"{name}:{'string[]' if kind == EMPTY else kind}")
    return ",".join([*fields, *([f"{odd_name}:long"] if _has_lists(table.kinds) else [])])


def _has_lists(kinds: Kinds) -> bool:
    return any(kind.endswith("[]") for kind in kinds.values())


def _header_name(file: str) -> str:
    return f"header-{file.removesuffix('.gz')}"


def _script(details: Details) -> str:
    lines = " \\\n  ".join(map(shlex.quote, arguments(details)))
    return (
        "#!/bin/sh\n"
        "# Loads these files into a database that is empty, of a Neo4j that is stopped.\n"
        "# Give the database as $1 (default: neo4j) and further options of neo4j-admin after it.\n"
        "# Afterwards, start Neo4j and run schema.cypher: cypher-shell -f schema.cypher\n"
        'set -eu\ncd "$(dirname "$0")"\ndatabase="${1:-neo4j}"\n[ $# -eq 0 ] || shift\n'
        f'exec neo4j-admin database import full "$database" \\\n  {lines} "$@"\n'
    )


def _schema(details: Details) -> str:
    types = sorted({t.labels[1] for t in details.tables if len(t.labels) > 1})
    statements = [*schema_statements(types), fulltext.IN_CYPHER]
    for after in afterwards(details):
        sets = ", ".join(
            f"{after.variable}.{valid_property(name)} = " + ('[""]' if value else "[]")
            for name, value in after.properties.items()
        )
        v, odd = after.variable, details.odd_name
        statements.append(
            f"MATCH {after.pattern} WHERE {v}.{odd} = {after.number} "
            f"CALL ({v}) {{ SET {sets} REMOVE {v}.{odd} }} IN TRANSACTIONS OF 10000 ROWS"
        )
    return "".join(f"{statement};\n" for statement in statements)


def _pattern(table: OddRow) -> str:
    if table.labels:
        return f"(n:{':'.join(map(valid_label, table.labels))})"
    type_ = valid_relationship_type(table.type)
    return f"(:{valid_label(table.start_label)})-[r:{type_}]->(:{valid_label(table.end_label)})"


def _rows(path: Path, table: StoredTable, details: Details) -> Iterator[Record]:
    names = [n for n in table.kinds if n != "id"]
    names = ["id", *names] if table.labels else [START, END, *table.kinds]
    names += [details.odd_name] if _has_lists(table.kinds) else []
    reader = csv.open_csv(
        path,
        csv.ReadOptions(column_names=names, block_size=max(_BLOCK, details.buffer)),
        csv.ParseOptions(newlines_in_values=True),
        csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    for batch in reader:
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            cells = {name: text for name, text in zip(names, row, strict=True) if text is not None}
            number = cells.pop(details.odd_name, None)
            start, end = cells.pop(START, ""), cells.pop(END, "")
            where = cells.get("id") or f"{start} to {end}"
            properties = {
                name: _value(text, table.kinds[name], details.delimiter, str(path), where)
                for name, text in cells.items()
            }
            yield table.record(
                properties | _odd_of(number, details.odd, str(path), where), start, end
            )


def _value(text: str, kind: str, delimiter: str, path: str, where: str) -> Any:
    if not kind.endswith("[]"):
        return value_of(text, kind, path, where)
    item = "string" if kind == EMPTY else kind[:-2]
    return [value_of(part, item, path, where) for part in text.split(delimiter)]


def _odd_of(number: str | None, odd: Sequence[OddRow], path: str, where: str) -> Odd:
    if number is None:
        return {}
    if not number.isdecimal() or not 0 < int(number) <= len(odd):
        raise UnreadableFileError(path, where, f"the manifest knows no odd row {number!r}")
    return odd[int(number) - 1].properties
