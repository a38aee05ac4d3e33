"""Claims by their start nodes, since neither server finds an edge by a property.

Each goes through the edges of a node to find one of them; with all ends of a node in one row of a
statement it does so once (0.2 s and not 3.7 s for 5,000 claims of two hubs).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kg.store.names import Row, properties

_ROWS = 5000  # a statement


def grouped(rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, dict[str, Row]]]:
    """Yield properties of edges by their start and end, so many at a time."""
    groups: dict[str, dict[str, Row]] = {}
    taken = 0
    for row in rows:
        said = {name: value for name, value in row.items() if name not in ("start", "end")}
        owner = f"the claim {row['start']} to {row['end']}"
        groups.setdefault(row["start"], {})[row["end"]] = properties(said, owner)
        taken += 1
        if taken == _ROWS:
            yield groups
            groups, taken = {}, 0
    if groups:
        yield groups
