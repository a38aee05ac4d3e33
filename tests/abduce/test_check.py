"""`abduce check`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.abduce.conftest import RunAbduce


@pytest.mark.parametrize(
    ("triple", "verdict"),
    [
        (("nifedipine", "TREATS", "Raynaud disease"), "known"),
        (("fish oil", "TREATS", "Raynaud disease"), "novel"),
        (("nicotine", "TREATS", "Raynaud disease"), "contradicted"),
        (("nicotine", "COTREATMENT", "Raynaud disease"), "invalid"),
    ],
)
def test_the_verdict_follows_the_graph(
    run_abduce: RunAbduce, small_graph: Path, triple: tuple[str, str, str], verdict: str
) -> None:
    """Known, new, opposed and impossible claims get the verdict that the graph gives them."""
    done = run_abduce("check", *triple, "--graph", small_graph, "--json")
    assert done.code == 0, done.err
    (hypothesis,) = done.rows
    assert hypothesis["verdict"] == verdict
    assert {"check", "status", "message", "sources"} == set(hypothesis["findings"][0])


def test_ends_may_be_ids(run_abduce: RunAbduce, small_graph: Path) -> None:
    """An entity may be given by its id as well as by its name."""
    by_name = run_abduce(
        "check", "fish oil", "TREATS", "Raynaud disease", "--graph", small_graph, "--json"
    )
    (named,) = by_name.rows
    by_id = run_abduce(
        "check",
        named["subject"]["id"],
        named["predicate"],
        named["object"]["id"],
        "--graph",
        small_graph,
        "--json",
    )
    (found,) = by_id.rows
    assert (found["id"], found["score"]) == (named["id"], named["score"])


def test_people_read_the_findings(run_abduce: RunAbduce, small_graph: Path) -> None:
    """Without --json: the claim and its verdict in words, and what each check says."""
    done = run_abduce("check", "nicotine", "TREATS", "Raynaud disease", "--graph", small_graph)
    assert "nicotine lowers or treats Raynaud disease" in done.out
    assert "contradicted" in done.out
    assert max(map(len, done.out.splitlines())) <= 80


def test_an_unknown_entity_ends_with_2(run_abduce: RunAbduce, small_graph: Path) -> None:
    """An unknown entity is wrong use; the message holds the nearest names."""
    done = run_abduce("check", "fish oli", "TREATS", "Raynaud disease", "--graph", small_graph)
    assert (done.code, done.out) == (2, "")
    assert "fish oil" in done.err
