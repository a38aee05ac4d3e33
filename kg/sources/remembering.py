"""What a small source says is parsed once, however often it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

T = TypeVar("T")

MOST = 100_000  # terms, which take about 1 kB each, or facts, which take a fourth of that


def remembered(read: Callable[[], Iterator[T]], most: int = MOST) -> Callable[[], Iterator[T]]:
    """Return `read`, which gives the same each time, as a function that reads once if it can.

    What one whole reading gave is kept where that is no more than `most`; else all is read again.
    """
    kept: list[T] | None = None
    too_many = False

    def again() -> Iterator[T]:
        nonlocal kept, too_many
        if kept is not None:
            yield from kept
            return
        taken: list[T] = []
        for item in read():
            if not too_many:
                taken.append(item)
                if len(taken) > most:
                    too_many = True
                    taken = []
            yield item
        if not too_many:
            kept = taken

    return again
