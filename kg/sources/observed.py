"""The schema that a source's own facts show, where its format has none.

A graph's schema is made of those that it keeps, so relations that came without one could not be
asked for beside a pack or Hetionet.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from kg.domain import Domain, EntityType, RelationType, Signature
from kg.sources.curated_source import CuratedSource


def with_schema(curated: CuratedSource) -> CuratedSource:
    """Return the source with a schema: its own, or the one that its facts show.

    Relations are then directed and unsigned, and read as they are called. There is none where no
    fact joins two terms of the source.
    """
    if curated.domain is not None:
        return curated
    return replace(curated, domain=_observed(curated))


def _observed(curated: CuratedSource) -> Domain | None:
    types = {term.id: term.type for term in curated.terms()}
    pairs: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for fact in curated.facts():
        subject, object_ = types.get(fact.subject), types.get(fact.object)
        if subject is not None and object_ is not None:
            pairs[fact.predicate].add((subject, object_))
    if not pairs:
        return None
    return Domain(
        name=curated.source.name,
        version=curated.source.version,
        types={label: EntityType() for label in sorted(set(types.values()))},
        relations={name: _relation(name, pairs[name]) for name in sorted(pairs)},
    )


def _relation(name: str, pairs: set[tuple[str, str]]) -> RelationType:
    reading = name.replace("_", " ").lower()
    signatures = tuple(Signature(subject=s, object=o, reading=reading) for s, o in sorted(pairs))
    return RelationType(symmetric=False, signatures=signatures)
