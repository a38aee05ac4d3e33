"""Loading the facts of a source, and taking out those that it has no more."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from kg.contributions.bulk_removal import entries_of_source
from kg.contributions.cache import claim_number
from kg.contributions.claim_edges import LostEndError
from kg.contributions.delta import Delta
from kg.contributions.parts import parts
from kg.contributions.properties import Entry
from kg.contributions.states import Triple
from kg.contributions.stored import Stored
from kg.curated_models import Fact, source_name
from kg.identifiers import claim_id
from kg.loading.curated.fact_placing import Refused, Rows, entry_number
from kg.loading.curated.predicate_check import PredicateCheck
from kg.loading.curated.source_load import SourceLoad, batched
from kg.models import Polarity
from kg.prefetch import prefetch

FACTS = 5000  # a transaction; measured best on both servers between 1,000 and 10,000
WINDOW = 100_000  # facts that are sorted by their start, so that its edges are read once
_AHEAD = 4  # batches

Numbers = npt.NDArray[np.uint64]


@dataclass(slots=True)
class Batch:
    """Facts of one transaction, and the rows on claims that they come to.

    `generation` is that of the cache that says so; None where it was not known yet what all of
    their ends are. `unsound` lists what was refused before them.
    """

    facts: Sequence[Fact]
    unsound: Refused
    generation: int | None = None
    rows: Rows = field(default_factory=dict)
    refused: Refused = field(default_factory=list)


@dataclass(slots=True)
class _Change:
    """How many facts a transaction adds and removes: a claim that is supported, or denied."""

    delta: Delta = field(default_factory=Delta)
    added: int = 0
    removed: int = 0


class FactLoading:
    """The facts of one load.

    Args:
        loading: the load.
        check: tells which predicates can be in the graph.
    """

    def __init__(self, loading: SourceLoad, check: PredicateCheck) -> None:
        self._loading = loading
        self._cache = loading.cache
        self._check = check
        self._claims, self._entries = array("Q"), array("Q")  # numbers of those that were seen

    @property
    def n_claims(self) -> int:
        """How many different claims the source speaks of."""
        return len(np.unique(np.asarray(self._claims)))

    def load(self, facts: Iterable[Fact]) -> None:
        """Load facts; what an older version said of their claims goes with that."""
        for batch in prefetch(self._batches(facts), _AHEAD):
            self._loading.refusals.refuse_all(batch.unsound)
            self._load(batch)
            self._loading.progress(len(batch.facts) + len(batch.unsound))

    def take_out(self) -> None:
        """Take out what the source says no more: entries that this load has not seen."""
        seen: Numbers = np.unique(np.asarray(self._entries))
        rows = entries_of_source(self._loading.graph, f"{self._loading.name}@")
        stale = [claim for claim, every in rows if any(self._stale(claim, every, seen))]
        for claims in parts(stale, FACTS):
            self._commit(partial(self._taken_out, claims=claims, seen=seen))

    def _batches(self, facts: Iterable[Fact]) -> Iterator[Batch]:
        """Yield batches, as far as possible ready to be written; in a thread of its own."""
        for window in batched(facts, WINDOW):
            sound, unsound = self._check.sorted_out(window)
            sound.sort(key=_by_start)
            yield Batch((), unsound)
            for part in parts(sound, FACTS):
                batch = Batch(part, [])
                self._place(batch)
                if batch.refused:  # what is missing is asked for when its turn comes
                    batch.generation = None
                yield batch

    def _place(self, batch: Batch) -> None:
        batch.generation = self._cache.generation
        batch.rows, batch.refused = self._loading.placer().place(batch.facts)

    def _load(self, batch: Batch) -> None:
        if not batch.facts:
            return
        work = partial(self._added, batch=batch)
        try:
            self._commit(work)
        except LostEndError:  # somebody took an entity out without counting the version up
            self._cache.forget()
            self._commit(work)
        self._see(batch.rows)
        self._loading.refusals.refuse_all(batch.refused)

    def _commit(self, work: Callable[[Stored], _Change]) -> None:
        def change(stored: Stored) -> tuple[Delta, _Change]:
            made = work(stored)
            return made.delta, made

        made = self._loading.commit(change)
        self._loading.counts["added_facts"] += made.added
        self._loading.counts["removed_facts"] += made.removed

    def _see(self, rows: Rows) -> None:
        counts, entities = self._loading.counts, self._loading.entities
        for claim, entries in rows.items():
            self._claims.append(claim_number(claim_id(*claim)))
            entities.add(claim[0])
            entities.add(claim[2])
            counts["facts"] += len(entries)
            counts["denied"] += sum(e.polarity == Polarity.DENIES for e in entries)
            if self._loading.again:
                self._entries.extend(entry_number(claim, entry) for entry in entries)

    def _added(self, stored: Stored, batch: Batch) -> _Change:
        """Return the delta of a batch: its rows for those of another version of the source."""
        if batch.generation != self._cache.generation:
            entity = self._loading.placer().entity
            stored.types(entity(end) for fact in batch.facts for end in (fact[0], fact[2]))
            self._place(batch)
        change = _Change()
        old = [claim for claim in batch.rows if not self._is_new(stored, claim)]
        states = dict(zip(old, stored.claims(old), strict=True))
        added, removed = change.delta.entries.added, change.delta.entries.removed
        for claim, entries in batch.rows.items():
            state = states.get(claim)
            if state is None:
                change.added += len({entry.polarity for entry in entries})
            else:
                before = self._own(state.entries)
                removed |= {(claim, e): True for e in before if e.source != self._loading.ref}
                kept = [e for e in before if e.source == self._loading.ref]
                entries = [e for e in entries if e not in state.entries]  # noqa: PLW2901
                self._count(change, before, (*kept, *entries))
            added |= {(claim, entry): True for entry in entries}
        return change

    def _taken_out(self, stored: Stored, claims: Sequence[Triple], seen: Numbers) -> _Change:
        change = _Change()
        for claim, state in zip(claims, stored.claims(claims), strict=True):
            before = self._own(state.entries)
            gone = set(self._stale(claim, before, seen))
            change.delta.entries.removed |= {(claim, entry): True for entry in gone}
            self._count(change, before, [entry for entry in before if entry not in gone])
        return change

    def _is_new(self, stored: Stored, claim: Triple) -> bool:
        number = claim_number(claim_id(*claim))
        return self._cache.is_new(stored.transaction, claim[1], number)

    def _own(self, entries: Iterable[Entry]) -> list[Entry]:
        return [e for e in entries if source_name(e.source) == self._loading.name]

    def _stale(self, claim: Triple, entries: Iterable[Entry], seen: Numbers) -> Iterator[Entry]:
        """Yield those entries of the source that this load has not seen."""
        for entry in self._own(entries):
            if entry.source != self._loading.ref or not _is_among(entry_number(claim, entry), seen):
                yield entry

    @staticmethod
    def _count(change: _Change, before: Iterable[Entry], now: Iterable[Entry]) -> None:
        said_before, said_now = ({entry.polarity for entry in said} for said in (before, now))
        change.added += len(said_now - said_before)
        change.removed += len(said_before - said_now)


def _by_start(fact: Fact) -> tuple[str, str]:
    return fact.predicate, fact.subject


def _is_among(value: int, ordered: npt.NDArray[Any]) -> bool:
    place = np.searchsorted(ordered, np.uint64(value))
    return bool(place < len(ordered) and ordered[place] == value)
