"""Time windows: which papers and sources count, by their own dates."""

from __future__ import annotations

from typing import Literal

from kg.dates import Days, days_of
from kg.errors import UsageError
from kg.models import Model

Place = Literal["inside", "outside", "unclear"]


class Window(Model):
    """From the start of `since` to the end of `as_of`, both included; "" is no bound.

    A bound is a year, a month or a day in ISO 8601: as of `2016` goes through 2016-12-31, since
    `2016-05` starts at 2016-05-01. Make one with `window`, which checks the bounds.
    """

    as_of: str = ""
    since: str = ""

    def place(self, date: str | None) -> Place:
        """Say where a date lies: `inside` only if every day that it may mean is.

        `unclear` are no date at all, what is no ISO date, and a date that is too coarse to tell:
        of a paper of `2016` nobody knows whether it was there as of `2016-06`.
        """
        days = days_of(date)
        if days is None:
            return "unclear"
        bounds = self.bounds
        if days.first >= bounds.first and days.last <= bounds.last:
            return "inside"
        if days.last < bounds.first or days.first > bounds.last:
            return "outside"
        return "unclear"

    @property
    def bounds(self) -> Days:
        """The first and the last day of it."""
        first = days_of(self.since) if self.since else None
        last = days_of(self.as_of) if self.as_of else None
        return Days(first.first if first else "", last.last if last else "9999-12-31")

    def __str__(self) -> str:
        bounds = (("since", self.since), ("as of", self.as_of))
        return ", ".join(f"{name} {date}" for name, date in bounds if date)


def window(as_of: str | None = None, since: str | None = None) -> Window | None:
    """Return the window between two dates; None where neither is given.

    Raises:
        UsageError: a bound is no date, or nothing lies between the two.
    """
    if not (as_of or since):
        return None
    for name, date in (("as-of", as_of), ("since", since)):
        if date and (days_of(date) is None or "T" in date):
            raise UsageError(
                f"{name} {date!r} is no date: give a year (2016), a month (2016-05) "
                "or a day (2016-05-17)"
            )
    found = Window(as_of=as_of or "", since=since or "")
    bounds = found.bounds
    if bounds.first > bounds.last:
        raise UsageError(f"nothing is both since {since} and as of {as_of}")
    return found
