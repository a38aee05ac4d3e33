"""Reading ahead: the next rows are read and prepared while the server writes the last ones."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

_POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class _Ended:
    error: BaseException | None


@dataclass(frozen=True, slots=True)
class _Item(Generic[T]):
    value: T


def ahead(items: Iterable[T], size: int) -> Iterator[T]:
    """Yield the items, which a thread of its own makes, up to `size` of them in advance.

    An error in making them is raised here, after those that came before it. When the iterator is
    closed, or its user ends by an error, the thread ends with the item that it is at.
    """
    made: queue.Queue[_Item[T] | _Ended] = queue.Queue(maxsize=size)
    stopped = threading.Event()
    thread = threading.Thread(target=_make, args=(items, made, stopped), daemon=True)
    thread.start()
    try:
        while isinstance(item := made.get(), _Item):
            yield item.value
        if item.error is not None:
            raise item.error
    finally:
        stopped.set()
        thread.join()


def _make(
    items: Iterable[T], made: queue.Queue[_Item[T] | _Ended], stopped: threading.Event
) -> None:
    try:
        for item in items:
            if not _put(_Item(item), made, stopped):
                return
    except BaseException as error:  # noqa: BLE001  (raised where the items are used)
        _put(_Ended(error), made, stopped)
    else:
        _put(_Ended(None), made, stopped)


def _put(
    item: _Item[T] | _Ended, made: queue.Queue[_Item[T] | _Ended], stopped: threading.Event
) -> bool:
    """Hand an item over; False where nobody wants it any more."""
    while not stopped.is_set():
        try:
            made.put(item, timeout=_POLL_SECONDS)
        except queue.Full:
            continue
        return True
    return False
