"""The samples keep what samples/README.md says of them."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from extraction import read_papers
from kg import Paper

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
ABSTRACTS = SAMPLES / "abstracts.jsonl"
DISCOVERIES: list[dict[str, Any]] = tomllib.loads(
    (SAMPLES / "discoveries.toml").read_text(encoding="utf-8")
)["discovery"]


def _abstracts() -> list[dict[str, str]]:
    return [json.loads(line) for line in ABSTRACTS.read_text(encoding="utf-8").splitlines()]


def _text(abstract: dict[str, str]) -> str:
    return f"{abstract['title']} {abstract['abstract']}"


def _names(pattern: str, abstract: dict[str, str]) -> bool:
    return re.search(pattern, _text(abstract), re.IGNORECASE) is not None


def _ends() -> list[str]:
    return [d[end] for d in DISCOVERIES for end in ("known_pattern", "missing_pattern")]


@pytest.mark.parametrize("discovery", DISCOVERIES, ids=lambda d: str(d["name"]))
def test_no_abstract_names_both_ends(discovery: dict[str, Any]) -> None:
    """Each end of a discovery is named by three abstracts or more, and both by none."""
    known = {a["id"] for a in _abstracts() if _names(discovery["known_pattern"], a)}
    missing = {a["id"] for a in _abstracts() if _names(discovery["missing_pattern"], a)}
    assert len(known) >= 3
    assert len(missing) >= 3
    assert not known & missing


@pytest.mark.parametrize("discovery", DISCOVERIES, ids=lambda d: str(d["name"]))
def test_patterns_cover_the_names(discovery: dict[str, Any]) -> None:
    """Every name that the demo accepts for an end is found by that end's pattern."""
    names = [(discovery["known"], discovery["known_pattern"])]
    names += [(name, discovery["missing_pattern"]) for name in discovery["missing"]]
    for name, pattern in names:
        assert re.search(pattern, name, re.IGNORECASE), name


def test_two_thirds_are_distractors() -> None:
    """There are 60 abstracts or more, and two thirds of them name no end of any discovery."""
    abstracts = _abstracts()
    distractors = [a for a in abstracts if not any(_names(end, a) for end in _ends())]
    assert len(abstracts) >= 60
    assert 3 * len(distractors) >= 2 * len(abstracts)


def test_order_and_ids_are_by_date() -> None:
    """Ids are consecutive numbers in the order of dates, so they say nothing of the content."""
    abstracts = _abstracts()
    assert [a["id"] for a in abstracts] == [f"sample:{n:03d}" for n in range(1, len(abstracts) + 1)]
    assert [a["created"] for a in abstracts] == sorted(a["created"] for a in abstracts)


def test_abstracts_hold_text_only() -> None:
    """An abstract has the four fields and 90 to 170 words, and no two are alike."""
    abstracts = _abstracts()
    assert len({a["abstract"] for a in abstracts}) == len(abstracts)
    for abstract in abstracts:
        assert set(abstract) == {"id", "title", "abstract", "created"}
        assert 90 <= len(_text(abstract).split()) <= 170, abstract["id"]


@pytest.mark.parametrize("path", sorted((SAMPLES / "formats").iterdir()), ids=lambda p: p.name)
def test_formats_hold_the_same_papers(path: Path) -> None:
    """A sample in another format is read to the words of an abstract in the main file."""
    words = {" ".join(_text(abstract).split()) for abstract in _abstracts()}
    papers = _read(path)
    assert papers
    for paper in papers:
        assert " ".join(paper.text.split()) in words


def test_every_abstract_is_read() -> None:
    """The main file gives one paper for each line, under the id that stands there."""
    assert [paper.id for paper in _read(ABSTRACTS)] == [a["id"] for a in _abstracts()]


def _read(path: Path) -> list[Paper]:
    failures: list[object] = []
    papers = list(read_papers([path], on_failure=failures.append))
    assert failures == []
    return papers
