"""Validation of names and values: what may be put into Cypher, and into a graph as a property.

A label or a relationship type cannot be a query parameter, so each is checked here before it
becomes part of a query's text: that is what makes injection impossible.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any

from kg.errors import PropertyError

Row = dict[str, Any]

# At most 128 characters: ArcadeDB makes files of these names, with more before and behind them.
_LABEL = re.compile(r"[A-Z][A-Za-z0-9]{0,127}")
_TYPE = re.compile(r"(?!.{129})[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
_PROPERTY = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
_INT64 = range(-(2**63), 2**63)
# Indexed, and Neo4j's index holds values of 8,167 bytes and no longer ones.
INDEXED = frozenset({"id", "name", "claim_id"})
_MAX_INDEXED_BYTES = 8000
_MAX_BYTES = 16_000_000  # the embedded store takes 2^24 of one text


def valid_label(name: str) -> str:
    """Return the name if a node may carry it as a label.

    Raises:
        PropertyError: it is not CamelCase made of ASCII letters and digits.
    """
    if not _LABEL.fullmatch(name):
        raise PropertyError(
            f"{name[:60]!r} cannot be a label: write it CamelCase, letters and digits, 128 at most"
        )
    return name


def valid_relationship_type(name: str) -> str:
    """Return the name if a relationship may have it as its type.

    Raises:
        PropertyError: it is not UPPER_SNAKE made of ASCII letters, digits and single underscores.
    """
    if not _TYPE.fullmatch(name):
        raise PropertyError(
            f"{name[:60]!r} cannot be a relationship type: write it UPPER_SNAKE, "
            "letters and digits, 128 at most"
        )
    return name


def valid_property(name: str) -> str:
    """Return the name if a property may have it.

    Raises:
        PropertyError: it is not made of ASCII letters, digits and underscores.
    """
    if not _PROPERTY.fullmatch(name):
        raise PropertyError(
            f"{name[:60]!r} cannot be a property: use letters, digits and underscores, 128 at most"
        )
    return name


def properties(values: Mapping[str, Any], owner: str = "") -> Row:
    """Return the properties as a graph can hold them: scalars, or lists of one scalar type.

    None is dropped, enumerations give their value, dates and times their ISO form, numpy's
    scalars Python's own. `owner` says in the error whose property it is.

    Raises:
        PropertyError: a value (named) that no graph can hold, a map for example.
    """
    return {
        valid_property(name): _value(value, name, owner)
        for name, value in values.items()
        if value is not None
    }


def parameter_rows(rows: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Return rows for `UNWIND $rows`: like `properties`, but a value may be a map of properties."""
    return [_parameter_row(row) for row in rows]


def _parameter_row(row: Mapping[str, Any]) -> Row:
    owner = str(row.get("id", ""))
    maps = {
        valid_property(name): properties(value, owner)
        for name, value in row.items()
        if isinstance(value, Mapping)
    }
    plain = {name: value for name, value in row.items() if name not in maps}
    return properties(plain, owner) | maps


def _value(value: Any, name: str, owner: str) -> Any:
    if isinstance(value, list | tuple):
        items = [_scalar(item, name, owner) for item in value]
        if len({type(item) for item in items}) > 1:
            raise _refused(name, owner, "is a list of several types of value")
        if name in INDEXED:
            raise _refused(name, owner, "is a list, and is indexed as one value")
        return items
    found = _scalar(value, name, owner)
    if name in INDEXED and isinstance(found, str):
        _refuse_long(found, name, owner)
    return found


def _refuse_long(text: str, name: str, owner: str) -> None:
    n_bytes = len(text.encode())
    if n_bytes > _MAX_INDEXED_BYTES:
        raise PropertyError(
            f"property {name!r} of {owner[:40]!r} is {n_bytes} bytes long: it is indexed, so it "
            f"may have {_MAX_INDEXED_BYTES} at most; keep a longer text under another name"
        )


def _scalar(value: Any, name: str, owner: str) -> bool | int | float | str:
    if isinstance(value, Enum):
        value = value.value
    elif isinstance(value, dt.date | dt.time):
        value = value.isoformat()
    elif hasattr(value, "dtype") and hasattr(value, "item"):
        value = value.item()
    match value:
        case bool():
            return value
        case str():
            return _text(value, name, owner)
        case int() if value in _INT64:
            return value
        case float() if math.isfinite(value):
            return value
        case int() | float():
            raise _refused(name, owner, f"is {value}, and must be finite and fit 64 bits")
        case _:
            raise _refused(name, owner, f"is of type {type(value).__name__}")


def _text(value: str, name: str, owner: str) -> str:
    if not is_text(value):
        raise _refused(name, owner, "holds half a surrogate pair, which is no character")
    if len(value) > _MAX_BYTES // 4 and (n_bytes := len(value.encode())) > _MAX_BYTES:
        raise _refused(name, owner, f"is {n_bytes} bytes long, and {_MAX_BYTES} is the most")
    return value


def is_text(value: str) -> bool:
    """Whether UTF-8 can hold it: half of a surrogate pair is no character."""
    if value.isascii():
        return True
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _refused(name: str, owner: str, what: str) -> PropertyError:
    shown = owner.encode("ascii", "backslashreplace").decode() if not is_text(owner) else owner
    of = f" of {shown}" if owner else ""
    return PropertyError(
        f"property {name!r}{of} {what}: a property is a text, a number, true or false, "
        "or a list of one of these"
    )
