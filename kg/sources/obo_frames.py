"""The frames of an OBO file, one after the other, parsed by fastobo.

fastobo reads a document as a whole or not at all, so it is given one frame at a time: a line that
it refuses costs that line alone, and the file may be of any length.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import fastobo

from kg.files import Line, open_source

_KIND = re.compile(r"\[(\w+)\]\s*(?:!.*)?")
# References behind a definition or a synonym, and what may follow them.
_REFERENCES = re.compile(r"\[[^\[\]]*\](\s*(?:\{.*\})?\s*(?:!.*)?)$")
_UNSCOPED = re.compile(r'^(synonym:\s*"(?:[^"\\]|\\.)*")\s*(?=\[)')
_REFERRING = ("def:", "synonym:")


class Frame(NamedTuple):
    """A stanza: `kind` is empty for the header."""

    kind: str
    lines: list[Line]

    @property
    def where(self) -> str:
        """The line where it starts."""
        return self.lines[0].where if self.lines else "line 1"


OnBadLine = Callable[[Line, str], None]


def frames(path: Path) -> Iterator[Frame]:
    """Yield the header and every stanza of a file, in order; blank lines are left out."""
    kind, held = "", list[Line]()
    with open_source(path) as opened:
        for line in opened.lines():
            started = _KIND.fullmatch(line.text.strip())
            if started:
                yield Frame(kind, held)
                kind, held = started[1], [line]
            elif line.problem or (line.text.strip() and not line.text.startswith("!")):
                held.append(line)
    yield Frame(kind, held)


def clauses(frame: Frame, on_bad_line: OnBadLine) -> tuple[str, list[Any]]:
    """Return a frame's id and its clauses as fastobo has them; lines that it refuses are told.

    The id of the header is empty.

    Raises:
        ValueError: the frame has no id, or none that can be read.
    """
    if any(line.problem for line in frame.lines):
        return _line_by_line(frame, on_bad_line)
    try:
        return _parsed(frame.kind, [line.text for line in frame.lines])
    except SyntaxError:
        return _line_by_line(frame, on_bad_line)


def _parsed(kind: str, texts: list[str]) -> tuple[str, list[Any]]:
    document = fastobo.loads("\n".join([*texts, ""]))
    if not kind:
        return "", list(document.header)
    return id_of(document[0].id), list(document[0])


def id_of(ident: Any) -> str:
    r"""Return an id as it is meant: a file may write `NORD:http\://x.org`, and `\n` at an end."""
    match ident:
        case fastobo.id.PrefixedIdent():
            return f"{ident.prefix}:{ident.local}".strip()
        case fastobo.id.UnprefixedIdent():
            return str(ident.unescaped).strip()
        case _:
            return str(ident)


def _line_by_line(frame: Frame, on_bad_line: OnBadLine) -> tuple[str, list[Any]]:
    start: list[str] = []
    rest = frame.lines
    if frame.kind:
        if len(rest) < 2 or not rest[1].text.startswith("id:"):  # noqa: PLR2004
            raise ValueError(f"a [{frame.kind}] whose second line is no id")
        start, rest = [line.text for line in rest[:2]], rest[2:]
    try:
        id_, found = _parsed(frame.kind, start)
    except SyntaxError as error:
        raise ValueError(f"{start[-1][:200]!r} cannot be read: {error.msg}") from error
    for line in rest:
        try:
            found.extend(_clause(frame.kind, start, line))
        except SyntaxError as error:
            on_bad_line(line, f"{line.text[:200]!r} is no clause of OBO: {error.msg}")
    return id_, found


def _clause(kind: str, start: list[str], line: Line) -> list[Any]:
    if line.problem:
        raise SyntaxError(line.problem)
    try:
        return _parsed(kind, [*start, line.text])[1]
    except SyntaxError:
        # References such as [JA:Epilepsy Genetics Kiel] break the rules often, and nothing here
        # needs them: without them the definition can be read. A synonym without a scope is a
        # related one (OBO 1.2).
        mended = _UNSCOPED.sub(r"\1 RELATED ", line.text)
        if line.text.startswith(_REFERRING):
            mended = _REFERENCES.sub(r"[]\1", mended)
        if mended == line.text:
            raise
        return _parsed(kind, [*start, mended])[1]
