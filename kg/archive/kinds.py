"""What kind of value a property is, so that a file can say it beside the value's text.

A list of several kinds does not exist in a graph (`kg.store.names`); an empty list has none of
its own, so its kind is "[]".
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, Literal, TypeAlias

from kg.errors import BadRecordError

Scalar: TypeAlias = Literal["string", "boolean", "long", "double"]

SCALARS: dict[type, str] = {str: "string", bool: "boolean", int: "long", float: "double"}
EMPTY = "[]"
LISTS = tuple(f"{kind}[]" for kind in SCALARS.values())
KINDS = (*SCALARS.values(), *LISTS, EMPTY)
# More than this in one value, in UTF-8, is refused on the way in: no paper is as long.
MAX_VALUE = 64 * 2**20

_TYPES = {kind: type_ for type_, kind in SCALARS.items()}
_INT64 = range(-(2**63), 2**63)
_LONG = re.compile(r"-?\d{1,19}")


def kind_of(value: Any) -> str:
    """Return the kind of a property's value: one of `KINDS`."""
    if isinstance(value, list):
        return f"{SCALARS[type(value[0])]}[]" if value else EMPTY
    return SCALARS[type(value)]


def text_of(value: Any) -> str:
    """Return the text of a value: a scalar's own, a list's as JSON."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case list():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return repr(value)


def value_of(text: str, kind: str, path: str, where: str) -> Any:
    """Return the value that a text of some kind stands for: `text_of` the other way.

    Raises:
        BadRecordError: the text is none of that kind, or too long.
    """
    try:
        return checked(_parsed(text, kind))
    except (ValueError, RecursionError) as error:
        shown = text if len(text) < 60 else text[:60] + "..."  # noqa: PLR2004
        raise BadRecordError(
            path, where, f"{shown!r} is no value of kind {kind} ({error})"
        ) from None


def checked(value: Any) -> Any:
    """Return a value if a graph can hold it.

    Raises:
        ValueError: it cannot: of no kind, of several kinds, too large.
    """
    items = value if isinstance(value, list) else [value]
    if len({type(item) for item in items}) > 1:
        raise ValueError("a list of several kinds")
    size = 0
    for item in items:
        if type(item) not in SCALARS:
            raise ValueError(f"a value of type {type(item).__name__}")
        if isinstance(item, float) and not math.isfinite(item):
            raise ValueError(f"{item} is not finite")
        if isinstance(item, int) and item not in _INT64:
            raise ValueError("it does not fit 64 bits")
        size += len(item) if isinstance(item, str) else 8
    if size > MAX_VALUE:
        raise ValueError(f"larger than {MAX_VALUE} characters")
    return value


def _parsed(text: str, kind: str) -> Any:
    if kind in LISTS or kind == EMPTY:
        value = json.loads(text)
        if not isinstance(value, list) or (value and kind_of(value) != kind):
            raise ValueError("another kind")
        return value
    match kind:
        case "string":
            return text
        case "long" if _LONG.fullmatch(text):
            return int(text)
        case "double":
            return float(text)
        case "boolean" if text in ("true", "false"):
            return text == "true"
    raise ValueError("another kind")
