"""Snapshots that are kept: opened without a server, found again, and taken anew when damaged."""

from __future__ import annotations

import json
import multiprocessing
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import kg.snapshot.cache
from kg import Graph, Snapshot, UnreadableFileError, load_shards, open_graph, take_snapshot
from kg.snapshot import EdgeArrays, open_snapshot, write_snapshot
from kg.snapshot.files import MANIFEST
from kg.versions import become_another, exclusive_write, graph_state
from tests.kg.written import library, one_claim, shard

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's cache folder, for this test alone."""
    folder = tmp_path / "cache"
    monkeypatch.setattr("kg.snapshot.cache.user_cache_dir", lambda name: str(folder / name))
    return folder


@pytest.fixture
def filled(graph: Graph, tmp_path: Path) -> Graph:
    """A graph of thirty papers, on each server."""
    load_shards(graph, [shard(tmp_path / "shards", library(30))])
    return graph


@pytest.fixture
def embedded(embedded_graph: Graph, tmp_path: Path) -> Graph:
    """The same graph on the embedded store alone."""
    load_shards(embedded_graph, [shard(tmp_path / "shards", library(30))])
    return embedded_graph


def kept(graph: Graph) -> list[Path]:
    """The snapshots of a graph that are kept, in its folder or in the user's cache."""
    state = graph_state(graph)
    assert state is not None
    home = kg.snapshot.cache._home(graph, state).parent
    return sorted(path.parent for path in home.rglob(MANIFEST))


def same(one: Snapshot, other: Snapshot) -> bool:
    """Whether two snapshots agree in every array, which their versions promise."""
    arrays = [
        (getattr(mine, name), getattr(theirs, name))
        for predicate, mine in one.claims.items()
        for theirs in [other.claims[predicate]]
        for name in vars(mine)
        if name != "subject"
    ]
    equal = all(np.array_equal(a, b) for a, b in arrays)
    return equal and one.version == other.version and one.entities.equals(other.entities)


def forbid_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make taking a snapshot anew an error."""

    def refuse(graph: Graph, frame: object) -> Snapshot:
        raise AssertionError(f"read again: {graph}, {frame}")

    monkeypatch.setattr(kg.snapshot.cache, "_read", refuse)


def test_found_again(filled: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    """The snapshot of a version is kept, and found again without reading the graph."""
    first = take_snapshot(filled)
    forbid_reading(monkeypatch)
    again = take_snapshot(filled)
    assert same(first, again)
    assert len(kept(filled)) == 1


def test_arrays_are_mapped(embedded: Graph) -> None:
    """What comes out of a kept snapshot is mapped, and cannot be written to."""
    arrays = next(iter(take_snapshot(embedded).claims.values()))
    with pytest.raises(ValueError, match="read-only"):
        arrays.belief[0] = 1.0


def test_a_change_is_another_version(filled: Graph, tmp_path: Path) -> None:
    """After a load the snapshot is taken anew, and the old one is gone; after nothing new, not."""
    first = take_snapshot(filled)
    load_shards(filled, [tmp_path / "shards"])
    assert take_snapshot(filled).version == first.version
    load_shards(filled, [shard(tmp_path / "more", [one_claim("pmid:99")])])
    second = take_snapshot(filled)
    assert second.version != first.version
    assert len(kept(filled)) == 1


def test_two_graphs_at_one_place(graph: Graph, tmp_path: Path) -> None:
    """A graph that was emptied and filled again is not taken for the one before it."""
    versions = []
    for papers in ([one_claim("pmid:1")], [one_claim("pmid:2", ("Chemical", "magnesium"))]):
        load_shards(graph, [shard(tmp_path / papers[0].paper.id, papers)])
        versions.append((graph_state(graph), take_snapshot(graph).version))
        graph.clear()
    (one, first), (other, second) = versions
    assert one is not None
    assert other is not None
    assert one.version == other.version
    assert first != second


def test_another_graph_by_hand(embedded: Graph) -> None:
    """A graph that was filled in another way gets another id, and nothing kept is used for it."""
    take_snapshot(embedded)
    before = kept(embedded)
    exclusive_write(embedded, become_another)
    take_snapshot(embedded)
    assert len(kept(embedded)) == 1
    assert kept(embedded) != before


def test_without_a_server(embedded: Graph, tmp_path: Path) -> None:
    """A kept snapshot opens where there is no graph at all, by a process that loads no driver."""
    snapshot = take_snapshot(embedded)
    moved = tmp_path / "elsewhere"
    shutil.copytree(kept(embedded)[0], moved)
    assert same(open_snapshot(moved), snapshot)
    code = (
        "import sys; from kg.snapshot import open_snapshot; s = open_snapshot(sys.argv[1]); "
        "assert 'neo4j' not in sys.modules; assert 'arcadedb' not in sys.modules; print(s.version)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(moved)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.strip() == snapshot.version, done.stderr


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5])


def _other_type(path: Path) -> None:
    values = np.load(path).astype(np.float32)
    np.save(path, np.zeros(len(path.read_bytes()), dtype=np.float32) + values[:1])


def _not_numpy(path: Path) -> None:
    path.write_bytes(b"x" * path.stat().st_size)


def _pickled(path: Path) -> None:
    np.save(path, np.array([{}, "x"], dtype=object), allow_pickle=True)


def _say(path: Path, text: str) -> None:
    path.write_text(text)


DAMAGE: dict[str, tuple[str, Callable[[Path], None]]] = {
    "cut": ("claims.belief.npy", _cut),
    "another type": ("claims.belief.npy", _other_type),
    "no array": ("claims.object.npy", _not_numpy),
    "pickle": ("n_papers.npy", _pickled),
    "gone": ("claims.indptr.npy", Path.unlink),
    "strings cut": ("entities.arrow", _cut),
    "strings overwritten": ("entities.arrow", _not_numpy),
    "manifest cut": (MANIFEST, _cut),
    "manifest gone": (MANIFEST, Path.unlink),
    "manifest empty": (MANIFEST, partial(_say, text="{}")),
    "manifest no object": (MANIFEST, partial(_say, text="[1]")),
    "another form": (MANIFEST, partial(_say, text='{"form": 99}')),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged(damage: str, embedded: Graph, caplog: pytest.LogCaptureFixture) -> None:
    """A damaged snapshot is an error for who opens it, and taken anew by who needs it."""
    first = take_snapshot(embedded, cache=False)
    take_snapshot(embedded)
    name, spoil = DAMAGE[damage]
    (folder,) = kept(embedded)
    spoil(folder / name)
    with pytest.raises(UnreadableFileError):
        open_snapshot(folder)
    assert same(take_snapshot(embedded), first)
    assert same(open_snapshot(folder), first)
    assert "damaged" in caplog.text or damage == "manifest gone"


def test_sizes_that_lie(embedded: Graph) -> None:
    """A manifest whose sizes are those of a file that was cut does not hide it."""
    take_snapshot(embedded)
    (folder,) = kept(embedded)
    path = folder / "claims.object.npy"
    _cut(path)
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["sizes"][path.name] = path.stat().st_size
    (folder / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(UnreadableFileError):
        open_snapshot(folder)


@pytest.mark.parametrize("hostile", ["file", "link to nowhere", "not writable"])
def test_a_hostile_cache(
    hostile: str, embedded: Graph, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing can be kept, the snapshot is there all the same, and the log says why."""
    place = Path(embedded.where) / "snapshots"
    if hostile == "file":
        place.write_text("mine")
    elif hostile == "link to nowhere":
        place.symlink_to("/dev/full")
    else:  # the tests may run as root, who may write anywhere

        def refuse(_: Snapshot, folder: Path) -> None:
            raise PermissionError(13, "Permission denied", str(folder))

        monkeypatch.setattr(kg.snapshot.cache, "write_snapshot", refuse)
    assert take_snapshot(embedded).n_claims > 0
    assert "cannot be kept" in caplog.text


def test_without_keeping(embedded: Graph) -> None:
    """With cache=False nothing is kept, and nothing that is kept is used."""
    first = take_snapshot(embedded, cache=False)
    assert kept(embedded) == []
    assert same(take_snapshot(embedded), first)


def test_a_folder_that_is_there(embedded: Graph, tmp_path: Path) -> None:
    """A snapshot is not written over one that is there, and leaves no draft behind."""
    snapshot = take_snapshot(embedded, cache=False)
    write_snapshot(snapshot, tmp_path / "mine")
    with pytest.raises(OSError, match="not empty"):
        write_snapshot(snapshot, tmp_path / "mine")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_no_claims_in_it(tmp_path: Path, embedded: Graph) -> None:
    """A snapshot of nothing is written and read like any other."""
    one = take_snapshot(embedded, cache=False)
    nothing = np.zeros(0, np.int32)
    no_edges = EdgeArrays.of(0, nothing, nothing)
    bare = Snapshot.of(one.entities[:0], nothing, {}, no_edges, one.domain)
    write_snapshot(bare, tmp_path / "bare")
    assert same(open_snapshot(tmp_path / "bare"), bare)


def _take(where: str, start: float) -> str:
    import time

    time.sleep(max(0.0, start - time.time()))
    with open_graph(where) as graph:
        return take_snapshot(graph).version


def test_two_processes_at_once(embedded: Graph) -> None:
    """Processes that take the same snapshot at once all get it, and one of them is kept."""
    import time

    with multiprocessing.get_context("spawn").Pool(3) as pool:
        start = time.time() + 2
        versions = pool.starmap(_take, [(embedded.where, start)] * 3)
    assert set(versions) == {take_snapshot(embedded, cache=False).version}
    assert len(kept(embedded)) == 1


def test_a_graph_that_changes_meanwhile(
    filled: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the graph is changed while it is read, it is read again; in the end others wait."""
    read = kg.snapshot.cache._read
    changes = iter(range(2))

    def change(graph: Graph, frame: None) -> Snapshot:
        snapshot = read(graph, frame)
        if (number := next(changes, None)) is not None:
            extra = one_claim(f"pmid:90{number}", ("Chemical", f"drug {number}"))
            load_shards(graph, [shard(tmp_path / f"extra{number}", [extra])])
        return snapshot

    monkeypatch.setattr(kg.snapshot.cache, "_read", change)
    snapshot = take_snapshot(filled)
    assert snapshot.version == take_snapshot(filled, cache=False).version
    assert {"drug 0", "drug 1"} <= set(snapshot.names)
