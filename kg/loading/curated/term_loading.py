"""Loading the terms of a source, and retiring those that it has no more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from kg.contributions.bulk_removal import find_terms
from kg.contributions.delta import Delta
from kg.contributions.parts import parts
from kg.contributions.properties import StoredTerm
from kg.contributions.states import EntityState
from kg.contributions.stored import Stored
from kg.curated_models import Term, source_name
from kg.loading.curated.hierarchy import Hierarchy
from kg.loading.curated.source_load import SourceLoad, batched
from kg.loading.curated.summary import TermChange
from kg.prefetch import prefetch

TERMS = 5000  # a transaction
_AHEAD = 2  # batches

# What of a stored term says how it came into the graph, and nothing of the entity.
_ASIDE = {"source", "row", "retired"}
# What people call the fields of a term.
_CALLED = {"names": "synonyms", "alternatives": "old ids", "replaced_by": "replaced by"}


@dataclass(slots=True)
class TermDelta:
    """What a batch of terms changes: the delta, how each differs, and which are refused."""

    delta: Delta = field(default_factory=Delta)
    types: dict[str, str] = field(default_factory=dict)  # of the entities of the batch
    counts: Counter[str] = field(default_factory=Counter)
    changes: list[TermChange] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)  # where, why

    def add(self, term: Term, new: StoredTerm, id_: str, state: EntityState | None) -> None:
        """Add a term, if its entity is of its type.

        Args:
            term: as the source has it.
            new: as the graph will have it.
            id_: the entity, which is another one where merges say so.
            state: what the graph holds of it.
        """
        known = self.types.setdefault(id_, state.type if state else term.type)
        if known != term.type:
            reason = f"{term.id} is of type {term.type} here and of {known} in the graph; an "
            reason += "entity has one type, and the first one stays (--type gives it another)"
            self.refused.append((term.row, reason))
            return
        name = source_name(new.source)
        old = _term_of(state, name, term.id)
        if old != new:
            self.delta.terms.replace((name, term.id), old, new)
            self.delta.types[term.id] = term.type
        self._note(_change(old, new))

    def retire(self, old: StoredTerm) -> None:
        """Retire a term that its source has no more."""
        key = (source_name(old.source), old.id)
        self.delta.terms.replace(key, old, old.model_copy(update={"retired": True}))
        self._note(TermChange(id=old.id, change="retired", before=old.name))

    def _note(self, change: TermChange | None) -> None:
        if change is not None:
            self.counts[change.change] += 1
            self.changes.append(change)


def load_terms(loading: SourceLoad, terms: Iterable[Term], found: Hierarchy) -> None:
    """Load the sound terms of a source, and then what each of them is a kind of."""
    for batch in prefetch(batched(found.sound(terms), TERMS), _AHEAD):
        _commit(loading, partial(_added, loading=loading, terms=batch))
        loading.progress(len(batch))
    for ids in batched(found.parented, TERMS):
        loading.commit(partial(_under_parents, ids=ids))
    loading.counts["terms"] += len(found.places)


def take_out_terms(loading: SourceLoad, kept: Collection[str]) -> None:
    """Retire the terms that entities keep of a source which it has no more."""
    for ids in parts(find_terms(loading.graph, f"{loading.name}@"), TERMS):
        _commit(loading, partial(_retired, name=loading.name, ids=ids, kept=kept))


def stored_term(term: Term, ref: str) -> StoredTerm:
    """Return a term of a source as an entity keeps it."""
    return StoredTerm.model_construct(**{**vars(term), "source": ref})


def _added(stored: Stored, loading: SourceLoad, terms: Sequence[Term]) -> TermDelta:
    merged = stored.cache.merged
    placed = [(merged.get(term.id, term.id), term) for term in terms]
    states = stored.entities(id_ for id_, _ in placed)
    found = TermDelta()
    for id_, term in placed:
        found.add(term, stored_term(term, loading.ref), id_, states.get(id_))
    return found


def _under_parents(_: Stored, ids: Iterable[str]) -> tuple[Delta, None]:
    return Delta(hierarchy=set(ids)), None


def _retired(stored: Stored, name: str, ids: Sequence[str], kept: Collection[str]) -> TermDelta:
    found = TermDelta()
    for id_, state in stored.entities(ids).items():
        found.types[id_] = state.type
        for term in state.terms:
            if source_name(term.source) == name and term.id not in kept and not term.retired:
                found.retire(term)
    return found


def _commit(loading: SourceLoad, work: Callable[[Stored], TermDelta]) -> None:
    """Carry out a batch, and take note of what it has done, now that it has."""

    def change(stored: Stored) -> tuple[Delta, TermDelta]:
        made = work(stored)
        return made.delta, made

    found = loading.commit(change)
    loading.cache.know(found.types)
    loading.entities |= found.types.keys()
    loading.refusals.refuse_all(found.refused)
    loading.counts["terms"] -= len(found.refused)
    for name, count in found.counts.items():
        loading.counts[name] += count
    if loading.again:
        loading.changes += found.changes


def _term_of(state: EntityState | None, source: str, id_: str) -> StoredTerm | None:
    for term in state.terms if state else ():
        if term.id == id_ and source_name(term.source) == source:
            return term
    return None


def _change(old: StoredTerm | None, new: StoredTerm) -> TermChange | None:
    if old is None or old.retired:
        return TermChange(id=new.id, change="added", after=new.name)
    before, after = (term.model_dump(exclude=_ASIDE) for term in (old, new))
    if before == after:
        return None
    what = tuple(_CALLED.get(key, key) for key in before if before[key] != after[key])
    change = "changed" if old.name == new.name else "renamed"
    return TermChange(id=new.id, change=change, before=old.name, after=new.name, what=what)
