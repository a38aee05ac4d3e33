"""Loading a curated source: the same source gives the same graph, however often it is loaded.

Terms and facts go in batches of one transaction each. A process that is killed leaves a source
that is marked as loading; the next load compares what is there with what the source says, writes
what is not, and then takes out what the source does not say (any more).
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from kg.contributions.cache import ANY_ENTITY
from kg.contributions.schema_store import merge_domains, stored_domains
from kg.contributions.stored import Stored
from kg.domain import Domain, parse_domain
from kg.errors import PackError, UsageError
from kg.gc_threshold import raised_gc_threshold
from kg.loading.curated.fact_loading import FactLoading
from kg.loading.curated.hierarchy import look_through
from kg.loading.curated.predicate_check import PredicateCheck
from kg.loading.curated.source_load import OnProgress, SourceLoad
from kg.loading.curated.source_node import begin, finish, source_row
from kg.loading.curated.summary import CuratedSummary, Refusals
from kg.loading.curated.term_loading import load_terms, take_out_terms
from kg.loading.schema_names import SchemaNames
from kg.runs import files_of, running
from kg.sources import CuratedSource, checked
from kg.store.graph import Graph
from kg.store.transaction import Transaction
from kg.versions import exclusive_write

_VERSION = "MATCH (s:Source {id: $name}) RETURN s.version AS version"


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
    _refuse_same_file_name(graph, curated)
    with running(graph, "load", source=curated.source.ref, files=curated.files) as run:
        summary = _load(graph, curated, on_progress)
        counted = summary.model_dump(exclude={"source", "replaced", "changes", "failed"})
        run.count(**counted, failed=len(summary.failed))
    return summary


def _load(graph: Graph, curated: CuratedSource, on_progress: OnProgress | None) -> CuratedSummary:
    names, refusals = SchemaNames(graph), Refusals(curated.source.ref)
    curated = checked(curated, refusals.refuse)
    domain = _fitting_domain(graph, curated.domain, names, refusals)
    loading = SourceLoad(graph, curated.source, domain, refusals, on_progress)
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
    graph: Graph, own: Domain | None, names: SchemaNames, refusals: Refusals
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


def _known_ids(loading: SourceLoad, ids: set[str]) -> set[str]:
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


def _refuse_same_file_name(graph: Graph, curated: CuratedSource) -> None:
    """Refuse to replace a source by another one that has nothing but the name of its file.

    `a/data.csv` and `b/data.csv` are both called data, where neither the mapping nor the caller
    says otherwise. A file that changed where it stands is a new version. The folders are those of
    the log: of a source that came with an export nobody knows them.

    Raises:
        UsageError: the graph holds a source of that name from other folders.
    """
    name = curated.source.name
    found = graph.read(_VERSION, name=name) if curated.named_by_file else []
    if not found or found[0]["version"] == curated.source.version:
        return
    before = files_of(graph, f"{name}@{found[0]['version']}")
    folders = {str(path.absolute().parent) for path in curated.files}
    if before and folders.isdisjoint(str(Path(file).parent) for file in before):
        raise UsageError(
            f"{curated.files[0]} would be called {name!r} after its file, and replace the source "
            f"of that name, which came from {before[0]}; say --source ANOTHER to keep both, or "
            f"--source {name} if it is a new version of that one"
        )
