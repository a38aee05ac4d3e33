"""Making what comes next while what came before is in use, by a server that writes it mostly."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from typing import TypeVar

T = TypeVar("T")


class _End(Enum):
    REACHED = 0


def prefetch(items: Iterable[T], size: int = 1) -> Iterator[T]:
    """Yield the items, which a thread of its own makes, up to `size` of them in advance.

    An error in making them is raised here, after those that came before it. When the iterator is
    closed, or its user ends by an error, the thread ends with the item that it is at.
    """
    source = iter(items)
    pool = ThreadPoolExecutor(max_workers=1)
    try:
        coming = deque(pool.submit(next, source, _End.REACHED) for _ in range(size))
        while not isinstance(item := coming.popleft().result(), _End):
            coming.append(pool.submit(next, source, _End.REACHED))
            yield item
    finally:
        pool.shutdown(cancel_futures=True)
