"""What a reader is: one file format in, drafts of papers out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kg import Section
from kg.files import Source

MAX_WORDS = 50_000
MAX_CHARACTERS = 1_000_000

Report = Callable[[str, str], None]
"""Called with the place and the reason of a record that cannot be used."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A record as a file holds it, before it is checked and becomes a `kg.Paper`.

    `where` is its place in the file; `raw_id` is the id that the file gives it, "" for none.
    """

    where: str
    raw_id: str
    title: str
    text: str
    sections: tuple[Section, ...] = ()
    date: str | None = None
    licence: str | None = None
    retracted: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """One file format.

    Args:
        name: what the format is called.
        extensions: endings of file names, without `.gz` or `.xz`; they decide where the content
            does not.
        takes: whether the beginning of a file (up to 64 KiB, decoded) is of this format.
        read: yields the records of a file in order, and reports those that cannot be used;
            raises `kg.InputError` where the file cannot be read on.
    """

    name: str
    extensions: tuple[str, ...]
    takes: Callable[[str], bool]
    read: Callable[[Source, Report], Iterator[Draft]]


def front_text(title: str, abstract: str) -> str:
    """Return title, one space, abstract: the offset of the abstract is `len(title) + 1`."""
    return f"{title} {abstract}" if title and abstract else title or abstract


def article_text(
    title: str, abstract: str, body: list[tuple[str, str]]
) -> tuple[str, tuple[Section, ...]]:
    """Return the text of an article, and its sections: title with abstract, then the body's.

    `body` holds heading and text of each section; sections are set apart by an empty line.
    Without a body there is nothing to set apart, and no section.
    """
    pieces = [("", front_text(title, abstract)), *body]
    text = ""
    sections = []
    for heading, piece in pieces:
        if not piece.strip():
            continue
        text += "\n\n" if text else ""
        sections.append(Section(start=len(text), end=len(text) + len(piece), heading=heading))
        text += piece
    return text, tuple(sections) if body else ()
