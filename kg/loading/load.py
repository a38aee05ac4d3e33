"""Loading annotation shards: the same shards give the same graph, however often, in any order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path as FilePath

from kg.contributions.apply import commit
from kg.contributions.cache import Cache
from kg.contributions.delta import Delta
from kg.contributions.schema_store import domain_id, merge_domains, stored_domains
from kg.contributions.stored import Stored
from kg.domain import parse_domain
from kg.errors import PackError
from kg.gc_threshold import raised_gc_threshold
from kg.loading.batches import Batch, Batches
from kg.loading.checks import Origins
from kg.loading.paper_delta import PaperDelta, Seen
from kg.loading.schema_names import SchemaNames
from kg.loading.shard_reading import Shards, find_shards
from kg.models import Failure, Model
from kg.prefetch import prefetch
from kg.runs.log import running
from kg.store.graph import Graph

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
        for batch in prefetch(loader.batches(shards)):
            loader.load(batch)
            done += len(batch.papers)
            if on_progress is not None:
                on_progress(done, max(done, shards.n_papers))
        summary = loader.summary()
        run.count(**summary.counts)
    return summary


class _Loader:
    """One run of `load_shards`: the graph, and what has been seen so far."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._names = SchemaNames(graph)
        self._seen = Seen()
        self._schemas: dict[str, str] = {}  # TOML by id
        self._cache = Cache()
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
        self._schemas = {domain_id(toml): toml for toml in kept}
        self._origins = _origins(shards, set(kept))

    def batches(self, shards: Shards) -> Iterator[Batch]:
        """Yield the papers that can be loaded, in batches."""
        self._names.ensure_schema()
        return iter(Batches(shards, self._names, self._origins, self._stored_text))

    def load(self, batch: Batch) -> None:
        """Load one batch in one transaction."""
        self.failed += batch.failures
        if not batch.papers:
            return
        # Indexes first: a schema that the graph keeps is one whose indexes are there.
        self._names.ensure_schema()

        def added(stored: Stored) -> tuple[Delta, PaperDelta]:
            made = PaperDelta(stored, batch.papers, self._schemas)
            return made.delta(), made

        _, made = commit(self._graph, self._cache, added)
        self.failed += made.failures
        self._seen.add(made.seen)

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


def _origins(shards: Shards, domains: Collection[str]) -> Origins:
    files = [file for files in shards.sets for file in files]
    return Origins(
        domains={file.path: domain_id(file.domain) for file in files if file.domain in domains},
        pack_errors={file.path: file.pack_errors for file in files if file.pack_errors},
    )
