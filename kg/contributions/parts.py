"""Rows in parts of one statement each: a server takes a few thousand at once best."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from kg.store.names import Row
from kg.store.transaction import Transaction

T = TypeVar("T")

ROWS = 2000  # a statement


def by_id(
    transaction: Transaction, cypher: str, ids: Iterable[str], **parameters: Any
) -> Iterator[Row]:
    """Yield the rows of a statement on `$ids`, some at a time."""
    for part in parts(sorted(set(ids))):
        yield from transaction.run(cypher, ids=part, **parameters)


def parts(rows: Sequence[T], size: int = ROWS) -> Iterator[Sequence[T]]:
    """Yield rows in parts of one statement each."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
