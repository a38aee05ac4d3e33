"""A curated source as the records of a graph that holds nothing else, without a server."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from contextlib import closing

import numpy as np

from kg.curated.checks import SoundFacts
from kg.curated.facts import (
    ClaimChanges,
    Key,
    Plain,
    Redirects,
    Said,
    add_new,
    number_of,
    place_facts,
)
from kg.curated.hierarchy import Hierarchy, look_through
from kg.curated.loading import batched
from kg.curated.node import domain_toml, source_row
from kg.curated.summary import Refusals
from kg.curated.terms import add_terms
from kg.curated.waiting import WaitingClaims
from kg.domains import domain_row
from kg.exporting.records import EdgeRecord, NodeRecord, Record
from kg.loading.names import Names
from kg.models import Failure
from kg.sources import CuratedSource

_BATCH = 5000  # facts


def fresh_rows(
    curated: CuratedSource, *, on_failure: Callable[[Failure], None] | None = None
) -> Iterator[Record]:
    """Yield the records of the graph that `load_curated` makes of a source in an empty one.

    All nodes come before all edges; a node comes once, and so does an edge. What facts say waits
    on disk until it is known which claims have more than one row.

    Args:
        curated: the source, opened.
        on_failure: called with each row that is refused, once all records are there.
    """
    fresh = _Fresh(curated)
    yield from fresh.nodes()
    yield from fresh.edges()
    if on_failure is not None:
        for failure in fresh.refusals.failures():
            on_failure(failure)


class _Fresh:
    """One source, for an empty graph."""

    def __init__(self, curated: CuratedSource) -> None:
        self._curated = curated
        self._ref = curated.source.ref
        self._names = Names(None)
        if curated.domain is not None:
            self._names.allow(curated.domain, stored=False)
        self.refusals = Refusals(self._ref)
        self._redirects = Redirects({}, curated.domain, None, {})
        self._plain = Plain(self._ref, {curated.source.name: curated.source.error})
        self._found = Hierarchy()

    def nodes(self) -> Iterator[Record]:
        """Yield the source, its schema, and the entities that it has terms of."""
        curated = self._curated
        yield NodeRecord(("Source",), source_row(curated.source, curated.domain))
        if curated.domain is not None:
            row = domain_row(curated.domain, domain_toml(curated.domain))
            yield NodeRecord(("Domain",), row)
        self._found = look_through(curated.terms(), self._names, lambda _: set(), self.refusals)
        for term in self._found.sound(curated.terms()):
            changes = add_terms({}, [(term.id, term)], self._ref)
            self._redirects.types.update(changes.types)
            for type_, rows in changes.new.items():
                yield NodeRecord(("Entity", type_), rows[0])

    def edges(self) -> Iterator[Record]:
        """Yield IS_A edges and claims."""
        for term in self._found.sound(self._curated.terms()) if self._found.parented else ():
            for parent in dict.fromkeys(term.parents):
                yield _edge("IS_A", term.id, parent, {"sources": [self._ref]})
        with closing(WaitingClaims()) as waiting:
            repeated = self._read(waiting)
            yield from self._joined(waiting, repeated)

    def _read(self, waiting: WaitingClaims) -> set[int]:
        """Read what facts say, and return the numbers of the claims that are in several batches."""
        checks, numbers = SoundFacts(self._names), array("Q")
        for facts in batched(self._curated.facts(), _BATCH):
            sound, unsound = checks.sorted_out(facts, self._redirects.types)
            claims, refused = place_facts(sound, self._redirects, self._ref)
            self.refusals.refuse_all(unsound + refused)
            waiting.add(claims.items())
            numbers.extend(number_of(said.claim_id) for said in claims.values())
        values, counts = np.unique(np.asarray(numbers), return_counts=True)
        return set(values[counts > 1].tolist())

    def _joined(self, waiting: WaitingClaims, repeated: set[int]) -> Iterator[Record]:
        several: dict[Key, Said] = {}
        for key, said in waiting:
            if repeated and number_of(said.claim_id) in repeated:
                several.setdefault(key, Said(said.claim_id, [])).entries.extend(said.entries)
            else:
                yield from self._claim(key, said)
        for key, said in several.items():
            yield from self._claim(key, said)

    def _claim(self, key: Key, said: Said) -> Iterator[Record]:
        changes = ClaimChanges()
        add_new(changes, key, said, self._plain)
        for (predicate, shape), claims in changes.plain.items():
            for claim in claims:
                row = self._plain.properties(shape, claim)
                yield _edge(predicate, claim.start, claim.end, row)
        for predicate, rows in changes.new.items():
            for (start, end), row in rows.items():
                yield _edge(predicate, start, end, row)


def _edge(type_: str, start: str, end: str, properties: dict[str, object]) -> EdgeRecord:
    return EdgeRecord(type_, "Entity", start, "Entity", end, properties)
