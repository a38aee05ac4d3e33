"""Validation of names and values: what may be put into Cypher, and into a graph as a property.

A label or a relationship type cannot be a query parameter, so each is checked here before it
becomes part of a query's text: that is what makes injection impossible.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any

from kg.errors import PropertyError
from kg.graph_schema import (
    INDEXED,
    INT64,
    MAX_INDEXED,
    MAX_NAME,
    MAX_TEXT,
    is_label,
    is_property,
    is_relationship,
    is_text,
    n_bytes,
)

Row = dict[str, Any]


def valid_label(name: str) -> str:
    """Return the name if a node may carry it as a label.

    Raises:
        PropertyError: it is not CamelCase made of ASCII letters and digits.
    """
    if not is_label(name):
        raise PropertyError(
            f"{name[:60]!r} cannot be a label: write it CamelCase, letters and digits, "
            f"{MAX_NAME} at most"
        )
    return name


def valid_relationship_type(name: str) -> str:
    """Return the name if a relationship may have it as its type.

    Raises:
        PropertyError: it is not UPPER_SNAKE made of ASCII letters, digits and single underscores.
    """
    if not is_relationship(name):
        raise PropertyError(
            f"{name[:60]!r} cannot be a relationship type: write it UPPER_SNAKE, "
            f"letters and digits, {MAX_NAME} at most"
        )
    return name


def valid_property(name: str) -> str:
    """Return the name if a property may have it.

    Raises:
        PropertyError: it is not made of ASCII letters, digits and underscores.
    """
    if not is_property(name):
        raise PropertyError(
            f"{name[:60]!r} cannot be a property: use letters, digits and underscores, "
            f"{MAX_NAME} at most"
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
    if (size := n_bytes(text)) > MAX_INDEXED:
        raise PropertyError(
            f"property {name!r} of {owner[:40]!r} is {size} bytes long: it is indexed, so it "
            f"may have {MAX_INDEXED} at most; keep a longer text under another name"
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
        case int() if value in INT64:
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
    if len(value) > MAX_TEXT // 4 and (size := n_bytes(value)) > MAX_TEXT:
        raise _refused(name, owner, f"is {size} bytes long, and {MAX_TEXT} is the most")
    return value


def _refused(name: str, owner: str, what: str) -> PropertyError:
    shown = owner.encode("ascii", "backslashreplace").decode() if not is_text(owner) else owner
    of = f" of {shown}" if owner else ""
    return PropertyError(
        f"property {name!r}{of} {what}: a property is a text, a number, true or false, "
        "or a list of one of these"
    )
