"""Records as JSON, one a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kg.errors import BadRecordError
from kg.exporting.formats import opened_to_read
from kg.exporting.kinds import MAX_VALUE, checked
from kg.exporting.records import EdgeRecord, NodeRecord, Record

# A line holds a whole record: several large values, and each of them may be written twice.
MAX_LINE = 8 * MAX_VALUE

_ENDS = ("type", "start_label", "start", "end_label", "end")


def record_json(record: Record) -> dict[str, Any]:
    """Return a record as JSON can hold it."""
    if isinstance(record, NodeRecord):
        return {"labels": list(record.labels), "properties": record.properties}
    return record._asdict()


def json_line(value: Any) -> bytes:
    """Return a value as one line of JSON, with its line end."""
    return (json.dumps(value, ensure_ascii=False) + "\n").encode()


def parsed(text: str | bytes, path: str, where: str) -> dict[str, Any]:
    """Return the object that a text of JSON holds.

    Raises:
        BadRecordError: it holds none.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadRecordError(path, where, f"is no JSON: {error}") from error
    if not isinstance(value, dict):
        raise BadRecordError(path, where, "is no JSON object")
    return value


def record_of(value: dict[str, Any], path: str, where: str) -> Record:
    """Return the record that an object stands for.

    Raises:
        BadRecordError: it stands for none.
    """
    properties, labels = value.get("properties"), value.get("labels")
    if not isinstance(properties, dict):
        raise BadRecordError(path, where, "has no object of properties")
    for name, property_ in properties.items():
        try:
            checked(property_)
        except ValueError as error:
            raise BadRecordError(path, where, f"property {name!r}: {error}") from error
    if isinstance(labels, list) and all(isinstance(label, str) for label in labels):
        return NodeRecord(tuple(labels), properties)
    ends = {name: value.get(name) for name in _ENDS}
    if not all(isinstance(end, str) for end in ends.values()):
        raise BadRecordError(path, where, "is neither a node (labels) nor an edge (type, ends)")
    return EdgeRecord(**{name: str(end) for name, end in ends.items()}, properties=properties)


def lines_of(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the lines of a file, packed or not, each with where it stands.

    Raises:
        BadRecordError: a line is too long.
        UnreadableFileError: the file cannot be unpacked.
    """
    with opened_to_read(path) as file:
        number = 0
        while line := file.readline(MAX_LINE + 1):
            number += 1
            if len(line) > MAX_LINE:
                raise BadRecordError(str(path), f"line {number}", f"has over {MAX_LINE} bytes")
            yield f"line {number}", line
