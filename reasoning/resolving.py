"""From the words of a user to relations and entities of a graph."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from kg import Domain, Entity, Graph, RelationPattern, UnknownNameError, find_entity


def resolve_relation(domain: Domain, text: str) -> str:
    """Return a relation's own name, or an alias between two types as the schema spells it.

    Raises:
        UnknownNameError: no relation has that name or alias.
    """
    domain.patterns(text)
    try:
        return domain.relation_named(text)
    except UnknownNameError:
        # Aliases between types are upper-case by the schema's own rule (`kg.domain`).
        return re.sub(r"[\s-]+", "_", text.strip()).upper()


def resolve_entity(graph: Graph, text: str, patterns: Sequence[RelationPattern]) -> Entity:
    """Return the entity that a text names; of several, one whose type fits the relation.

    Raises:
        UnknownNameError: no entity has that name.
    """
    types = sorted(set(_types(patterns)))
    try:
        return find_entity(graph, text, types=types)
    except UnknownNameError:
        # It may exist with a type that does not fit, which is another mistake to tell of.
        return find_entity(graph, text)


def _types(patterns: Iterable[RelationPattern]) -> Iterable[str]:
    for pattern in patterns:
        yield pattern.subject_type
        yield pattern.object_type
