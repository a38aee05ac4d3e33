"""Loading a curated source: the same source gives the same graph, however often it is loaded.

Terms and facts go in batches of one transaction each. A process that is killed leaves a source
that is marked as loading; the next load compares what is there with what the source says, writes
what is not, and then takes out what the source does not say (any more).
"""

from __future__ import annotations

import secrets
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import TypeVar

import numpy as np

from kg.behind import Triple, parts, read_behind
from kg.curated.checks import fact_refused
from kg.curated.facts import (
    ClaimChanges,
    Key,
    add_known,
    add_new,
    entry_of,
    short_hash,
    unknown_end,
    without,
)
from kg.curated.hierarchy import Hierarchy, look_through
from kg.curated.node import begin, check_alone, finish, source_row
from kg.curated.remembered import Remembered
from kg.curated.statements import (
    LostEndError,
    claims_of,
    entities_of,
    prune,
    read_claims,
    read_entities,
    read_parents,
    read_types,
    write_claims,
    write_parents,
    write_terms,
)
from kg.curated.summary import CuratedSummary, Refusals, TermChange
from kg.curated.terms import TermChanges, add_terms, retire_terms
from kg.curation import Fact, Term, source_name
from kg.derived import Entry, entries_of
from kg.domain import Domain, parse_domain
from kg.domains import merge_domains, stored_domains
from kg.errors import PackError, PropertyError
from kg.loading.names import Names
from kg.runs import running
from kg.sources import CuratedSource
from kg.store.graph import Graph
from kg.store.transaction import Transaction
from kg.versions import count_up, in_turn

T = TypeVar("T")
OnProgress = Callable[[int, int | None], None]

TERMS = 2000  # a transaction
FACTS = 5000  # a transaction; measured best on both servers between 1,000 and 10,000
WINDOW = 100_000  # facts that are sorted by their start, so that its edges are read once


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
        StoreError: the server said no, or another load of the source began; what was loaded
            before stays, and the next load completes it.
    """
    with running(graph, "load", source=curated.source.ref) as run:
        summary = _Load(graph, curated, on_progress).run()
        counted = summary.model_dump(exclude={"source", "replaced", "changes", "failed"})
        run.count(**counted, failed=len(summary.failed))
    return summary


class _Load:
    """One load of one source."""

    def __init__(
        self, graph: Graph, curated: CuratedSource, on_progress: OnProgress | None
    ) -> None:
        self._graph = graph
        self._curated = curated
        self._on_progress = on_progress
        self._ref = curated.source.ref
        self._name = curated.source.name
        self._token = secrets.token_hex(8)
        self._names = Names(graph)
        self._refusals = Refusals(self._ref)
        self._domain = self._fitting_domain()
        self._known = Remembered(self._ref, self._domain)
        self._predicates: dict[str, str | None] = {}  # why each is refused
        self._again = False  # whether the graph has held the source before
        self._claims, self._entries = array("Q"), array("Q")  # hashes of those seen
        self._entities: set[str] = set()
        self._counts: dict[str, int] = defaultdict(int)
        self._changes: list[TermChange] = []
        self._done = 0

    def run(self) -> CuratedSummary:
        """Load the source, and return what that changed."""
        found = look_through(self._curated.terms(), self._names, self._known_ids, self._refusals)
        self._names.ensure_schema()
        row = source_row(self._curated.source, self._domain)
        start = partial(begin, row=row, domain=self._domain, token=self._token)
        begun = in_turn(self._graph, start)
        self._again = begun.before is not None
        self._load_terms(found)
        self._load_facts()
        if self._again:
            self._take_out_facts()
            self._take_out_terms(found)
        in_turn(self._graph, partial(finish, row=row, token=self._token))
        replaced = begun.before if begun.before != self._curated.source.version else None
        return self._summary(found, replaced)

    def _fitting_domain(self) -> Domain | None:
        kept = [parse_domain(toml) for toml in stored_domains(self._graph)]
        for domain in kept:
            self._names.allow(domain, stored=True)
        own = self._curated.domain
        if own is not None:
            try:
                merge_domains([*kept, own])
            except PackError as error:
                self._refusals.add("domain schema", str(error))
                return None
            self._names.allow(own, stored=False)
        return own

    def _known_ids(self, ids: set[str]) -> set[str]:
        """Return those ids that the graph has an entity for."""

        def read(transaction: Transaction) -> set[str]:
            self._known.look(transaction)
            entity = self._known.redirects.entity
            there = read_types(transaction, map(entity, ids))
            return {id_ for id_ in ids if entity(id_) in there}

        self._graph.ensure_schema(())
        return in_turn(self._graph, read)

    def _in_turn(self, work: Callable[[Transaction], T]) -> T:
        """Run a part of this load, with what is known of the graph brought up to date."""

        def locked(transaction: Transaction) -> T:
            check_alone(transaction, self._name, self._token)
            self._known.look(transaction)
            return work(transaction)

        return in_turn(self._graph, locked)

    def _progress(self, rows: int) -> None:
        self._done += rows
        if self._on_progress is not None:
            self._on_progress(self._done, None)

    # Terms

    def _load_terms(self, found: Hierarchy) -> None:
        for terms in _batched(found.sound(self._curated.terms()), TERMS):
            changes = self._in_turn(partial(self._add_terms, terms=terms))
            self._note(changes)
            self._progress(len(terms))
        for ids in _batched(found.parented, TERMS):
            if self._in_turn(partial(self._hang, ids=ids)):
                self._known.changed(())

    def _add_terms(self, transaction: Transaction, terms: Sequence[Term]) -> TermChanges:
        entity = self._known.redirects.entity
        placed = [(entity(term.id), term) for term in terms]
        known = read_entities(transaction, (id_ for id_, _ in placed))
        changes = add_terms(known, placed, self._ref)
        self._write_terms(transaction, changes)
        return changes

    def _write_terms(self, transaction: Transaction, changes: TermChanges) -> None:
        if not changes.none:
            write_terms(transaction, changes)
            if self._again:
                self._hang(transaction, sorted(changes.rehung), counted=False)
            count_up(transaction)

    def _note(self, changes: TermChanges) -> None:
        """Take note of what a transaction has done, now that it has."""
        if not changes.none:
            self._known.changed(())
        self._known.redirects.types.update(changes.types)
        self._entities |= changes.types.keys()
        self._refusals.add_all(changes.refused)
        self._counts["terms"] -= len(changes.refused)
        for name, count in changes.counts.items():
            self._counts[name] += count
        if self._again:
            self._changes += changes.changes

    def _hang(self, transaction: Transaction, ids: Sequence[str], *, counted: bool = True) -> bool:
        """Give entities the parents that follow from their terms; return whether any is another.

        A parent that is not there yet gets its edge once it is.
        """
        entity = self._known.redirects.entity
        children = {entity(id_) for id_ in ids}
        wanted: dict[tuple[str, str], set[str]] = defaultdict(set)
        for id_, stored in read_entities(transaction, children).items():
            for term in stored.terms:
                for parent in () if term.retired else map(entity, term.parents):
                    if parent != id_:
                        wanted[id_, parent].add(term.source)
        there = read_parents(transaction, children)
        written = {
            ends: sorted(refs) for ends, refs in wanted.items() if there.get(ends) != sorted(refs)
        }
        gone = there.keys() - wanted.keys()
        write_parents(transaction, dict(sorted(written.items())), sorted(gone))
        prune(transaction, {parent for _, parent in gone})
        if counted and (written or gone):
            count_up(transaction)
        return bool(written or gone)

    def _take_out_terms(self, found: Hierarchy) -> None:
        for ids in parts(sorted(entities_of(self._graph, self._name)), TERMS):
            changes = self._in_turn(partial(self._retire, ids=ids, kept=found.places))
            self._note(changes)

    def _retire(
        self, transaction: Transaction, ids: Sequence[str], kept: dict[str, int]
    ) -> TermChanges:
        changes = retire_terms(read_entities(transaction, ids), self._name, kept)
        self._write_terms(transaction, changes)
        return changes

    # Facts

    def _load_facts(self) -> None:
        for window in _batched(self._sound_facts(), WINDOW):
            window.sort(key=_by_start)
            for facts in parts(window, FACTS):
                self._load_batch(facts)
                self._progress(len(facts))

    def _sound_facts(self) -> Iterator[Fact]:
        for fact in self._curated.facts():
            reason = fact_refused(fact) or self._predicate_refused(fact.predicate)
            if reason is None:
                yield fact
            else:
                self._refusals.add(fact.row, reason)

    def _predicate_refused(self, predicate: str) -> str | None:
        if predicate not in self._predicates:
            try:
                self._names.relationship(predicate)
                self._predicates[predicate] = None
            except PropertyError as error:
                self._predicates[predicate] = str(error)
        return self._predicates[predicate]

    def _load_batch(self, facts: Sequence[Fact]) -> None:
        work = partial(self._add_facts, facts=facts)
        try:
            done = self._in_turn(work)
        except LostEndError:  # somebody took an entity out, and did not say so
            self._known.version = None
            done = self._in_turn(work)
        changes, claims, refused = done
        made = [
            short_hash(predicate, claim.start, claim.end)
            for (predicate, _), rows in changes.plain.items()
            for claim in rows
        ]
        made += [short_hash(p, *ends) for p, rows in changes.new.items() for ends in rows]
        self._note_facts(changes, claims, made)
        self._refusals.add_all(refused)

    def _note_facts(
        self, changes: ClaimChanges, claims: dict[Key, list[Entry]], made: list[int]
    ) -> None:
        if not changes.none:
            self._known.changed(made)
        for key, entries in claims.items():
            self._claims.append(short_hash(*key))
            self._entities.update(key[1:])
            self._counts["facts"] += len(entries)
            for entry in entries:
                self._counts["denied"] += entry.polarity == "denies"
                if self._again:
                    self._entries.append(_entry_hash(key, entry))
        self._counts["added_facts"] += changes.added_facts
        self._counts["removed_facts"] += changes.removed_facts

    def _add_facts(
        self, transaction: Transaction, facts: Sequence[Fact]
    ) -> tuple[ClaimChanges, dict[Key, list[Entry]], list[tuple[str, str]]]:
        self._known.learn(transaction, facts)
        claims, refused = self._placed(facts)
        changes = ClaimChanges()
        old = [key for key in claims if not self._known.is_new(transaction, key)]
        stored = read_claims(transaction, old) if old else {}
        for key, entries in claims.items():
            if key not in stored:
                add_new(changes, key, entries, self._known.plain)
        self._add_known(transaction, changes, stored, claims)
        if not changes.none:
            write_claims(transaction, changes, self._known.plain)
            count_up(transaction)
        return changes, claims, refused

    def _placed(
        self, facts: Sequence[Fact]
    ) -> tuple[dict[Key, list[Entry]], list[tuple[str, str]]]:
        redirects, refused = self._known.redirects, []
        claims: dict[Key, list[Entry]] = defaultdict(list)
        for fact in facts:
            missing = redirects.missing(fact)
            if missing is not None:
                refused.append((fact.row, unknown_end(missing)))
                continue
            place = redirects.place(fact)
            claims[place[:3]].append(entry_of(fact, place, self._ref))
        return claims, refused

    def _add_known(
        self,
        transaction: Transaction,
        changes: ClaimChanges,
        stored: dict[Key, dict[str, object]],
        claims: dict[Key, list[Entry]],
    ) -> None:
        """Add what claims say that the graph holds; an older version's entries go with that."""
        read: dict[str, Triple | None] = {
            str(row["claim_id"]): (key[1], key[0], key[2])
            for key, row in stored.items()
            if row["n_papers"]
        }
        behind = read_behind(transaction, read, curated=False)
        errors = self._known.plain.errors
        for key, row in stored.items():
            kept = without(entries_of(row), self._is_of_older_version)
            entries = [*kept, *claims.get(key, ())]
            add_known(changes, key, row, entries, behind, self._name, errors)

    def _is_of_older_version(self, entry: Entry) -> bool:
        return entry.source != self._ref and source_name(entry.source) == self._name

    def _take_out_facts(self) -> None:
        """Take out what the source says no more: entries that this load has not seen."""
        seen = np.unique(np.asarray(self._entries))
        stale = list(self._stale(seen))
        for keys in parts(stale, FACTS):
            changes = self._in_turn(partial(self._forget, keys=keys, seen=seen))
            self._note_facts(changes, {}, [])

    def _stale(self, seen: np.ndarray) -> Iterator[Key]:
        for row in claims_of(self._graph, self._name):
            key = (row["predicate"], row["start"], row["end"])
            if any(self._is_stale(key, entry, seen) for entry in entries_of(row)):
                yield key

    def _is_stale(self, key: Key, entry: Entry, seen: np.ndarray) -> bool:
        if source_name(entry.source) != self._name:
            return False
        return entry.source != self._ref or not _is_among(_entry_hash(key, entry), seen)

    def _forget(
        self, transaction: Transaction, keys: Sequence[Key], seen: np.ndarray
    ) -> ClaimChanges:
        changes = ClaimChanges()
        stored = read_claims(transaction, keys)
        read: dict[str, Triple | None] = {
            row["claim_id"]: (key[1], key[0], key[2]) for key, row in stored.items()
        }
        behind = read_behind(transaction, read, curated=False)
        for key, row in stored.items():
            kept = [e for e in entries_of(row) if not self._is_stale(key, e, seen)]
            add_known(changes, key, row, kept, behind, self._name, self._known.plain.errors)
        if not changes.none:
            write_claims(transaction, changes, self._known.plain)
            count_up(transaction)
        return changes

    def _summary(self, found: Hierarchy, replaced: str | None) -> CuratedSummary:
        self._counts["terms"] += len(found.places)
        return CuratedSummary(
            source=self._ref,
            replaced=replaced,
            entities=len(self._entities),
            claims=len(np.unique(np.asarray(self._claims))),
            is_a=found.is_a,
            changes=tuple(self._changes) if replaced else (),
            failed=self._refusals.failures(),
            **self._counts,
        )


def _batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    left = iter(items)
    while batch := list(islice(left, size)):
        yield batch


def _by_start(fact: Fact) -> tuple[str, str]:
    return fact.predicate, fact.subject


def _entry_hash(key: Key, entry: Entry) -> int:
    return short_hash(*key, entry.row, entry.polarity, entry.details, entry.read)


def _is_among(value: int, ordered: np.ndarray) -> bool:
    place = np.searchsorted(ordered, np.uint64(value))
    return bool(place < len(ordered) and ordered[place] == value)
