"""`abduce find`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.abduce.conftest import RunAbduce


@pytest.mark.parametrize("text", ["fish oil", "Fish-Oil", "fsh oil", "fishoil", "fish"])
def test_the_entity_that_is_meant_comes_first(
    run_abduce: RunAbduce, small_graph: Path, text: str
) -> None:
    """A name, another spelling, a slip and a part of a name all lead to the entity."""
    done = run_abduce("find", text, "--graph", small_graph, "--json")
    assert done.code == 0
    first = done.rows[0]
    assert first["entity"]["id"] == "abduce:Chemical/fish_oil"
    assert (first["matched"], first["text"]) == ("name", "fish oil")


def test_a_table_says_what_matched(run_abduce: RunAbduce, small_graph: Path) -> None:
    """For people, a table shows the id, the type, how well it fits, and which name did."""
    done = run_abduce("find", "raynaud", "--graph", small_graph)
    assert done.code == 0
    assert "abduce:Disease/raynaud_disease" in done.out
    assert "name: Raynaud disease" in done.out


def test_types_and_limit_narrow_it_down(run_abduce: RunAbduce, small_graph: Path) -> None:
    """`--type` keeps only entities of that type, `--limit` only the likeliest."""
    wide = run_abduce("find", "fish oil disease", "--graph", small_graph, "--json")
    assert len(wide.rows) > 1
    assert {row["entity"]["type"] for row in wide.rows} == {"Chemical", "Disease"}
    done = run_abduce(
        "find", "fish oil disease", "--graph", small_graph, "--type", "Disease", "--json"
    )
    assert {row["entity"]["type"] for row in done.rows} == {"Disease"}
    done = run_abduce("find", "fish oil disease", "--graph", small_graph, "--limit", "1", "--json")
    assert done.rows == wide.rows[:1]


def test_a_type_is_taken_by_its_alias_and_never_silently_for_none(
    run_abduce: RunAbduce, small_graph: Path
) -> None:
    """`--type` takes any case and alias; what is no type is wrong use, and not "nothing found"."""
    done = run_abduce("find", "fish oil", "--graph", small_graph, "--type", "chemical", "--json")
    assert [row["entity"]["name"] for row in done.rows] == ["fish oil"]
    wrong = run_abduce("find", "fish oil", "--graph", small_graph, "--type", "Chemicle")
    assert wrong.code == 2
    assert "Chemical" in wrong.err


def test_nothing_like_it_ends_with_1(run_abduce: RunAbduce, small_graph: Path) -> None:
    """A text that is like no name says so on standard error and ends with 1."""
    done = run_abduce("find", "qqqqq", "--graph", small_graph, "--json")
    assert (done.code, done.out) == (1, "")
    assert "qqqqq" in done.err
