"""Canonical form: a whole graph as text, so that two graphs can be told to be the same one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from kg.store.names import Row

# When and by whom a graph was filled is no part of what it holds.
NODES = (
    "MATCH (n) WHERE NOT (n:Run OR n:GraphVersion) "
    "RETURN labels(n) AS labels, properties(n) AS properties"
)
EDGES = (
    "MATCH (a)-[r]->(b) RETURN type(r) AS type, properties(r) AS properties, "
    "labels(a) AS start_labels, a.id AS start, labels(b) AS end_labels, b.id AS end"
)
LABEL_COUNTS = "MATCH (n) UNWIND labels(n) AS name RETURN name, count(*) AS n"
TYPE_COUNTS = "MATCH ()-[r]->() RETURN type(r) AS name, count(*) AS n"


@dataclass(frozen=True)
class Counts:
    """How many nodes carry each label, and how many relationships are of each type."""

    nodes: dict[str, int]
    relationships: dict[str, int]


def as_counts(rows: Iterable[Row]) -> dict[str, int]:
    """Return rows of name and n as a dict in the order of the names, without zeros."""
    return {row["name"]: row["n"] for row in sorted(rows, key=_by_name) if row["n"]}


def dump_lines(nodes: Iterable[Row], edges: Iterable[Row]) -> list[str]:
    """Return one JSON line for each node and each edge, sorted; equal for equal graphs."""
    return sorted(_node_lines(nodes)) + sorted(_edge_lines(edges))


def _node_lines(nodes: Iterable[Row]) -> Iterator[str]:
    for node in nodes:
        yield _line({"labels": sorted(node["labels"]), "properties": node["properties"]})


def _edge_lines(edges: Iterable[Row]) -> Iterator[str]:
    for edge in edges:
        yield _line(
            {
                "type": edge["type"],
                "start": _named(edge["start_labels"], edge["start"]),
                "end": _named(edge["end_labels"], edge["end"]),
                "properties": edge["properties"],
            }
        )


def _named(labels: list[str], id_: str | None) -> Any:
    """What stands for a node in an edge's line: its id, or its labels where it has none."""
    return id_ or sorted(labels)


def _line(value: Row) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _by_name(row: Row) -> str:
    return str(row["name"])
