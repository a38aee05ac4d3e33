"""What holds of every writer for other tools."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import Graph, UsageError
from kg.archive import FORMATS, RESTORED, restore
from kg.exporting import export_graph


@pytest.mark.parametrize("name", sorted(set(FORMATS) - set(RESTORED)))
def test_an_export_is_the_same_again(name: str, lived: Graph, tmp_path: Path) -> None:
    """The same graph gives the same files, byte by byte; none of them restores it."""
    for folder in ("first", "second"):
        summary = export_graph(lived, tmp_path / folder, name, compress=True)
        assert summary.nodes["Entity:Disease"] > 0
        assert summary.edges["TREATS"] > 0
    first, second = (
        {path.name: path.read_bytes() for path in (tmp_path / folder).iterdir()}
        for folder in ("first", "second")
    )
    assert first == second
    with pytest.raises(UsageError, match="written for other tools"):
        restore(lived, tmp_path / "first")
