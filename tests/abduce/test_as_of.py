"""`--as-of` and `--since` of `abduce propose` and `check`; the small papers are of 1980 to 1988."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.abduce.conftest import RunAbduce

CLAIM = ("nifedipine", "TREATS", "Raynaud disease")


def test_known_since(run_abduce: RunAbduce, small_graph: Path) -> None:
    """A claim that is known today was not before its paper; rows say of what time they are."""
    today = run_abduce("check", *CLAIM, "--graph", small_graph, "--json")
    (now,) = today.rows
    assert now["verdict"] == "known"
    assert "as_of" not in now
    first = min(
        year
        for year in range(1980, 1989)
        if "known"
        in run_abduce("check", *CLAIM, "--graph", small_graph, "--as-of", year, "--json").out
    )
    before = run_abduce("check", *CLAIM, "--graph", small_graph, "--as-of", first - 1, "--json")
    if before.code == 0:
        (then,) = before.rows
        assert then["verdict"] != "known"
        assert then["as_of"] == str(first - 1)
        assert then["id"] != now["id"]
    else:
        assert f"nothing said as of {first - 1} names it" in before.err


def test_what_is_said_of_the_time(run_abduce: RunAbduce, small_graph: Path) -> None:
    """For people, the time that counts is named with the answer."""
    done = run_abduce(
        "propose", "Raynaud disease", "--relation", "TREATS", "--graph", small_graph,
        "--since", "1980-01", "--as-of", "1988-12-31",
    )  # fmt: skip
    assert done.code == 0, done.err
    assert "only what was said since 1980-01, as of 1988-12-31" in done.err


@pytest.mark.parametrize("date", ["88", "1988-14", "last year", "1988-02-31"])
def test_a_date_of_another_form(run_abduce: RunAbduce, small_graph: Path, date: str) -> None:
    """A date of another form is wrong use, and the message shows the forms."""
    done = run_abduce("check", *CLAIM, "--graph", small_graph, "--as-of", date)
    assert done.code == 2
    assert "is no date: give a year (2016), a month (2016-05) or a day" in " ".join(
        done.err.split()
    )


def test_nothing_by_then(run_abduce: RunAbduce, small_graph: Path) -> None:
    """Before the first paper there is nothing to reason over, and that is said."""
    done = run_abduce("check", *CLAIM, "--graph", small_graph, "--as-of", "1950")
    assert done.code != 0
    assert "holds nothing as of 1950" in " ".join(done.err.split())
