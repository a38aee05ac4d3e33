"""The edges of a restore in columns: checked, sized, and told to a server with few words.

Measured for 40,000 claims of Hetionet on the embedded server (edges per second of processor time):
a row with all its properties 13,800, rows under their start node 17,600, properties in the
statement instead of a map 25,500, and those that all rows share sent once 31,800.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, TypeAlias

from kg.archive.records import EdgeBlock, EdgeRecord
from kg.graph_schema import INDEXED
from kg.store.names import valid_label, valid_property, valid_relationship_type

_SHARED = 50  # rows, from which on it is worth a statement of its own what all of them share
_SHAPES = 16  # sets of properties that edges of one kind have, each with a statement of its own
_SHORT = 2000  # characters; never too many bytes for an index (`kg.store.names`)
_LONG = 4_000_000  # characters; never too many bytes for a server
_INT64 = (-(2**63), 2**63 - 1)

Kind: TypeAlias = tuple[str, str, str]  # a type, and the labels of its start and its end


class EdgeStatement(NamedTuple):
    """A statement that creates edges of a kind, `rows` of them if all their ends are there."""

    kind: Kind
    rows: int
    cypher: str
    parameters: dict[str, Any]

    @property
    def groups(self) -> list[list[Any]]:
        """Start nodes, each with a list of rows that begin with the end node."""
        groups: list[list[Any]] = self.parameters["groups"]
        return groups


def in_columns(edges: Iterable[EdgeRecord]) -> Iterator[EdgeBlock]:
    """Yield edges in blocks, one for each kind and each set of properties."""
    found: dict[Any, list[EdgeRecord]] = defaultdict(list)
    for edge in edges:
        found[edge.type, edge.start_label, edge.end_label, tuple(edge.properties)].append(edge)
    for (type_, start, end, names), rows in found.items():
        columns = zip(*(row.properties.values() for row in rows), strict=True)
        yield EdgeBlock(
            type_,
            start,
            end,
            [row.start for row in rows],
            [row.end for row in rows],
            {},
            dict(zip(names, map(list, columns), strict=True)),
        )


def pieces(block: EdgeBlock, rows: int, characters: int) -> Iterator[tuple[EdgeBlock, int]]:
    """Yield a block in pieces that are not larger, with the characters of each, about."""
    for start in range(0, len(block.starts), rows):
        piece = cut(block, start, start + rows)
        size = sum(map(_characters, (piece.starts, piece.ends, *piece.varying.values())))
        if size > characters and len(piece.starts) > 1:
            yield from pieces(piece, -(-len(piece.starts) // 2), characters)
        else:
            yield piece, size


def cut(block: EdgeBlock, start: int, stop: int | None = None) -> EdgeBlock:
    """Return some of the edges of a block."""
    if start == 0 and stop is not None and stop >= len(block.starts):
        return block
    return block._replace(
        starts=block.starts[start:stop],
        ends=block.ends[start:stop],
        varying={name: values[start:stop] for name, values in block.varying.items()},
    )


def is_sound(block: EdgeBlock) -> bool:
    """Whether a graph can surely hold all properties of a block; if not, it may still do."""
    columns = [*block.varying.items(), *((name, [value]) for name, value in block.same.items())]
    return all(_is_sound(name, values) for name, values in columns)


def statements(blocks: Iterable[EdgeBlock]) -> Iterator[EdgeStatement]:
    """Yield what creates the edges of some blocks.

    Raises:
        PropertyError: a label, type or name that a graph cannot hold.
    """
    kinds: dict[Kind, list[EdgeBlock]] = defaultdict(list)
    for block in blocks:
        kinds[block.type, block.start_label, block.end_label].append(block)
    for kind, every in kinds.items():
        if len(every) > _SHAPES:
            yield _by_maps(kind, every)
        else:
            yield from map(_by_names, every)


def _by_names(block: EdgeBlock) -> EdgeStatement:
    """Return the statement that names every property, and sends once what all rows share."""
    same, varying = dict(block.same), dict(block.varying)
    if len(block.starts) >= _SHARED:
        for name in [name for name, values in varying.items() if _is_one(values)]:
            same[name] = varying.pop(name)[0]
    said = {name: f"row[{number}]" for number, name in enumerate(varying, start=1)}
    said |= {name: f"$same{number}" for number, name in enumerate(same)}
    named = ", ".join(f"`{valid_property(name)}`: {value}" for name, value in said.items())
    kind = (block.type, block.start_label, block.end_label)
    cypher = _create(kind, f" {{{named}}}" if named else "")
    rows = map(list, zip(block.ends, *varying.values(), strict=True))
    parameters = {f"same{number}": value for number, value in enumerate(same.values())}
    groups = _grouped(zip(block.starts, rows, strict=True))
    return EdgeStatement(kind, len(block.starts), cypher, {"groups": groups, **parameters})


def _by_maps(kind: Kind, blocks: Iterable[EdgeBlock]) -> EdgeStatement:
    """Return one statement for edges that differ in which properties they have."""
    edges = [edge for block in blocks for edge in block.records()]
    for name in {name for edge in edges for name in edge.properties}:
        valid_property(name)
    groups = _grouped((edge.start, [edge.end, edge.properties]) for edge in edges)
    return EdgeStatement(kind, len(edges), _create(kind, "", " SET r = row[1]"), {"groups": groups})


def _create(kind: Kind, properties: str, sets: str = "") -> str:
    type_, start, end = kind
    return (
        f"UNWIND $groups AS g MATCH (a:{valid_label(start)} {{id: g[0]}}) "
        f"WITH a, g UNWIND g[1] AS row MATCH (b:{valid_label(end)} {{id: row[0]}}) "
        f"CREATE (a)-[r:{valid_relationship_type(type_)}{properties}]->(b){sets} "
        "RETURN count(r) AS n"
    )


def _grouped(rows: Iterable[tuple[str, list[Any]]]) -> list[list[Any]]:
    groups: dict[str, list[list[Any]]] = {}
    for start, row in rows:
        groups.setdefault(start, []).append(row)
    return [[start, every] for start, every in groups.items()]


def _is_one(values: list[Any]) -> bool:
    """Whether all values are the same one; some that are may be said not to be."""
    first = values[0]
    if isinstance(first, list):
        # A comparison takes 1, 1.0 and True for one, and 0.0 and -0.0.
        texts = all(isinstance(item, str) for item in first)
        return texts and values.count(first) == len(values)
    if isinstance(first, float) and not first:
        return False
    return values.count(first) == len(values) and set(map(type, values)) == {type(first)}


def _is_sound(name: str, values: list[Any]) -> bool:
    types = set(map(type, values))
    if types == {list}:
        flat = list(itertools.chain.from_iterable(values))
        return name not in INDEXED and list not in map(type, flat) and _is_sound("", flat)
    if not types:
        return True
    if types == {str}:
        longest = max(map(len, values))
        return longest <= (_SHORT if name in INDEXED else _LONG) and _is_text("".join(values))
    if types == {float}:
        return all(map(math.isfinite, values))
    if types == {int}:
        return bool(_INT64[0] <= min(values) and max(values) <= _INT64[1])
    return types == {bool}


def _is_text(text: str) -> bool:
    try:
        return text.isascii() or bool(text.encode())
    except UnicodeEncodeError:
        return False


def _characters(values: list[Any]) -> int:
    if values and isinstance(values[0], list):
        return _characters(list(itertools.chain.from_iterable(values)))
    return sum(map(len, values)) if values and isinstance(values[0], str) else 8 * len(values)
