"""Spool of claims: they wait on disk until all rows are read, since one may come again in the last.

The file holds lists of texts in Python's marshal format, which is three times as quick as JSON;
nobody else can write it.
"""

from __future__ import annotations

import marshal
import tempfile
from collections.abc import Iterator
from typing import IO, NamedTuple

from kg.contributions.new_claims import EdgeShape, NewColumns
from kg.contributions.properties import Entry
from kg.contributions.states import Triple


class Batch(NamedTuple):
    """What some rows say of claims: of those that have one entry in columns, by shape."""

    single: list[tuple[str, EdgeShape, NewColumns]]
    several: list[tuple[Triple, list[Entry]]]


class ClaimSpool:
    """Claims of a source in the order in which they came, in a file without a name."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  (closed in close)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def add(self, batch: Batch) -> None:
        """Add a batch of claims."""
        single = [(predicate, tuple(s), list(columns)) for predicate, s, columns in batch.single]
        several = [(claim, [tuple(entry) for entry in entries]) for claim, entries in batch.several]
        marshal.dump((single, several), self._file)

    def __iter__(self) -> Iterator[Batch]:
        """Yield all batches, once."""
        end = self._file.tell()
        self._file.seek(0)
        while self._file.tell() < end:
            single, several = marshal.load(self._file)  # noqa: S302  (our own file)
            yield Batch(
                [(predicate, EdgeShape(*s), NewColumns(*rows)) for predicate, s, rows in single],
                [(claim, [Entry(*entry) for entry in entries]) for claim, entries in several],
            )
