"""The formats of an export, by name: what each can do, and where it stands."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, Protocol, cast

from pydantic import TypeAdapter, ValidationError

from kg.errors import UnknownNameError, UnreadableFileError
from kg.exporting.folder import MANIFEST, Manifest
from kg.exporting.records import Record
from kg.exporting.tables import StoredTable


class Options(NamedTuple):
    """How to write. `reify` is for RDF: reification instead of triple terms."""

    compress: bool = False
    reify: bool = False


class Format(Protocol):
    """A module of this room that writes and reads one format."""

    def write(self, records: Iterable[Record], folder: Path, options: Options) -> dict[str, Any]:
        """Write records into a folder, and return what the manifest has to remember."""

    def read(self, folder: Path, manifest: Manifest) -> Iterator[Record]:
        """Yield the records that `write` wrote."""


_MODULES = {
    "parquet": "parquet",
}
FORMATS = tuple(_MODULES)
_TABLES = TypeAdapter(list[StoredTable])


def format_named(name: str) -> Format:
    """Return the format of a name.

    Raises:
        UnknownNameError: there is none of that name.
    """
    if name not in _MODULES:
        raise UnknownNameError("export format", name, FORMATS, f"known: {', '.join(FORMATS)}")
    return cast("Format", importlib.import_module(f"kg.exporting.{_MODULES[name]}"))


def stored_tables(folder: Path, manifest: Manifest) -> list[StoredTable]:
    """Return the tables that a manifest names, those of nodes first.

    Raises:
        UnreadableFileError: it names none, or a file that it does not list.
    """
    where = str(folder / MANIFEST)
    try:
        tables = _TABLES.validate_python(manifest.details.get("tables"))
    except ValidationError as error:
        raise UnreadableFileError(where, "details", f"names no tables: {error}") from error
    for table in tables:
        if table.file not in manifest.files:
            raise UnreadableFileError(where, repr(table.file), "is not among the files")
    return sorted(tables, key=lambda table: not table.labels)
