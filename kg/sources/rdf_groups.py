"""The statements of RDF files, brought together by their subjects, on disk.

The statements about one thing may stand anywhere in a file of any size. SQLite sorts them in a
temporary file that has no name and is gone with the object.
"""

from __future__ import annotations

import sqlite3
import weakref
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from kg.errors import StoreError
from kg.sources.rdf_syntax import IRI, Statement

CACHE_MIB = 64
_BATCH = 10_000


class Group(NamedTuple):
    """All statements about one subject, in the order of the files; `file` is where the first was.

    A group without statements is a thing that is only pointed at.
    """

    subject: str
    file: int
    statements: list[Statement]


class Groups:
    """Statements sorted by subject. Its memory does not grow with them.

    `vocabulary` is filled by `kg.sources.rdf_source`: the types of what only describes the files.
    """

    def __init__(
        self,
        statements: Iterable[tuple[int, Statement]],
        points: Callable[[Statement], bool] = lambda _: False,
    ) -> None:
        """Read all statements.

        Args:
            statements: (number of the file, statement) pairs, in order.
            points: whether the object of a statement gets a group, even if nothing is said of it.

        Raises:
            StoreError: the temporary file cannot be written: the disk is full, for example.
        """
        self.vocabulary: dict[str, set[str]] = {}
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        weakref.finalize(self, self._database.close)
        for pragma in (
            f"cache_size = {-CACHE_MIB * 1024}",
            "journal_mode = OFF",
            "synchronous = OFF",
        ):
            self._database.execute(f"PRAGMA {pragma}")
        try:
            self._fill(_rows(statements, points))
        except sqlite3.Error as error:
            remedy = "free some space, or name another folder in SQLITE_TMPDIR"
            raise StoreError(f"statements cannot be sorted on disk ({error}); {remedy}") from error

    def __iter__(self) -> Iterator[Group]:
        """Yield the groups of things that have an IRI, sorted by it."""
        rows = self._database.execute(
            "SELECT subject, n, file, predicate, object, kind, language FROM sorted "
            "WHERE subject >= ? ORDER BY subject, n",
            ("",),
        )
        for subject, found in groupby(rows, key=itemgetter(0)):
            if not subject.startswith("_:"):
                yield _group(subject, found)

    def about(self, subject: str) -> list[Statement]:
        """Return the statements about one thing."""
        rows = self._database.execute(
            "SELECT subject, predicate, object, kind, language FROM sorted "
            "WHERE subject = ? AND predicate <> '' ORDER BY n",
            (subject,),
        )
        return [Statement(*row) for row in rows]

    def says(self, subject: str, predicate: str, object_: str) -> bool:
        """Whether there is such a statement, its object an IRI."""
        rows = self._database.execute(
            "SELECT 1 FROM sorted WHERE subject = ? AND predicate = ? AND object = ? AND kind = 0",
            (subject, predicate, object_),
        )
        return rows.fetchone() is not None

    def of_type(self, type_: str, predicate: str) -> Iterator[Group]:
        """Yield the things of a type, with and without IRI, in the order of the files.

        All statements are looked through once.
        """
        rows = self._database.execute(
            "SELECT subject, file FROM sorted WHERE predicate = ? AND object = ? AND kind = 0 "
            "ORDER BY n",
            (predicate, type_),
        )
        for subject, file in rows:
            yield Group(subject, file, self.about(subject))

    def _fill(self, rows: Iterator[tuple[str, int, int, str, str, int, str]]) -> None:
        columns = "subject TEXT, n INTEGER, file INTEGER, predicate TEXT, object TEXT, "
        columns += "kind INTEGER, language TEXT"
        self._database.execute(f"CREATE TABLE plain ({columns})")
        self._database.execute(
            f"CREATE TABLE sorted ({columns}, PRIMARY KEY (subject, n)) WITHOUT ROWID"
        )
        self._database.execute("BEGIN")
        self._database.executemany("INSERT INTO plain VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        # In order, so that each row is put at the end: SQLite's own sorter has done the work.
        self._database.execute("INSERT INTO sorted SELECT * FROM plain ORDER BY subject, n")
        self._database.execute("COMMIT")
        self._database.execute("DROP TABLE plain")


def _rows(
    statements: Iterable[tuple[int, Statement]], points: Callable[[Statement], bool]
) -> Iterator[tuple[str, int, int, str, str, int, str]]:
    n = 0
    recent: set[str] = set()
    for file, statement in statements:
        subject, predicate, object_, kind, language = statement
        n += 1
        yield (subject, n, file, predicate, object_, kind, language)
        if kind == IRI and object_ not in recent and points(statement):
            if len(recent) > _BATCH:
                recent.clear()
            recent.add(object_)
            n += 1
            yield (object_, n, file, "", "", IRI, "")


def _group(subject: str, rows: Iterable[tuple[str, int, int, str, str, int, str]]) -> Group:
    found = list(rows)
    statements = [Statement(row[0], *row[3:]) for row in found if row[3]]
    return Group(subject, found[0][2], statements)
