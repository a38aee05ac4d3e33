"""The schema that a source's own facts show, where its format has none.

A graph's schema is made of those that it keeps, so relations that came without one could not be
asked for beside a pack or Hetionet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from kg.curated_models import Fact, Source, Term
from kg.domain import Domain, EntityType, RelationType, Signature


def observed_schema(source: Source, terms: Iterable[Term], facts: Iterable[Fact]) -> Domain | None:
    """Return the schema that facts show; None where no fact joins two terms.

    Relations are directed and unsigned, and read as they are called.
    """
    types = {term.id: term.type for term in terms}
    pairs: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for fact in facts:
        subject, object_ = types.get(fact.subject), types.get(fact.object)
        if subject is not None and object_ is not None:
            pairs[fact.predicate].add((subject, object_))
    if not pairs:
        return None
    return Domain(
        name=source.name,
        version=source.version,
        types={label: EntityType() for label in sorted(set(types.values()))},
        relations={name: _relation(name, pairs[name]) for name in sorted(pairs)},
    )


def _relation(name: str, pairs: set[tuple[str, str]]) -> RelationType:
    reading = name.replace("_", " ").lower()
    signatures = tuple(Signature(subject=s, object=o, reading=reading) for s, o in sorted(pairs))
    return RelationType(symmetric=False, signatures=signatures)
