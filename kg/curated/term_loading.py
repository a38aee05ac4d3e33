"""Loading the terms of a source, and retiring those that it has no more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from kg.contributions.support import parts
from kg.curated.facts import Ends, Redirects
from kg.curated.hierarchy import Hierarchy
from kg.curated.loading import Loading, batched
from kg.curated.statements import (
    entities_of,
    prune,
    read_entities,
    read_parents,
    write_parents,
    write_terms,
)
from kg.curated.terms import TermChanges, add_terms, retire_terms
from kg.curated_models import Term
from kg.prefetch import prefetch
from kg.store.transaction import Transaction
from kg.versions import count_up

TERMS = 5000  # a transaction
_AHEAD = 2  # batches


class _Batch(NamedTuple):
    """Terms of one transaction, and what they change if the graph has none of their entities.

    `new` is None where that is not worked out ahead; else `redirects` says which entities they are.
    """

    terms: list[Term]
    redirects: Redirects
    new: TermChanges | None


def load_terms(loading: Loading, terms: Iterable[Term], found: Hierarchy) -> None:
    """Load the sound terms of a source, and then what each of them is a kind of."""
    for batch in prefetch(_batches(loading, found.sound(terms)), _AHEAD):
        _note(loading, loading.exclusive_write(partial(_add, loading=loading, batch=batch)))
        loading.progress(len(batch.terms))
    for ids in batched(found.parented, TERMS):
        if loading.exclusive_write(partial(_give_parents, loading=loading, ids=ids)):
            loading.known.changed(())
    loading.counts["terms"] += len(found.places)


def take_out_terms(loading: Loading, kept: Collection[str]) -> None:
    """Retire the terms that entities keep of a source which it has no more."""
    for ids in parts(sorted(entities_of(loading.graph, loading.name)), TERMS):
        work = partial(_retire, loading=loading, ids=ids, kept=kept)
        _note(loading, loading.exclusive_write(work))


def _batches(loading: Loading, terms: Iterable[Term]) -> Iterator[_Batch]:
    """Yield batches, worked out as far as possible; in a thread of its own."""
    for batch in batched(terms, TERMS):
        redirects = loading.known.redirects
        new = None
        if not loading.again:
            new = add_terms({}, _placed(batch, redirects), loading.ref)
        yield _Batch(batch, redirects, new)


def _placed(terms: Iterable[Term], redirects: Redirects) -> list[tuple[str, Term]]:
    return [(redirects.entity(term.id), term) for term in terms]


def _add(transaction: Transaction, loading: Loading, batch: _Batch) -> TermChanges:
    redirects = loading.known.redirects
    placed = _placed(batch.terms, redirects)
    known = {}
    if not loading.known.empty:  # else it has none but ours, and the source has each term once
        known = read_entities(transaction, (id_ for id_, _ in placed))
    if batch.new is not None and batch.redirects is redirects and not known:
        changes = batch.new
    else:
        changes = add_terms(known, placed, loading.ref)
    _write(transaction, loading, changes)
    return changes


def _retire(
    transaction: Transaction, loading: Loading, ids: Sequence[str], kept: Collection[str]
) -> TermChanges:
    changes = retire_terms(read_entities(transaction, ids), loading.name, kept)
    _write(transaction, loading, changes)
    return changes


def _write(transaction: Transaction, loading: Loading, changes: TermChanges) -> None:
    if not changes.none:
        write_terms(transaction, changes)
        if loading.again:
            _hang(transaction, loading, changes.rehung)
        count_up(transaction)


def _note(loading: Loading, changes: TermChanges) -> None:
    """Take note of what a transaction has done, now that it has."""
    if not changes.none:
        loading.known.changed(())
    loading.known.redirects.types.update(changes.types)
    loading.entities |= changes.types.keys()
    loading.refusals.refuse_all(changes.refused)
    loading.counts["terms"] -= len(changes.refused)
    for name, count in changes.counts.items():
        loading.counts[name] += count
    if loading.again:
        loading.changes += changes.changes


def _give_parents(transaction: Transaction, loading: Loading, ids: Sequence[str]) -> bool:
    changed = _hang(transaction, loading, set(map(loading.known.redirects.entity, ids)))
    if changed:
        count_up(transaction)
    return changed


def _hang(transaction: Transaction, loading: Loading, children: set[str]) -> bool:
    """Give entities the parents that follow from their terms; return whether any is another.

    A parent that is not there yet gets its edge once all terms are there.
    """
    wanted = _wanted_parents(transaction, loading, children)
    there = read_parents(transaction, children)
    written = {ends: refs for ends, refs in wanted.items() if there.get(ends) != refs}
    gone = there.keys() - wanted.keys()
    write_parents(transaction, dict(sorted(written.items())), sorted(gone))
    prune(transaction, {parent for _, parent in gone})
    return bool(written or gone)


def _wanted_parents(
    transaction: Transaction, loading: Loading, children: set[str]
) -> dict[Ends, list[str]]:
    entity = loading.known.redirects.entity
    refs: dict[Ends, set[str]] = defaultdict(set)
    for id_, stored in read_entities(transaction, children).items():
        for term in stored.terms:
            for parent in () if term.retired else map(entity, term.parents):
                if parent != id_:
                    refs[id_, parent].add(term.source)
    return {ends: sorted(sources) for ends, sources in refs.items()}
