"""Forgetting papers: their sentences, their mentions, and all that followed from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from kg.contributions.apply import Outcome, commit
from kg.contributions.cache import Cache
from kg.contributions.delta import Delta, Signed
from kg.contributions.parts import parts
from kg.contributions.states import PaperContribution
from kg.contributions.stored import Stored
from kg.identifiers import paper_id
from kg.models import Model
from kg.runs.log import running
from kg.store.graph import Graph

OnProgress = Callable[[int, int | None], None]

BATCH_PAPERS = 200  # a transaction
_IDS_A_QUERY = 5000
_NO_ID = paper_id("", "")

_KNOWN = "UNWIND $ids AS id MATCH (p:Paper {id: id}) RETURN id"
_DOIS = "MATCH (p:Paper) WHERE p.id STARTS WITH 'doi:' RETURN p.id AS id"


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


class _Forgotten(NamedTuple):
    """What went with a batch."""

    papers: tuple[str, ...]
    evidence: int
    outcome: Outcome


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
        cache = Cache()
        for batch in parts(known, BATCH_PAPERS):
            batches.append(_forget(graph, cache, batch))
            if on_progress is not None:
                done = min(len(known), len(batches) * BATCH_PAPERS)
                on_progress(done, len(known))
        summary = _summary(batches, unknown)
        run.count(**summary.counts)
    return summary


def _forget(graph: Graph, cache: Cache, ids: Sequence[str]) -> _Forgotten:
    def taken_away(stored: Stored) -> tuple[Delta, dict[str, PaperContribution]]:
        papers = stored.papers(ids, whole=True)
        return Delta(papers=Signed(removed=papers)), papers

    outcome, gone = commit(graph, cache, taken_away)
    evidence = sum(len(paper.evidence) for paper in gone.values())
    return _Forgotten(tuple(sorted(gone)), evidence, outcome)


def _summary(batches: Sequence[_Forgotten], unknown: Sequence[str]) -> ForgetSummary:
    forgotten = tuple(id_ for batch in batches for id_ in batch.papers)
    claims = [batch.outcome.claims for batch in batches]
    entities = [batch.outcome.entities for batch in batches]
    return ForgetSummary(
        papers=len(forgotten),
        evidence=sum(batch.evidence for batch in batches),
        claims_removed=sum(settled.removed for settled in claims),
        claims_changed=sum(settled.changed for settled in claims),
        entities_removed=sum(settled.removed for settled in entities),
        entities_changed=sum(settled.changed for settled in entities),
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
