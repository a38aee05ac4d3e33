"""The contract of a corpus format: the same paper, written in each, is read as the same."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from extraction import load_pack
from finetune.corpora import CORPORA, AnnotatedPaper, GoldMention, GoldRelation
from finetune.recipe import Corpus
from kg import BadRecordError, UnreadableFileError

DOMAIN = load_pack("biomedicine").domain
TITLE, ABSTRACT = "Aspirin and COX1", "Aspirin blocks COX1."
PAPER = AnnotatedPaper(
    id="11",
    title=TITLE,
    text=f"{TITLE} {ABSTRACT}",
    mentions=(
        GoldMention(start=0, end=7, type="Chemical", concepts=("D001241",)),
        GoldMention(start=12, end=16, type="Gene", concepts=("5742", "5743")),
    ),
    relations=(GoldRelation(subject="D001241", predicate="NEGATIVE_CORRELATION", object="5742"),),
)


@dataclass(frozen=True)
class Example:
    """`PAPER` in one format, and what of it to replace so that a record is broken."""

    text: str
    mention: str  # stands in the record of the first mention
    misplaced: str  # the same with a span that does not hold its text
    predicate: str  # as the format writes that of the relation


EXAMPLES = {
    "pubtator": Example(
        text=f"11|t|{TITLE}\n11|a|{ABSTRACT}\n"
        "11\t0\t7\tAspirin\tChemicalEntity\tD001241\n"
        "11\t12\t16\tCOX1\tGeneOrGeneProduct\t5742,5743\n"
        "11\tNegative_Correlation\tD001241\t5742\tNovel\n",
        mention="\t0\t7\tAspirin",
        misplaced="\t0\t6\tAspirin",
        predicate="Negative_Correlation",
    ),
}
FORMATS = pytest.mark.parametrize("name", sorted(CORPORA))


def read(name: str, path: Path, text: str) -> list[AnnotatedPaper]:
    """The papers of a file with this text."""
    path.write_text(text, encoding="utf-8")
    return list(CORPORA[name](path, DOMAIN))


def test_every_format_has_an_example() -> None:
    """Each registered format stands in the contract suite, and nothing else does."""
    assert set(EXAMPLES) == set(CORPORA)


@FORMATS
def test_the_paper_is_read(name: str, tmp_path: Path) -> None:
    """Text, spans, concepts and relations are those of the paper, in the names of the schema."""
    (paper,) = read(name, tmp_path / "corpus", EXAMPLES[name].text)
    assert paper == PAPER
    assert [paper.text[m.start : m.end] for m in paper.mentions] == ["Aspirin", "COX1"]


@FORMATS
def test_nothing_is_no_paper(name: str, tmp_path: Path) -> None:
    """An empty file holds no paper."""
    assert read(name, tmp_path / "corpus", "") == []


@FORMATS
def test_a_span_without_its_text_is_refused(name: str, tmp_path: Path) -> None:
    """A span that does not hold its text is an error with its place."""
    example = EXAMPLES[name]
    assert example.mention in example.text
    with pytest.raises(BadRecordError) as caught:
        read(name, tmp_path / "corpus", example.text.replace(example.mention, example.misplaced))
    assert caught.value.where
    assert "'Aspiri'" in caught.value.reason


@FORMATS
def test_an_unknown_relation_is_refused(name: str, tmp_path: Path) -> None:
    """A relation that the schema does not know is an error that names it and its place."""
    example = EXAMPLES[name]
    assert example.predicate in example.text
    with pytest.raises(BadRecordError) as caught:
        read(name, tmp_path / "corpus", example.text.replace(example.predicate, "Hates"))
    assert caught.value.where
    assert "Hates" in caught.value.reason


@FORMATS
def test_a_file_that_cannot_be_read_is_named(name: str, tmp_path: Path) -> None:
    """A file that is absent, or that is no UTF-8, is an error with its path."""
    (tmp_path / "noise").write_bytes(b"\xff\xfe\x00\x81")
    for file in ("nothing", "noise"):
        with pytest.raises(UnreadableFileError, match=file):
            list(CORPORA[name](tmp_path / file, DOMAIN))


def test_a_recipe_names_a_registered_format() -> None:
    """A recipe's corpus may have any registered format, and no other."""
    files = {"licence": "CC0", "train": ("a",), "dev": ("b",)}
    for name in CORPORA:
        assert Corpus.model_validate({"name": "x", "format": name, **files}).format == name
    with pytest.raises(ValueError, match="'brat' is no corpus format; there are: pubtator"):
        Corpus.model_validate({"name": "x", "format": "brat", **files})
