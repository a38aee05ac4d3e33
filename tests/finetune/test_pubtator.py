"""PubTator files: joined ids, and the lines that are not of the format."""

from __future__ import annotations

from pathlib import Path

import pytest

from extraction import load_pack
from finetune.corpora import AnnotatedPaper
from finetune.corpora.pubtator import read_pubtator, split_concepts
from kg import BadRecordError

DOMAIN = load_pack("biomedicine").domain

GOOD = """\
11|t|Aspirin and COX1
11|a|Aspirin blocks COX1.
11\t0\t7\tAspirin\tChemicalEntity\tD001241
11\t12\t16\tCOX1\tGeneOrGeneProduct\t5742,5743
11\t17\t24\tAspirin\tChemicalEntity\t-
11\tNegative_Correlation\tD001241\t5742\tNovel

12|t|Title
12|a|
"""


def read(folder: Path, text: str) -> list[AnnotatedPaper]:
    """The papers of a file with this text."""
    path = folder / "corpus.pubtator"
    path.write_text(text, encoding="utf-8")
    return list(read_pubtator(path, DOMAIN))


def test_mentions_and_relations_are_read(tmp_path: Path) -> None:
    """Offsets count title, one separator, abstract; names become those of the schema."""
    first, second = read(tmp_path, GOOD)
    assert first.text == "Aspirin and COX1 Aspirin blocks COX1."
    assert [(m.start, m.end, m.type, m.concepts) for m in first.mentions] == [
        (0, 7, "Chemical", ("D001241",)),
        (12, 16, "Gene", ("5742", "5743")),
        (17, 24, "Chemical", ()),
    ]
    [relation] = first.relations
    assert (relation.subject, relation.predicate, relation.object) == (
        "D001241",
        "NEGATIVE_CORRELATION",
        "5742",
    )
    assert (second.id, second.mentions, second.relations) == ("12", (), ())


@pytest.mark.parametrize(
    ("field", "concepts"),
    [
        ("D003110,D012345", ("D003110", "D012345")),
        ("D005355|D009135", ("D005355", "D009135")),
        ("p|SUB|V|600|E", ("p|SUB|V|600|E",)),
        ("c|DEL||30", ("c|DEL||30",)),
        ("c|SUB|A|1|G,rs123", ("c|SUB|A|1|G", "rs123")),
        ("-", ()),
        ("", ()),
        ("9606,9606", ("9606",)),
    ],
)
def test_ids_of_one_mention_are_split(field: str, concepts: tuple[str, ...]) -> None:
    """BioRED joins ids by a comma, BC5CDR by a bar, and a variant's id holds bars of its own."""
    assert split_concepts(field) == concepts


@pytest.mark.parametrize(
    ("old", "new", "where", "says"),
    [
        ("\t0\t7\tAspirin", "\t0\t6\tAspirin", "line 3", "'Aspiri'"),
        ("ChemicalEntity\tD001241", "Drugs\tD001241", "line 3", "Drugs"),
        ("Negative_Correlation", "Hates", "line 6", "Hates"),
        ("11|a|Aspirin blocks COX1.\n", "", "line 1", "ID|a|abstract"),
        ("11\t17\t24\tAspirin", "11\tAspirin", "line 5", "relation"),
        ("11\tNegative_Correlation\tD001241\t5742\tNovel", "11\tx", "line 6", "2 tab-separated"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, old: str, new: str, where: str, says: str) -> None:
    """An error of the file says its line and what is wrong there."""
    assert old in GOOD
    with pytest.raises(BadRecordError) as caught:
        read(tmp_path, GOOD.replace(old, new, 1))
    assert caught.value.where == where
    assert says in caught.value.reason
