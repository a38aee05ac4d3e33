"""Dates as papers and sources have them: a year, a month or a day, in ISO 8601."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import NamedTuple

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T.*)?)?)?", re.DOTALL)


class Days(NamedTuple):
    """The first and the last day that a date may mean, in ISO 8601: `2016-02-01`, `2016-02-29`."""

    first: str
    last: str


def days_of(date: str | None) -> Days | None:
    """Return the days that a date may mean; None for what is no ISO date.

    A time of day behind a date is passed over.
    """
    found = _DATE.fullmatch((date or "").strip())
    if not found:
        return None
    year, month, day = found.groups()
    if month is None:
        return Days(f"{year}-01-01", f"{year}-12-31") if int(year) else None
    try:
        length = calendar.monthrange(int(year), int(month))[1]
        dt.date(int(year), int(month), int(day or 1))
    except ValueError:  # month 13, 31 April, the year 0
        return None
    if day is None:
        return Days(f"{year}-{month}-01", f"{year}-{month}-{length}")
    whole = f"{year}-{month}-{day}"
    return Days(whole, whole)
