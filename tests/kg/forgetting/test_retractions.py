"""Lists of retracted papers."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from kg import UnreadableFileError
from kg.forgetting import read_retractions

HEADER = "Record ID,Title,RetractionDate,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature\n"


def written(folder: Path, *rows: str, header: str = HEADER) -> Path:
    """A table with these rows."""
    path = folder / "list.csv"
    path.write_text(header + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def test_only_true_retractions(tmp_path: Path) -> None:
    """A correction, an expression of concern and a reinstatement retract nothing."""
    path = written(
        tmp_path,
        '1,"On, and on",1/31/2020 0:00,10.1000/a,11,Retraction',
        "2,B,1/31/2020 0:00,10.1000/b,12,Correction",
        "3,C,1/31/2020 0:00,10.1000/c,13,Expression of concern",
        "4,D,1/31/2020 0:00,10.1000/d,14,Reinstatement",
    )
    assert read_retractions(path) == ["doi:10.1000/a", "pmid:11"]


def test_the_last_word_counts(tmp_path: Path) -> None:
    """A paper that was reinstated after it was retracted is not retracted, in any order of rows."""
    path = written(
        tmp_path,
        "1,A,3/1/2021 0:00,10.1000/a,,Reinstatement",
        "2,A,1/1/2020 0:00,10.1000/a,,Retraction",
        "3,B,1/1/2020 0:00,10.1000/b,,Reinstatement",
        "4,B,3/1/2021 0:00,10.1000/b,,Retraction",
    )
    assert read_retractions(path) == ["doi:10.1000/b"]


def test_absent_ids(tmp_path: Path) -> None:
    """`0`, `unavailable` and nothing are no ids; a link is one, and a short row has none."""
    path = written(
        tmp_path,
        "1,A,1/1/2020 0:00,unavailable,0,Retraction",
        "2,B,1/1/2020 0:00,https://doi.org/10.1000/b,,Retraction",
        "3,C",
    )
    assert read_retractions(path) == ["doi:10.1000/b"]


def test_plain_ids(tmp_path: Path) -> None:
    """A list has one id a line; blank lines, comments and a second time do not count."""
    path = tmp_path / "ids.txt"
    path.write_text("# retracted\npmid:1\n\n 10.1000/a \r\npmid:1\nPMC7\n")
    assert read_retractions(path) == ["pmid:1", "10.1000/a", "PMC7"]


def test_packed(tmp_path: Path) -> None:
    """A packed table is read as a plain one."""
    path = tmp_path / "list.csv.gz"
    path.write_bytes(gzip.compress((HEADER + "1,A,1/1/2020,10.1000/a,,Retraction\n").encode()))
    assert read_retractions(path) == ["doi:10.1000/a"]


def test_a_table_without_the_columns(tmp_path: Path) -> None:
    """A table of another form is an error that names the columns that it lacks."""
    path = written(tmp_path, "1,x", header="Record ID,RetractionDOI\n")
    with pytest.raises(UnreadableFileError, match="neither OriginalPaperDOI nor Original"):
        read_retractions(path)


@pytest.mark.parametrize(
    "text",
    [
        "OriginalPaperPubMedID,OriginalPaperDOI\n11,10.1000/a\n12.0,\n0,nan\n",
        "OriginalPaperDOI;OriginalPaperPubMedID\n10.1000/a;11\n;12\n",
        '"Title"\t"OriginalPaperDOI"\tOriginalPaperPubMedID\nA\t10.1000/A\t11\nB\t\t12\n',
    ],
)
def test_a_table_cut_down_to_ids(tmp_path: Path, text: str) -> None:
    """Of a table that has lost what the rows are, each row is a retraction, whatever parts it."""
    path = tmp_path / "list.csv"
    path.write_text("\ufeff" + text, encoding="utf-8")
    assert {id_.casefold() for id_ in read_retractions(path)} == {
        "pmid:11",
        "pmid:12",
        "doi:10.1000/a",
    }


def test_one_column(tmp_path: Path) -> None:
    """A table of one column is a table, and its head is no id."""
    path = tmp_path / "list.csv"
    path.write_text('"OriginalPaperPubMedID"\n11\n12\n', encoding="utf-8")
    assert read_retractions(path) == ["pmid:11", "pmid:12"]


def test_one_doi_in_two_spellings(tmp_path: Path) -> None:
    """The case of a DOI does not count when its last word is looked for."""
    path = written(
        tmp_path,
        "1,A,3/1/2021 0:00,10.1000/A,,Reinstatement",
        "2,A,1/1/2020 0:00,10.1000/a,,Retraction",
    )
    assert read_retractions(path) == []


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00bad", None])
def test_no_list_at_all(tmp_path: Path, content: bytes | None) -> None:
    """An absent file, an empty one and one that is no text are errors of ours."""
    path = tmp_path / "list"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UnreadableFileError):
        read_retractions(path)
