"""Passages: whole sentences, with overlap, and nothing left out."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extraction import split_passages
from extraction.passages import MAX_CHARACTERS, MAX_SENTENCE
from kg import Paper, Passage, Section

WORDS = st.sampled_from(["Fish", "oil", "lowers", "e.g.", "viscosity.", "β2", "x" * 700, "\n\n"])
TEXTS = st.lists(WORDS, max_size=60).map(" ".join)

on_a_busy_machine = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def paper(text: str, title: str = "", sections: tuple[Section, ...] = ()) -> Paper:
    return Paper(id="pmid:1", text=text, title=title, sections=sections)


def covered(passages: tuple[Passage, ...], text: str) -> list[bool]:
    seen = [False] * len(text)
    for passage in passages:
        for start, end in passage.sentences:
            seen[start:end] = [True] * (end - start)
    return seen


def sentence(number: int, length: int = 200) -> str:
    return f"Sentence {number} says {'so much ' * (length // 8)}and no more."


def test_a_title_with_its_abstract_is_one_passage() -> None:
    """A paper of the usual length is read at once, and its title is a sentence of its own."""
    text = "Fish oil and viscosity Patients took fish oil. Viscosity fell."
    (passage,) = split_passages(paper(text, title="Fish oil and viscosity"))
    assert passage.text == text
    assert [text[start:end] for start, end in passage.sentences] == [
        "Fish oil and viscosity",
        "Patients took fish oil.",
        "Viscosity fell.",
    ]


def test_a_long_text_becomes_windows_that_overlap() -> None:
    """Each window begins with the last sentence of the one before, and none is too long."""
    text = " ".join(sentence(number) for number in range(100))
    passages = split_passages(paper(text))
    assert len(passages) > 5
    assert all(len(passage.text) <= MAX_CHARACTERS for passage in passages)
    for one, following in pairwise(passages):
        assert following.sentences[0] in one.sentences
        assert following.sentences[-1] not in one.sentences
    spans = {span for one in passages for span in one.sentences}
    assert sorted(text[start:end] for start, end in spans) == sorted(map(sentence, range(100)))


def test_a_passage_stays_in_its_section() -> None:
    """No passage reaches over the border of a section; what stands outside has passages too."""
    text = "Title. Abstract.\n\nMethods\n\nRats were used.\n\nAn orphan."
    methods = text.index("Methods")
    orphan = text.index("\n\nAn orphan")
    sections = (Section(start=0, end=16), Section(start=methods, end=orphan, heading="Methods"))
    passages = split_passages(paper(text, "Title.", sections))
    assert [passage.text for passage in passages] == [
        "Title. Abstract.",
        "Methods\n\nRats were used.",
        "An orphan.",
    ]


def test_a_sentence_without_any_break_is_cut_with_overlap() -> None:
    """A word of 10,000 letters is read whole: every place where it is cut lies in a window."""
    text = "A" + "b" * 9_998 + "c"
    passages = split_passages(paper(text))
    assert all(covered(passages, text))
    assert all(len(passage.text) <= MAX_CHARACTERS for passage in passages)
    for one, following in pairwise(passages):
        assert following.start < one.end


def test_a_long_sentence_is_cut_at_white_space() -> None:
    """A sentence of 1,000 words is cut between words, never inside one."""
    words = [f"word{number}" for number in range(1_000)]
    text = " ".join(words)
    passages = split_passages(paper(text))
    parts = {text[start:end] for one in passages for start, end in one.sentences}
    assert all(len(part) <= MAX_SENTENCE for part in parts)
    assert {word for part in parts for word in part.split()} == set(words)


def test_a_text_of_white_space_has_no_passage() -> None:
    """Where there is nothing to read, there is no passage."""
    assert split_passages(paper(" \n\n ")) == ()


@on_a_busy_machine
@given(TEXTS, st.integers(0, 40), st.lists(st.integers(0, 8_000), max_size=6))
def test_every_character_stands_in_a_passage(text: str, title: int, borders: list[int]) -> None:
    """Whatever the text, title and sections: exact offsets, order, bounds, and nothing left out."""
    edges = sorted(borders)
    sections = tuple(Section(start=start, end=end) for start, end in pairwise(edges))
    passages = split_passages(paper(text, text[:title], sections))
    seen = covered(passages, text)
    assert all(was or letter.isspace() for was, letter in zip(seen, text, strict=True))
    for passage in passages:
        assert text[passage.start : passage.end] == passage.text
        assert sum(end - start for start, end in passage.sentences) <= MAX_CHARACTERS
        spans = passage.sentences
        assert (spans[0][0], spans[-1][1]) == (passage.start, passage.end)
        assert all(one[1] <= other[0] for one, other in pairwise(spans))
    assert len({(one.start, one.end) for one in passages}) == len(passages)


@on_a_busy_machine
@given(TEXTS)
def test_a_cut_inside_a_section_lies_inside_a_window(text: str) -> None:
    """Two neighbouring sentences of a section stand together in at least one passage."""
    passages = split_passages(paper(text))
    together = {pair for one in passages for pair in pairwise(one.sentences)}
    ordered = sorted({span for one in passages for span in one.sentences})
    assert together == set(pairwise(ordered))
