"""The collector's threshold while many rows go through."""

from __future__ import annotations

import gc

import pytest

from kg.gc_threshold import raised_gc_threshold


def test_the_collector_searches_rarely_and_then_as_before() -> None:
    """Inside, and inside twice, the threshold is high; afterwards it is the one from before."""
    before = gc.get_threshold()
    with raised_gc_threshold():
        assert gc.get_threshold()[0] > before[0]
        with raised_gc_threshold():
            assert gc.get_threshold()[0] > before[0]
        assert gc.get_threshold()[0] > before[0]
    assert gc.get_threshold() == before


def test_an_error_puts_it_back() -> None:
    """A block that fails leaves the threshold as it was."""
    before = gc.get_threshold()
    with pytest.raises(KeyError), raised_gc_threshold():
        raise KeyError
    assert gc.get_threshold() == before


def test_a_higher_threshold_of_the_program_stays() -> None:
    """A program that wants fewer searches still, or none, gets what it wants."""
    before = gc.get_threshold()
    try:
        for own in (0, 10_000_000):
            gc.set_threshold(own, *before[1:])
            with raised_gc_threshold():
                assert gc.get_threshold()[0] == own
            assert gc.get_threshold()[0] == own
    finally:
        gc.set_threshold(*before)
