"""Items are made in advance by a thread that ends with their use."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from kg.prefetch import prefetch


@pytest.mark.parametrize("size", [1, 3])
def test_all_items_come_in_order(size: int) -> None:
    """Every item is yielded once and in order, None and false ones too."""
    items = [None, 0, "", *range(20)]
    assert list(prefetch(items, size)) == items


@pytest.mark.parametrize("size", [1, 3])
def test_so_many_are_made_in_advance(size: int) -> None:
    """While one item is in use, exactly `size` more are made, and none before the first."""
    made: list[int] = []
    enough = threading.Semaphore(0)

    def items() -> Iterator[int]:
        for number in range(100):
            made.append(number)
            enough.release()
            yield number

    coming = prefetch(items(), size)
    assert not made
    assert next(coming) == 0
    for _ in range(size + 1):
        assert enough.acquire(timeout=60)
    assert not enough.acquire(timeout=0.05)
    assert made == list(range(size + 1))
    coming.close()  # type: ignore[attr-defined]


def test_an_error_comes_after_the_items_before_it() -> None:
    """What was made before an error is yielded first, and then the error is raised."""

    def items() -> Iterator[int]:
        yield from (1, 2)
        raise KeyError

    seen: list[int] = []
    with pytest.raises(KeyError):
        seen.extend(prefetch(items(), 4))
    assert seen == [1, 2]


def test_the_thread_ends_with_its_user() -> None:
    """After the user has ended by an error, no thread is left and few items were made."""
    before = set(threading.enumerate())
    made: list[int] = []

    def items() -> Iterator[int]:
        for number in range(1000):
            made.append(number)
            yield number

    with pytest.raises(ZeroDivisionError):
        [1 // item for item in prefetch(items(), 2)]
    assert set(threading.enumerate()) <= before
    assert len(made) <= 4
