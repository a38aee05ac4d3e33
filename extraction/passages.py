"""Passages: what goes through the encoder at once.

A title with its abstract is one passage unless it is very long. A long section becomes windows
of whole sentences. Each window begins with the last sentences of the one before, so whatever
stands on a border stands inside another window.
"""

from __future__ import annotations

from collections.abc import Iterator

from extraction.sentences import sentences, trim
from kg import Paper, Passage

MAX_CHARACTERS = 4_000
"""The longest passage: about 600 words, or 1,000 word pieces."""

MAX_SENTENCE = MAX_CHARACTERS // 2
"""The longest sentence; half a passage, so that one always fits beside its neighbour."""

OVERLAP = 400
"""Sentences of up to this many characters in all are repeated; at least one always is."""

Span = tuple[int, int]


def split_passages(paper: Paper) -> tuple[Passage, ...]:
    """Return the passages of a paper, in order; every character but white space is in one.

    A passage does not reach over the border of a section; a sentence does not reach over the end
    of the title.
    """
    return tuple(
        Passage(
            paper=paper.id,
            start=window[0][0],
            end=window[-1][1],
            text=paper.text[window[0][0] : window[-1][1]],
            sentences=tuple(window),
        )
        for section in _sections(paper)
        for window in _windows(_sentences_of(paper, section))
    )


def _sections(paper: Paper) -> Iterator[Span]:
    """Yield the sections in order, and whatever stands between them."""
    reached = 0
    for section in sorted(paper.sections, key=lambda section: section.start):
        start, end = max(section.start, reached), min(section.end, len(paper.text))
        if end <= start:
            continue
        yield reached, start
        yield start, end
        reached = end
    yield reached, len(paper.text)


def _sentences_of(paper: Paper, section: Span) -> Iterator[Span]:
    start, end = section
    title_end = len(paper.title) if paper.text.startswith(paper.title) else 0
    cut = title_end if start < title_end < end else start
    for part_start, part_end in ((start, cut), (cut, end)):
        for first, last in sentences(paper.text[part_start:part_end]):
            yield from _bounded(paper.text, part_start + first, part_start + last)


def _bounded(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield a sentence; one that is too long in parts, at white space or, without any, anywhere."""
    while end - start > MAX_SENTENCE:
        spaces = [start + MAX_SENTENCE // 2, start + MAX_SENTENCE]
        at = max(text.rfind(space, *spaces) for space in (" ", "\n", "\t"))
        at = at if at > start else start + MAX_SENTENCE
        part = trim(text, start, at)
        if part is not None:
            yield part
        start = at
    rest = trim(text, start, end)
    if rest is not None:
        yield rest


def _windows(spans: Iterator[Span]) -> Iterator[list[Span]]:
    """Yield windows of neighbouring sentences, each as long as the limit allows."""
    window: list[Span] = []
    for span in spans:
        if window and span[1] - window[0][0] > MAX_CHARACTERS:
            yield window
            window = _repeated(window, span)
        window.append(span)
    if window:
        yield window


def _repeated(window: list[Span], following: Span) -> list[Span]:
    """Return the sentences at the end of a window that the next one begins with."""
    end = window[-1][1]
    kept = [span for span in window if end - span[0] <= OVERLAP] or window[-1:]
    while len(kept) > 1 and following[1] - kept[0][0] > MAX_CHARACTERS:
        kept.pop(0)
    return kept
