"""Writing shards and reading them back: nothing is lost, nothing stays half done."""

from __future__ import annotations

import datetime as dt
import math
import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kg import Failure, Paper, ShardError, shards
from kg.loading import PaperRows, read_shards, shard_exists, shard_reading, write_shard
from kg.loading.shard_reading import find_shards
from tests.kg.written import Written, by_hand, library, one_claim, rows_by_hand, shard


def read(path: Path, *, keys: list[str] | None = None) -> tuple[list[PaperRows], list[Failure]]:
    """All papers under a path, and what could not be read."""
    failures: list[Failure] = []
    return list(read_shards([path], on_failure=failures.append, keys=keys)), failures


def texts(papers: list[PaperRows]) -> dict[str, tuple[str, int, int]]:
    """What was read: text, number of mentions, of evidence."""
    return {
        paper.id: (paper.papers[0].values["text"], len(paper.mentions), len(paper.evidence))
        for paper in papers
    }


def test_written_and_read(tmp_path: Path) -> None:
    """What is written comes back, paper by paper, and leaves no temporary file."""
    papers = library(30)
    shard(tmp_path, papers)
    found, failures = read(tmp_path)
    assert failures == []
    assert texts(found) == {p.paper.id: (p.paper.text, 2, 1) for p in papers}
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "evidence-a.parquet", "mentions-a.parquet", "papers-a.parquet",
    ]  # fmt: skip


def test_only_some_keys(tmp_path: Path) -> None:
    """Keys choose among the shards of a folder."""
    shard(tmp_path, library(3), "a")
    shard(tmp_path, [one_claim("pmid:77")], "b")
    found, _ = read(tmp_path, keys=["b"])
    assert [paper.id for paper in found] == ["pmid:77"]


def test_error_rates_of_packs(tmp_path: Path) -> None:
    """A shard carries the error rates of its packs; of two that differ the larger one counts."""
    papers = [item.paper for item in library(2)]
    for key, rates in (("a", {"one@1": 0.1, "two@1": 0.5}), ("b", {"one@1": 0.2}), ("c", {})):
        write_shard(tmp_path, key, papers, [], [], "", pack_errors=rates)
    found = find_shards([tmp_path], keys=None, on_failure=lambda failure: pytest.fail(str(failure)))
    assert found.pack_errors == {"one@1": 0.2, "two@1": 0.5}


@pytest.mark.parametrize("rate", [-0.1, 1.5, math.nan, "0.1", True, None])
def test_error_rate_that_is_none(tmp_path: Path, rate: Any) -> None:
    """What is no probability is refused as an error rate, naming the pack."""
    with pytest.raises(ShardError, match=r"'one@1' is .*from 0 to 1"):
        write_shard(tmp_path, "a", [], [], [], "", pack_errors={"one@1": rate})


@pytest.mark.parametrize("text", [b"{", b"[1]", b'{"one@1": 2}', b'{"one@1": "x"}'])
def test_error_rates_of_another_form(tmp_path: Path, text: bytes) -> None:
    """A file whose error rates cannot be read is listed, and the metadata key is named."""
    schema = shards.PAPERS.with_metadata({shards.PACK_ERRORS_KEY: text})
    pq.write_table(pa.Table.from_pylist([], schema=schema), tmp_path / "papers.parquet")
    found, (failure,) = read(tmp_path)
    assert not found
    assert failure.where == "metadata abduce.pack_errors"


def test_papers_are_the_commit_mark(tmp_path: Path) -> None:
    """A shard whose papers are not there yet does not exist, and is not read."""
    shard(tmp_path, library(3), "a")
    assert shard_exists(tmp_path, "a")
    (tmp_path / "papers-a.parquet").unlink()
    assert not shard_exists(tmp_path, "a")
    assert read(tmp_path) == ([], [])


def test_made_by_hand(tmp_path: Path) -> None:
    """Plain Parquet files with the required columns are shards, whatever they are called."""
    papers = library(20)
    by_hand(tmp_path, rows_by_hand(papers))
    (tmp_path / "papers.parquet").rename(tmp_path / "zzz.parquet")
    found, failures = read(tmp_path)
    assert failures == []
    assert texts(found) == {p.paper.id: (p.paper.text, 2, 1) for p in papers}


def test_types_of_other_programs(tmp_path: Path) -> None:
    """Smaller integers, large strings, dictionaries, dates and further columns are understood."""
    by_hand(tmp_path, rows_by_hand([one_claim("pmid:1")]))
    path = tmp_path / "papers.parquet"
    table = pq.read_table(path)
    day = pa.array([dt.date(1986, 7, 1)])
    table = table.set_column(table.column_names.index("date"), "date", day)
    table = table.set_column(0, "paper", table["paper"].dictionary_encode())
    table = table.append_column("mood", pa.array([7]))
    pq.write_table(table, path)
    path = tmp_path / "mentions.parquet"
    table = pq.read_table(path)
    table = table.set_column(
        table.column_names.index("start"), "start", table["start"].cast(pa.int16())
    )
    table = table.set_column(
        table.column_names.index("text"), "text", table["text"].cast(pa.large_string())
    )
    pq.write_table(table, path)
    found, failures = read(tmp_path)
    assert failures == []
    assert found[0].papers[0].values["date"] == "1986-07-01"
    assert "mood" not in found[0].papers[0].values
    assert found[0].mentions[0].values["text"] == "fish oil"


@pytest.mark.parametrize("column", ["sha256", "text"])
def test_missing_column(tmp_path: Path, column: str) -> None:
    """A file that lacks a column is named with the column, and the others are read."""
    by_hand(tmp_path, rows_by_hand(library(2)))
    path = tmp_path / "papers.parquet"
    pq.write_table(pq.read_table(path).drop_columns([column]), path)
    found, failures = read(tmp_path)
    assert [failure.path for failure in failures] == [str(path)]
    assert repr(column) in failures[0].reason
    assert all(not paper.papers and paper.mentions for paper in found)


def test_wrong_type(tmp_path: Path) -> None:
    """A column whose values cannot be turned into its type is named with both types."""
    rows = rows_by_hand([one_claim("pmid:1")])
    rows["mentions"][0]["start"] = rows["mentions"][1]["start"] = "first"
    by_hand(tmp_path, rows)
    _, failures = read(tmp_path)
    assert failures[0].where == "column 'start'"
    assert "int64" in failures[0].reason
    assert "string" in failures[0].reason


def test_not_parquet(tmp_path: Path) -> None:
    """Noise, an empty file and a cut-off file are listed with their paths; the rest is read."""
    shard(tmp_path / "good", library(4))
    shard(tmp_path / "cut", library(4))
    cut = tmp_path / "cut" / "evidence-a.parquet"
    cut.write_bytes(cut.read_bytes()[:-20])
    (tmp_path / "noise.parquet").write_bytes(bytes(range(256)) * 9)
    (tmp_path / "empty.parquet").write_bytes(b"")
    found, failures = read(tmp_path)
    assert {failure.path for failure in failures} == {
        str(cut), str(tmp_path / "noise.parquet"), str(tmp_path / "empty.parquet"),
    }  # fmt: skip
    assert {paper.id for paper in found} == {f"pmid:{n}" for n in range(1, 5)}


def test_broken_inside(tmp_path: Path) -> None:
    """A file whose footer is whole and whose data is not becomes one failure."""
    by_hand(tmp_path, rows_by_hand(library(200)))
    path = tmp_path / "evidence.parquet"
    data = bytearray(path.read_bytes())
    data[10:400] = b"\xff" * 390
    path.write_bytes(data)
    found, failures = read(tmp_path)
    assert [failure.path for failure in failures] == [str(path)]
    assert len(found) == 200


def test_no_regular_file(tmp_path: Path) -> None:
    """A link that leads to itself, a pipe and an empty file are failures, each by its name."""
    (tmp_path / "loop.parquet").symlink_to(tmp_path / "loop.parquet")
    os.mkfifo(tmp_path / "pipe.parquet")
    (tmp_path / "empty.parquet").touch()
    failures: list[Failure] = []
    names = ("loop", "pipe", "empty")
    paths = [tmp_path / f"{name}.parquet" for name in names]
    find_shards(paths, keys=None, on_failure=failures.append)
    reasons = [failure.reason for failure in failures]
    assert ["regular" in reason for reason in reasons] == [True, True, False]
    assert "empty" in reasons[2]


def test_nothing_there(tmp_path: Path) -> None:
    """A path that does not exist and a folder without shards are failures, not silence."""
    (tmp_path / "folder").mkdir()
    assert len(read(tmp_path / "folder")[1]) == 1
    assert len(read(tmp_path / "absent")[1]) == 1


def test_not_utf8(tmp_path: Path) -> None:
    """A row whose text is not UTF-8 is refused alone."""
    by_hand(tmp_path, rows_by_hand(library(3)))
    path = tmp_path / "papers.parquet"
    table = pq.read_table(path)
    raw = [value.encode() for value in table["text"].to_pylist()]
    raw[1] = b"\xed\xa0\x80 half a pair"
    bad = pa.array(raw, pa.binary()).view(pa.string())
    pq.write_table(table.set_column(table.column_names.index("text"), "text", bad), path)
    found, failures = read(tmp_path)
    assert [(failure.path, failure.where) for failure in failures] == [(str(path), "pmid:2")]
    assert sorted(p.id for p in found if p.papers) == ["pmid:1", "pmid:3"]


@pytest.mark.parametrize("buckets", [2, 7])
def test_larger_than_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, buckets: int) -> None:
    """Files too large for memory are split on disk, and each paper still has all its rows."""
    papers = library(150)
    rows = rows_by_hand(papers)
    rows["mentions"].reverse()
    by_hand(tmp_path, rows)
    n_rows = sum(map(len, rows.values()))
    monkeypatch.setattr(shard_reading, "ROWS_IN_MEMORY", n_rows // buckets)
    monkeypatch.setattr(shard_reading, "BATCH_ROWS", 16)
    found, failures = read(tmp_path)
    assert failures == []
    assert texts(found) == {p.paper.id: (p.paper.text, 2, 1) for p in papers}


def test_half_a_surrogate_pair(tmp_path: Path) -> None:
    """A text that UTF-8 cannot hold is refused with its paper, and nothing is written."""
    bad = Written(Paper(id="pmid:9", text="half \ud83d of a fish"))
    with pytest.raises(ShardError, match=r"pmid:9.*surrogate"):
        shard(tmp_path / "out", [one_claim("pmid:1"), bad])
    assert not shard_exists(tmp_path / "out", "a")


def test_key_is_a_file_name(tmp_path: Path) -> None:
    """A key that would lead out of the folder is refused."""
    with pytest.raises(ShardError, match="letters, digits"):
        write_shard(tmp_path, "../a", [], [], [], "")
