"""The formats of an export, by name: what each can do, and where it stands."""

from __future__ import annotations

import gzip
import importlib
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, Protocol, cast

from pydantic import TypeAdapter, ValidationError

from kg.errors import UnknownNameError, UnreadableFileError
from kg.exporting.folder import MANIFEST, Manifest
from kg.exporting.records import EdgeBlock, Record
from kg.exporting.tables import StoredTable


class Options(NamedTuple):
    """How to write. `reify` is for RDF: reification instead of triple terms."""

    compress: bool = False
    reify: bool = False


class Format(Protocol):
    """A module of this room that writes and reads one format."""

    def write(
        self, records: Iterable[Record | EdgeBlock], folder: Path, options: Options
    ) -> dict[str, Any]:
        """Write records into a folder, and return what the manifest has to remember.

        There are no blocks among them where the format is not one of `IN_TABLES`.
        """

    def read(self, folder: Path, manifest: Manifest) -> Iterator[Record | EdgeBlock]:
        """Yield the records that `write` wrote, edges in blocks where that is quicker."""


_MODULES = {
    "graphml": "graphml",
    "kgx": "kgx",
    "kgx-jsonl": "kgx_lines",
    "nanopub": "nanopub",
    "neo4j-admin": "neo4j_admin",
    "parquet": "parquet",
    "rdf": "rdf",
}
FORMATS = tuple(_MODULES)
IN_TABLES = frozenset({"neo4j-admin", "parquet"})  # these take edges in blocks
_TABLES = TypeAdapter(list[StoredTable])


def format_named(name: str) -> Format:
    """Return the format of a name.

    Raises:
        UnknownNameError: there is none of that name.
    """
    if name not in _MODULES:
        raise UnknownNameError("export format", name, FORMATS, f"known: {', '.join(FORMATS)}")
    return cast("Format", importlib.import_module(f"kg.exporting.{_MODULES[name]}"))


@contextmanager
def opened_to_write(path: Path, *, compress: bool) -> Iterator[BinaryIO]:
    """Open a new file; packed, it has no time of its own in it, so equal content is equal."""
    with path.open("wb") as raw:
        if not compress:
            yield raw
            return
        with gzip.GzipFile("", "wb", compresslevel=6, fileobj=raw, mtime=0) as packed:
            yield cast("BinaryIO", packed)


@contextmanager
def opened_to_read(path: Path) -> Iterator[BinaryIO]:
    """Open a file of an export, which is packed if its name ends in .gz.

    Raises:
        UnreadableFileError: it cannot be unpacked.
    """
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            yield cast("BinaryIO", file)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UnreadableFileError(str(path), "", f"cannot be unpacked: {error}") from error


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
