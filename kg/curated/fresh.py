"""A curated source as the records of a graph that holds nothing else, without a server."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from contextlib import closing

import numpy as np

from kg.contributions.properties import Entry
from kg.contributions.schema_store import domain_row
from kg.curated.checks import PredicateCheck
from kg.curated.facts import (
    ClaimChanges,
    Key,
    NewClaim,
    NewColumns,
    Plain,
    Redirects,
    Said,
    Shape,
    add_new,
    number_of,
    place_facts,
)
from kg.curated.hierarchy import Hierarchy, look_through
from kg.curated.loading import batched
from kg.curated.node import domain_toml, source_row
from kg.curated.summary import Refusals
from kg.curated.terms import add_terms
from kg.curated.waiting import Batch, WaitingClaims
from kg.exporting.records import EdgeBlock, EdgeRecord, NodeRecord, Record
from kg.loading.names import Names
from kg.models import Failure
from kg.sources import CuratedSource, checked

_BATCH = 5000  # facts


def fresh_rows(
    curated: CuratedSource, *, on_failure: Callable[[Failure], None] | None = None
) -> Iterator[Record | EdgeBlock]:
    """Yield the records of the graph that `load_curated` makes of a source in an empty one.

    All nodes come before all edges; a node comes once, and so does an edge. Claims come in blocks
    (`kg.exporting.one_by_one` takes them apart). What facts say waits on disk until it is known
    which claims have more than one row.

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
        self._ref = curated.source.ref
        self._names = Names(None)
        if curated.domain is not None:
            self._names.allow(curated.domain, stored=False)
        self.refusals = Refusals(self._ref)
        self._curated = checked(curated, self.refusals.refuse)
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

    def edges(self) -> Iterator[Record | EdgeBlock]:
        """Yield IS_A edges and claims."""
        for term in self._found.sound(self._curated.terms()) if self._found.parented else ():
            for parent in dict.fromkeys(term.parents):
                yield _edge("IS_A", term.id, parent, {"sources": [self._ref]})
        with closing(WaitingClaims()) as waiting:
            repeated = self._read(waiting)
            yield from self._joined(waiting, repeated)

    def _read(self, waiting: WaitingClaims) -> set[int]:
        """Read what facts say, and return the numbers of the claims that are in several batches."""
        checks, numbers = PredicateCheck(self._names), array("Q")
        for facts in batched(self._curated.facts(), _BATCH):
            sound, unsound = checks.sorted_out(facts)
            claims, refused = place_facts(sound, self._redirects, self._ref)
            self.refusals.refuse_all(unsound + refused)
            numbers.extend([number_of(said.claim_id) for said in claims.values()])
            waiting.add(self._batch(claims))
        values, counts = np.unique(np.asarray(numbers), return_counts=True)
        return set(values[counts > 1].tolist())

    def _batch(self, claims: dict[Key, Said]) -> Batch:
        changes = ClaimChanges()
        several = []
        for key, said in claims.items():
            if len(said.entries) > 1:
                several.append((key, said))
            else:
                add_new(changes, key, said, self._plain)
        plain = [(*kind, NewColumns.of(same)) for kind, same in changes.plain.items()]
        return Batch(plain, several)

    def _joined(self, waiting: WaitingClaims, repeated: set[int]) -> Iterator[Record | EdgeBlock]:
        several: dict[Key, Said] = {}
        for batch in waiting:
            for predicate, shape, columns in batch.plain:
                once = columns
                if repeated:
                    once = self._taken_out(predicate, shape, columns, repeated, several)
                if once.start:
                    yield self._block(predicate, shape, once)
            for key, said in batch.several:
                several.setdefault(key, Said(said.claim_id, [])).entries.extend(said.entries)
        changes = ClaimChanges()
        for key, said in several.items():
            add_new(changes, key, said, self._plain)
        yield from self._records(changes)

    def _taken_out(
        self,
        predicate: str,
        shape: Shape,
        columns: NewColumns,
        repeated: set[int],
        several: dict[Key, Said],
    ) -> NewColumns:
        """Put the claims that are in several batches among `several`, and return the others."""
        once = []
        for claim in map(NewClaim, *columns):
            if number_of(claim.claim_id) in repeated:
                key = (predicate, claim.start, claim.end)
                entry = Entry(self._ref, claim.row, shape.polarity, claim.details, claim.read)
                several.setdefault(key, Said(claim.claim_id, [])).entries.append(entry)
            else:
                once.append(claim)
        return NewColumns.of(once) if once else NewColumns(*[[]] * len(NewColumns._fields))

    def _records(self, changes: ClaimChanges) -> Iterator[Record | EdgeBlock]:
        for (predicate, shape), claims in changes.plain.items():
            yield self._block(predicate, shape, NewColumns.of(claims))
        for predicate, rows in changes.new.items():
            for (start, end), row in rows.items():
                yield _edge(predicate, start, end, row)

    def _block(self, predicate: str, shape: Shape, columns: NewColumns) -> EdgeBlock:
        return EdgeBlock(
            predicate,
            "Entity",
            "Entity",
            list(columns.start),
            list(columns.end),
            self._plain.same(shape),
            self._plain.varying(shape, columns),
        )


def _edge(type_: str, start: str, end: str, properties: dict[str, object]) -> EdgeRecord:
    return EdgeRecord(type_, "Entity", start, "Entity", end, properties)
