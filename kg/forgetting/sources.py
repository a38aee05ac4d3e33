"""Forgetting a curated source: its facts, its terms, its schema and itself."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TypeVar

from kg.contributions.support import parts
from kg.curated_models import source_name
from kg.errors import StoreError, UnknownNameError
from kg.forgetting import facts, terms
from kg.forgetting.domains import drop_unused_domains
from kg.forgetting.settle import Settled
from kg.gc_threshold import raised_gc_threshold
from kg.models import Model
from kg.runs.log import running
from kg.store.graph import Graph
from kg.store.transaction import Transaction
from kg.versions import count_up, exclusive_write

OnProgress = Callable[[int, int | None], None]
T = TypeVar("T")

_SOURCE = """
MATCH (s:Source {id: $name})
RETURN s.domain AS domain, s.replaced_domain AS replaced, s.version AS version
"""
_SOURCES = "MATCH (s:Source) RETURN s.id AS name"
# The mark of a load (kg/curated/node.py): one that goes on finds another there, and stops.
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
        self._claims, self._entities = Settled(), Settled()

    def all(self, ref: str, domains: Sequence[str]) -> SourceForgotten:
        """Forget everything of the source, itself last."""
        exclusive_write(self._graph, self._mark)
        found = facts.find_facts(self._graph, self._prefix)
        parents = terms.find_parents(self._graph, self._prefix)
        entities = terms.find_terms(self._graph, self._prefix)
        self._total = found.n + len(parents) + len(entities)
        for shares in facts.dealt(found.alone, facts.BATCH):
            self._do(facts.drop_alone, shares, sum(share.n for share in shares))
        # Those that others speak of too, and what has come to be alone meanwhile.
        for keys in parts(facts.find_left(self._graph, self._prefix), facts.BATCH):
            self._do(facts.forget_facts, keys, len(keys))
        for edges in parts(parents, terms.BATCH):
            self._do(terms.forget_parents, edges, len(edges))
        for ids in parts(entities, terms.BATCH):
            self._do(terms.forget_terms, ids, len(ids))
        exclusive_write(self._graph, partial(self._forget_itself, domains=domains))
        return SourceForgotten(
            source=ref,
            facts=found.n,
            terms=len(entities),
            parents=len(parents),
            claims_removed=self._claims.removed,
            entities_removed=self._entities.removed,
        )

    def _do(
        self,
        work: Callable[[Transaction, T, str], tuple[Settled, Settled]],
        items: T,
        size: int,
    ) -> None:
        """Do a part of the work in one transaction; take note of what came of it."""

        def alone(transaction: Transaction) -> tuple[Settled, Settled]:
            self._check_alone(transaction)
            settled = work(transaction, items, self._prefix)
            count_up(transaction)
            return settled

        claims, entities = exclusive_write(self._graph, alone)
        self._claims, self._entities = self._claims + claims, self._entities + entities
        self._done += size
        if self._on_progress is not None:
            self._on_progress(min(self._done, self._total), self._total)

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

    def _forget_itself(self, transaction: Transaction, domains: Iterable[str]) -> None:
        self._check_alone(transaction)
        transaction.delete_nodes("Source", [self._name])
        drop_unused_domains(transaction, domains)
        count_up(transaction)
