"""What a load of a curated source held, and what it changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

from kg.models import Failure, Model

Change: TypeAlias = Literal["added", "retired", "renamed", "changed"]

_LISTED = 1000


class TermChange(Model):
    """How a term differs from the last version of its source that the graph held.

    `before` and `after` are its names; a changed term differs in anything else that it says, and
    `what` tells in which of name, synonyms, definition, xrefs, parents, old ids and so on.
    """

    id: str
    change: Change
    before: str = ""
    after: str = ""
    what: tuple[str, ...] = ()


class CuratedSummary(Model):
    """What a source holds, and what that changed in the graph.

    `added` to `changed` count terms, `added_facts` and `removed_facts` count what it says of two
    entities: a claim that it supports, or one that it denies. `changes` tells of each term, where
    the source replaced another version. `failed` lists what was refused, and ends with a count
    where there is too much to list.
    """

    source: str
    replaced: str | None = None
    terms: int = 0
    facts: int = 0
    denied: int = 0
    entities: int = 0
    claims: int = 0
    is_a: int = 0
    added: int = 0
    retired: int = 0
    renamed: int = 0
    changed: int = 0
    added_facts: int = 0
    removed_facts: int = 0
    changes: tuple[TermChange, ...] = ()
    failed: tuple[Failure, ...] = ()


class FailureList:
    """Failures, the first ones in full and all of them counted.

    Args:
        path: stands for the file where there are too many.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._listed: list[Failure] = []
        self._more = 0

    def add(self, failure: Failure) -> None:
        """Add a failure."""
        if len(self._listed) < _LISTED:
            self._listed.append(failure)
        else:
            self._more += 1

    def failures(self) -> tuple[Failure, ...]:
        """Return the first ones, and one that counts the others if there are any."""
        if not self._more:
            return tuple(self._listed)
        reason = f"{self._more:,} more rows could not be used"
        return (*self._listed, Failure(path=self._path, where="", reason=reason))


class Refusals(FailureList):
    """What of a source could not be loaded; its name and version stand for the file."""

    def refuse(self, where: str, reason: str) -> None:
        """Add a row, by where it stands, with the reason why it is refused."""
        self.add(Failure(path=self._path, where=where, reason=reason))

    def refuse_all(self, refused: Iterable[tuple[str, str]]) -> None:
        """Add rows, each by where it stands and why it is refused."""
        for where, reason in refused:
            self.refuse(where, reason)
