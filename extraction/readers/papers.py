"""From paths to papers: every record once, and a failure for everything that is not one."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from itertools import islice

from extraction.readers.reader import MAX_CHARACTERS, MAX_WORDS, Draft
from extraction.readers.registry import choose_reader
from extraction.readers.walking import find_files
from kg import Failure, InputError, Paper, UnreadableFileError, UsageError, paper_id
from kg.files import Source, open_source

MAX_BAD_AT_START = 100

OnFailure = Callable[[Failure], None]


def read_papers(
    paths: Iterable[str | os.PathLike[str]],
    *,
    limit: int | None = None,
    on_failure: OnFailure,
) -> Iterator[Paper]:
    """Yield the papers of files and folders, in order, each id once, in bounded memory.

    Args:
        paths: files (PubTator, JSON lines, plain text, JATS XML; also `.gz` and `.xz`), and
            folders of them, which are read with all that is below them, sorted by name.
        limit: yield this many papers at most.
        on_failure: called with everything that cannot be used; reading goes on after it.

    Raises:
        UsageError: a limit below 1, or one path where several are expected.
    """
    if isinstance(paths, str | os.PathLike):
        raise UsageError(f"paths is {paths!r}, where a list of paths is expected: [{paths!r}]")
    if limit is not None and limit < 1:
        raise UsageError(f"the limit is {limit}, where a whole number from 1 on is expected")
    return _limited(paths, limit, on_failure)


def _limited(
    paths: Iterable[str | os.PathLike[str]], limit: int | None, on_failure: OnFailure
) -> Iterator[Paper]:
    with closing(_all_papers(paths, on_failure)) as papers:
        yield from islice(papers, limit)


def _all_papers(
    paths: Iterable[str | os.PathLike[str]], on_failure: OnFailure
) -> Generator[Paper, None, None]:
    seen = _Seen()
    for path in find_files(paths, on_failure):
        try:
            with open_source(path) as source:
                yield from _papers_of(source, seen, on_failure)
        except InputError as error:
            on_failure(Failure(path=error.path, where=error.where, reason=error.reason))


def _papers_of(source: Source, seen: _Seen, on_failure: OnFailure) -> Iterator[Paper]:
    reader = choose_reader(source)
    good = bad = 0

    def report(where: str, reason: str) -> None:
        nonlocal bad
        bad += 1
        on_failure(Failure(path=source.path, where=where, reason=reason))
        if not good and bad >= MAX_BAD_AT_START:
            why = f"its first {bad} records cannot be used, so the rest is not read; "
            raise UnreadableFileError(source.path, where, f"{why}is it {reader.name}?")

    for draft in reader.read(source, report):
        reason = unusable(draft)
        if reason:
            report(draft.where or draft.raw_id, reason)
            continue
        good += 1
        paper = _paper(draft, source.path)
        again = seen.before(draft.raw_id, paper)
        if again == _OTHER_TEXT:
            place = f", {draft.where}" if draft.where else ""
            report(f"{draft.raw_id or paper.id}{place}", _DUPLICATE)
        elif not again:
            yield paper


_SAME_TEXT = "same text"
_OTHER_TEXT = "other text"
_DUPLICATE = (
    "this id came before with another text; the first one is kept: give one of them another id"
)


class _Seen:
    """Which ids came before, with which text. Only digests are kept: about 200 bytes an id."""

    def __init__(self) -> None:
        self._texts: dict[bytes, bytes] = {}

    def before(self, raw_id: str, paper: Paper) -> str:
        """Return whether the paper's ids came before with the same text, another one, or not."""
        text = _digest(paper.text)
        # Where no CURIE comes of an id, the paper is known by its text: only the raw id can
        # tell then that two texts claim to be the same paper.
        ids = {_digest(paper.id), _digest(f"raw {raw_id}")} if raw_id else {_digest(paper.id)}
        known = {self._texts[id_] for id_ in ids if id_ in self._texts}
        if known - {text}:
            return _OTHER_TEXT
        self._texts.update(dict.fromkeys(ids, text))
        return _SAME_TEXT if known else ""


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8"), digest_size=16).digest()


def _paper(draft: Draft, path: str) -> Paper:
    return Paper(
        id=paper_id(draft.raw_id, draft.text),
        title=draft.title,
        text=draft.text,
        date=draft.date,
        source=path,
        licence=draft.licence,
        retracted=draft.retracted,
        sections=draft.sections,
    )


def unusable(draft: Draft) -> str:
    """Return why a record cannot become a paper, "" if it can."""
    text = draft.text
    if not text.strip():
        return "no title and no abstract: there is nothing to read"
    if "\0" in text or "\0" in draft.raw_id:
        return f"a NUL character at character {text.find(chr(0)) + 1} of its text; remove it"
    for name, value in (("text", text), ("id", draft.raw_id), ("title", draft.title)):
        try:
            value.encode("utf-8")
        except UnicodeEncodeError as error:
            what = f"an unpaired surrogate (U+{ord(value[error.start]):04X})"
            return f"{what} at character {error.start + 1} of its {name}; it is no character"
    words = len(text.split())
    if words > MAX_WORDS:
        return f"{words:,} words, more than the {MAX_WORDS:,} of one paper; split it into papers"
    if len(text) > MAX_CHARACTERS:
        return f"{len(text):,} characters, more than the {MAX_CHARACTERS:,} of one paper; split it"
    return ""
