"""Files that can be loaded, told by their content."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import Graph, UnreadableFileError, UsageError
from kg.loading.curated import SHARDS, kind_of, load_files
from kg.sources import SourceOptions


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("drug,disease\nfish oil,migraine\n", "its content is none of shards, export, hetionet"),
        ("", "the file is empty"),
    ],
)
def test_what_is_nothing_that_can_be_loaded_is_not_taken_for_shards(
    content: str, reason: str, tmp_path: Path
) -> None:
    """A table without a mapping, or an empty file, is told as such, with what would help."""
    path = tmp_path / "table.csv"
    path.write_text(content)
    with pytest.raises(UnreadableFileError, match=reason):
        kind_of([path])
    assert kind_of([path], mapping=tmp_path / "m.toml") == "table"


def test_one_broken_file_among_shards_does_not_stop_the_others(tmp_path: Path) -> None:
    """Where any file may be a shard, the loader of shards lists those that are none."""
    shard, broken = tmp_path / "a.parquet", tmp_path / "b.parquet"
    shard.write_bytes(b"PAR1 and so on")
    broken.write_text("no Parquet")
    assert kind_of([broken, shard]) == SHARDS
    assert kind_of([tmp_path]) == SHARDS


def test_files_of_several_formats_are_not_one_source(tmp_path: Path) -> None:
    """An OBO and an RDF file named together are refused; none is read as the other's format."""
    obo, rdf = tmp_path / "a.obo", tmp_path / "b.nt"
    obo.write_text("format-version: 1.4\n\n[Term]\nid: X:1\nname: one\n")
    rdf.write_text("<http://e.org/a> <http://e.org/p> <http://e.org/b> .\n")
    with pytest.raises(UsageError, match=r"several formats \(obo, rdf\)"):
        kind_of([obo, rdf])


def test_what_yields_nothing_replaces_nothing(graph: Graph, tmp_path: Path) -> None:
    """A source read as a wrong format is told, and what the graph holds of its name stays."""
    path = tmp_path / "x.obo"
    path.write_text("format-version: 1.4\n\n[Term]\nid: X:1\nname: one\n")
    load_files(graph, [path], SourceOptions(source="x"))
    before = graph.dump()
    summary = load_files(graph, [path], SourceOptions(source="x", format="kgx"))
    assert graph.dump() == before
    assert (summary.terms, summary.replaced) == (0, None)
    assert "nothing of it can be used" in summary.failed[-1].reason
