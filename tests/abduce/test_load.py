"""`abduce load`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import abduce

if TYPE_CHECKING:
    from tests.abduce.conftest import RunAbduce


def test_the_summary_counts_what_was_loaded(run_abduce: RunAbduce, shards: Path) -> None:
    """`load --json` prints one object: papers, mentions, entities, claims, evidence, failed."""
    done = run_abduce("load", shards, "--graph", "graph", "--json")
    assert done.code == 0
    assert done.rows == [
        {"papers": 9, "mentions": 18, "entities": 6, "claims": 8, "evidence": 9, "failed": []}
    ]


def test_loading_twice_changes_nothing(run_abduce: RunAbduce, shards: Path, tmp_path: Path) -> None:
    """The same shards loaded again give the same graph."""
    assert run_abduce("load", shards, "--graph", "graph").code == 0
    with abduce.open_graph(tmp_path / "graph") as graph:
        before = graph.dump()
    assert run_abduce("load", shards, "--graph", "graph").code == 0
    with abduce.open_graph(tmp_path / "graph") as graph:
        assert graph.dump() == before


def test_what_cannot_be_loaded_is_listed(
    run_abduce: RunAbduce, shards: Path, tmp_path: Path
) -> None:
    """A file that is no shard is listed with its reason, the rest is loaded, the code is 1."""
    (tmp_path / "noise.parquet").write_bytes(b"\x00\x01noise" * 100)
    done = run_abduce("load", "noise.parquet", "absent", shards, "--graph", "graph", "--json")
    assert done.code == 1
    (summary,) = done.rows
    assert summary["papers"] == 9
    assert {failure["path"] for failure in summary["failed"]} == {"noise.parquet", "absent"}
    assert "noise.parquet" in done.err


def test_nothing_loaded_ends_with_1_and_says_so(run_abduce: RunAbduce, tmp_path: Path) -> None:
    """A load that yields nothing says so loudly and ends with 1."""
    (tmp_path / "empty").mkdir()
    done = run_abduce("load", "empty", "--graph", "graph")
    assert done.code == 1
    assert "nothing came of it" in done.err
