"""Lists of retracted papers: Retraction Watch's table, or plain ids, one a line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from kg.errors import UnreadableFileError
from kg.files import open_source, shown
from kg.identifiers import paper_id

# https://doi.org/10.13003/c23rw1d9 (Crossref): columns of the Retraction Watch data.
_DOI, _PUBMED, _NATURE = "OriginalPaperDOI", "OriginalPaperPubMedID", "RetractionNature"
_DATE = "RetractionDate"
_DATE_FORMS = ("%m/%d/%Y %H:%M", "%m/%d/%Y", "%Y-%m-%d")
_RETRACTION = "retraction"
_NO_ID = {"", "0", "0.0", "unavailable", "nan"}
_COMMENT = "#"


def read_retractions(path: Path | str) -> list[str]:
    """Return the ids of the papers that a file says are retracted, each once, in its order.

    The file is the table of Retraction Watch (CSV, plain or packed): rows whose
    `RetractionNature` is Retraction, by DOI and by PubMed id; a correction or an expression of
    concern retracts nothing, and a paper that was reinstated later is not retracted. Where the
    table has been cut down to the columns of ids, or to one of them, every row counts. Or the
    file is a list of ids, one a line; blank lines and lines that begin with # do not count.

    Raises:
        UnreadableFileError: no such file, not UTF-8, or a table without the columns.
    """
    with open_source(Path(path)) as source:
        text = io.TextIOWrapper(source.stream(), encoding="utf-8-sig", newline="")
        try:
            first = text.readline()
            if delimiter := _delimiter(first):
                header = _checked(next(csv.reader([first], delimiter=delimiter)), shown(path))
                rows = csv.DictReader(text, header, restval="", delimiter=delimiter)
                return list(_retracted(rows))
            return list(dict.fromkeys(filter(None, map(_plain_id, [first, *text]))))
        except UnicodeDecodeError as error:
            reason = f"byte 0x{error.object[error.start]:02x} is not UTF-8; save it as UTF-8"
            raise UnreadableFileError(shown(path), "", reason) from error
        except csv.Error as error:
            raise UnreadableFileError(shown(path), "", f"no table: {error}") from error


def _delimiter(first_line: str) -> str | None:
    """Return what the columns of a table are parted by; None if the line is no head of one."""
    if "Retraction" not in first_line and "OriginalPaper" not in first_line:
        return None
    if first_line.strip().strip('"') in (_DOI, _PUBMED):
        return ","
    return next((mark for mark in ",;\t" if mark in first_line), None)


def _checked(header: list[str], path: str) -> list[str]:
    names = [name.strip() for name in header]
    if not {_DOI, _PUBMED} & {*names}:
        reason = f"the table has neither {_DOI} nor {_PUBMED}; its columns: {', '.join(names)}"
        raise UnreadableFileError(path, "line 1", reason)
    return names


def _retracted(rows: Iterable[Mapping[str, str]]) -> Iterator[str]:
    last: dict[str, tuple[datetime, bool]] = {}  # id -> when, and whether it was retracted then
    given: dict[str, str] = {}
    for row in rows:
        nature = row.get(_NATURE, _RETRACTION).strip().casefold()
        if nature not in (_RETRACTION, "reinstatement"):
            continue
        event = (_day(row.get(_DATE, "")), nature == _RETRACTION)
        for id_ in _ids(row):
            key = id_.casefold()  # of a DOI, case does not count
            given.setdefault(key, id_)
            last[key] = max(last.get(key, event), event)
    yield from (given[key] for key, (_, retracted) in last.items() if retracted)


def _ids(row: Mapping[str, str]) -> Iterator[str]:
    doi, pubmed = row.get(_DOI, "").strip(), row.get(_PUBMED, "").strip()
    if doi.casefold() not in _NO_ID:
        known = paper_id(doi, "")  # bare, or a link
        yield known if known.startswith("doi:") else f"doi:{doi}"
    if pubmed.casefold() not in _NO_ID:
        # A program that takes the column for numbers has written 12.0.
        known = paper_id(pubmed.removesuffix(".0"), "")
        yield known if known.startswith("pmid:") else f"pmid:{pubmed}"


def _day(text: str) -> datetime:
    for form in _DATE_FORMS:
        try:
            return datetime.strptime(text.strip(), form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return datetime.min.replace(tzinfo=UTC)


def _plain_id(line: str) -> str:
    id_ = line.strip()
    return "" if id_.startswith(_COMMENT) else id_
