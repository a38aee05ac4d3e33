"""Forgetting a curated source: its facts, its terms, its schema and itself."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TypeVar

from kg.contributions import bulk_removal
from kg.contributions.apply import apply
from kg.contributions.bulk_removal import Removed, Share
from kg.contributions.delta import Delta, Signed
from kg.contributions.parts import parts
from kg.contributions.schema_store import unused_schemas
from kg.contributions.states import Triple
from kg.contributions.stored import Stored
from kg.curated_models import source_name
from kg.errors import StoreError, UnknownNameError
from kg.gc_threshold import raised_gc_threshold
from kg.models import Model
from kg.runs.log import running
from kg.store.graph import Graph
from kg.store.names import Row
from kg.store.transaction import Transaction
from kg.versions import count_up, exclusive_write

OnProgress = Callable[[int, int | None], None]
T = TypeVar("T")

CLAIMS = 5000  # a transaction; as many as a load takes
ENTITIES = 2000  # or edges, a transaction

_SOURCE = """
MATCH (s:Source {id: $name})
RETURN s.domain AS domain, s.replaced_domain AS replaced, s.version AS version
"""
_SOURCES = "MATCH (s:Source) RETURN s.id AS name"
# The mark of a load (kg/loading/curated/node.py): one that goes on finds another there, and stops.
_MARK = "MATCH (s:Source {id: $name}) SET s.loading = $token"
_MARKED = "MATCH (s:Source {id: $name}) RETURN s.loading AS token"


class SourceForgotten(Model):
    """What went with a curated source, and what is weighed anew.

    `facts` are claims that the source spoke of; of these, `claims_removed` are gone.
    """

    source: str
    facts: int
    terms: int
    parents: int
    claims_removed: int
    entities_removed: int

    @property
    def counts(self) -> dict[str, int]:
        """The numbers of a run."""
        return self.model_dump(exclude={"source"})


@raised_gc_threshold()
def forget_source(
    graph: Graph, name: str, *, on_progress: OnProgress | None = None
) -> SourceForgotten:
    """Take a curated source out: afterwards the graph is the one that never had it.

    Its rows behind claims, its terms and their names, its IS_A edges, its schema and the source
    itself go; what follows from the rest is written anew. Merges stay, as for `forget_papers`.

    Args:
        graph: where.
        name: the source's name, without a version.
        on_progress: called with how many claims, IS_A edges and entities are done, and of how many.

    In batches of one transaction each, the source itself last: killed at any moment, the same
    call goes on with the rest.

    Raises:
        UnknownNameError: the graph has no such source.
        StoreError: the server said no, or a load of the source began; what was forgotten before
            stays so.
    """
    name = source_name(name)
    found = graph.read(_SOURCE, name=name)
    if not found:
        known = [row["name"] for row in graph.read(_SOURCES)]
        raise UnknownNameError("curated source", name, known)
    ref = f"{name}@{found[0]['version']}"
    domains = [found[0]["domain"], found[0]["replaced"]]  # a killed load may have left both
    with running(graph, "forget", source=ref) as run:
        summary = _Forgetting(graph, name, on_progress).all(ref, [d for d in domains if d])
        run.count(**summary.counts)
    return summary


class _Forgetting:
    """One run of `forget_source`."""

    def __init__(self, graph: Graph, name: str, on_progress: OnProgress | None) -> None:
        self._graph = graph
        self._name = name
        self._prefix = f"{name}@"
        self._token = secrets.token_hex(8)
        self._on_progress = on_progress
        self._done, self._total = 0, 0
        self._removed = Removed()

    def all(self, ref: str, schemas: Sequence[str]) -> SourceForgotten:
        """Forget everything of the source, itself last."""
        exclusive_write(self._graph, self._mark)
        n, alone = bulk_removal.count_claims(self._graph, self._prefix)
        parents = bulk_removal.find_parents(self._graph, self._prefix)
        entities = bulk_removal.find_terms(self._graph, self._prefix)
        self._total = n + len(parents) + len(entities)
        for shares in bulk_removal.split_shares(alone, CLAIMS):
            self._do(self._drop_claims, shares, sum(share.n for share in shares))
        # Those that others speak of too, and what has come to be alone meanwhile.
        for claims in parts(bulk_removal.find_claims(self._graph, self._prefix), CLAIMS):
            self._do(self._take_from_claims, claims, len(claims))
        for edges in parts(parents, ENTITIES):
            self._do(self._drop_parents, edges, len(edges))
        for ids in parts(entities, ENTITIES):
            self._do(self._take_from_entities, ids, len(ids))
        exclusive_write(self._graph, partial(self._forget_itself, schemas=schemas))
        return SourceForgotten(
            source=ref,
            facts=n,
            terms=len(entities),
            parents=len(parents),
            claims_removed=self._removed.claims,
            entities_removed=self._removed.entities,
        )

    def _do(self, work: Callable[[Transaction, T], Removed], items: T, size: int) -> None:
        """Do a part of the work in one transaction; take note of what came of it."""

        def alone(transaction: Transaction) -> Removed:
            self._check_alone(transaction)
            return work(transaction, items)

        self._removed = self._removed.plus(exclusive_write(self._graph, alone))
        self._done += size
        if self._on_progress is not None:
            self._on_progress(min(self._done, self._total), self._total)

    def _drop_claims(self, transaction: Transaction, shares: Sequence[Share]) -> Removed:
        count_up(transaction)
        return bulk_removal.drop_claims(transaction, shares, self._prefix)

    def _take_from_claims(self, transaction: Transaction, claims: Sequence[Triple]) -> Removed:
        stored = Stored(transaction)
        rows = {
            (claim, entry): True
            for claim, state in zip(claims, stored.claims(claims), strict=True)
            for entry in state.entries
            if entry.source.startswith(self._prefix)
        }
        outcome = apply(stored, Delta(entries=Signed(removed=rows)))
        return Removed(outcome.claims.removed, outcome.entities.removed)

    def _drop_parents(self, transaction: Transaction, edges: Sequence[Row]) -> Removed:
        count_up(transaction)
        return bulk_removal.drop_parents(transaction, edges, self._prefix)

    def _take_from_entities(self, transaction: Transaction, ids: Sequence[str]) -> Removed:
        dropped = bulk_removal.drop_terms(transaction, ids, self._prefix)
        if dropped:
            count_up(transaction)
        stored = Stored(transaction)
        terms = {
            (self._name, term.id): term
            for state in stored.entities(set(ids) - dropped).values()
            for term in state.terms
            if term.source.startswith(self._prefix)
        }
        outcome = apply(stored, Delta(terms=Signed(removed=terms)))
        return Removed(entities=len(dropped) + outcome.entities.removed)

    def _mark(self, transaction: Transaction) -> None:
        transaction.run(_MARK, name=self._name, token=self._token)

    def _check_alone(self, transaction: Transaction) -> None:
        rows = transaction.run(_MARKED, name=self._name)
        if not rows or rows[0]["token"] != self._token:
            what = "is loaded again" if rows else "was forgotten by somebody else"
            raise StoreError(
                f"the source {self._name!r} {what} meanwhile, so this stops; run it again when "
                "that is done, if the source is to go"
            )

    def _forget_itself(self, transaction: Transaction, schemas: Iterable[str]) -> None:
        self._check_alone(transaction)
        transaction.delete_nodes("Source", [self._name])
        count_up(transaction)
        stored = Stored(transaction)
        kept = stored.cache.schemas
        unused = unused_schemas(transaction, [id_ for id_ in schemas if id_ in kept])
        apply(stored, Delta(schemas=Signed(removed={id_: kept[id_] for id_ in unused})))
