"""Forgetting papers: their sentences, their mentions, and all that followed from them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from kg.contributions.support import (
    Triple,
    by_id,
    claims_of_packs,
    parts,
    read_errors,
    read_support,
)
from kg.forgetting.domains import drop_unused_domains
from kg.forgetting.settle import Settled, read_entities, settle_claims, settle_entities
from kg.identifiers import paper_id
from kg.loading.packs import largest, paper_packs
from kg.models import Model
from kg.runs.log import running
from kg.store.graph import Graph
from kg.store.names import Row
from kg.store.transaction import Transaction
from kg.versions import count_up, exclusive_write

OnProgress = Callable[[int, int | None], None]

BATCH_PAPERS = 200  # a transaction
_IDS_A_QUERY = 5000
_NO_ID = paper_id("", "")

_KNOWN = "UNWIND $ids AS id MATCH (p:Paper {id: id}) RETURN id"
_DOIS = "MATCH (p:Paper) WHERE p.id STARTS WITH 'doi:' RETURN p.id AS id"
_PAPERS = """
UNWIND $ids AS id MATCH (p:Paper {id: id})
RETURN id, p.packs AS packs, p.pack_errors AS pack_errors, p.domains AS domains
"""
_MENTIONS = """
UNWIND $ids AS id MATCH (p:Paper {id: id})-[m:MENTIONS]->(e:Entity)
RETURN id AS paper, e.id AS entity, m.names AS names
"""
_EVIDENCE = """
UNWIND $ids AS id MATCH (p:Paper {id: id})<-[:REPORTED_IN]-(e:Evidence)
RETURN e.id AS id, e.claim_id AS claim_id, e.subject AS subject, e.predicate AS predicate,
e.object AS object
"""
_READ_WITH = """
MATCH (p:Paper) WHERE $ref IN p.packs AND ($error IS NULL OR $error IN p.pack_errors)
RETURN p.packs AS packs, p.pack_errors AS pack_errors LIMIT 100
"""
_ERRORS_OF = """
MATCH (p:Paper) WHERE $ref IN p.packs
RETURN DISTINCT p.packs AS packs, p.pack_errors AS pack_errors
"""


class ForgetSummary(Model):
    """What went with some papers, and what is weighed anew.

    `forgotten` are the ids of the papers that went, `unknown` those (as given) that the graph
    does not hold. Claims and entities are counted once a batch in which they changed.
    """

    papers: int
    evidence: int
    claims_removed: int
    claims_changed: int
    entities_removed: int
    entities_changed: int
    forgotten: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """The numbers of a run."""
        numbers = self.model_dump(exclude={"forgotten", "unknown"})
        return {**numbers, "unknown": len(self.unknown)}


class _Wanted(NamedTuple):
    """A paper that is to go: its id as given, and all that the graph may call it."""

    given: str
    forms: set[str]


class _Forgotten(Model):
    papers: tuple[str, ...] = ()
    evidence: int = 0
    claims: Settled = Settled()
    entities: Settled = Settled()


def forget_papers(
    graph: Graph, ids: Iterable[str], *, on_progress: OnProgress | None = None
) -> ForgetSummary:
    """Take papers out: afterwards the graph is the one that was never given them.

    Their evidence and mentions go; claims, entities, names, counts, beliefs, years, packs and
    schemas are what follows from the rest. Two things stay, since no paper said them: hypotheses,
    which are recorded results (without the edge to an entity that is gone), and merges, which
    are decisions until they are undone. The papers' files are not touched: loading them again
    brings the papers back.

    Args:
        graph: where.
        ids: as people write them, in any form that `kg.paper_id` knows; case does not count in a
            DOI.
        on_progress: called with how many papers are done, and of how many.

    Papers go in batches of one transaction each: killed at any moment, the same call goes on
    with the rest. Forgetting twice changes nothing.

    Raises:
        StoreError: the server said no; what was forgotten before stays so.
    """
    with running(graph, "forget") as run:
        known, unknown = _known(graph, ids)
        batches: list[_Forgotten] = []
        for batch in parts(known, BATCH_PAPERS):
            batches.append(exclusive_write(graph, partial(_forget_batch, ids=batch)))
            if on_progress is not None:
                done = min(len(known), len(batches) * BATCH_PAPERS)
                on_progress(done, len(known))
        summary = _summary(batches, unknown)
        run.count(**summary.counts)
    return summary


def _summary(batches: Sequence[_Forgotten], unknown: Sequence[str]) -> ForgetSummary:
    claims = sum((batch.claims for batch in batches), Settled())
    entities = sum((batch.entities for batch in batches), Settled())
    forgotten = tuple(id_ for batch in batches for id_ in batch.papers)
    return ForgetSummary(
        papers=len(forgotten),
        evidence=sum(batch.evidence for batch in batches),
        claims_removed=claims.removed,
        claims_changed=claims.changed,
        entities_removed=entities.removed,
        entities_changed=entities.changed,
        forgotten=forgotten,
        unknown=tuple(unknown),
    )


def _known(graph: Graph, ids: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the ids that the graph has as it writes them, and those, as given, that it has not."""
    wanted: dict[str, _Wanted] = {}
    for given in ids:
        normal = paper_id(given, "")
        # Shards that another program wrote may have ids in any form.
        key = given.strip() if normal == _NO_ID else normal
        wanted.setdefault(key, _Wanted(given, set())).forms.update((key, given.strip()))
    every = dict.fromkeys(form for one in wanted.values() for form in one.forms)
    known: dict[str, None] = {}
    for part in parts(list(every), _IDS_A_QUERY):
        known |= dict.fromkeys(row["id"] for row in graph.read(_KNOWN, ids=part))
    missing = {form.casefold() for form in every if form not in known}
    if any(form.startswith("doi:") for form in missing):
        for row in graph.stream(_DOIS):
            if row["id"].casefold() in missing:
                known[row["id"]] = None
    found = {id_.casefold() for id_ in known}
    unknown = [o.given for o in wanted.values() if not found & set(map(str.casefold, o.forms))]
    return sorted(known), unknown


def _forget_batch(transaction: Transaction, ids: Sequence[str]) -> _Forgotten:
    papers = list(by_id(transaction, _PAPERS, ids))
    if not papers:
        return _Forgotten()
    mentions = list(by_id(transaction, _MENTIONS, ids))
    evidence = list(by_id(transaction, _EVIDENCE, ids))
    for part in parts([row["id"] for row in evidence]):
        transaction.delete_nodes("Evidence", part)
    transaction.delete_nodes("Paper", ids)
    reweighed = _settle_packs(transaction, papers)
    claims = _settle_claims(transaction, evidence, reweighed)
    entities = _settle_entities(transaction, mentions)
    drop_unused_domains(transaction, (id_ for row in papers for id_ in row["domains"] or ()))
    count_up(transaction)
    return _Forgotten(
        papers=tuple(row["id"] for row in papers),
        evidence=len(evidence),
        claims=claims,
        entities=entities,
    )


def _settle_packs(transaction: Transaction, papers: Sequence[Row]) -> set[str]:
    """Drop packs that no paper has any more; return those with another error rate now."""
    errors = read_errors(transaction).packs
    gone, changed = [], {}
    for ref in sorted({ref for paper in papers for ref in paper["packs"] or ()}):
        before = errors.get(ref)
        after, used = _error_now(transaction, ref, before)
        if not used:
            gone.append(ref)
        elif after != before:
            changed[ref] = after
    transaction.delete_nodes("Pack", gone)
    rows = [{"id": ref, "error": error} for ref, error in changed.items()]
    transaction.merge_nodes(("Pack",), rows, replace=True)
    return set(changed)


def _error_now(
    transaction: Transaction, ref: str, before: float | None
) -> tuple[float | None, bool]:
    """Return the error rate of a pack by the papers that are left, and whether there are any."""
    # Mostly a paper is left that says the same, and the first that is met will do.
    some = transaction.run(_READ_WITH, ref=ref, error=before)
    if any(paper_packs(row)[ref] == before for row in some):
        return before, True
    every = transaction.run(_ERRORS_OF, ref=ref)
    return largest(*(paper_packs(row)[ref] for row in every)), bool(every)


def _settle_claims(
    transaction: Transaction, evidence: Iterable[Row], reweighed: Iterable[str]
) -> Settled:
    triples: dict[str, Triple] = {
        row["claim_id"]: (row["subject"], row["predicate"], row["object"]) for row in evidence
    }
    errors = read_errors(transaction)
    every = dict.fromkeys(claims_of_packs(transaction, reweighed)) | triples
    support = read_support(transaction, every, curated=bool(errors.sources))
    return settle_claims(transaction, support.triples | triples, support, errors.rates)


def _settle_entities(transaction: Transaction, mentions: Iterable[Row]) -> Settled:
    forms: Mapping[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in mentions:
        forms[row["entity"]][row["paper"]] |= set(row["names"])
    entities = read_entities(transaction, forms)
    for id_, by_paper in forms.items():
        entity = entities[id_]
        entity.n_papers -= len(by_paper)
        entity.forms = +(entity.forms - Counter(name for n in by_paper.values() for name in n))
    return settle_entities(transaction, entities)
