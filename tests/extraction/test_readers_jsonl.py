"""JSON lines: what a line may hold, and what it may not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from extraction import read_papers
from kg import Failure, Paper


def read(folder: Path, *lines: str) -> tuple[list[Paper], list[Failure]]:
    """Read a file of these lines."""
    path = folder / "papers.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    failures: list[Failure] = []
    return list(read_papers([path], on_failure=failures.append)), failures


def one(folder: Path, **record: Any) -> Paper:
    """The paper of a record that can be read."""
    (paper,), failures = read(folder, json.dumps(record))
    assert failures == []
    return paper


@pytest.mark.parametrize(
    ("raw", "id_"),
    [
        ("arxiv:0704.0001", "arxiv:0704.0001"),
        ("ARXIV:0704.0001", "arxiv:0704.0001"),
        (12345, "pmid:12345"),
        ("PMID:12345", "pmid:12345"),
        (" pmc123 ", "pmc:PMC123"),
        ("https://doi.org/10.1000/x", "doi:10.1000/x"),
        ("zenodo:77", "zenodo:77"),
    ],
)
def test_ids_become_curies(raw: object, id_: str, tmp_path: Path) -> None:
    """Known forms of ids, in any case and also as numbers, are one CURIE each."""
    assert one(tmp_path, id=raw, title="A title").id == id_


@pytest.mark.parametrize("raw", [None, "", "paper 7"])
def test_without_a_usable_id_the_text_gives_it(raw: object, tmp_path: Path) -> None:
    """A paper without a known id is known by the hash of its text."""
    paper = one(tmp_path, id=raw, title="A title", abstract="A text.")
    assert paper.id == f"sha256:{paper.sha256}"


@pytest.mark.parametrize(
    ("record", "date"),
    [
        ({"created": "2016-12-31"}, "2016-12-31"),
        ({"created": "2016-12"}, "2016-12"),
        ({"year": 2016}, "2016"),
        ({"date": "2016-12-31T23:00:00Z"}, "2016-12-31"),
        ({"created": "Mon, 2 Apr 2007 19:18:42 GMT"}, "2007-04-02"),
        ({"created": None, "year": "1999"}, "1999"),
        ({}, None),
    ],
)
def test_dates_are_as_precise_as_they_are_given(
    record: dict[str, Any], date: str | None, tmp_path: Path
) -> None:
    """A date is ISO 8601 with what is known of it."""
    assert one(tmp_path, title="A title", **record).date == date


def test_a_body_follows_the_abstract_as_a_section(tmp_path: Path) -> None:
    """Title and abstract come first, with one space; a full text is set apart."""
    paper = one(tmp_path, title="T.", abstract="A.", text="Body.")
    assert paper.text == "T. A.\n\nBody."
    assert [paper.text[one.start : one.end] for one in paper.sections] == ["T. A.", "Body."]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("not JSON at all", "not JSON"),
        ('{"id": "1", "title": "cut', "not JSON"),
        ("[" * 100_000, "not JSON"),
        ('{"id": ' + "1" * 5_000 + "}", "not JSON"),
        ("[1, 2]", "array"),
        ('"text"', "string"),
        ("17", "number"),
        ("null", "null"),
        ("{}", "no title and no abstract"),
        ('{"id": "9", "title": " ", "abstract": ""}', "no title and no abstract"),
        ('{"title": 7}', "'title' is a JSON number"),
        ('{"title": "T", "abstract": ["A"]}', "'abstract' is a JSON array"),
        ('{"title": "T", "id": true}', "'id' is a JSON boolean"),
        ('{"title": "T", "id": {"pmid": 1}}', "'id' is a JSON object"),
        ('{"title": "T", "created": "yesterday"}', "a date such as"),
        ('{"title": "T", "created": [2016]}', "a date such as"),
        ('{"title": "T", "abstract": "\\ud800"}', "unpaired surrogate"),
        ('{"title": "T", "id": "\\ud800"}', "unpaired surrogate"),
        ('{"title": "T", "abstract": "a\\u0000b"}', "NUL"),
    ],
)
def test_a_bad_line_is_listed_and_the_others_are_read(
    line: str, reason: str, tmp_path: Path
) -> None:
    """Each bad line is a failure with its number and what was expected."""
    good = json.dumps({"id": 1, "title": "First"}), json.dumps({"id": 2, "title": "Last"})
    papers, (failure,) = read(tmp_path, good[0], "", line, good[1])
    assert [paper.title for paper in papers] == ["First", "Last"]
    assert failure.where == "line 3"
    assert reason in failure.reason


def test_unknown_ids_still_tell_duplicates(tmp_path: Path) -> None:
    """Two texts under one id are told apart, also where the id is no CURIE; the first stays."""
    lines = [json.dumps({"id": "paper 7", "title": title}) for title in ("One", "One", "Two")]
    papers, (failure,) = read(tmp_path, *lines)
    assert [paper.title for paper in papers] == ["One"]
    assert failure.where == "paper 7, line 3"


def test_one_text_under_two_unknown_ids_is_one_paper(tmp_path: Path) -> None:
    """Papers that are known by their text only come once."""
    lines = [json.dumps({"id": id_, "title": "One"}) for id_ in ("paper 7", "paper 8")]
    papers, failures = read(tmp_path, *lines)
    assert (len(papers), failures) == (1, [])
