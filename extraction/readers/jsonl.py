"""JSON lines: one object a line, with `id`, `title`, `abstract`, `created`, or some of them.

`date` or `year` stand for `created`, and `text` or `body` follow the abstract; other keys are
not read. Without an id, the paper is known by its text.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import json
import re
from collections.abc import Iterator
from typing import Any

from extraction.readers.reader import Draft, Reader, Report, article_text
from kg import BadRecordError
from kg.files import Source

_BEGINNING = re.compile(r'\s*\{\s*("|\})')
_PARTIAL_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2]))?")
_DATES = ("created", "date", "year")
_BODIES = ("text", "body")


def read_json_lines(source: Source, report: Report) -> Iterator[Draft]:
    """Yield the papers of a JSON lines file; empty lines do not count."""
    for line in source.lines():
        if line.problem:
            report(line.where, line.problem)
        elif line.text.strip():
            try:
                yield _draft(line.where, _parse(source.path, line.where, line.text))
            except BadRecordError as error:
                report(line.where, error.reason)


def _parse(path: str, where: str, text: str) -> dict[str, Any]:
    try:
        record = json.loads(text)
    except json.JSONDecodeError as error:
        reason = f"not JSON: {error.msg} at character {error.pos + 1}; write one object a line"
        raise BadRecordError(path, where, reason) from error
    except (RecursionError, ValueError) as error:
        reason = f"not JSON that can be read: {error}"
        raise BadRecordError(path, where, reason) from error
    if not isinstance(record, dict):
        reason = f"a JSON {_kind(record)}, where an object with title and abstract is expected; "
        reason += "write one object a line"
        raise BadRecordError(path, where, reason)
    return record


def _draft(where: str, record: dict[str, Any]) -> Draft:
    title = _string(where, record, "title")
    abstract = _string(where, record, "abstract")
    bodies = [("", _string(where, record, key)) for key in _BODIES]
    text, sections = article_text(title, abstract, [body for body in bodies if body[1]])
    date = next((_date(where, key, record[key]) for key in _DATES if record.get(key)), None)
    return Draft(where, _id(where, record), title, text, sections, date)


def _string(where: str, record: dict[str, Any], key: str) -> str:
    value = record.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        reason = f"{key!r} is a JSON {_kind(value)}, where a string is expected"
        raise BadRecordError("", where, reason)
    return value if value.strip() else ""


def _id(where: str, record: dict[str, Any]) -> str:
    value = record.get("id")
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        reason = f"'id' is a JSON {_kind(value)}, where a string or a whole number is expected"
        raise BadRecordError("", where, reason)
    return str(value).strip()


def _date(where: str, key: str, value: object) -> str:
    """Return a date as ISO 8601, as precise as it is given: ISO, a year, or as in e-mail."""
    text = str(value).strip()
    if isinstance(value, str | int) and not isinstance(value, bool):
        if _PARTIAL_DATE.fullmatch(text):
            return text
        for parse in (dt.datetime.fromisoformat, email.utils.parsedate_to_datetime):
            try:
                return parse(text).date().isoformat()
            except ValueError:
                continue
    reason = f"{key!r} is {text[:40]!r}, where a date such as 2016-12-31, 2016-12 or 2016"
    raise BadRecordError("", where, f"{reason} is expected")


def _kind(value: object) -> str:
    kinds = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}
    return kinds.get(type(value), "number")


def _takes(head: str) -> bool:
    return _BEGINNING.match(head) is not None


JSON_LINES = Reader("JSON lines", (".jsonl", ".ndjson", ".json"), _takes, read_json_lines)
