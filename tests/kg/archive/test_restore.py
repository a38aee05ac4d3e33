"""Restoring: into an empty graph only, from files that are as they were, and killed at any time."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kg import (
    BadRecordError,
    Graph,
    PropertyError,
    UnreadableFileError,
    UsageError,
    load_shards,
    open_graph,
)
from kg.archive import (
    FORMATS,
    RESTORED,
    EdgeRecord,
    NodeRecord,
    Record,
    graph_records,
    is_export,
    restore,
    restoring,
)
from kg.archive.folder import MANIFEST
from kg.exporting import export_graph, export_records
from tests.kg.archive.graphs import change_manifest, fill, odd_graph
from tests.kg.killed import kill_in_the_middle
from tests.kg.written import library, shard

SOME: list[Record] = [
    NodeRecord(("Entity", "Chemical"), {"id": "MESH:D1", "name": "fish oil"}),
    NodeRecord(("Entity", "Disease"), {"id": "MESH:D2", "name": "Raynaud's disease"}),
    EdgeRecord(
        "TREATS", "Entity", "MESH:D1", "Entity", "MESH:D2", {"claim_id": "c", "belief": 0.5}
    ),
]
# Few records a transaction, so that there are many moments at which to be killed.
_RESTORES = """
from pathlib import Path
from kg import open_graph
from kg.archive import restore, restoring
restoring._BATCH = 25
with open_graph(Path(sys.argv[1]), create=True) as graph:
    restore(graph, sys.argv[2], on_progress=progress)
"""


def exported(folder: Path, name: str = "parquet", records: Any = SOME) -> Path:
    """An export of some records."""
    export_records(records, folder / name, name)
    return folder / name


def rewrite(file: Path, old: str, new: str) -> None:
    """Change a file of an export, and its hash in the manifest, as somebody hostile would."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    change_manifest(file.parent, {})


def test_only_an_empty_graph_is_filled(graph: Graph, tmp_path: Path) -> None:
    """A graph that holds something is refused with what to do, and stays as it was."""
    graph.ensure_schema(["Chemical"])
    graph.merge_nodes(("Entity", "Chemical"), [{"id": "MESH:D9"}])
    before = graph.dump()
    with pytest.raises(UsageError, match=r"holds 1 nodes already.*another folder or database"):
        restore(graph, exported(tmp_path))
    assert graph.dump() == before


def test_a_restore_goes_on_where_it_stopped(
    graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that is interrupted and run again completes; meanwhile no other export may come in."""
    monkeypatch.setattr(restoring, "_BATCH", 20)
    fill(graph, odd_graph())
    before = graph.dump()
    export_graph(graph, tmp_path / "export", "parquet")
    graph.clear()

    def stop(done: int, _: int | None) -> None:
        if done >= 80:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore(graph, tmp_path / "export", on_progress=stop)
    with pytest.raises(UsageError, match="half restored from another export"):
        restore(graph, exported(tmp_path / "other"))
    papers = shard(tmp_path / "papers", library(3))
    with pytest.raises(UsageError, match=r"half restored.*load that export again"):
        load_shards(graph, [papers])
    summary = restore(graph, tmp_path / "export")
    assert summary.resumed == 80
    assert graph.dump() == before
    with pytest.raises(UsageError, match="already"):
        restore(graph, tmp_path / "export")
    assert load_shards(graph, [papers]).papers == 3


@pytest.mark.parametrize("name", RESTORED)
def test_killed_while_restoring(name: str, embedded_graph: Graph, tmp_path: Path) -> None:
    """A process killed at any moment of a restore leaves what the next run completes."""
    fill(embedded_graph, odd_graph())
    export_graph(embedded_graph, tmp_path / "export", name)
    kill_in_the_middle(
        _RESTORES,
        (str(tmp_path / "to"), str(tmp_path / "export")),
        after=100,
        last=len(odd_graph()) - 50,
        wait=random.Random().uniform(0, 0.02),  # noqa: S311  (no secret)
    )
    with open_graph(tmp_path / "to") as graph:
        assert 100 <= restore(graph, tmp_path / "export").resumed < len(odd_graph())
        assert graph.dump() == embedded_graph.dump()


def test_what_is_an_export(tmp_path: Path) -> None:
    """A folder with our manifest is an export; any other folder or file is not, nor is half one."""
    assert is_export(exported(tmp_path))
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / MANIFEST).write_text('{"kind": "something else"}')
    for path in (tmp_path, tmp_path / "other", tmp_path / "absent", Path(__file__)):
        assert not is_export(path)

    def broken() -> Any:
        yield SOME[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_records(broken(), tmp_path / "half", "parquet")
    assert [path.name for path in tmp_path.iterdir() if "half" in path.name] == []


def test_nothing_is_written_over(tmp_path: Path) -> None:
    """An export into a folder that holds something is refused; an empty one will do."""
    with pytest.raises(UsageError, match="exists already"):
        export_records(SOME, exported(tmp_path), "parquet")
    (tmp_path / "empty").mkdir()
    export_records(SOME, tmp_path / "empty", "parquet")
    assert is_export(tmp_path / "empty")


def test_a_changed_file_is_refused(embedded_graph: Graph, tmp_path: Path) -> None:
    """One byte that is not as it was exported is enough, and nothing is written."""
    folder = exported(tmp_path, "neo4j-admin")
    file = folder / "nodes-Entity.Chemical.csv"
    file.write_bytes(file.read_bytes().replace(b"fish", b"dish"))
    with pytest.raises(UnreadableFileError, match=r"nodes-.*\.csv.*another SHA-256"):
        restore(embedded_graph, folder)
    file.unlink()
    with pytest.raises(UnreadableFileError, match="is not there"):
        restore(embedded_graph, folder)
    assert embedded_graph.counts().nodes == {}


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "a/../../secret", "", "a\\..\\b"])
def test_a_manifest_cannot_lead_out_of_its_folder(
    name: str, embedded_graph: Graph, tmp_path: Path
) -> None:
    """A file that a manifest names is one of its folder, whatever path it is given as."""
    (tmp_path / "secret").write_text("x")
    folder = exported(tmp_path)
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["files"][name] = next(iter(manifest["files"].values()))
    (folder / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(UnreadableFileError, match=r"no file of this folder|not there"):
        restore(embedded_graph, folder)


def test_a_link_cannot_lead_out_either(embedded_graph: Graph, tmp_path: Path) -> None:
    """A symbolic link in place of a file is refused."""
    file = exported(tmp_path) / "nodes" / "Entity.Chemical.parquet"
    file.rename(tmp_path / "nodes.parquet")
    file.symlink_to(tmp_path / "nodes.parquet")
    with pytest.raises(UnreadableFileError, match="leads out of this folder"):
        restore(embedded_graph, tmp_path / "parquet")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"version": 2}, "version 2"),
        ({"kind": "other"}, "'other'"),
        ({"nodes": {"Entity": 9}}, "promises 9 of Entity, and the files hold 0"),
        (
            {"nodes": {"Entity:Chemical": 2}},
            "promises 2 of Entity:Chemical, and the files hold 1",
        ),
        ({"edges": {"CAUSES": 1}}, "promises 1 of CAUSES, and the files hold 0"),
        ({"edges": {"TREATS": 1, "CHEMICAL": 0}}, "'Chemical' is a label .*'CHEMICAL' a rel"),
        ({"details": {}}, "names no tables"),
        ({"format": "csv"}, "no export format is called 'csv'"),
        ({"more": 1}, "is no manifest"),
    ],
)
def test_a_manifest_that_promises_what_is_not(
    change: dict[str, Any], says: str, embedded_graph: Graph, tmp_path: Path
) -> None:
    """A manifest of another version, kind or content is refused, and the message says how."""
    folder = exported(tmp_path)
    change_manifest(folder, change)
    with pytest.raises((UnreadableFileError, UsageError), match=says):
        restore(embedded_graph, folder)


@pytest.mark.parametrize(
    ("new", "says"),
    [
        (",half", "kind double"),
        (",0.5,9", "no CSV of ours"),
        (",NaN", "nan"),
        (",1e999", "inf"),
    ],
)
def test_records_that_cannot_be_are_named(
    new: str, says: str, embedded_graph: Graph, tmp_path: Path
) -> None:
    """A file with the right hash and a wrong record gives an error that says where and what."""
    folder = exported(tmp_path, "neo4j-admin")
    rewrite(folder / "edges-Entity-TREATS-Entity.csv", ",0.5", new)
    with pytest.raises((BadRecordError, UnreadableFileError, PropertyError), match=says):
        restore(embedded_graph, folder)


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        (MANIFEST, '"Chemical"', '"Entity`) DETACH DELETE (n"', "a label"),
        (MANIFEST, '"name": "string"', '"na`me": "string"', "a property"),
        ("nodes-Entity.Chemical.csv", '"MESH:D1"', '""', "without a label or an id"),
        ("nodes-Entity.Chemical.csv", "MESH:D1", "MESH:D3", "needs one node Entity of this id"),
    ],
)
def test_nothing_in_a_file_becomes_cypher(
    file: str, old: str, new: str, says: str, graph: Graph, tmp_path: Path
) -> None:
    """Labels and names of a hostile file are refused, not put into a query."""
    folder = exported(tmp_path, "neo4j-admin")
    rewrite(folder / file, old, new)
    with pytest.raises((BadRecordError, PropertyError), match=says):
        restore(graph, folder)
    assert "Entity" not in graph.counts().nodes


@pytest.mark.parametrize("name", RESTORED)
def test_too_large_a_value_is_refused(
    name: str, embedded_graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A value that no paper is as long as is refused on the way in."""
    monkeypatch.setattr("kg.archive.kinds.MAX_VALUE", 1000)
    large = [NodeRecord(("Entity", "Chemical"), {"id": "MESH:D1", "name": "x" * 1001})]
    with pytest.raises(BadRecordError, match="1000"):
        restore(embedded_graph, exported(tmp_path, name, large))


def test_a_large_value_comes_back(graph: Graph, tmp_path: Path) -> None:
    """A text of 1 MB is written and read by both formats."""
    large = [NodeRecord(("Paper",), {"id": "pmid:1", "text": "ä\n" * 500_000})]
    for name in RESTORED:
        graph.clear()
        restore(graph, exported(tmp_path, name, large))
        assert graph.read("MATCH (p:Paper) RETURN size(p.text) AS n") == [{"n": 1_000_000}]


def test_a_graph_without_ids_says_why_not(graph: Graph, tmp_path: Path) -> None:
    """A node without an id, and two with one id, cannot be told apart, and are named."""
    graph.write("CREATE (:Note {text: 'mine'})")
    with pytest.raises(UsageError, match=r"a node Note .* has the id None"):
        export_graph(graph, tmp_path / "out", "parquet")
    graph.clear()
    graph.write("CREATE (:Note {id: 'a'}) CREATE (:Note {id: 'a'})")
    with pytest.raises(UsageError, match="two nodes Note with the id 'a'"):
        list(graph_records(graph))
    assert not (tmp_path / "out").exists()


def test_a_graph_that_changes_is_not_exported(
    graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An export that a change came into says so, and leaves nothing behind."""
    fill(graph, SOME)
    graph.write("MERGE (v:GraphVersion {id: 'graph'}) SET v.version = 1")
    monkeypatch.setattr("kg.exporting.export._EVERY", 1)

    def change(_: int, __: int | None) -> None:
        graph.write("MATCH (v:GraphVersion) SET v.version = v.version + 1")

    with pytest.raises(UsageError, match="changed while it was exported"):
        export_graph(graph, tmp_path / "out", "parquet", on_progress=change)
    assert not (tmp_path / "out").exists()


# Every write past so many bytes of a file fails, as on a disk that is full.
_EXPORTS = """
import random, resource, sys
from kg import AbduceError
from kg.archive import NodeRecord
from kg.exporting import export_records
noise = random.Random(0)
texts = [noise.randbytes(400).hex() for _ in range(400)]
said = [{"id": f"O:{n}", "definition": text} for n, text in enumerate(texts)]
records = [NodeRecord(("Entity", "Chemical"), properties) for properties in said]
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    export_records(records, sys.argv[1], sys.argv[2])
except AbduceError as error:
    print(f"{type(error).__name__}: {error}")
"""


@pytest.mark.parametrize("name", FORMATS)
def test_a_full_disk_leaves_nothing(name: str, tmp_path: Path) -> None:
    """An export that cannot be written ends in an error of ours, and leaves no half folder."""
    command = [sys.executable, "-c", _EXPORTS, str(tmp_path / "out"), name]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stdout.startswith(f"UnreadableFileError: {tmp_path / 'out'}: cannot be written")
    assert list(tmp_path.iterdir()) == []


def test_a_half_restored_graph_stays_marked_and_is_not_exported(
    graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The version that an export brings does not take the mark of the restore away."""
    monkeypatch.setattr(restoring, "_BATCH", 2)
    records = [*SOME[:2], NodeRecord(("GraphVersion",), {"id": "graph", "version": 7}), *SOME[2:]]
    folder = exported(tmp_path, "neo4j-admin", records)

    def stop(done: int, total: int | None) -> None:
        if done == total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore(graph, folder, on_progress=stop)
    assert graph.read("MATCH (v:GraphVersion) RETURN v.version AS n") == [{"n": 7}]
    with pytest.raises(UsageError, match="half restored"):
        load_shards(graph, [shard(tmp_path / "papers", library(1))])
    with pytest.raises(UsageError, match="half restored from an export: load that export again"):
        export_graph(graph, tmp_path / "out", "parquet")
    assert restore(graph, folder).resumed == 4
    export_graph(graph, tmp_path / "out", "parquet")
    assert graph.counts().relationships == {"TREATS": 1}


def test_the_mark_of_a_restore_is_no_record(embedded_graph: Graph, tmp_path: Path) -> None:
    """A file cannot bring the node that says how far a restore is."""
    mark = NodeRecord(("Restore",), {"id": "restore", "done": 5})
    folder = exported(tmp_path, "neo4j-admin", [mark])
    with pytest.raises(BadRecordError, match="half restored"):
        restore(embedded_graph, folder)


@pytest.mark.parametrize("apart", [0, 10])
def test_two_nodes_of_one_id_are_named(
    apart: int, graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An id that comes twice, in one transaction or in two, is an error that says which id."""
    monkeypatch.setattr(restoring, "_BATCH", 5)
    between = [NodeRecord(("Entity", "Chemical"), {"id": f"MESH:C{n}"}) for n in range(apart)]
    folder = exported(tmp_path, "neo4j-admin", [SOME[0], *between, SOME[0]])
    with pytest.raises(BadRecordError, match=r"'MESH:D1'.*the id of 2 nodes Entity"):
        restore(graph, folder)


def test_a_table_is_read_once(embedded_graph: Graph, tmp_path: Path) -> None:
    """A manifest that names one file as two tables is refused before anything is written."""
    folder = exported(tmp_path)
    tables = json.loads((folder / MANIFEST).read_text())["details"]["tables"]
    change_manifest(folder, {"details": {"tables": [*tables, tables[-1]]}})
    with pytest.raises(UnreadableFileError, match="is named as 2 tables"):
        restore(embedded_graph, folder)


@pytest.mark.parametrize(
    ("column", "values", "says"),
    [
        ("belief", pa.array(["half"]), "'belief'.*has string, and the manifest says double"),
        ("belief", pa.array([float("nan")]), "'belief'.*is nan"),
        ("claim_id", pa.array(["c" * 9000]), "'claim_id'.*9000 bytes"),
        (":end", pa.array([None], pa.string()), "an edge without a start or an end"),
        (":start", pa.array([b"\xff"]).view(pa.string()), "Parquet of ours"),
    ],
)
def test_a_parquet_file_that_lies(
    column: str, values: pa.Array, says: str, embedded_graph: Graph, tmp_path: Path
) -> None:
    """Columns of another type, empty ends and bytes that are no text are errors of ours."""
    folder = exported(tmp_path)
    file = folder / "edges" / "Entity-TREATS-Entity.parquet"
    table = pq.read_table(file)
    place = table.column_names.index(column)
    pq.write_table(table.set_column(place, column, values), file)
    change_manifest(folder, {})
    with pytest.raises((BadRecordError, UnreadableFileError, PropertyError), match=says):
        restore(embedded_graph, folder)
    assert embedded_graph.counts().relationships == {}
