"""Entity and relation resolution: from a user's words to names and rows of a graph."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from kg import (
    Domain,
    Entity,
    Graph,
    RelationPattern,
    Snapshot,
    UnknownNameError,
    UsageError,
    find_entity,
    take_snapshot,
)


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


def shown_snapshot(
    graph: Graph,
    as_of: str | None,
    since: str | None,
    on_snapshot: Callable[[Snapshot], None] | None,
) -> Snapshot:
    """Return the snapshot of a graph in some time, and hand it to whoever wants to see it."""
    snapshot = take_snapshot(graph, as_of=as_of, since=since)
    if on_snapshot is not None:
        on_snapshot(snapshot)
    return snapshot


def row_of(snapshot: Snapshot, entity: Entity) -> int:
    """Return the row of an entity that the graph holds.

    Raises:
        UsageError: the snapshot does not hold it, since nothing of its time names it.
    """
    if entity.id not in snapshot.row_of:
        when = f"nothing said {snapshot.window}" if snapshot.window else "another process has just"
        what = "names it" if snapshot.window else "added it; ask again"
        raise UsageError(f"{entity.name} ({entity.id}) is in the graph, but {when} {what}")
    return snapshot.row_of[entity.id]


def _types(patterns: Iterable[RelationPattern]) -> Iterator[str]:
    for pattern in patterns:
        yield pattern.subject_type
        yield pattern.object_type
