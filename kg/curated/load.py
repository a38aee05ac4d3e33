"""Loading a curated source: the same source gives the same graph, however often it is loaded.

Terms and facts go in batches of one transaction each. A process that is killed leaves a source
that is marked as loading; the next load compares what is there with what the source says, writes
what is not, and then takes out what the source does not say (any more).
"""

from __future__ import annotations

from functools import partial

from kg.contributions.cache import ANY_ENTITY
from kg.contributions.schema_store import merge_domains, stored_domains
from kg.contributions.stored import Stored
from kg.curated.checks import PredicateCheck
from kg.curated.fact_loading import FactLoading
from kg.curated.hierarchy import look_through
from kg.curated.loading import Loading, OnProgress
from kg.curated.namesake import refuse_namesake
from kg.curated.node import begin, finish, source_row
from kg.curated.summary import CuratedSummary, Refusals
from kg.curated.term_loading import load_terms, take_out_terms
from kg.domain import Domain, parse_domain
from kg.errors import PackError
from kg.gc_threshold import raised_gc_threshold
from kg.loading.names import Names
from kg.runs import running
from kg.sources import CuratedSource, checked
from kg.store.graph import Graph
from kg.store.transaction import Transaction
from kg.versions import exclusive_write


@raised_gc_threshold()
def load_curated(
    graph: Graph, curated: CuratedSource, *, on_progress: OnProgress | None = None
) -> CuratedSummary:
    """Load a curated source into a graph; another version of it that is there is replaced.

    Args:
        graph: where to.
        curated: the source, opened (`kg.sources.open_source`).
        on_progress: called with how many rows are done, and of how many if known.

    A term of another type than its entity, a fact with an end that nothing says what it is, a
    parent that nobody knows and a parent in a cycle are refused and listed; the rest is loaded.
    Claims of a symmetric relation are turned as the source's own schema says.

    Raises:
        UsageError: it has its name from its file alone, and a source of that name came from files
            in other folders: it could be another one.
        StoreError: the server said no, or another load of the source began; what was loaded
            before stays, and the next load completes it.
    """
    refuse_namesake(graph, curated)
    with running(graph, "load", source=curated.source.ref, files=curated.files) as run:
        summary = _load(graph, curated, on_progress)
        counted = summary.model_dump(exclude={"source", "replaced", "changes", "failed"})
        run.count(**counted, failed=len(summary.failed))
    return summary


def _load(graph: Graph, curated: CuratedSource, on_progress: OnProgress | None) -> CuratedSummary:
    names, refusals = Names(graph), Refusals(curated.source.ref)
    curated = checked(curated, refusals.refuse)
    domain = _fitting_domain(graph, curated.domain, names, refusals)
    loading = Loading(graph, curated.source, domain, refusals, on_progress)
    found = look_through(curated.terms(), names, partial(_known_ids, loading), refusals)
    names.ensure_schema(search=not _fills_first(graph))
    row = source_row(curated.source, domain)
    start = partial(begin, row=row, domain=domain, token=loading.token)
    before = exclusive_write(graph, start)
    loading.again = before is not None
    load_terms(loading, curated.terms(), found)
    facts = FactLoading(loading, PredicateCheck(names))
    facts.load(curated.facts())
    if loading.again:
        facts.take_out()
        take_out_terms(loading, found.places)
    graph.ensure_schema(())
    exclusive_write(graph, partial(finish, row=row, token=loading.token))
    replaced = before if before != curated.source.version else None
    return CuratedSummary(
        source=loading.ref,
        replaced=replaced,
        entities=len(loading.entities),
        claims=facts.n_claims,
        is_a=found.is_a,
        changes=tuple(loading.changes) if replaced else (),
        failed=refusals.failures(),
        **loading.counts,
    )


def _fitting_domain(
    graph: Graph, own: Domain | None, names: Names, refusals: Refusals
) -> Domain | None:
    """Return the source's schema if it fits those of the graph, else refuse it."""
    kept = [parse_domain(toml) for toml in stored_domains(graph)]
    for domain in kept:
        names.allow(domain, stored=True)
    if own is not None:
        try:
            merge_domains([*kept, own])
        except PackError as error:
            refusals.refuse("domain schema", str(error))
            return None
        names.allow(own, stored=False)
    return own


def _known_ids(loading: Loading, ids: set[str]) -> set[str]:
    """Return those ids that the graph has an entity for."""

    def read(transaction: Transaction) -> set[str]:
        stored = Stored(transaction)
        merged = stored.cache.merged
        there = stored.types(merged.get(id_, id_) for id_ in ids)
        return {id_ for id_ in ids if merged.get(id_, id_) in there}

    loading.graph.ensure_schema((), search=False)
    return exclusive_write(loading.graph, read)


def _fills_first(graph: Graph) -> bool:
    """Whether the full-text index is better made at the end of a load.

    Neo4j fills an index of a graph at once in half the time that it takes to keep it up to date:
    47,031 terms and 40,871 facts into an empty graph took 15 s and 26 s.
    """
    return graph.server.name == "Neo4j" and not graph.read(ANY_ENTITY)
