"""A curated source as the records of a graph that holds nothing else, without a server."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import numpy as np

from kg.archive.records import EdgeBlock, EdgeRecord, NodeRecord, Record
from kg.contributions.cache import claim_number
from kg.contributions.new_claims import EdgeShape, NewClaim, NewClaims, NewColumns
from kg.contributions.properties import Entry
from kg.contributions.schema_store import domain_row
from kg.contributions.states import ClaimState, EntityState
from kg.identifiers import claim_id
from kg.loading.curated.fact_placing import FactPlacer, Rows
from kg.loading.curated.hierarchy import Hierarchy, look_through
from kg.loading.curated.predicate_check import PredicateCheck
from kg.loading.curated.source_load import batched
from kg.loading.curated.source_node import domain_toml, source_row
from kg.loading.curated.spool import Batch, ClaimSpool
from kg.loading.curated.summary import Refusals
from kg.loading.curated.term_loading import stored_term
from kg.loading.schema_names import SchemaNames
from kg.models import Failure
from kg.sources import CuratedSource, checked
from kg.store.names import properties

_BATCH = 5000  # facts


def fresh_rows(
    curated: CuratedSource, *, on_failure: Callable[[Failure], None] | None = None
) -> Iterator[Record | EdgeBlock]:
    """Yield the records of the graph that `load_curated` makes of a source in an empty one.

    All nodes come before all edges; a node comes once, and so does an edge. Claims come in blocks
    (`kg.archive.one_by_one` takes them apart). What facts say waits on disk until it is known
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
        self._names = SchemaNames(None)
        if curated.domain is not None:
            self._names.allow(curated.domain, stored=False)
        self.refusals = Refusals(self._ref)
        self._curated = checked(curated, self.refusals.refuse)
        self._placer = FactPlacer(self._ref, curated.domain, {}, None, {})
        self._errors = {curated.source.name: curated.source.error}
        self._shapes = NewClaims(self._errors)
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
            self._placer.types[term.id] = term.type
            state = EntityState(term.type, [stored_term(term, self._ref)])
            yield NodeRecord(("Entity", term.type), properties(state.properties(term.id), term.id))

    def edges(self) -> Iterator[Record | EdgeBlock]:
        """Yield IS_A edges and claims."""
        for term in self._found.sound(self._curated.terms()) if self._found.parented else ():
            for parent in dict.fromkeys(term.parents):
                yield _edge(("IS_A", term.id, parent), {"sources": [self._ref]})
        with closing(ClaimSpool()) as spool:
            repeated = self._read(spool)
            yield from self._joined(spool, repeated)

    def _read(self, spool: ClaimSpool) -> set[int]:
        """Read what facts say, and return the numbers of the claims that are in several batches."""
        checks, numbers = PredicateCheck(self._names), array("Q")
        for facts in batched(self._curated.facts(), _BATCH):
            sound, unsound = checks.sorted_out(facts)
            rows, refused = self._placer.place(sound)
            self.refusals.refuse_all(unsound + refused)
            single, several = NewClaims(self._errors), []
            for claim, entries in rows.items():
                id_ = claim_id(*claim)
                numbers.append(claim_number(id_))
                if len(entries) > 1:
                    several.append((claim, entries))
                else:
                    single.add(claim, id_, entries[0])
            by_shape = [(*kind, NewColumns.of(same)) for kind, same in single.by_shape.items()]
            spool.add(Batch(by_shape, several))
        values, counts = np.unique(np.asarray(numbers), return_counts=True)
        return set(values[counts > 1].tolist())

    def _joined(self, spool: ClaimSpool, repeated: set[int]) -> Iterator[Record | EdgeBlock]:
        several: Rows = defaultdict(list)
        for batch in spool:
            for predicate, shape, columns in batch.single:
                once = columns
                if repeated:
                    once = _taken_out(predicate, shape, columns, repeated, several)
                if once.start:
                    yield self._block(predicate, shape, once)
            for claim, entries in batch.several:
                several[claim] += entries
        for claim, entries in several.items():
            state = ClaimState(claim_id(*claim), entries=set(entries))
            yield _edge((claim[1], claim[0], claim[2]), state.properties({}, self._errors))

    def _block(self, predicate: str, shape: EdgeShape, columns: NewColumns) -> EdgeBlock:
        return EdgeBlock(
            predicate,
            "Entity",
            "Entity",
            list(columns.start),
            list(columns.end),
            self._shapes.same(shape),
            self._shapes.varying(shape, columns),
        )


def _taken_out(
    predicate: str,
    shape: EdgeShape,
    columns: NewColumns,
    repeated: set[int],
    several: Rows,
) -> NewColumns:
    """Put the claims that are in several batches among `several`, and return the others."""
    once = []
    for claim in map(NewClaim, *columns):
        if claim_number(claim.claim_id) in repeated:
            entry = Entry(shape.source, claim.row, shape.polarity, claim.details, claim.read)
            several[claim.start, predicate, claim.end].append(entry)
        else:
            once.append(claim)
    return NewColumns.of(once) if once else NewColumns(*[[]] * len(NewColumns._fields))


def _edge(ends: tuple[str, str, str], properties: dict[str, Any]) -> EdgeRecord:
    type_, start, end = ends
    return EdgeRecord(type_, "Entity", start, "Entity", end, properties)
