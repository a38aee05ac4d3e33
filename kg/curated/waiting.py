"""Claims wait on disk until all rows are read: one may come again in the last row."""

from __future__ import annotations

import marshal
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO, NamedTuple

from kg.contributions.properties import Entry
from kg.curated.facts import Key, NewColumns, Said, Shape


class Batch(NamedTuple):
    """What some rows say of claims: of those that have one entry in columns, by shape."""

    plain: list[tuple[str, Shape, NewColumns]]
    several: list[tuple[Key, Said]]


class WaitingClaims:
    """Claims of a source in the order in which they came, in a file without a name.

    The file holds lists of texts in Python's marshal format, which is three times as quick as
    JSON; nobody else can write it.
    """

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  (closed in close)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def add(self, batch: Batch) -> None:
        """Add a batch of claims."""
        plain = [(predicate, tuple(s), list(columns)) for predicate, s, columns in batch.plain]
        marshal.dump((plain, list(_told(batch.several))), self._file)

    def __iter__(self) -> Iterator[Batch]:
        """Yield all batches, once."""
        end = self._file.tell()
        self._file.seek(0)
        while self._file.tell() < end:
            plain, several = marshal.load(self._file)  # noqa: S302  (our own file)
            yield Batch(
                [(predicate, Shape(*s), NewColumns(*columns)) for predicate, s, columns in plain],
                [
                    (key, Said(claim, [Entry(*e) for e in entries]))
                    for key, claim, entries in several
                ],
            )


def _told(several: Iterable[tuple[Key, Said]]) -> Iterator[tuple[Key, str, list[tuple[str, ...]]]]:
    for key, said in several:
        yield key, said.claim_id, [tuple(entry) for entry in said.entries]
