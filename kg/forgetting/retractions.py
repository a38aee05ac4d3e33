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
_NO_ID = {"", "0", "unavailable"}
_COMMENT = "#"


def read_retractions(path: Path | str) -> list[str]:
    """Return the ids of the papers that a file says are retracted, each once, in its order.

    The file is the table of Retraction Watch (CSV, plain or packed): rows whose
    `RetractionNature` is Retraction, by DOI and by PubMed id; a correction or an expression of
    concern retracts nothing, and a paper that was reinstated later is not retracted. Or it is a
    list of ids, one a line; blank lines and lines that begin with # do not count.

    Raises:
        UnreadableFileError: no such file, not UTF-8, or a table without the columns.
    """
    with open_source(Path(path)) as source:
        text = io.TextIOWrapper(source.stream(), encoding="utf-8-sig", newline="")
        try:
            first = text.readline()
            if _is_table(first):
                header = _checked(next(csv.reader([first])), shown(path))
                return list(_retracted(csv.DictReader(text, fieldnames=header, restval="")))
            return list(dict.fromkeys(filter(None, map(_plain_id, [first, *text]))))
        except UnicodeDecodeError as error:
            reason = f"byte 0x{error.object[error.start]:02x} is not UTF-8; save it as UTF-8"
            raise UnreadableFileError(shown(path), "", reason) from error
        except csv.Error as error:
            raise UnreadableFileError(shown(path), "", f"no table: {error}") from error


def _is_table(first_line: str) -> bool:
    return "," in first_line and ("Retraction" in first_line or "OriginalPaper" in first_line)


def _checked(header: list[str], path: str) -> list[str]:
    missing = [name for name in (_NATURE, _DOI, _PUBMED) if name not in header]
    if missing:
        reason = f"the table has no column {', '.join(missing)}; its columns: {', '.join(header)}"
        raise UnreadableFileError(path, "line 1", reason)
    return header


def _retracted(rows: Iterable[Mapping[str, str]]) -> Iterator[str]:
    last: dict[str, tuple[datetime, bool]] = {}  # id -> when, and whether it was retracted then
    for row in rows:
        nature = row[_NATURE].strip().casefold()
        if nature not in ("retraction", "reinstatement"):
            continue
        event = (_day(row.get(_DATE, "")), nature == "retraction")
        for id_ in _ids(row):
            last[id_] = max(last.get(id_, event), event)
    yield from (id_ for id_, (_, retracted) in last.items() if retracted)


def _ids(row: Mapping[str, str]) -> Iterator[str]:
    doi, pubmed = row[_DOI].strip(), row[_PUBMED].strip()
    if doi.casefold() not in _NO_ID:
        known = paper_id(doi, "")  # bare, or a link
        yield known if known.startswith("doi:") else f"doi:{doi}"
    if pubmed not in _NO_ID:
        yield f"pmid:{pubmed}"


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
