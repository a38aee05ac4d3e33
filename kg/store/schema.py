"""Constraints and indexes: what makes ids unique and look-ups quick."""

from __future__ import annotations

from collections.abc import Iterable

from kg.errors import PropertyError
from kg.graph_schema import CLAIM_INDEXED, LABELS, RELATIONSHIPS
from kg.store.names import valid_label


def schema_statements(types: Iterable[str], relationships: Iterable[str] = ()) -> list[str]:
    """Return the statements that give a graph its schema; each may run again at any time.

    Args:
        types: the labels of the entity types.
        relationships: the relationship types that the graph will hold.

    Raises:
        PropertyError: a type that cannot be a label, or has the name of a relationship type
            (ArcadeDB keeps both in one place).
    """
    labels = [valid_label(type_) for type_ in types]
    taken = {name.casefold() for name in (*RELATIONSHIPS, *relationships)}
    for label in (*LABELS, *labels):
        if label.casefold() in taken:
            raise PropertyError(f"{label!r} cannot be a label and a relationship type at once")
    unique = [
        f"CREATE CONSTRAINT {label.lower()}_id IF NOT EXISTS FOR (n:{label}) REQUIRE n.id IS UNIQUE"
        for label in LABELS
    ]
    named = [_index(label, "name") for label in ("Entity", *labels)]
    claims = [_index(label, "claim_id") for label in CLAIM_INDEXED]
    return [*unique, *named, *claims]


def _index(label: str, name: str) -> str:
    return f"CREATE INDEX {label}_{name} IF NOT EXISTS FOR (n:{label}) ON (n.{name})"
