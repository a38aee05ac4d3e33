"""What goes into an archive comes out the same: both formats, every server."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from kg import Graph, load_shards, open_graph
from kg.archive import RESTORED, EdgeBlock, EdgeRecord, Record, one_by_one, restore
from kg.archive.folder import read_manifest
from kg.archive.formats import archive_named
from kg.exporting import export_graph, export_records
from tests.kg.archive.graphs import everything, fill, graphs, in_blocks, in_order, odd_graph
from tests.kg.written import library, shard

WAYS = [
    *((name, {}) for name in RESTORED),
    *((name, {"compress": True}) for name in RESTORED),
]
ALL = settings(
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def through_files(records: Sequence[Record | EdgeBlock], name: str) -> list[Record]:
    """What comes back of records that went into files."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "export"
        export_records(records, target, name)
        return list(one_by_one(archive_named(name).read(target, read_manifest(target))))


@pytest.mark.parametrize("name", RESTORED)
@settings(ALL, max_examples=60)
@given(records=graphs())
def test_records_come_back_as_they_were(name: str, records: list[Record]) -> None:
    """Any records of our shape that go into the files of an archive come out of them again."""
    back = through_files(records, name)
    assert in_order(back) == in_order(records)
    kinds = [isinstance(record, EdgeRecord) for record in back]
    assert kinds == sorted(kinds), "an edge came before a node"


@pytest.mark.parametrize("name", RESTORED)
@settings(ALL, max_examples=60)
@given(records=graphs())
def test_edges_in_blocks_are_the_same_edges(name: str, records: list[Record]) -> None:
    """Edges that go into files in blocks come out as they do when they go in one by one."""
    assert in_order(through_files(in_blocks(records), name)) == in_order(records)


@pytest.mark.parametrize(("name", "how"), WAYS)
def test_odd_values_come_back(name: str, how: dict[str, Any], tmp_path: Path) -> None:
    """A graph with everything odd in it is the same after an export and a restore."""
    with (
        open_graph(tmp_path / "from", create=True) as graph,
        open_graph(tmp_path / "to", create=True) as other,
    ):
        fill(graph, odd_graph())
        export_graph(graph, tmp_path / "export", name, **how)
        restore(other, tmp_path / "export")
        assert other.dump() == graph.dump()


@pytest.mark.parametrize("name", RESTORED)
def test_an_export_is_the_same_again(name: str, tmp_path: Path) -> None:
    """The same graph gives the same files, byte by byte, from another server's restored copy."""
    with (
        open_graph(tmp_path / "from", create=True) as graph,
        open_graph(tmp_path / "to", create=True) as other,
    ):
        load_shards(graph, [shard(tmp_path / "shards", library(20))])
        export_graph(graph, tmp_path / "first", name, compress=True)
        restore(other, tmp_path / "first")
        export_graph(other, tmp_path / "second", name, compress=True)
    first, second = (
        {path.relative_to(tmp_path / folder): path.read_bytes() for path in every if path.is_file()}
        for folder in ("first", "second")
        for every in [sorted((tmp_path / folder).rglob("*"))]
    )
    assert first == second


@pytest.mark.parametrize("name", RESTORED)
def test_from_folder_to_server_and_back(name: str, every_graph: Graph, tmp_path: Path) -> None:
    """A graph of papers moves to any server and back unchanged, with its log and its version."""
    with (
        open_graph(tmp_path / "from", create=True) as graph,
        open_graph(tmp_path / "back", create=True) as back,
    ):
        load_shards(graph, [shard(tmp_path / "shards", library(30))])
        before = everything(graph)
        assert before[1]
        export_graph(graph, tmp_path / "out", name)
        restore(every_graph, tmp_path / "out")
        assert everything(every_graph) == before
        export_graph(every_graph, tmp_path / "back-out", name)
        restore(back, tmp_path / "back-out")
        assert everything(back) == before


def test_random_graphs_move(graph: Graph, tmp_path: Path) -> None:
    """A random graph of our shape is the same after an export and a restore, on any server."""

    @settings(ALL, max_examples=15)
    @given(records=graphs())
    def moves(records: list[Record]) -> None:
        with tempfile.TemporaryDirectory(dir=tmp_path) as folder:
            fill(graph, records)
            before = graph.dump()
            export_graph(graph, Path(folder) / "out", "parquet")
            graph.clear()
            restore(graph, Path(folder) / "out")
            assert graph.dump() == before

    moves()
