"""`abduce export`, and `abduce load` of what it wrote."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import abduce
from kg import open_graph
from kg.archive import FORMATS, RESTORED
from kg.local_neo4j import Neo4jHome
from tests.servers import JARS, watched

if TYPE_CHECKING:
    from tests.abduce.conftest import RunAbduce

NEWEST = "2026.08.1"


@pytest.mark.parametrize("name", RESTORED)
def test_export_and_load_give_the_same_graph(
    name: str, run_abduce: RunAbduce, small_graph: Path, tmp_path: Path
) -> None:
    """`export` writes an archive, `load` knows it by itself, and the graph is the same."""
    done = run_abduce("export", "out", "--format", name, "--graph", small_graph, "--json")
    assert done.code == 0
    (summary,) = done.rows
    assert summary["format"] == name
    assert summary["nodes"]["Paper"] == 9
    assert run_abduce("load", "out", "--graph", "copy").code == 0
    with (
        abduce.open_graph(small_graph) as graph,
        abduce.open_graph(tmp_path / "copy") as copy,
    ):
        assert copy.dump() == graph.dump()


@pytest.mark.parametrize("name", sorted(set(FORMATS) - set(RESTORED)))
def test_what_is_for_other_tools_is_not_restored(
    name: str, run_abduce: RunAbduce, small_graph: Path, tmp_path: Path
) -> None:
    """`export` counts what the files hold; `load` of the folder says what can be restored."""
    done = run_abduce("export", "out", "--format", name, "--graph", small_graph, "--json")
    assert done.code == 0
    (summary,) = done.rows
    assert summary["nodes"].get("Paper", 0) == (0 if name.startswith("kgx") else 9)
    for given in ("out", *(tmp_path / "out").glob("*.graphml")):
        done = run_abduce("load", given, "--graph", "copy")
        assert done.code == 2
        said = " ".join(done.err.split())
        assert f"is {name}, written for other tools" in said
        assert "restored from exports as neo4j-admin or parquet only" in said
        assert not (tmp_path / "copy").exists()


def test_files_of_kgx_are_a_curated_source(
    run_abduce: RunAbduce, small_graph: Path, tmp_path: Path
) -> None:
    """The files of a KGX export are loaded as KGX, like those of anybody else."""
    assert run_abduce("export", "out", "--format", "kgx", "--graph", small_graph).code == 0
    files = (tmp_path / "out" / "nodes.tsv", tmp_path / "out" / "edges.tsv")
    done = run_abduce("load", *files, "--graph", "copy", "--json")
    assert done.code == 0
    (summary,) = done.rows
    with abduce.open_graph(small_graph) as graph, abduce.open_graph(tmp_path / "copy") as copy:
        assert summary["terms"] == graph.counts().nodes["Entity"] == copy.counts().nodes["Entity"]
        claims = "MATCH (:Entity)-[r]->(:Entity) WHERE r.claim_id <> '' RETURN count(r) AS n"
        assert copy.read(claims)[0]["n"] > 0


def test_the_summary_for_people(run_abduce: RunAbduce, small_graph: Path) -> None:
    """Without --json, `export` says where it wrote, and how many nodes and edges."""
    done = run_abduce("export", "out", "--compress", "--graph", small_graph)
    assert done.code == 0
    shown = dict(line.rstrip().split(maxsplit=1) for line in done.out.splitlines())
    assert shown["path"] == "out"
    assert int(shown["nodes"]) > 9
    assert int(shown["edges"]) > 9


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["out", "--format", "kgs"], "no export format is called 'kgs'; nearest: kgx"),
        (["full"], "full exists already: give another path, or remove it"),
    ],
)
def test_wrong_use_ends_with_2(
    arguments: list[str], says: str, run_abduce: RunAbduce, small_graph: Path, tmp_path: Path
) -> None:
    """An unknown format, and a folder that holds something, are wrong use; nothing is written."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    done = run_abduce("export", *arguments, "--graph", small_graph)
    assert done.code == 2
    assert says in done.err
    assert not (tmp_path / "out").exists()
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["mine.txt"]


def test_an_empty_graph_is_nothing(run_abduce: RunAbduce, tmp_path: Path) -> None:
    """A graph with nothing in it is exported as nothing, says so, and ends with 1."""
    with abduce.open_graph(tmp_path / "empty", create=True):
        pass
    done = run_abduce("export", "out", "--graph", "empty")
    assert done.code == 1
    assert "the graph is empty" in done.err


def test_loading_into_a_graph_that_holds_something(
    run_abduce: RunAbduce, small_graph: Path
) -> None:
    """An export is restored into an empty graph only, and the message says what to do."""
    assert run_abduce("export", "out", "--graph", small_graph).code == 0
    done = run_abduce("load", "out", "--graph", small_graph)
    assert done.code == 2
    assert "give another folder or database as --graph" in done.err


def test_import_files_go_into_neo4j(
    run_abduce: RunAbduce, small_graph: Path, tmp_path: Path
) -> None:
    """`export --format neo4j-admin` and `neo4j import` give a running Neo4j with the same graph."""
    graph = ("--graph", small_graph)
    assert run_abduce("export", "out", "--format", "neo4j-admin", *graph).code == 0
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / f"lib-{NEWEST}").symlink_to(JARS / f"lib-{NEWEST}")
    home = Neo4jHome(tmp_path / "home")
    with watched(home):
        done = run_abduce("neo4j", "import", "out", "--home", home.path, "--json")
        assert done.code == 0
        (running,) = done.rows
        with (
            open_graph(running["url"], user=running["user"], password=home.password) as imported,
            abduce.open_graph(small_graph) as exported,
        ):
            assert imported.dump() == exported.dump()
        again = run_abduce("neo4j", "import", "out", "--home", home.path)
        assert again.code == 2
        assert "is stopped" in again.err
