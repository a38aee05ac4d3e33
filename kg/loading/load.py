"""Loading annotation shards: the same shards give the same graph, however often, in any order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path as FilePath
from typing import TypeVar

import tenacity

from kg.domain import Domain, parse_domain
from kg.domains import merge_domains, store_domain, stored_domains
from kg.errors import PackError, QueryError
from kg.loading.changes import Changes, Seen
from kg.loading.checks import CheckedPaper, check_paper
from kg.loading.names import Names
from kg.loading.shard_reading import PaperRows, Shards, find_shards, read_sets
from kg.loading.statements import read_claims, read_state, write
from kg.loading.turns import alone_in_folder, alone_on_server
from kg.models import Failure, Model
from kg.store.graph import Graph
from kg.store.transaction import Transaction

T = TypeVar("T")
OnProgress = Callable[[int, int | None], None]

# A transaction holds whole papers: at least this many rows (but for the last), at most so many
# papers. Measured best on both servers between 1,000 and 5,000 rows.
BATCH_ROWS = 3000
BATCH_PAPERS = 400

# Where the graph keeps no schema to lock, another load may create the same node first. Read again,
# the node is there.
_AGAIN = tenacity.Retrying(
    retry=tenacity.retry_if_exception(lambda error: type(error) is QueryError),
    wait=tenacity.wait_random_exponential(multiplier=0.01, max=0.5),
    stop=tenacity.stop_after_attempt(10),
    reraise=True,
)
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
    loader = _Loader(graph)
    shards = find_shards(paths, keys=keys, on_failure=loader.failed.append)
    loader.keep_domains(shards)
    done = 0
    for batch in _batched(loader.checked(read_sets(shards, loader.failed.append))):
        loader.load(batch)
        done += len(batch)
        if on_progress is not None:
            on_progress(done, max(done, shards.n_papers))
    return loader.summary()


class _Loader:
    """One run of `load_shards`: the graph, and what has been seen so far."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._names = Names(graph)
        self._seen = Seen()
        self.failed: list[Failure] = []

    def keep_domains(self, shards: Shards) -> None:
        """Store the domain schemas that the shards carry, unless one does not fit the graph's."""
        kept = {toml: parse_domain(toml) for toml in stored_domains(self._graph)}
        for domain in kept.values():
            self._names.allow(domain, stored=True)
        for toml, path in sorted(shards.domains.items()):
            if toml not in kept:
                try:
                    domain = parse_domain(toml)
                    merge_domains([*kept.values(), domain])
                except PackError as error:
                    failure = Failure(path=path, where="domain schema", reason=str(error))
                    self.failed.append(failure)
                    continue
                self._keep(domain, toml)
                kept[toml] = domain

    def _keep(self, domain: Domain, toml: str) -> None:
        # Indexes first: a schema that the graph keeps is one whose indexes are there.
        self._names.allow(domain, stored=False)
        self._names.ensure_schema()
        self._in_turn(partial(store_domain, domain=domain, toml=toml))

    def checked(self, papers: Iterable[PaperRows]) -> Iterator[CheckedPaper]:
        """Yield the papers that can be loaded."""
        for rows in papers:
            stored_text = None if rows.papers else self._stored_text(rows.id)
            checked = check_paper(rows, stored_text, self._names, self.failed)
            if checked is not None:
                yield checked

    def load(self, papers: Sequence[CheckedPaper]) -> None:
        """Load one batch in one transaction."""
        self._names.ensure_schema()
        changes = self._in_turn(partial(_load_batch, papers=papers))
        self.failed += changes.failures
        self._seen.add(changes.seen)

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

    def _in_turn(self, work: Callable[[Transaction], T]) -> T:
        with alone_in_folder(self._graph):
            changed: T = _AGAIN.copy()(self._graph.transaction, work)
        return changed

    def _stored_text(self, paper: str) -> str | None:
        found = self._graph.read(_TEXT, id=paper)
        return found[0]["text"] if found else None


def _load_batch(transaction: Transaction, papers: Sequence[CheckedPaper]) -> Changes:
    with alone_on_server(transaction):
        changes = Changes(read_state(transaction, papers))
        for paper in papers:
            changes.add(paper)
        if not changes.none:
            behind = read_claims(transaction, changes.touched_claims, changes.redated)
            write(transaction, changes, changes.claims(behind))
    return changes


def _batched(papers: Iterable[CheckedPaper]) -> Iterator[list[CheckedPaper]]:
    batch: list[CheckedPaper] = []
    rows = 0
    for paper in papers:
        batch.append(paper)
        rows += paper.weight
        if rows >= BATCH_ROWS or len(batch) >= BATCH_PAPERS:
            yield batch
            batch, rows = [], 0
    if batch:
        yield batch
