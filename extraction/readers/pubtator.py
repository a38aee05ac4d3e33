"""PubTator: `pmid|t|title`, `pmid|a|abstract`, then annotations, which are never read.

The text is title, one space, abstract, so the offsets that such files hold are offsets of it,
also where the title is empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from extraction.readers.reader import Draft, Reader, Report
from kg.files import Line, Source

_TEXT = re.compile(r"([^|\t]+)\|([ta])\|(.*)", re.DOTALL)
_ANNOTATION = re.compile(r"[^|\t]+\t")
_BEGINNING = re.compile(r"\s*[^|\s][^|\t\n]*\|[ta]\|")


class _Block:
    """The lines of one document, as far as they have been read."""

    def __init__(self, line: Line) -> None:
        self.where = line.where
        self.id = ""
        self.parts: dict[str, str] = {}
        self.problem: tuple[str, str] | None = None

    def begins_another(self, id_: str, kind: str) -> bool:
        """Whether a text line cannot belong to this document any more."""
        complete = "a" in self.parts and id_ != self.id
        return bool(self.parts) and (kind == "t" or kind in self.parts or complete)

    def take(self, line: Line) -> None:
        found = _TEXT.fullmatch(line.text)
        if line.problem:
            self._refuse(line, line.problem)
        elif found is None:
            if not _ANNOTATION.match(line.text):
                reason = "neither id|t|title, nor id|a|abstract, nor an annotation with tabs: "
                self._refuse(line, f"{reason}{line.text[:60]!r}")
        elif self.id not in {"", found[1]}:
            self._refuse(line, f"the text of {found[1]!r} stands in the block of {self.id!r}")
        else:
            self.id = found[1]
            self.parts[found[2]] = found[3]

    def _refuse(self, line: Line, reason: str) -> None:
        self.problem = self.problem or (line.where, reason)

    def draft(self) -> Draft:
        title, abstract = self.parts.get("t", ""), self.parts.get("a", "")
        text = f"{title} {abstract}" if abstract else title
        return Draft(where=self.where, raw_id=self.id, title=title, text=text)


def read_pubtator(source: Source, report: Report) -> Iterator[Draft]:
    """Yield the documents of a PubTator file, set apart by empty lines or by the next title."""
    block: _Block | None = None
    for line in source.lines():
        text = _TEXT.fullmatch(line.text)
        ended = not line.text.strip() and not line.problem
        if block and (ended or (text and block.begins_another(text[1], text[2]))):
            yield from _finished(block, report)
            block = None
        if not ended:
            block = block or _Block(line)
            block.take(line)
    if block:
        yield from _finished(block, report)


def _finished(block: _Block, report: Report) -> Iterator[Draft]:
    if block.problem:
        report(*block.problem)
    elif not block.parts:
        report(block.where, "annotations without a title or an abstract before them")
    else:
        yield block.draft()


def _takes(head: str) -> bool:
    return _BEGINNING.match(head) is not None


PUBTATOR = Reader("PubTator", (".pubtator", ".pub"), _takes, read_pubtator)
