"""Loading the facts of a source, and taking out those that it has no more."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from kg.contributions.properties import Entry, PropertyRow, entries_of
from kg.contributions.support import Triple, parts, read_support
from kg.curated.checks import PredicateCheck
from kg.curated.facts import (
    ClaimChanges,
    Key,
    Redirects,
    Refused,
    Said,
    add_known,
    add_new,
    number_of,
    number_of_entry,
    place_facts,
)
from kg.curated.loading import Loading, batched
from kg.curated.statements import LostEndError, claims_of, read_claims, write_claims
from kg.curated_models import Fact, source_name
from kg.models import Polarity
from kg.prefetch import prefetch
from kg.store.transaction import Transaction
from kg.versions import count_up

FACTS = 5000  # a transaction; measured best on both servers between 1,000 and 10,000
WINDOW = 100_000  # facts that are sorted by their start, so that its edges are read once
_AHEAD = 4  # batches

Numbers = npt.NDArray[np.uint64]


@dataclass(slots=True)
class Batch:
    """Facts of one transaction, and what they say of claims as `redirects` has it.

    `redirects` is None where it was not known yet what all of their ends are. `unsound` lists
    what was refused before them.
    """

    facts: Sequence[Fact]
    unsound: Refused
    redirects: Redirects | None = None
    claims: dict[Key, Said] = field(default_factory=dict)
    refused: Refused = field(default_factory=list)

    def place(self, redirects: Redirects, ref: str) -> None:
        """Work out which claims the facts are about."""
        self.redirects = redirects
        self.claims, self.refused = place_facts(self.facts, redirects, ref)


class FactLoading:
    """The facts of one load.

    Args:
        loading: the load.
        check: tells which predicates can be in the graph.
    """

    def __init__(self, loading: Loading, check: PredicateCheck) -> None:
        self._loading = loading
        self._known = loading.known
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
        for keys in parts(list(self._stale_claims(seen)), FACTS):
            changes = self._loading.exclusive_write(partial(self._forget, keys=keys, seen=seen))
            self._note(changes)

    def _batches(self, facts: Iterable[Fact]) -> Iterator[Batch]:
        """Yield batches, as far as possible ready to be written; in a thread of its own."""
        for window in batched(facts, WINDOW):
            sound, unsound = self._check.sorted_out(window)
            sound.sort(key=_by_start)
            yield Batch((), unsound)
            for part in parts(sound, FACTS):
                batch = Batch(part, [])
                batch.place(self._known.redirects, self._loading.ref)
                if batch.refused:  # what is missing is asked for when its turn comes
                    batch = Batch(part, [])
                yield batch

    def _load(self, batch: Batch) -> None:
        if not batch.facts:
            return
        work = partial(self._add, batch=batch)
        try:
            changes = self._loading.exclusive_write(work)
        except LostEndError:  # somebody took an entity out without counting the version up
            self._known.forget()
            changes = self._loading.exclusive_write(work)
        self._note(changes)
        self._see(batch.claims)
        self._loading.refusals.refuse_all(batch.refused)

    def _note(self, changes: ClaimChanges) -> None:
        """Take note of what a transaction has done, now that it has."""
        if not changes.none:
            self._known.changed(changes.made())
        self._loading.counts["added_facts"] += changes.added_facts
        self._loading.counts["removed_facts"] += changes.removed_facts

    def _see(self, claims: Mapping[Key, Said]) -> None:
        counts, entities = self._loading.counts, self._loading.entities
        for (_, start, end), said in claims.items():
            self._claims.append(number_of(said.claim_id))
            entities.add(start)
            entities.add(end)
            counts["facts"] += len(said.entries)
            counts["denied"] += sum(e.polarity == Polarity.DENIES for e in said.entries)
            if self._loading.again:
                self._entries.extend(number_of_entry(said.claim_id, e) for e in said.entries)

    def _add(self, transaction: Transaction, batch: Batch) -> ClaimChanges:
        known = self._known
        if batch.redirects is not known.redirects:
            known.learn(transaction, batch.facts)
            batch.place(known.redirects, self._loading.ref)
        changes = ClaimChanges()
        old = [
            key
            for key, said in batch.claims.items()
            if not known.is_new(transaction, key[0], number_of(said.claim_id))
        ]
        stored = read_claims(transaction, old) if old else {}
        for key, said in batch.claims.items():
            if key not in stored:
                add_new(changes, key, said, known.plain)
        entries = {
            key: [*self._without_older(entries_of(row)), *batch.claims[key].entries]
            for key, row in stored.items()
        }
        self._write(transaction, changes, stored, entries)
        return changes

    def _without_older(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        name, ref = self._loading.name, self._loading.ref
        return (e for e in entries if e.source == ref or source_name(e.source) != name)

    def _forget(self, transaction: Transaction, keys: Sequence[Key], seen: Numbers) -> ClaimChanges:
        changes = ClaimChanges()
        stored = read_claims(transaction, keys)
        entries = {
            key: [e for e in entries_of(row) if not self._is_stale(row["claim_id"], e, seen)]
            for key, row in stored.items()
        }
        self._write(transaction, changes, stored, entries)
        return changes

    def _write(
        self,
        transaction: Transaction,
        changes: ClaimChanges,
        stored: Mapping[Key, PropertyRow],
        entries: Mapping[Key, list[Entry]],
    ) -> None:
        """Write what changes, with the entries that stored claims are to have from now on."""
        read: dict[str, Triple | None] = {
            row["claim_id"]: (key[1], key[0], key[2])
            for key, row in stored.items()
            if row["n_papers"]
        }
        support = read_support(transaction, read, curated=False)
        for key, row in stored.items():
            name, errors = self._loading.name, self._known.plain.errors
            add_known(changes, key, row, entries[key], support, name, errors)
        if not changes.none:
            write_claims(transaction, changes, self._known.plain)
            count_up(transaction)

    def _stale_claims(self, seen: Numbers) -> Iterator[Key]:
        for row in claims_of(self._loading.graph, self._loading.name):
            if any(self._is_stale(row["claim_id"], entry, seen) for entry in entries_of(row)):
                yield row["predicate"], row["start"], row["end"]

    def _is_stale(self, claim: str, entry: Entry, seen: Numbers) -> bool:
        if source_name(entry.source) != self._loading.name:
            return False
        return entry.source != self._loading.ref or not _is_among(
            number_of_entry(claim, entry), seen
        )


def _by_start(fact: Fact) -> tuple[str, str]:
    return fact.predicate, fact.subject


def _is_among(value: int, ordered: npt.NDArray[Any]) -> bool:
    place = np.searchsorted(ordered, np.uint64(value))
    return bool(place < len(ordered) and ordered[place] == value)
