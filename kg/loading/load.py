"""Loading annotation shards: the same shards give the same graph, however often, in any order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path as FilePath

from kg.contributions.schema_store import domain_id, merge_domains, store_domain, stored_domains
from kg.contributions.support import claims_of_packs, claims_of_papers, read_support
from kg.domain import Domain, parse_domain
from kg.errors import PackError
from kg.gc_threshold import raised_gc_threshold
from kg.loading.batches import Batch, Batches
from kg.loading.changes import Changes, Seen
from kg.loading.checks import Origins
from kg.loading.names import Names
from kg.loading.planning import Plan, Planner
from kg.loading.shard_reading import Shards, find_shards
from kg.loading.statements import write
from kg.models import Failure, Model
from kg.prefetch import prefetch
from kg.runs.log import running
from kg.store.graph import Graph
from kg.store.transaction import Transaction
from kg.versions import count_up, exclusive_write

OnProgress = Callable[[int, int | None], None]

_TEXT = "MATCH (p:Paper {id: $id}) RETURN p.text AS text"


class LoadSummary(Model):
    """What a load held: distinct things in these shards, whether the graph had them before or not.

    `failed` lists what was refused: files, papers, mentions, evidence.
    """

    papers: int
    mentions: int
    entities: int
    claims: int
    evidence: int
    failed: tuple[Failure, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """The numbers of a run: how many of everything, and how many failures."""
        return {**self.model_dump(exclude={"failed"}), "failures": len(self.failed)}


@raised_gc_threshold()
def load_shards(
    graph: Graph,
    paths: Iterable[FilePath | str],
    *,
    on_progress: OnProgress | None = None,
    keys: Collection[str] | None = None,
) -> LoadSummary:
    """Load annotation shards into a graph.

    Args:
        graph: where to.
        paths: folders of shards (searched for `*.parquet` at any depth) and single files.
        on_progress: called with how many papers are done, and of how many.
        keys: only the shards that were written under one of these keys; None for everything.

    Papers go in batches of one transaction each, so a process that is killed leaves whole papers
    only, and the next run goes on where it stopped. What the graph holds already is compared, not
    written again. Rows that cannot be are listed in the summary, and the rest goes on.

    Raises:
        StoreError: the server said no; what was loaded before stays.
    """
    with running(graph, "load") as run:
        loader = _Loader(graph)
        shards = find_shards(paths, keys=keys, on_failure=loader.failed.append)
        loader.keep_domains(shards)
        done = 0
        with Planner(graph) as planner:
            for plan in prefetch(planner.plans(loader.batches(shards))):
                loader.load(plan, planner)
                done += len(plan.batch.papers)
                if on_progress is not None:
                    on_progress(done, max(done, shards.n_papers))
        summary = loader.summary()
        run.count(**summary.counts)
    return summary


class _Loader:
    """One run of `load_shards`: the graph, and what has been seen so far."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._names = Names(graph)
        self._seen = Seen()
        self._domains: dict[str, tuple[Domain, str]] = {}  # by id: the schema and its TOML
        self._origins = Origins()
        self.failed: list[Failure] = []

    def keep_domains(self, shards: Shards) -> None:
        """Take in the domain schemas that the shards carry, but for those that do not fit.

        A schema is stored with the first paper that was read with it.
        """
        kept = {toml: parse_domain(toml) for toml in stored_domains(self._graph)}
        for domain in kept.values():
            self._names.allow(domain, stored=True)
        for toml, path in sorted(shards.domains.items()):
            if toml in kept:
                continue
            try:
                domain = parse_domain(toml)
                merge_domains([*kept.values(), domain])
            except PackError as error:
                self.failed.append(Failure(path=path, where="domain schema", reason=str(error)))
            else:
                self._names.allow(domain, stored=False)
                kept[toml] = domain
        self._domains = {domain_id(toml): (domain, toml) for toml, domain in kept.items()}
        self._origins = _origins(shards, set(kept))

    def batches(self, shards: Shards) -> Iterator[Batch]:
        """Yield the papers that can be loaded, in batches."""
        self._names.ensure_schema()
        return iter(Batches(shards, self._names, self._origins, self._stored_text))

    def load(self, plan: Plan, planner: Planner) -> None:
        """Load one batch in one transaction."""
        self.failed += plan.batch.failures
        changes = plan.changes
        if plan.batch.papers:
            # Indexes first: a schema that the graph keeps is one whose indexes are there.
            self._names.ensure_schema()
            work = partial(_load_batch, plan=plan, planner=planner, domains=self._domains)
            changes = exclusive_write(self._graph, work)
            self.failed += changes.failures
            self._seen.add(changes.seen)
        planner.written(plan, changes)

    def summary(self) -> LoadSummary:
        """Return what was loaded."""
        return LoadSummary(
            papers=len(self._seen.papers),
            mentions=self._seen.mentions,
            entities=len(self._seen.entities),
            claims=len(self._seen.claims),
            evidence=len(self._seen.evidence),
            failed=tuple(self.failed),
        )

    def _stored_text(self, paper: str) -> str | None:
        found = self._graph.read(_TEXT, id=paper)
        return found[0]["text"] if found else None


def _load_batch(
    transaction: Transaction,
    plan: Plan,
    planner: Planner,
    domains: Mapping[str, tuple[Domain, str]],
) -> Changes:
    changes = planner.changes(transaction, plan)
    if changes.none:
        return changes
    reweighed = claims_of_papers(transaction, changes.reweighed)
    reweighed |= claims_of_packs(transaction, changes.other_errors)
    claims = dict.fromkeys(reweighed) | changes.touched_claims
    write(transaction, changes, read_support(transaction, claims, curated=changes.curated))
    _store_domains(transaction, [domains[id_] for id_ in sorted(changes.domains)])
    count_up(transaction)
    return changes


def _store_domains(transaction: Transaction, domains: Collection[tuple[Domain, str]]) -> None:
    if not domains:
        return
    from kg.resolving.turning import turning_claims  # rules and all: 'import kg' is to be light

    with turning_claims(transaction):
        for domain, toml in domains:
            store_domain(transaction, domain, toml)


def _origins(shards: Shards, domains: Collection[str]) -> Origins:
    files = [file for files in shards.sets for file in files]
    return Origins(
        domains={file.path: domain_id(file.domain) for file in files if file.domain in domains},
        pack_errors={file.path: file.pack_errors for file in files if file.pack_errors},
    )
