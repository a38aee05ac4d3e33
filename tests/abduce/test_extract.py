"""`abduce extract`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

import abduce

if TYPE_CHECKING:
    from tests.abduce.conftest import RunAbduce

COLUMNS = {
    "papers": "paper, title, text, date, source, sha256",
    "mentions": "paper, start, end, type, text, confidence, entity, pack",
    "evidence": "paper, subject, predicate, object, polarity, certainty, confidence, start, end, "
    "quote, pack",
}
TEXT = "Metformin lowers blood glucose in patients with type 2 diabetes."


def test_shards_have_the_columns_that_programs_read(run_abduce: RunAbduce, tmp_path: Path) -> None:
    """`extract` writes Parquet with the fixed columns; quotes and mentions stand in the text."""
    (tmp_path / "paper.txt").write_text(TEXT, encoding="utf-8")
    done = run_abduce("extract", "paper.txt", "--pack", "biomedicine", "--out", "out", "--json")
    assert done.code == 0, done.err
    assert done.rows[0]["papers"] == 1
    tables = {kind: pl.read_parquet(tmp_path / "out" / f"{kind}-*.parquet") for kind in COLUMNS}
    for kind, columns in COLUMNS.items():
        assert set(columns.split(", ")) <= set(tables[kind].columns)
    (text,) = tables["papers"]["text"]
    for kind, quote in (("mentions", "text"), ("evidence", "quote")):
        for row in tables[kind].iter_rows(named=True):
            assert text[row["start"] : row["end"]] == row[quote]


def test_extract_and_load_is_build(run_abduce: RunAbduce, tmp_path: Path) -> None:
    """To extract and load gives the same graph as to build."""
    (tmp_path / "paper.txt").write_text(TEXT, encoding="utf-8")
    assert run_abduce("extract", "paper.txt", "--pack", "biomedicine", "--out", "out").code == 0
    assert run_abduce("load", "out", "--graph", "loaded").code == 0
    build = ["build", "paper.txt", "--pack", "biomedicine", "--graph", "built"]
    assert run_abduce(*build).code == 0
    with abduce.open_graph("loaded") as loaded, abduce.open_graph("built") as built:
        assert loaded.dump() == built.dump()


def test_out_is_needed(run_abduce: RunAbduce) -> None:
    """`extract` without --out is wrong use."""
    assert run_abduce("extract", "paper.txt", "--pack", "biomedicine").code == 2
