"""Files of one name in two folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import Graph, UsageError
from kg.loading.curated import CuratedSummary, load_files
from kg.runs import list_runs
from kg.sources import SourceOptions

_MAPPING = """[subject]
column = "drug"
type = "Drug"
[object]
column = "disease"
type = "Disease"
[predicate]
fixed = "TREATS"
"""


def _table(folder: Path, drug: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "data.csv"
    path.write_text(f"drug,disease\n{drug},DOID:1\n", encoding="utf-8")
    return path


def _load(graph: Graph, path: Path, name: str | None = None) -> CuratedSummary:
    mapping = path.parent.parent / "m.toml"
    mapping.write_text(_MAPPING, encoding="utf-8")
    return load_files(graph, [path], SourceOptions(mapping=mapping, source=name))


def _drugs(graph: Graph) -> list[str]:
    rows = graph.read("MATCH (d:Drug)-[:TREATS]->(:Disease) RETURN d.id AS id ORDER BY id")
    return [row["id"] for row in rows]


def test_a_file_of_the_same_name_elsewhere_replaces_nothing(graph: Graph, tmp_path: Path) -> None:
    """Another folder's data.csv is refused with both paths, and a name of its own keeps both."""
    first, second = _table(tmp_path / "a", "X:1"), _table(tmp_path / "b", "X:2")
    _load(graph, first)
    before = graph.dump()
    with pytest.raises(UsageError, match="--source ANOTHER") as raised:
        _load(graph, second)
    assert str(first) in str(raised.value)
    assert str(second) in str(raised.value)
    assert graph.dump() == before
    _load(graph, second, "more")
    assert _drugs(graph) == ["X:1", "X:2"]


def test_a_file_that_changed_where_it_stands_is_a_new_version(graph: Graph, tmp_path: Path) -> None:
    """The same path replaces what came from it, and so does another one under a name given."""
    _load(graph, _table(tmp_path / "a", "X:1"))
    assert _load(graph, _table(tmp_path / "a", "X:2")).removed_facts == 1
    assert _drugs(graph) == ["X:2"]
    _load(graph, _table(tmp_path / "b", "X:3"), "data")
    assert _drugs(graph) == ["X:3"]


def test_the_same_file_elsewhere_is_the_same_version(graph: Graph, tmp_path: Path) -> None:
    """A copy is no other source: loading it changes nothing."""
    _load(graph, _table(tmp_path / "a", "X:1"))
    before = graph.dump()
    _load(graph, _table(tmp_path / "b", "X:1"))
    assert graph.dump() == before


def test_the_log_names_the_files(embedded_graph: Graph, tmp_path: Path) -> None:
    """A run says which files a source was read from."""
    path = _table(tmp_path / "a", "X:1")
    _load(embedded_graph, path)
    (run,) = list_runs(embedded_graph)
    assert run.files == (str(path.absolute()),)
