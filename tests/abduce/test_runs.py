"""`abduce runs`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import abduce
from kg.runs import login_name

if TYPE_CHECKING:
    from tests.abduce.conftest import RunAbduce


def test_each_change_is_a_run(
    run_abduce: RunAbduce, shards: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A load and a forget are two runs, with who, what, counts and the version reached."""
    monkeypatch.setenv("ABDUCE_WHO", "ada")
    run_abduce("load", shards, "--graph", "graph")
    run_abduce("forget", "pmid:1", "--graph", "graph")
    done = run_abduce("runs", "--graph", "graph", "--json")
    assert done.code == 0
    forgot, loaded = done.rows
    assert [(r["command"], r["who"], r["outcome"]) for r in (loaded, forgot)] == [
        ("load", "ada", "done"),
        ("forget", "ada", "done"),
    ]
    assert (loaded["counts"]["papers"], forgot["counts"]["papers"]) == (9, 1)
    assert (loaded["version"], forgot["version"]) == (1, 2)
    assert loaded["started"] <= loaded["finished"] <= forgot["started"]


def test_who_changed_it_is_a_setting(run_abduce: RunAbduce, shards: Path, tmp_path: Path) -> None:
    """The name of a run stands in `abduce.toml` too; without one it is the login name."""
    run_abduce("load", shards, "--graph", "graph")
    (tmp_path / "abduce.toml").write_text('who = " Ada Lovelace "\n', encoding="utf-8")
    run_abduce("forget", "pmid:1", "--graph", "graph")
    runs = run_abduce("runs", "--graph", "graph", "--json").rows
    assert [run["who"] for run in runs] == ["Ada Lovelace", login_name()]


def test_no_run(run_abduce: RunAbduce, tmp_path: Path) -> None:
    """A graph that nothing has changed has no run; it says so and ends with 1."""
    with abduce.open_graph(tmp_path / "graph", create=True):
        pass
    done = run_abduce("runs", "--graph", "graph")
    assert (done.code, "no run" in done.err) == (1, True)
