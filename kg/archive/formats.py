"""The table of formats: what each is, whether a graph can be restored from it, and its files."""

from __future__ import annotations

import gzip
import importlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, Protocol, cast

from pydantic import TypeAdapter, ValidationError

from kg.archive.folder import MANIFEST, Manifest
from kg.archive.records import EdgeBlock, Record
from kg.archive.tables import StoredTable
from kg.errors import UnknownNameError, UnreadableFileError


class Format(NamedTuple):
    """A format of `abduce export`: an `Archive` if a graph is restored from it, else a `Writer`."""

    what: str
    restores: bool
    module: str


class Options(NamedTuple):
    """How to write. `reify` is for RDF: reification instead of triple terms."""

    format: str
    compress: bool = False
    reify: bool = False


class Archive(Protocol):
    """A module that writes all of a graph, and reads it again."""

    def write(
        self, records: Iterable[Record | EdgeBlock], folder: Path, options: Options
    ) -> dict[str, Any]:
        """Write records into a folder, and return what the manifest has to remember."""

    def read(self, folder: Path, manifest: Manifest) -> Iterator[Record | EdgeBlock]:
        """Yield the records that `write` wrote, edges in blocks where that is quicker."""


class Writer(Protocol):
    """A module that writes what another vocabulary has words for."""

    def holds(self, record: Record) -> bool:
        """Whether a record gets a place of its own in the files."""

    def write(self, records: Iterable[Record], folder: Path, options: Options) -> None:
        """Write records into a folder; those too that `holds` denies may be of use."""


FORMATS = {
    "graphml": Format("one file for networkx, igraph, Gephi", False, "kg.exporting.graphml"),
    "kgx": Format("Biolink nodes and edges as TSV", False, "kg.exporting.kgx"),
    "kgx-jsonl": Format("Biolink nodes and edges as JSON lines", False, "kg.exporting.kgx"),
    "neo4j-admin": Format("CSV files of neo4j-admin", True, "kg.archive.neo4j_admin"),
    "parquet": Format("a table for each kind of node and edge", True, "kg.archive.parquet"),
    "rdf": Format("claims and where they are from, in Turtle", False, "kg.exporting.rdf"),
}
RESTORED = tuple(name for name, format_ in FORMATS.items() if format_.restores)
_TABLES = TypeAdapter(list[StoredTable])


def format_named(name: str) -> Format:
    """Return the format of a name.

    Raises:
        UnknownNameError: there is none of that name.
    """
    if name not in FORMATS:
        raise UnknownNameError("export format", name, FORMATS, f"known: {', '.join(FORMATS)}")
    return FORMATS[name]


def archive_named(name: str) -> Archive:
    """Return the module of a format that a graph is restored from; it takes a moment to import."""
    return cast("Archive", importlib.import_module(format_named(name).module))


def writer_named(name: str) -> Writer:
    """Return the module of a format for other tools."""
    return cast("Writer", importlib.import_module(format_named(name).module))


@contextmanager
def opened_to_write(path: Path, *, compress: bool) -> Iterator[BinaryIO]:
    """Open a new file; packed, it has no time of its own in it, so equal content is equal."""
    with path.open("wb") as raw:
        if not compress:
            yield raw
            return
        with gzip.GzipFile("", "wb", compresslevel=6, fileobj=raw, mtime=0) as packed:
            yield cast("BinaryIO", packed)


def stored_tables(folder: Path, manifest: Manifest) -> list[StoredTable]:
    """Return the tables that a manifest names, those of nodes first.

    Raises:
        UnreadableFileError: it names none, a file that it does not list, or one twice.
    """
    where = str(folder / MANIFEST)
    try:
        tables = _TABLES.validate_python(manifest.details.get("tables"))
    except ValidationError as error:
        raise UnreadableFileError(where, "details", f"names no tables: {error}") from error
    for table in tables:
        if table.file not in manifest.files:
            raise UnreadableFileError(where, repr(table.file), "is not among the files")
    for file, times in Counter(table.file for table in tables).items():
        if times > 1:
            raise UnreadableFileError(where, repr(file), f"is named as {times} tables")
    return sorted(tables, key=lambda table: not table.labels)
