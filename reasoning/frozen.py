"""The snapshot that is reasoned over, and where an entity stands in it."""

from __future__ import annotations

from collections.abc import Callable

from kg import Entity, Graph, Snapshot, UsageError, take_snapshot


def taken(
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
