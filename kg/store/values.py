"""What the driver returns, as plain Python that JSON can hold.

A node is `{"labels": [sorted], "properties": {...}}`, a relationship
`{"type": ..., "properties": {...}}`, a path `{"nodes": [...], "relationships": [...]}`, a date,
time or duration its ISO text, a point `{"srid": ..., "coordinates": [...]}`, bytes base64.
Internal ids are left out: they differ between two servers that hold the same graph.
"""

from __future__ import annotations

import base64
from typing import Any

import neo4j
from neo4j import graph, spatial, time

from kg.graph_schema import SCALARS
from kg.store.names import Row

_SCALARS = frozenset({type(None), *SCALARS})


def plain_row(record: neo4j.Record) -> Row:
    """Return a record as a dict from column to plain value."""
    return {key: _plain(record[key]) for key in record.keys()}  # noqa: SIM118  (a record iterates its values)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list):
        # Long lists of numbers and texts (a snapshot's) are looked through without a call for each.
        plain = _SCALARS.issuperset(map(type, value))
        return value if plain else [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, graph.Node | graph.Relationship | graph.Path):
        return _plain_part(value)
    return _plain_special(value)


def _plain_part(value: graph.Node | graph.Relationship | graph.Path) -> Row:
    match value:
        case graph.Node():
            return {"labels": sorted(value.labels), "properties": _sorted(value)}
        case graph.Relationship():
            return {"type": value.type, "properties": _sorted(value)}
        case _:
            return {
                "nodes": [_plain_part(node) for node in value.nodes],
                "relationships": [_plain_part(edge) for edge in value.relationships],
            }


def _sorted(entity: graph.Entity) -> Row:
    return {key: _plain(value) for key, value in sorted(entity.items())}


def _plain_special(value: Any) -> Any:
    match value:
        case time.Date() | time.Time() | time.DateTime() | time.Duration():
            return value.iso_format()
        case spatial.Point():
            return {"srid": value.srid, "coordinates": list(value)}
        case bytes() | bytearray():
            return base64.b64encode(value).decode("ascii")
        case _:
            return str(value)
