"""What batches change, worked out while the batch before them is being written.

A batch is planned from what the load knows of the graph (`kg.loading.remembered`), as if all
batches before it were written already and nobody else wrote. Its transaction looks at the graph's
version; where somebody else did, the plan is thrown away, and the batch is worked out anew inside
the transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from threading import Condition
from types import TracebackType
from typing import Self

from kg.loading.batches import Batch
from kg.loading.changes import Changes
from kg.loading.checks import CheckedPaper
from kg.loading.remembered import Remembered
from kg.loading.state import State
from kg.loading.statements import read_setting, read_state
from kg.store.graph import Graph
from kg.store.transaction import Transaction
from kg.versions import version_within


@dataclass(frozen=True, slots=True)
class Plan:
    """A batch, and what it changes in a graph of this version.

    `trial` counts how often the load had to begin anew with what it knows of the graph.
    """

    batch: Batch
    changes: Changes
    version: int
    trial: int


class Planner:
    """Plans the batches of one load, one ahead; used by two threads.

    Args:
        graph: where the batches go; it has its schema.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._known: Remembered | None = None
        self._planned, self._written = 0, 0
        self._trial = 0
        self._known_in = 0  # trial
        self._stopped = False
        self._news = Condition()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop planning; a thread that waits for a batch to be written ends."""
        with self._news:
            self._stopped = True
            self._news.notify_all()

    def plans(self, batches: Iterable[Batch]) -> Iterator[Plan]:
        """Yield a plan for each batch; `written` is to be called once it is carried out."""
        for batch in batches:
            known = self._up_to_date(batch.papers)
            if known is None:
                return
            yield self._plan(batch, known)

    def changes(self, transaction: Transaction, plan: Plan) -> Changes:
        """Return what a batch changes, as planned if the graph is as it was expected to be."""
        if plan.trial == self._trial and plan.version == version_within(transaction):
            return plan.changes
        state = read_state(transaction, plan.batch.papers, read_setting(transaction))
        return _changes(state, plan.batch.papers)

    def written(self, plan: Plan, changes: Changes) -> None:
        """Note that a batch is in the graph, with these changes."""
        with self._news:
            self._written += 1
            self._trial += changes is not plan.changes
            self._news.notify_all()

    def _plan(self, batch: Batch, known: Remembered) -> Plan:
        self._planned += 1
        version, trial = known.version, self._known_in
        if not batch.papers:
            return Plan(batch, Changes(State()), version, trial)
        state = self._graph.transaction(lambda transaction: known.state(transaction, batch.papers))
        changes = _changes(state, batch.papers)
        known.take_in(batch.papers, state, changes)
        return Plan(batch, changes, version, trial)

    def _up_to_date(self, papers: Sequence[CheckedPaper]) -> Remembered | None:
        """Return what is known of the graph; None if the load has been stopped."""
        known = self._current()
        if known is None or known.knows_any(papers):
            with self._news:
                self._news.wait_for(lambda: self._stopped or self._written == self._planned)
            known = self._current()
        if self._stopped:
            return None
        if known is None:
            self._known_in = self._trial
            known = self._known = self._graph.transaction(Remembered.of)
        return known

    def _current(self) -> Remembered | None:
        if self._known is None or self._known.worn_out or self._known_in != self._trial:
            return None
        return self._known


def _changes(state: State, papers: Sequence[CheckedPaper]) -> Changes:
    changes = Changes(state)
    for paper in papers:
        changes.add(paper)
    return changes
