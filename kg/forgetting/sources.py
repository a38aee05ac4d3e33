"""Forgetting a curated source: its facts, its terms, its schema and itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial

from kg.behind import Triple, parts, read_behind, read_errors
from kg.curation import source_name
from kg.errors import UnknownNameError
from kg.forgetting.domains import drop_unused_domains
from kg.forgetting.settle import Settled, read_entities, settle_claims, settle_entities
from kg.models import Model
from kg.runs.log import running
from kg.store.graph import Graph
from kg.store.names import Row
from kg.store.transaction import Transaction
from kg.versions import count_up, in_turn

OnProgress = Callable[[int, int | None], None]

BATCH = 2000  # claims or entities a transaction

_SOURCE = """
MATCH (s:Source {id: $name})
RETURN s.domain AS domain, s.replaced_domain AS replaced, s.version AS version
"""
_SOURCES = "MATCH (s:Source) RETURN s.id AS name"
# A source has one version, but for a load of another one that was killed half-way.
_FACTS = """
MATCH (s:Entity)-[c]->(o:Entity)
WHERE c.curated = true AND any(ref IN c.curated_sources WHERE ref STARTS WITH $prefix)
RETURN c.claim_id AS claim_id, s.id AS subject, type(c) AS predicate, o.id AS object
"""
_PARENTS = """
MATCH (c:Entity)-[r:IS_A]->(p:Entity) WHERE any(ref IN r.sources WHERE ref STARTS WITH $prefix)
RETURN c.id AS start, p.id AS end
"""
_TERMS = """
MATCH (e:Entity) WHERE any(ref IN e.sources WHERE ref STARTS WITH $prefix) RETURN e.id AS id
"""
_PARENTS_OF = """
UNWIND $rows AS row MATCH (c:Entity {id: row.start})-[r:IS_A]->(p:Entity {id: row.end})
RETURN row.start AS start, row.end AS end, r.sources AS sources
"""
_DROP_PARENTS = """
UNWIND $rows AS row MATCH (c:Entity {id: row.start})-[r:IS_A]->(p:Entity {id: row.end})
WITH collect(r) AS every UNWIND every AS r DELETE r
"""


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


def forget_source(
    graph: Graph, name: str, *, on_progress: OnProgress | None = None
) -> SourceForgotten:
    """Take a curated source out: afterwards the graph is the one that never had it.

    Its rows behind claims, its terms and their names, its IS_A edges, its schema and the source
    itself go; what follows from the rest is written anew. Merges stay, as for `forget_papers`.

    Args:
        graph: where.
        name: the source's name, without a version.
        on_progress: called with how many claims, edges and entities are done, and of how many.

    In batches of one transaction each, the source itself last: killed at any moment, the same
    call goes on with the rest.

    Raises:
        UnknownNameError: the graph has no such source.
        StoreError: the server said no; what was forgotten before stays so.
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
        self._on_progress = on_progress
        self._done = 0

    def all(self, ref: str, domains: Sequence[str]) -> SourceForgotten:
        """Forget everything of the source, itself last."""
        facts, claims, ends = self._each(_FACTS, partial(_forget_facts, prefix=self._prefix))
        parents, _, ends_of_parents = self._each(
            _PARENTS, partial(_forget_parents, prefix=self._prefix)
        )
        terms, _, ends_of_terms = self._each(_TERMS, partial(_forget_terms, prefix=self._prefix))
        in_turn(self._graph, partial(_forget_itself, name=self._name, domains=domains))
        return SourceForgotten(
            source=ref,
            facts=facts,
            terms=terms,
            parents=parents,
            claims_removed=claims.removed,
            entities_removed=(ends + ends_of_parents + ends_of_terms).removed,
        )

    def _each(
        self,
        cypher: str,
        work: Callable[[Transaction, Sequence[Row]], tuple[Settled, Settled]],
    ) -> tuple[int, Settled, Settled]:
        """Do some work on all rows that a query finds, in batches; return what came of it."""
        rows = list(self._graph.stream(cypher, prefix=self._prefix))
        claims, entities = Settled(), Settled()
        for part in parts(rows, BATCH):
            batch = in_turn(self._graph, partial(_counted, work=work, rows=part))
            claims, entities = claims + batch[0], entities + batch[1]
            self._done += len(part)
            if self._on_progress is not None:
                self._on_progress(self._done, None)
        return len(rows), claims, entities


def _counted(
    transaction: Transaction,
    work: Callable[[Transaction, Sequence[Row]], tuple[Settled, Settled]],
    rows: Sequence[Row],
) -> tuple[Settled, Settled]:
    settled = work(transaction, rows)
    count_up(transaction)
    return settled


def _forget_facts(
    transaction: Transaction, rows: Sequence[Row], prefix: str
) -> tuple[Settled, Settled]:
    triples: dict[str, Triple] = {
        row["claim_id"]: (row["subject"], row["predicate"], row["object"]) for row in rows
    }
    errors = read_errors(transaction)
    behind = read_behind(transaction, triples, curated=True)
    there = {claim: triples[claim] for claim in behind.triples}
    behind.entries = {
        claim: [entry for entry in entries if not entry.source.startswith(prefix)]
        for claim, entries in behind.entries.items()
    }
    claims = settle_claims(transaction, there, behind, errors.rates)
    return claims, _settle(transaction, _ends(there.values()))


def _forget_parents(
    transaction: Transaction, rows: Sequence[Row], prefix: str
) -> tuple[Settled, Settled]:
    kept, gone = [], []
    pairs = [{"start": row["start"], "end": row["end"]} for row in rows]
    for row in transaction.run(_PARENTS_OF, rows=pairs):
        others = [ref for ref in row["sources"] if not ref.startswith(prefix)]
        ends = {"start": row["start"], "end": row["end"]}
        if others:
            kept.append({**ends, "sources": others})
        else:
            gone.append(ends)
    transaction.merge_edges("IS_A", kept, replace=True)
    transaction.run(_DROP_PARENTS, rows=gone)
    return Settled(), _settle(transaction, {end for row in pairs for end in row.values()})


def _forget_terms(
    transaction: Transaction, rows: Sequence[Row], prefix: str
) -> tuple[Settled, Settled]:
    entities = read_entities(transaction, (row["id"] for row in rows))
    for entity in entities.values():
        entity.terms = [term for term in entity.terms if not term.source.startswith(prefix)]
    return Settled(), settle_entities(transaction, entities)


def _forget_itself(transaction: Transaction, name: str, domains: Sequence[str]) -> None:
    transaction.delete_nodes("Source", [name])
    drop_unused_domains(transaction, domains)
    count_up(transaction)


def _settle(transaction: Transaction, ids: Collection[str]) -> Settled:
    """Delete those of some entities of which nothing is said any more."""
    entities = read_entities(transaction, ids)
    bare = {id_: entity for id_, entity in entities.items() if not entity.said}
    return settle_entities(transaction, bare)


def _ends(triples: Iterable[Triple]) -> set[str]:
    return {end for subject, _, object_ in triples for end in (subject, object_)}
