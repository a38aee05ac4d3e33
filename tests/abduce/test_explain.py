"""`abduce explain`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.abduce.conftest import RunAbduce


def test_a_proposal_is_explained_by_its_id(run_abduce: RunAbduce, small_graph: Path) -> None:
    """What `propose` printed is stored, and `explain` gives it back with paths and findings."""
    proposed = run_abduce("propose", "--relation", "TREATS", "--graph", small_graph, "--json")
    for row in proposed.rows:
        done = run_abduce("explain", row["id"], "--graph", small_graph, "--json")
        assert done.code == 0, done.err
        assert {"rank": row["rank"], **done.rows[0]} == row


def test_all_paths_are_shown(run_abduce: RunAbduce, small_graph: Path) -> None:
    """Without --json, every path of the hypothesis is printed with its sentences."""
    (row, *_) = run_abduce(
        "propose", "fish oil", "--relation", "TREATS", "--graph", small_graph, "--json"
    ).rows
    done = run_abduce("explain", row["id"], "--graph", small_graph)
    assert done.out.count("(adds ") == len(row["paths"])
    flat = " ".join(done.out.split())
    for path in row["paths"]:
        for quote in (quote for quotes in path["quotes"] for quote in quotes):
            assert f'"{quote["text"]}" {quote["paper"]}' in flat


def test_an_unknown_hypothesis_ends_with_2(run_abduce: RunAbduce, small_graph: Path) -> None:
    """An id that the graph does not hold is wrong use."""
    done = run_abduce("explain", "hypothesis:none", "--graph", small_graph)
    assert (done.code, done.out) == (2, "")
    assert "hypothesis:none" in done.err
