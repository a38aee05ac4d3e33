"""Data types of properties, as a file names them beside a value's text.

A list of several kinds does not exist in a graph (`kg.store.names`); an empty list has none of
its own, so its kind is "[]".
"""

from __future__ import annotations

import re
from typing import Any

from kg.errors import BadRecordError

SCALARS: dict[type, str] = {str: "string", bool: "boolean", int: "long", float: "double"}
EMPTY = "[]"
# More than this in one value, in UTF-8, is refused on the way in: no paper is as long.
MAX_VALUE = 64 * 2**20

_LONG = re.compile(r"-?\d{1,19}")


def kind_of(value: Any) -> str:
    """Return the kind of a property's value."""
    if isinstance(value, list):
        return f"{SCALARS[type(value[0])]}[]" if value else EMPTY
    return SCALARS[type(value)]


def value_of(text: str, kind: str, path: str, where: str) -> Any:
    """Return the value that a text of some kind stands for; lists are no kind here.

    Raises:
        BadRecordError: the text is none of that kind.
    """
    match kind:
        case "string":
            return text
        case "long" if _LONG.fullmatch(text):
            return int(text)
        case "boolean" if text in ("true", "false"):
            return text == "true"
        case "double":
            try:
                return float(text)
            except ValueError:
                pass
    raise BadRecordError(path, where, f"{text[:60]!r} is no value of kind {kind}")
