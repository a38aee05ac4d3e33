"""KGX as JSON lines: see `kg.exporting.kgx`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from kg.exporting import kgx
from kg.exporting.folder import Manifest
from kg.exporting.formats import Options
from kg.exporting.records import Record


def write(records: Iterable[Record], folder: Path, options: Options) -> dict[str, Any]:
    """Write records into a folder, and return what the manifest has to remember."""
    return kgx.write_as("jsonl", records, folder, options)


def read(folder: Path, manifest: Manifest) -> Iterator[Record]:
    """Yield the records that `write` wrote.

    Raises:
        BadRecordError: a line is not one that `write` writes; says which.
    """
    return kgx.read_lines(folder, manifest)
