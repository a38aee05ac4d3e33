"""PubTator: offsets hold, annotations are never read, and blocks end where they end."""

from __future__ import annotations

from pathlib import Path

import pytest

from extraction import read_papers
from kg import Failure, Paper


def read(folder: Path, content: str) -> tuple[list[Paper], list[Failure]]:
    """Read a file with this content."""
    path = folder / "papers.pubtator"
    path.write_text(content, encoding="utf-8")
    failures: list[Failure] = []
    return list(read_papers([path], on_failure=failures.append)), failures


@pytest.mark.parametrize(
    ("block", "text"),
    [
        ("1|t|A title.\n1|a|An abstract.", "A title. An abstract."),
        ("1|t|Ends in blank. \n1|a| Begins so.", "Ends in blank.   Begins so."),
        ("1|t|\n1|a|No title.", " No title."),
        ("1|t|No abstract.\n1|a|", "No abstract."),
        ("1|t|Alone.", "Alone."),
        ("1|t|With | and |a| in it\n1|a|Tab\there.", "With | and |a| in it Tab\there."),
    ],
)
def test_the_abstract_begins_one_character_after_the_title(
    block: str, text: str, tmp_path: Path
) -> None:
    """The text is title, one space, abstract, letter by letter, so offsets in the file hold."""
    (paper,), failures = read(tmp_path, block + "\n")
    assert (paper.text, failures) == (text, [])


def test_annotations_do_not_change_a_paper(tmp_path: Path) -> None:
    """With and without annotations and relations, the paper is the same."""
    bare = "1|t|Fish oil\n1|a|It lowers viscosity.\n"
    annotated = bare + "1\t0\t8\tFish oil\tChemical\tD1\n1\tNegative_Correlation\tD1\tD2\tNovel\n"
    assert read(tmp_path, bare) == read(tmp_path, annotated)


@pytest.mark.parametrize("gap", ["", "\n", "\n \n\n"])
def test_documents_need_no_empty_line_between_them(gap: str, tmp_path: Path) -> None:
    """The next title begins the next document, with empty lines before it or without."""
    block = "{0}|t|T{0}\n{0}|a|A{0}\n{0}\t0\t2\tT{0}\tGene\t1\n"
    papers, failures = read(tmp_path, gap.join(block.format(number) for number in (1, 2, 3)))
    assert [paper.text for paper in papers] == ["T1 A1", "T2 A2", "T3 A3"]
    assert failures == []


def test_a_broken_block_does_not_harm_its_neighbours(tmp_path: Path) -> None:
    """Wrapped abstracts, foreign texts and lone annotations are listed with their lines."""
    good = "{0}|t|T{0}\n{0}|a|A{0}\n\n"
    wrapped = "2|t|Title\n2|a|An abstract that\ngoes on in another line\n\n"
    foreign = "3|t|Title\n4|a|Abstract of another\n\n"
    lone = "5\t0\t4\tFish\tSpecies\t1\n\n"
    content = good.format(1) + wrapped + foreign + lone + "6|t|\n6|a|\n\n" + good.format(7)
    papers, failures = read(tmp_path, content)
    assert [paper.id for paper in papers] == ["pmid:1", "pmid:7"]
    assert [failure.where for failure in failures] == ["line 6", "line 9", "line 11", "line 13"]


def test_an_id_of_any_form_makes_a_paper(tmp_path: Path) -> None:
    """Ids that are no PMID are kept as CURIEs where they are one, else the text gives the id."""
    content = "PMC77|t|One\n\n10.1000/x-1|t|Two\n\nmy paper|t|Three\n"
    papers, failures = read(tmp_path, content)
    ids = ["pmc:PMC77", "doi:10.1000/x-1", f"sha256:{papers[2].sha256}"]
    assert ([paper.id for paper in papers], failures) == (ids, [])
