"""`abduce load`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import abduce
from kg import UnknownNameError

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


NODES = """id\tname\tkind
Compound::DB00945\tAspirin\tCompound
Disease::DOID:6364\tmigraine\tDisease
"""
EDGES = """source\tmetaedge\ttarget
Compound::DB00945\tCtD\tDisease::DOID:6364
"""
OBO = """format-version: 1.2
data-version: {version}
ontology: doid

[Term]
id: DOID:4
name: disease

[Term]
id: DOID:6364
name: {name}
is_a: DOID:4 ! disease
"""


@pytest.fixture
def hetionet(tmp_path: Path) -> Path:
    """A small graph in the files of Hetionet."""
    folder = tmp_path / "hetionet"
    folder.mkdir()
    (folder / "nodes.tsv").write_text(NODES)
    (folder / "edges.sif").write_text(EDGES)
    return folder


def test_a_curated_source_is_told_by_its_content(run_abduce: RunAbduce, hetionet: Path) -> None:
    """A folder of Hetionet's files is loaded as such, with no option."""
    done = run_abduce("load", hetionet, "--graph", "graph", "--json")
    assert done.code == 0
    (summary,) = done.rows
    assert (summary["terms"], summary["facts"], summary["claims"]) == (2, 1, 1)
    query = "MATCH (s:Entity)-[r:TREATS]->(o) RETURN s.id AS s, o.name AS o, r.curated_rows AS rows"
    asked = run_abduce("query", query, "--graph", "graph", "--json")
    assert asked.rows == [{"s": "DRUGBANK:DB00945", "o": "migraine", "rows": ["edges.sif line 2"]}]


def test_what_the_caller_says_of_a_source(run_abduce: RunAbduce, hetionet: Path) -> None:
    """Name, version, licence, date and labels of a source can be given; they win."""
    options = ["--source", "mine", "--source-version", "7", "--licence", "CC-BY-4.0"]
    options += ["--date", "2017-09-22", "--type", "Compound=Chemical", "--graph", "graph"]
    assert run_abduce("load", hetionet, "--format", "hetionet", *options).code == 0
    query = "MATCH (s:Source) RETURN s.id AS id, s.version AS v, s.licence AS l, s.date AS d"
    asked = run_abduce("query", query, "--graph", "graph", "--json")
    assert asked.rows == [{"id": "mine", "v": "7", "l": "CC-BY-4.0", "d": "2017-09-22"}]
    asked = run_abduce(
        "query", "MATCH (c:Chemical) RETURN c.id AS id", "--graph", "graph", "--json"
    )
    assert asked.rows == [{"id": "DRUGBANK:DB00945"}]


def test_another_version_shows_what_changed(run_abduce: RunAbduce, tmp_path: Path) -> None:
    """Loading an ontology that the graph has in another version lists each changed term."""
    for version, name in (("1", "migraine"), ("2", "migraine disorder")):
        (tmp_path / "doid.obo").write_text(OBO.format(version=version, name=name))
        done = run_abduce("load", "doid.obo", "--graph", "graph")
        assert done.code == 0
    assert "renamed DOID:6364: migraine -> migraine disorder" in done.err
    assert "replaced" in done.out


def test_refused_rows_are_listed_with_1(run_abduce: RunAbduce, hetionet: Path) -> None:
    """A bad row and a fact with an unknown end are listed, the rest is loaded, the code is 1."""
    bad = "Compound::DB00945\tXyZ\tDisease::DOID:6364\nCompound::DB00945\tCtD\tDisease::DOID:1\n"
    (hetionet / "edges.sif").write_text(EDGES + bad)
    done = run_abduce("load", hetionet, "--graph", "graph", "--json")
    assert done.code == 1
    (summary,) = done.rows
    assert summary["claims"] == 1
    assert [failure["where"] for failure in summary["failed"]] == ["line 3", "edges.sif line 4"]
    assert "XyZ" in done.err
    assert "DOID:1" in done.err


def test_wrong_use_ends_with_2(run_abduce: RunAbduce, hetionet: Path) -> None:
    """An unknown format and a --type of another form are wrong use, and say what is right."""
    done = run_abduce("load", hetionet, "--format", "hetinet", "--graph", "graph")
    assert done.code == 2
    assert "hetionet" in done.err
    done = run_abduce("load", hetionet, "--type", "Compound", "--graph", "graph")
    assert done.code == 2
    assert "FROM=TO" in done.err


def test_an_export_is_restored(run_abduce: RunAbduce, hetionet: Path, tmp_path: Path) -> None:
    """A folder that `export` wrote is loaded into an empty graph, which becomes the same graph."""
    assert run_abduce("load", hetionet, "--graph", "graph").code == 0
    assert run_abduce("export", "out", "--graph", "graph").code == 0
    done = run_abduce("load", "out", "--graph", "copy", "--json")
    assert done.code == 0
    with (
        abduce.open_graph(tmp_path / "graph") as first,
        abduce.open_graph(tmp_path / "copy") as second,
    ):
        assert first.dump() == second.dump()
    assert run_abduce("load", "out", "--graph", "graph").code == 2


def test_words_that_nothing_would_come_of(
    run_abduce: RunAbduce, shards: Path, hetionet: Path
) -> None:
    """Words about a source are refused for shards and for an export, and so is a second export."""
    run_abduce("load", hetionet, "--graph", "graph")
    run_abduce("export", "out", "--graph", "graph")
    for wrong, said in [
        ((shards, "--licence", "CC0-1.0"), "loaded as shards"),
        (("out", "--source", "other"), "loaded as export"),
        (("out", "out", "--format", "export"), "name one folder"),
    ]:
        done = run_abduce("load", *wrong, "--graph", "another")
        assert (done.code, said in done.err.replace("\n", " ")) == (2, True)


@pytest.mark.parametrize("name", ["absent.tsv", "table.csv"])
def test_nothing_is_made_of_a_slip(run_abduce: RunAbduce, tmp_path: Path, name: str) -> None:
    """A file that is not there, or a table without a mapping, makes no empty graph."""
    (tmp_path / "table.csv").write_text("a,b\n1,2\n")
    done = run_abduce("load", name, "--graph", "graph")
    assert (done.code, name in done.err) == (1, True)
    assert not (tmp_path / "graph").exists()


def test_an_unknown_option_is_named(shards: Path, tmp_path: Path) -> None:
    """A misspelt option in Python is told with the nearest one, and nothing is loaded."""
    with abduce.open_graph(tmp_path / "graph", create=True) as graph:
        with pytest.raises(UnknownNameError, match=r"'licens'; nearest: licence"):
            abduce.load(graph, [shards], licens="CC0")  # type: ignore[call-arg]
        assert graph.dump() == []
