"""Rows on their way into tables: which table takes them, with which columns of which kinds."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias

from kg.archive.kinds import EMPTY, SCALARS, kind_of
from kg.archive.records import EdgeBlock, NodeRecord, Record

START, END = ":start", ":end"  # no property has such a name

_FIRST_ROWS = 64

Kinds: TypeAlias = dict[str, str]  # by column, sorted


class Same(NamedTuple):
    """A column that has one value in all rows."""

    value: Any


Columns: TypeAlias = dict[str, list[Any] | Same]  # by name: values, None where a row has none


class Part(NamedTuple):
    """Rows for the table of this number; the columns of edges have START and END among them."""

    number: int
    rows: int
    kinds: Kinds
    columns: Columns


class WaitingRows:
    """Records that are not on disk yet; there are to be `limit` of them at most."""

    __slots__ = ("limit", "rows")

    def __init__(self) -> None:
        self.limit = _FIRST_ROWS
        self.rows: list[Any] = []

    def taken(self, tables: Sequence[Kinds]) -> Iterator[Part]:
        """Yield all of them, for tables of these kinds and for new ones; they wait no more."""
        rows, self.rows = self.rows, []
        return _by_table(rows, tables)


class WaitingBlocks:
    """Edges that differ in the same columns, and are not on disk yet."""

    __slots__ = ("block", "limit")

    def __init__(self, like: EdgeBlock) -> None:
        self.limit = _FIRST_ROWS
        self.block = _emptied(like)

    def add(self, block: EdgeBlock) -> None:
        """Add edges."""
        self.block.starts.extend(block.starts)
        self.block.ends.extend(block.ends)
        for name, values in block.varying.items():
            self.block.varying[name].extend(values)

    def taken(self, tables: Sequence[Kinds]) -> Iterator[Part]:
        """Yield all of them, for tables of these kinds and for new ones; they wait no more."""
        block, self.block = self.block, _emptied(self.block)
        same = {name: Same(value) for name, value in block.same.items()}
        columns: Columns = {**same, **block.varying}
        ends: Columns = {START: block.starts, END: block.ends}
        return _placed(columns, ends, len(block.starts), block.records, tables)


def _emptied(block: EdgeBlock) -> EdgeBlock:
    varying: dict[str, list[Any]] = {name: [] for name in block.varying}
    return block._replace(starts=[], ends=[], varying=varying)


def _columns(rows: Sequence[Record]) -> Columns:
    """Return, by name, the value of a property in each row, None where it is not."""
    every = [row.properties for row in rows]
    names = dict.fromkeys(itertools.chain.from_iterable(every))
    return {name: [row.get(name) for row in every] for name in names}


def _ends(rows: Sequence[Any]) -> Columns:
    if isinstance(rows[0], NodeRecord):
        return {}
    return {START: [row.start for row in rows], END: [row.end for row in rows]}


def _by_table(rows: Sequence[Record], tables: Sequence[Kinds]) -> Iterator[Part]:
    """Yield records by table: nearly always one table for all."""
    if rows:
        yield from _placed(_columns(rows), _ends(rows), len(rows), lambda: rows, tables)


def _placed(
    columns: Columns,
    ends: Columns,
    rows: int,
    records: Callable[[], Iterable[Record]],
    tables: Sequence[Kinds],
) -> Iterator[Part]:
    """Yield rows by table; `records` gives them one by one, should one table not take all."""
    if not rows:
        return
    kinds = {name: _kind_in(column) for name, column in columns.items()}
    if None in kinds.values():
        yield from _row_by_row(records(), tables)
        return
    one: Kinds = {name: kind for name, kind in kinds.items() if kind}
    number = next((n for n, table in enumerate(tables) if _fit(table, one)), len(tables))
    yield Part(number, rows, one, columns | ends)


def _row_by_row(rows: Iterable[Record], tables: Sequence[Kinds]) -> Iterator[Part]:
    known = list(tables)
    parts: dict[int, tuple[list[Record], Kinds]] = {}
    for row in rows:
        kinds = {name: kind_of(value) for name, value in row.properties.items()}
        number = next((n for n, kept in enumerate(known) if _fit(kept, kinds)), len(known))
        kept = known[number] if number < len(known) else {}
        both = {name: joined(kept.get(name), kind) or kind for name, kind in kinds.items()}
        known[number : number + 1] = [kept | both]
        part, of_part = parts.setdefault(number, ([], {}))
        part.append(row)
        of_part.update(both)
    for number in sorted(parts):
        part, of_part = parts[number]
        yield Part(number, len(part), of_part, _columns(part) | _ends(part))


def _kind_in(column: list[Any] | Same) -> str | None:
    """Return the one kind of all values in a column; None if there is none."""
    return kind_of(column.value) if isinstance(column, Same) else _only(_kinds(column))


def _kinds(values: Sequence[Any]) -> set[str]:
    types = set(map(type, values))
    types.discard(type(None))
    if list not in types:
        return {SCALARS[type_] for type_ in types}
    if types == {list}:  # millions of lists come through here, of few kinds
        items = {type(value[0]) if value else None for value in values if value is not None}
        return {f"{SCALARS[item]}[]" if item else EMPTY for item in items}
    return {kind_of(value) for value in values if value is not None}


def _only(kinds: set[str]) -> str | None:
    """Return the one kind that all of these are; None if there is none."""
    one: str | None = None
    for kind in sorted(kinds):
        one = joined(one, kind)
        if one is None:
            return None
    return one


def _fit(known: Kinds, kinds: Kinds) -> bool:
    return all(joined(known.get(name), kind) for name, kind in kinds.items())


def joined(known: str | None, kind: str) -> str | None:
    """Return the kind of a column that takes both; None if there is none."""
    if known is None or known == kind:
        return kind
    if known == EMPTY and kind.endswith("[]"):
        return kind
    if kind == EMPTY and known.endswith("[]"):
        return known
    return None
