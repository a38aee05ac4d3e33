"""Files that can be loaded, told by their content."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import UnreadableFileError
from kg.curated import SHARDS, kind_of


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
