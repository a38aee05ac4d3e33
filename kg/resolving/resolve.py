"""Resolving a graph: what is surely one thing is merged, what may be is listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from kg.contributions.cache import Cache
from kg.models import Model
from kg.resolving.distinct import distinct_pairs, list_distinct
from kg.resolving.entity_index import EntityIndex, read_entity_index
from kg.resolving.merge import Decision, merge_all
from kg.resolving.plan import Candidate, make_plan
from kg.resolving.rules import RULES
from kg.runs import running
from kg.store.graph import Graph

OnProgress = Callable[[int, int | None], None]

# A transaction: so many merges, and of entities that so many papers mention altogether (or one).
BATCH = 200
BATCH_PAPERS = 3000


class ResolveSummary(Model):
    """What resolving came to.

    `merged` counts merges, `by_rule` by the rule that was sure. `merges` are those that were made,
    or would be with `dry_run`. `candidates` are for a person to judge, the likeliest first.
    `kept_apart` counts what a rule was sure of and somebody has refused, `other_type` what rules
    found between entities of different types, which are never one.
    """

    entities: int
    merged: int
    by_rule: dict[str, int]
    kept_apart: int
    other_type: int
    merges: tuple[Decision, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    dry_run: bool = False


def resolve(
    graph: Graph, *, dry_run: bool = False, on_progress: OnProgress | None = None
) -> ResolveSummary:
    """Merge what is surely one thing, and list what may be.

    Rules, the surest first: two spellings of one CURIE; what an ontology itself has merged (an
    alternative id, a replaced term); a cross-reference that is one-to-one within its two prefixes;
    an entity that only papers have whose name is that of one curated entity of its type alone.
    Everything else, similar names among it, is listed and never merged. Which id stays is said in
    `kg.resolving.plan.rank`.

    The entities are read once. Merges are made in batches of one transaction each, every one with
    the rule and the reason recorded, so a run that is killed goes on where it stopped, and a
    second run finds nothing to do. What somebody has undone with `never` stays apart.

    Args:
        graph: what to resolve.
        dry_run: only say what would be done.
        on_progress: called with how many merges are made, and of how many.

    Raises:
        StoreError: the server said no; what was merged before stays merged.
    """
    things = read_entity_index(graph)
    plan = make_plan(things, RULES, distinct_pairs(list_distinct(graph)))
    summary = ResolveSummary(
        entities=len(things),
        merged=len(plan.decisions),
        by_rule=dict(sorted(Counter(d.rule for d in plan.decisions).items())),
        kept_apart=plan.kept_apart,
        other_type=plan.other_type,
        merges=tuple(plan.decisions),
        candidates=tuple(plan.candidates),
        dry_run=dry_run,
    )
    if not dry_run and plan.decisions:
        with running(graph, "resolve") as run:
            done, cache = 0, Cache()
            for batch in _batched(plan.decisions, things):
                merge_all(graph, batch, cache)
                done += len(batch)
                run.count(merged=done)
                if on_progress is not None:
                    on_progress(done, len(plan.decisions))
    return summary


def _batched(decisions: Iterable[Decision], things: EntityIndex) -> Iterator[list[Decision]]:
    batch: list[Decision] = []
    papers = 0
    for decision in decisions:
        more = things[decision.absorbed].n_papers
        if batch and (len(batch) >= BATCH or papers + more > BATCH_PAPERS):
            yield batch
            batch, papers = [], 0
        batch.append(decision)
        papers += more
    if batch:
        yield batch
