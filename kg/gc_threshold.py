"""Python's search for garbage in cycles, made rare while millions of rows go through.

Rows are tuples, lists and dicts without cycles, and each counts as a reason to search all others:
writing Hetionet's import files took 13.7 s with the usual threshold and 7.2 s without a search
(300,000 facts, processor time).
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_OBJECTS = 300_000  # new ones before a search; the usual number is 700

_LOCK = threading.Lock()
_BEFORE: list[tuple[int, int, int]] = []  # one for each that is inside


@contextmanager
def raised_gc_threshold() -> Iterator[None]:
    """Let the collector search rarely until the block ends; where it is off, it stays off."""
    with _LOCK:
        _BEFORE.append(_BEFORE[0] if _BEFORE else gc.get_threshold())
        if 0 < gc.get_threshold()[0] < _OBJECTS:
            gc.set_threshold(_OBJECTS, *_BEFORE[0][1:])
    try:
        yield
    finally:
        with _LOCK:
            before = _BEFORE.pop()
            if not _BEFORE:
                gc.set_threshold(*before)
