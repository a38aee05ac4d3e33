"""What a batch of terms changes, as a function of what the graph holds of their entities."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from kg.contributions.properties import PropertyRow, StoredTerm, entity_properties, parse_terms
from kg.curated.summary import Change
from kg.curated_models import Term, source_name
from kg.store.names import properties

# What of a stored term says how it came into the graph, and nothing of the entity.
_ASIDE = {"source", "row", "retired"}
# What people call the fields of a term.
_CALLED = {"names": "synonyms", "alternatives": "old ids", "replaced_by": "replaced by"}


@dataclass(slots=True)
class StoredEntity:
    """An entity as the graph holds it, and its terms as they are to be."""

    type: str
    properties: PropertyRow
    terms: list[StoredTerm] = field(default_factory=list)

    @classmethod
    def of(cls, type_: str, properties: PropertyRow) -> StoredEntity:
        """Return an entity from its label and the properties of its node."""
        return cls(type_, properties, parse_terms(properties.get("terms")))

    def derived(self, id_: str) -> PropertyRow:
        """Return the properties that follow from its terms and from the papers about it.

        Raises:
            PropertyError: a graph cannot hold one of them.
        """
        held = self.properties
        forms = dict(zip(held.get("forms") or (), held.get("form_papers") or (), strict=True))
        absorbed = held.get("absorbed") or ()
        row = entity_properties(id_, self.terms, forms, held.get("n_papers") or 0, absorbed)
        return properties(row, id_)


class Changed(NamedTuple):
    """What `TermChange` says, made in a third of the time: a first load makes one of each term."""

    id: str
    change: Change
    before: str = ""
    after: str = ""
    what: tuple[str, ...] = ()


@dataclass(slots=True)
class TermChanges:
    """Rows to write, by type: of entities that are new, and of those that are not as they were."""

    new: dict[str, list[PropertyRow]] = field(default_factory=lambda: defaultdict(list))
    written: list[PropertyRow] = field(default_factory=list)
    types: dict[str, str] = field(default_factory=dict)  # of the entities of the batch
    rehung: set[str] = field(default_factory=set)  # entities whose parents are others now
    changes: list[Changed] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    refused: list[tuple[str, str]] = field(default_factory=list)  # where, why

    @property
    def none(self) -> bool:
        """Whether the graph holds all of it already."""
        return not (self.new or self.written)


def add_terms(
    known: Mapping[str, StoredEntity], terms: Iterable[tuple[str, Term]], ref: str
) -> TermChanges:
    """Return what terms of a source change.

    Args:
        known: the entities that the graph holds of those that the terms are about.
        terms: each with the id of its entity, which is another one where merges say so.
        ref: the source's.
    """
    found, entities = TermChanges(), dict(known)
    for id_, term in terms:
        entity = entities.setdefault(id_, StoredEntity(term.type, {}))
        found.types[id_] = entity.type
        if entity.type != term.type:
            reason = f"{term.id} is of type {term.type} here and of {entity.type} in the graph; "
            reason += "an entity has one type, and the first one stays (--type gives it another)"
            found.refused.append((term.row, reason))
        else:
            _add(found, id_, entity, term, ref)
    _write(found, known, {id_: entities[id_] for id_ in found.types})
    return found


def retire_terms(
    known: Mapping[str, StoredEntity], name: str, kept: Collection[str]
) -> TermChanges:
    """Return what changes when a source no longer has some of the terms that entities keep.

    Args:
        known: entities that keep terms of the source.
        name: the source's.
        kept: the ids of the terms that it has.
    """
    found = TermChanges()
    for id_, entity in known.items():
        for number, term in enumerate(entity.terms):
            if source_name(term.source) == name and term.id not in kept and not term.retired:
                entity.terms[number] = term.model_copy(update={"retired": True})
                _count(found, Changed(term.id, "retired", before=term.name))
                if term.parents:
                    found.rehung.add(id_)
        found.types[id_] = entity.type
    _write(found, known, known)
    return found


def _add(found: TermChanges, id_: str, entity: StoredEntity, term: Term, ref: str) -> None:
    name = source_name(ref)
    new = StoredTerm.model_validate({**vars(term), "source": ref})
    for number, old in enumerate(entity.terms):
        if old.id == term.id and source_name(old.source) == name:
            entity.terms[number] = new
            break
    else:
        old = None
        entity.terms.append(new)
    change = _change(old, new)
    if change is not None:
        _count(found, change)
    if (old.parents if old and not old.retired else ()) != new.parents:
        found.rehung.add(id_)


def _change(old: StoredTerm | None, new: StoredTerm) -> Changed | None:
    if old is None or old.retired:
        return Changed(new.id, "added", after=new.name)
    before, after = (term.model_dump(exclude=_ASIDE) for term in (old, new))
    if before == after:
        return None
    what = tuple(_CALLED.get(key, key) for key in before if before[key] != after[key])
    renamed = old.name != new.name
    return Changed(new.id, "renamed" if renamed else "changed", old.name, new.name, what)


def _count(found: TermChanges, change: Changed) -> None:
    found.changes.append(change)
    found.counts[change.change] += 1


def _write(
    found: TermChanges, known: Mapping[str, StoredEntity], entities: Mapping[str, StoredEntity]
) -> None:
    for id_, entity in entities.items():
        row: dict[str, Any] = entity.derived(id_)
        if id_ not in known:
            if entity.terms:  # else its only term was refused
                found.new[entity.type].append(row)
        elif row != entity.properties:
            found.written.append(row)
