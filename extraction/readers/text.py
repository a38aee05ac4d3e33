"""Plain text in UTF-8: one file is one paper, kept letter by letter, known by its text.

A first line of up to 300 characters with an empty line after it is the title.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from extraction.readers.reader import MAX_CHARACTERS, Draft, Reader, Report
from kg import UnreadableFileError
from kg.files import Source, undecodable

_TITLE = re.compile(r"\s*(\S[^\n]{0,299}?)[ \t\r]*\n[ \t\r]*\n\s*\S")
_MOST_BYTES_A_CHARACTER = 4


def read_text(source: Source, report: Report) -> Iterator[Draft]:  # noqa: ARG001 one record only
    """Yield the one paper of a text file.

    Raises:
        UnreadableFileError: not UTF-8, or too large.
    """
    data = source.whole(MAX_CHARACTERS * _MOST_BYTES_A_CHARACTER)
    text = _decode(source.path, data.removeprefix(codecs.BOM_UTF8))
    title = _TITLE.match(text)
    yield Draft(where="", raw_id="", title=title[1] if title else "", text=text)


def _decode(path: str, data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        number = before.count(b"\n") + 1
        column = error.start - before.rfind(b"\n")
        reason = undecodable(data[error.start], column)
        raise UnreadableFileError(path, f"line {number}", reason) from error


def _takes(head: str) -> bool:  # noqa: ARG001 any text may be one: the name has to say it
    return False


TEXT = Reader("plain text", (".txt", ".text"), _takes, read_text)
