"""`abduce propose`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.abduce.conftest import RunAbduce

KEYS = {
    "rank", "id", "subject", "predicate", "object", "reading", "score", "probability",
    "probability_reason", "verdict", "findings", "paths",
}  # fmt: skip


def test_a_row_has_the_keys_that_programs_read(run_abduce: RunAbduce, small_graph: Path) -> None:
    """`propose --json` prints one object a row, with the keys that other programs call for."""
    done = run_abduce(
        "propose", "Raynaud disease", "--relation", "TREATS", "--graph", small_graph, "--json"
    )
    assert done.code == 0, done.err
    first = done.rows[0]
    assert set(first) == KEYS
    assert set(first["subject"]) == set(first["object"]) == {"id", "name", "type"}
    assert set(first["findings"][0]) == {"check", "status", "message", "sources"}
    assert set(first["paths"][0]) == {"nodes", "edges", "contribution", "quotes"}
    assert (first["probability"] is None) == (first["probability_reason"] != "")
    assert [row["rank"] for row in done.rows] == list(range(1, len(done.rows) + 1))


def test_the_missing_end_is_proposed(run_abduce: RunAbduce, small_graph: Path) -> None:
    """From the disease, the compound that lowers what raises it is proposed, with its sentences."""
    done = run_abduce(
        "propose", "raynaud disease", "--relation", "TREATS", "--graph", small_graph, "--json"
    )
    (fish_oil,) = [row for row in done.rows if row["subject"]["name"] == "fish oil"]
    assert fish_oil["predicate"] == "NEGATIVE_CORRELATION"
    assert fish_oil["reading"] == "lowers or treats"
    quotes = [q["text"] for path in fish_oil["paths"] for edge in path["quotes"] for q in edge]
    assert "fish oil clearly reduced blood viscosity." in quotes


def test_what_the_graph_holds_is_not_proposed(run_abduce: RunAbduce, small_graph: Path) -> None:
    """A claim that the graph holds already is not among the proposals."""
    done = run_abduce("propose", "--relation", "TREATS", "--graph", small_graph, "--json")
    pairs = {(row["subject"]["name"], row["object"]["name"]) for row in done.rows}
    assert ("nifedipine", "Raynaud disease") not in pairs
    assert ("fish oil", "Raynaud disease") in pairs


def test_people_read_it_in_words(run_abduce: RunAbduce, small_graph: Path) -> None:
    """Without --json the relation is in words, with paths and sentences, 80 columns wide."""
    done = run_abduce("propose", "Raynaud disease", "--relation", "TREATS", "--graph", small_graph)
    assert "fish oil lowers or treats Raynaud disease" in done.out
    assert "fish oil -lowers or treats-> blood viscosity" in done.out
    assert max(map(len, done.out.splitlines())) <= 80


@pytest.mark.parametrize(
    ("arguments", "wrong", "nearest"),
    [
        (["Raynaud disese", "--relation", "TREATS"], "Raynaud disese", "Raynaud disease"),
        (["Raynaud disease", "--relation", "TREETS"], "TREETS", "TREATS"),
    ],
)
def test_an_unknown_name_ends_with_2_and_the_nearest(
    run_abduce: RunAbduce, small_graph: Path, arguments: list[str], wrong: str, nearest: str
) -> None:
    """An unknown entity or relation is wrong use; the message holds it and the nearest names."""
    done = run_abduce("propose", *arguments, "--graph", small_graph, "--json")
    assert (done.code, done.out) == (2, "")
    assert wrong in done.err
    assert nearest in done.err


def test_nothing_to_propose_ends_with_1(run_abduce: RunAbduce, small_graph: Path) -> None:
    """Where no path leads anywhere new, the command says so and ends with 1."""
    done = run_abduce("propose", "fish oil", "--relation", "INHIBITS", "--graph", small_graph)
    assert (done.code, done.out) == (1, "")
    assert "nothing found" in done.err


def test_the_relation_is_needed(run_abduce: RunAbduce, small_graph: Path) -> None:
    """`propose` without --relation is wrong use."""
    assert run_abduce("propose", "Raynaud disease", "--graph", small_graph).code == 2
