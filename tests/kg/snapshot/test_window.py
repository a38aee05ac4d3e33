"""Windows of time: which dates lie inside, which outside, and of which nobody can tell."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import UsageError
from kg.snapshot import Window, window


@pytest.mark.parametrize(
    ("as_of", "since", "date", "place"),
    [
        ("2016", "", "2016", "inside"),
        ("2016", "", "2016-12-31", "inside"),
        ("2016", "", "2017", "outside"),
        ("2016", "", "2017-01-01", "outside"),
        ("2016-06", "", "2016", "unclear"),
        ("2016-06", "", "2016-06", "inside"),
        ("2016-06-15", "", "2016-06", "unclear"),
        ("2016-06-30", "", "2016-06", "inside"),
        ("2016-06-15", "", "2016-07", "outside"),
        ("2016-02-29", "", "2016-02", "inside"),
        ("2015-02-28", "", "2015-02", "inside"),
        ("", "2016", "2016", "inside"),
        ("", "2016", "2015-12-31", "outside"),
        ("", "2016-06", "2016", "unclear"),
        ("", "2016-01", "2016", "inside"),
        ("2017", "2016", "2016-08", "inside"),
        ("2016", "", "2016-05-01T12:30:00Z", "inside"),
        ("2016", "", " 2016 ", "inside"),
        ("2016", "", None, "unclear"),
        ("2016", "", "", "unclear"),
        ("2016", "", "Summer 1986", "unclear"),
        ("2016", "", "1986-13", "unclear"),
        ("2016", "", "1986-02-30", "unclear"),
        ("2016", "", "0000", "unclear"),
        ("2016", "", "1986-1-2", "unclear"),
    ],
)
def test_where_a_date_lies(as_of: str, since: str, date: str | None, place: str) -> None:
    """A date is inside only if every day that it may mean is, and unclear where nobody can tell."""
    assert Window(as_of=as_of, since=since).place(date) == place


def _coarse(day: dt.date, precision: int) -> str:
    return day.isoformat()[: (4, 7, 10)[precision]]


@given(st.dates(), st.dates(), st.integers(0, 2), st.integers(0, 2))
def test_nothing_later_is_ever_inside(said: dt.date, end: dt.date, known: int, asked: int) -> None:
    """Whatever is said after the last day of a window is not inside it, however coarse the date."""
    as_of = _coarse(end, asked)
    last = Window(as_of=as_of).bounds.last
    place = Window(as_of=as_of).place(_coarse(said, known))
    if said.isoformat() > last:
        assert place != "inside"
    else:
        assert place != "outside"


@pytest.mark.parametrize("date", ["16", "2016-13", "2016-02-30", "yesterday", "2016-05-01T10:00"])
def test_a_bound_that_is_no_date(date: str) -> None:
    """A bound of another form is refused, and the forms are named."""
    with pytest.raises(UsageError, match=r"as-of .* is no date: give a year"):
        window(date)
    with pytest.raises(UsageError, match=r"since .* is no date"):
        window(None, date)


def test_a_window_that_is_empty() -> None:
    """A window that ends before it begins is refused; one of a single day is not."""
    with pytest.raises(UsageError, match="nothing is both since 2017 and as of 2016-12"):
        window("2016-12", "2017")
    assert str(window("2016-05-01", "2016-05-01")) == "since 2016-05-01, as of 2016-05-01"


def test_no_bounds() -> None:
    """Without bounds there is no window."""
    assert window() is None
    assert window("", "") is None
