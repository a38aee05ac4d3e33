"""Flattening of nested scores, for people: one name and one value a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def flat(scores: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield ("relations.end_to_end.pair.f1", 0.33) and so on, in the order of the scores."""
    for name, value in scores.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
