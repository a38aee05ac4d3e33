"""Redirects: which entity an id as read stands for, and which claim a contribution speaks of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.contributions.properties import Entry
from kg.contributions.states import Triple
from kg.domain import Domain


@dataclass(slots=True)
class Redirects:
    """Which entity every id leads to, and the order of the ends of claims.

    Args:
        merged: the entities that absorbed ids lead to.
        domain: the schema of the graph, in whose order ends are put once a merge has changed them.
        types: labels of entities, by their ids.
    """

    merged: Mapping[str, str]
    domain: Domain | None
    types: dict[str, str] = field(default_factory=dict)

    def entity(self, read: str) -> str:
        """Return the entity that an id as read leads to."""
        return self.merged.get(read, read)

    def triple(self, read: Triple) -> Triple:
        """Return the claim that a claim as read comes to."""
        subject, predicate, object_ = read
        start, end = self.merged.get(subject, subject), self.merged.get(object_, object_)
        if (start, end) != (subject, object_) and self.domain is not None:
            ends = (start, self.types[start]), (end, self.types[end])
            start, end = self.domain.orient(predicate, *ends)
        return start, predicate, end

    def place(self, entry: Entry, claim: Triple) -> tuple[Triple, Entry]:
        """Return where an entry of a claim stands by these redirects, and how it reads there."""
        read = as_read(entry, claim)
        target = self.triple(read)
        said = "" if read == target else f"{read[0]}\t{read[2]}"
        return target, entry if said == entry.read else entry._replace(read=said)


def as_read(entry: Entry, claim: Triple) -> Triple:
    """Return what a row of a curated source says of a claim, by the ids of the source."""
    if not entry.read:
        return claim
    subject, _, object_ = entry.read.partition("\t")
    return subject, claim[1], object_


class Orientation:
    """How a source's own schema turns its claims.

    Args:
        own: the schema of the source; None for one that turns nothing.
    """

    def __init__(self, own: Domain | None) -> None:
        self._own = own
        self._turned: dict[Triple, bool] = {}  # by types and predicate

    def turns(self, read: Triple, first: str, second: str) -> bool:
        """Whether a claim between entities of two types is stored the other way round."""
        if self._own is None:
            return False
        typed = (first, read[1], second)
        if typed not in self._turned:
            ends = self._own.orient(read[1], ("1", first), ("0", second))
            self._turned[typed] = ends[0] == "0"
        # Between two types it is always the same way; within one the ids may decide.
        return self._turned[typed] and (first != second or read[2] < read[0])
