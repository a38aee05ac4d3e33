"""One transaction: what a function given to `Graph.transaction` works with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from kg.errors import PropertyError
from kg.store.names import (
    Row,
    parameter_rows,
    properties,
    valid_label,
    valid_property,
    valid_relationship_type,
)

_STATEMENT_CHARACTERS = 8_000_000


class Transaction:
    """A running transaction. Nothing of it is seen by others until the function returns.

    Args:
        execute: sends a statement with its parameters and returns the rows.
    """

    def __init__(self, execute: Callable[[str, dict[str, Any]], list[Row]]) -> None:
        self._execute = execute

    def run(self, cypher: str, /, **parameters: Any) -> list[Row]:
        """Run one statement and return its rows as plain Python (see `kg.store.values`).

        Raises:
            PropertyError: a parameter of a type that cannot be sent.
        """
        return self._execute(cypher, parameters)

    def rows(self, cypher: str, rows: Iterable[Mapping[str, Any]]) -> list[Row]:
        """Run a statement that begins with `UNWIND $rows AS row`.

        A value of a row is a property value, or a map of properties (for `SET n += row.map`).

        Raises:
            PropertyError: a value that a graph cannot hold.
        """
        return self.run(cypher, rows=parameter_rows(rows))

    def merge_nodes(
        self, labels: Sequence[str], rows: Iterable[Mapping[str, Any]], *, replace: bool = False
    ) -> int:
        """Make sure that a node with these labels stands for each row, and set its properties.

        Args:
            labels: the first one is the one under which `id` is unique. A node that is there
                already keeps the labels that it has.
            rows: an `id` and other properties each. None leaves a property as it is.
            replace: a property that the row does not have, or has as None, is removed.

        Returns:
            how many rows there were.

        Raises:
            PropertyError: a value that a graph cannot hold, a row without an id, a wrong label.
        """
        cleaned = [_with_id(properties(row, str(row.get("id", "")))) for row in rows]
        statement = _merge_nodes(labels, "=" if replace else "+=")
        if len(labels) > 1:
            self.run(_create_nodes(labels), ids=[row["id"] for row in cleaned])
        for part in sized_parts(cleaned):
            self.run(statement, rows=part)
        return len(cleaned)

    def delete_nodes(self, label: str, ids: Iterable[str]) -> None:
        """Delete the nodes of a label that have these ids, and all their relationships.

        Raises:
            PropertyError: a wrong label.
        """
        statement = f"UNWIND $ids AS id MATCH (n:{valid_label(label)} {{id: id}}) DETACH DELETE n"
        self.run(statement, ids=sorted(set(ids)))

    def merge_edges(
        self,
        type_: str,
        rows: Iterable[Mapping[str, Any]],
        *,
        start: str = "Entity",
        end: str = "Entity",
        key: Sequence[str] = (),
        replace: bool = False,
    ) -> int:
        """Make sure that an edge stands for each row, and set its properties.

        Args:
            type_: the relationship type.
            rows: `start` and `end` (the ids of two nodes) and other properties each.
            start: the label under which the start's `id` is unique.
            end: the label under which the end's `id` is unique.
            key: properties that tell two edges of this type between the same nodes apart.
            replace: a property that the row does not have, or has as None, is removed.

        Returns:
            how many rows found both their nodes; a row that does not leaves no trace.

        Raises:
            PropertyError: a value that a graph cannot hold, a wrong label or type.
        """
        cleaned = [properties(row, f"an edge from {row.get('start')}") for row in rows]
        sent = [_edge_row(row, key) for row in cleaned]
        statement = _merge_edges(type_, start, end, key, "=" if replace else "+=")
        found = [self.run(statement, rows=part) for part in sized_parts(sent)]
        return sum(int(rows[0]["merged"]) for rows in found)


def _with_id(row: Row) -> Row:
    if not isinstance(row.get("id"), str) or not row["id"]:
        raise PropertyError(f"a node needs an id, a text that is not empty: {row}")
    return row


def sized_parts(rows: list[Row]) -> Iterator[list[Row]]:
    """Yield the rows in parts, so that no statement is too long for a server."""
    part: list[Row] = []
    length = 0
    for row in rows:
        length += _length(row)
        part.append(row)
        if length > _STATEMENT_CHARACTERS:
            yield part
            part, length = [], 0
    if part:
        yield part


def _length(value: Any) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(map(_length, value.values()))
    if isinstance(value, list):
        return sum(map(_length, value))
    return 8


def _create_nodes(labels: Sequence[str]) -> str:
    # Not MERGE with all labels (ArcadeDB then scans the type instead of using the index), and
    # not a label set afterwards (it moves the record there, against the unique constraint).
    first, every = valid_label(labels[0]), ":".join(map(valid_label, labels))
    return (
        f"UNWIND $ids AS id WITH DISTINCT id OPTIONAL MATCH (n:{first} {{id: id}}) "
        f"WITH id, n WHERE n IS NULL CREATE (:{every} {{id: id}})"
    )


def _merge_nodes(labels: Sequence[str], sets: str) -> str:
    first, *others = labels
    found = "MATCH" if others else "MERGE"
    return f"UNWIND $rows AS row {found} (n:{valid_label(first)} {{id: row.id}}) SET n {sets} row"


def _edge_row(row: Row, key: Sequence[str]) -> Row:
    rest = {name: value for name, value in row.items() if name not in ("start", "end")}
    missing = [name for name in ("start", "end", *key) if name not in row]
    if missing:
        raise PropertyError(f"an edge needs {', '.join(missing)}: {row}")
    return {"start": row["start"], "end": row["end"], "properties": rest}


def _merge_edges(type_: str, start: str, end: str, key: Sequence[str], sets: str) -> str:
    pairs = ", ".join(f"{valid_property(name)}: row.properties.{name}" for name in key)
    pattern = valid_relationship_type(type_) + (f" {{{pairs}}}" if key else "")
    return (
        f"UNWIND $rows AS row MATCH (a:{valid_label(start)} {{id: row.start}}) "
        f"MATCH (b:{valid_label(end)} {{id: row.end}}) "
        f"MERGE (a)-[r:{pattern}]->(b) SET r {sets} row.properties RETURN count(r) AS merged"
    )
