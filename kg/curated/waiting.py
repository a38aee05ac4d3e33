"""Claims wait on disk until all rows are read: one may come again in the last row."""

from __future__ import annotations

import marshal
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO

from kg.curated.facts import Key, Said
from kg.derived import Entry


class WaitingClaims:
    """Claims of a source in the order in which they came, in a file without a name.

    The file holds tuples of texts in Python's marshal format, which is three times as quick as
    JSON; nobody else can write it.
    """

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  (closed in close)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def add(self, claims: Iterable[tuple[Key, Said]]) -> None:
        """Add a batch of claims."""
        rows = [(*key, said.claim_id, [tuple(e) for e in said.entries]) for key, said in claims]
        marshal.dump(rows, self._file)

    def __iter__(self) -> Iterator[tuple[Key, Said]]:
        """Yield all claims, once."""
        end = self._file.tell()
        self._file.seek(0)
        while self._file.tell() < end:
            for predicate, start, stop, claim, entries in marshal.load(self._file):  # noqa: S302  (our own file)
                yield (predicate, start, stop), Said(claim, [Entry(*e) for e in entries])
