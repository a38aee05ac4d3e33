"""Facts of a source as rows on claims: which claim each is about, by the schema and the merges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from hashlib import sha256

from kg.contributions.cache import Cache
from kg.contributions.properties import Entry
from kg.contributions.redirects import Orientation, Redirects
from kg.contributions.states import Triple
from kg.curated_models import Fact
from kg.domain import Domain

Refused = list[tuple[str, str]]  # where, why
Rows = dict[Triple, list[Entry]]  # on each claim


class FactPlacer:
    """Tells which claims facts are about.

    Args:
        ref: the source's.
        own: the schema of the source, in whose order the ends of its claims are read.
        merged: the entities that absorbed ids stand for.
        domain: the schema of the graph, in whose order ends are put once a merge has changed them.
        types: labels of entities, by their ids.
    """

    def __init__(
        self,
        ref: str,
        own: Domain | None,
        merged: Mapping[str, str],
        domain: Domain | None,
        types: dict[str, str],
    ) -> None:
        self._ref = ref
        self._orientation = Orientation(own)
        self._redirects = Redirects(merged, domain, types)
        self.types = types

    @classmethod
    def of(cls, ref: str, own: Domain | None, cache: Cache) -> FactPlacer:
        """Return one that goes by what a run knows of the graph."""
        return cls(ref, own, cache.merged, cache.domain if cache.merged else None, cache.types)

    def entity(self, read: str) -> str:
        """Return the entity that an id of the source stands for."""
        return self._redirects.entity(read)

    def place(self, facts: Iterable[Fact]) -> tuple[Rows, Refused]:
        """Return what facts say of each claim, and those refused because an end is missing."""
        rows: Rows = defaultdict(list)
        refused: Refused = []
        merged, types = self._redirects.merged, self.types
        for fact in facts:
            subject, predicate, object_ = read = fact[:3]
            first = types.get(merged.get(subject, subject))
            second = types.get(merged.get(object_, object_))
            if first is None or second is None:
                missing = subject if first is None else object_
                reason = f"neither the source nor the graph says what {missing} is (its type)"
                refused.append((fact.row, reason))
                continue
            if self._orientation.turns(read, first, second):
                read = (object_, predicate, subject)
            claim = self._redirects.triple(read) if merged else read
            said = "" if claim == read else f"{read[0]}\t{read[2]}"
            entry = Entry(self._ref, fact.row, str(fact.polarity), fact.details, said)
            rows[claim].append(entry)
        return rows, refused


def entry_number(claim: Triple, entry: Entry) -> int:
    """Return 64 bits of a hash of what a row says of a claim, whatever the source's version."""
    said = (*claim, entry.row, entry.polarity, entry.details, entry.read)
    return int.from_bytes(sha256("\x1f".join(said).encode()).digest()[:8])
