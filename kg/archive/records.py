"""A whole graph as records, in an order that depends on nothing but the graph itself."""

from __future__ import annotations

import functools
import itertools
import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias

from kg.errors import PropertyError, UsageError
from kg.graph_schema import LABELS
from kg.store.graph import Graph
from kg.store.names import valid_label, valid_property, valid_relationship_type

# Nodes are asked for by so many ids at once, edges by start nodes that have about so many of them.
_NODES = 1000
_EDGES = 20_000

_KEYS = "MATCH (n) RETURN labels(n) AS labels, n.id AS id, COUNT { (n)-->() } AS degree"


class NodeRecord(NamedTuple):
    """A node. `labels` begin with the one under which its `id`, a property, is unique."""

    labels: tuple[str, ...]
    properties: dict[str, Any]


class EdgeRecord(NamedTuple):
    """An edge. `start` and `end` are ids, each unique under the label beside it."""

    type: str
    start_label: str
    start: str
    end_label: str
    end: str
    properties: dict[str, Any]


Record: TypeAlias = NodeRecord | EdgeRecord


class EdgeBlock(NamedTuple):
    """Edges of one kind, in columns: `same` are the properties that all of them share.

    `starts`, `ends` and each column of `varying` have one item for each edge.
    """

    type: str
    start_label: str
    end_label: str
    starts: list[str]
    ends: list[str]
    same: dict[str, Any]
    varying: dict[str, list[Any]]

    def records(self) -> Iterator[EdgeRecord]:
        """Yield the edges one by one."""
        for number, (start, end) in enumerate(zip(self.starts, self.ends, strict=True)):
            properties = {name: values[number] for name, values in self.varying.items()}
            row = {**self.same, **properties}
            yield EdgeRecord(self.type, self.start_label, start, self.end_label, end, row)


def one_by_one(records: Iterable[Record | EdgeBlock]) -> Iterator[Record]:
    """Yield the records, those of blocks one by one."""
    for record in records:
        if isinstance(record, EdgeBlock):
            yield from record.records()
        else:
            yield record


def counted(
    records: Iterable[Record | EdgeBlock], counts: dict[Any, int]
) -> Iterator[Record | EdgeBlock]:
    """Yield the records, and count them by the labels of a node and the type of an edge."""
    for record in records:
        counts[record[0]] = counts.get(record[0], 0) + size_of(record)
        yield record


def nodes_of(counts: dict[Any, int]) -> dict[str, int]:
    """Return how many nodes `counted` has met, by their labels."""
    return dict(sorted((":".join(k), n) for k, n in counts.items() if isinstance(k, tuple)))


def edges_of(counts: dict[Any, int]) -> dict[str, int]:
    """Return how many edges `counted` has met, by their type."""
    return dict(sorted((k, n) for k, n in counts.items() if isinstance(k, str)))


def size_of(record: Record | EdgeBlock) -> int:
    """Return how many nodes or edges there are."""
    return len(record.starts) if isinstance(record, EdgeBlock) else 1


# Of the version's node: which graph it is, and who changes it now.
_PASSING = ("graph", "locked", "restoring")
_SCALARS = frozenset({str, int, bool, float})
# Few names, each of them millions of times.
_property = functools.lru_cache(10_000)(valid_property)
_type = functools.lru_cache(10_000)(valid_relationship_type)
_Key: TypeAlias = tuple[str, int]  # a node's id, and how many edges begin there


def ordered_labels(labels: Iterable[str]) -> tuple[str, ...]:
    """Return the labels of a node, the one under which its id is unique first."""
    return tuple(sorted(labels, key=lambda label: (label not in LABELS, label)))


@functools.lru_cache(10_000)
def _first_label(labels: tuple[str, ...]) -> str:
    return ordered_labels(labels)[0]


def graph_records(graph: Graph) -> Iterator[Record]:
    """Yield every node, and then every edge of a graph.

    Nodes come by their labels and ids, edges by their start nodes, types and end nodes: the same
    graph gives the same records on every server. In memory are the ids of all nodes, and the
    edges of the node that has most.

    Raises:
        UsageError: a node has no id, or an id that another one has, or a name in the graph is not
            one that it could be given again, or a value that no file can hold (a point, NaN, a
            list of several kinds); such a graph cannot be told in records.
        StoreError: what the server said.
    """
    keys = _keys(graph)
    for labels, group in keys.items():
        yield from _nodes(graph, labels, group)
    for labels, group in keys.items():
        yield from _edges(graph, labels[0], group)


def _keys(graph: Graph) -> dict[tuple[str, ...], list[_Key]]:
    found: dict[tuple[str, ...], list[_Key]] = defaultdict(list)
    known: dict[tuple[str, ...], tuple[str, ...]] = {}
    for row in graph.stream(_KEYS):
        raw = tuple(row["labels"])
        labels = known.get(raw) or known.setdefault(
            raw, _checked_labels(raw, graph.where, row["id"])
        )
        if not isinstance(row["id"], str) or not row["id"]:
            raise UsageError(
                f"a node {':'.join(labels)} of {graph.where} has the id {row['id']!r}: every node "
                "needs an id, a text that is not empty; give it one, or delete it"
            )
        found[labels].append((row["id"], row["degree"]))
    for group in found.values():
        group.sort()
    _refuse_twins(found, graph.where)
    return {labels: found[labels] for labels in sorted(found)}


def _checked_labels(labels: Sequence[str], where: str, id_: object) -> tuple[str, ...]:
    if not labels:
        raise UsageError(
            f"a node of {where} with the id {id_!r} has no label, and cannot be told apart: give "
            "it one, or delete it"
        )
    try:
        return ordered_labels(map(valid_label, labels))
    except PropertyError as error:
        raise UsageError(f"a node of {where} with the id {id_!r}: {error}") from error


def _refuse_twins(found: dict[tuple[str, ...], list[_Key]], where: str) -> None:
    by_label: dict[str, list[list[_Key]]] = defaultdict(list)
    for labels, group in found.items():
        by_label[labels[0]].append(group)
    for label, groups in by_label.items():
        seen: set[str] = set()
        for id_, _ in itertools.chain.from_iterable(groups):
            if id_ in seen:
                raise UsageError(
                    f"{where} holds two nodes {label} with the id {id_!r}: an id is unique under "
                    "a label; delete one of them, or give it another id"
                )
            seen.add(id_)


def _nodes(graph: Graph, labels: tuple[str, ...], group: list[_Key]) -> Iterator[NodeRecord]:
    statement = (
        f"UNWIND $ids AS id MATCH (n:{labels[0]} {{id: id}}) RETURN id, properties(n) AS properties"
    )
    for start in range(0, len(group), _NODES):
        ids = [id_ for id_, _ in group[start : start + _NODES]]
        rows = {row["id"]: row["properties"] for row in graph.stream(statement, ids=ids)}
        for id_ in ids:
            if id_ not in rows:
                raise _changed(graph, f"the node {labels[0]} {id_!r}")
            properties = _checked(rows[id_], graph.where, (labels[0], id_))
            if labels[0] == "GraphVersion":
                properties = {k: v for k, v in properties.items() if k not in _PASSING}
            yield NodeRecord(labels, properties)


def _edges(graph: Graph, label: str, group: list[_Key]) -> Iterator[EdgeRecord]:
    statement = (
        f"UNWIND $ids AS id MATCH (a:{label} {{id: id}})-[r]->(b) RETURN id AS start, "
        "type(r) AS type, labels(b) AS labels, b.id AS end, properties(r) AS properties"
    )
    for ids, expected in _by_degree(group):
        rows = [_edge(graph, label, row) for row in graph.stream(statement, ids=ids)]
        if len(rows) != expected:
            raise _changed(graph, f"the edges from {label} {ids[0]!r} to {ids[-1]!r}")
        rows.sort(key=_ends)
        for _, equal in itertools.groupby(rows, _ends):
            parallel = list(equal)
            if len(parallel) > 1:
                parallel.sort(key=_text)
            yield from parallel


def _by_degree(group: list[_Key]) -> Iterator[tuple[list[str], int]]:
    ids: list[str] = []
    edges = 0
    for id_, degree in group:
        if degree:
            ids.append(id_)
            edges += degree
        if edges >= _EDGES:
            yield ids, edges
            ids, edges = [], 0
    if ids:
        yield ids, edges


def _edge(graph: Graph, label: str, row: dict[str, Any]) -> EdgeRecord:
    ends = (label, row["start"], _first_label(tuple(row["labels"])), row["end"])
    try:
        type_ = _type(row["type"])
    except PropertyError as error:
        raise UsageError(f"an edge {_told((row['type'], *ends), graph.where)}: {error}") from error
    return EdgeRecord(type_, *ends, _checked(row["properties"], graph.where, (type_, *ends)))


def _ends(edge: EdgeRecord) -> tuple[str, str, str, str]:
    return (edge.start, edge.type, edge.end_label, edge.end)


def _text(edge: EdgeRecord) -> str:
    return json.dumps(edge.properties, sort_keys=True)


def _checked(properties: dict[str, Any], where: str, of: tuple[str, ...]) -> dict[str, Any]:
    """Return properties in the order of their names, if a graph can be given them again."""
    checked = {}
    for name in sorted(properties):
        value = properties[name]
        kind = type(value)
        if not (kind is str or kind is int or kind is bool or _is_known(value)):
            raise UsageError(
                f"property {name!r} of {_told(of, where)} is {str(value)[:60]}, which cannot be "
                "exported: make it a text, a finite number, true or false, or a list of one of "
                "these, or remove it"
            )
        try:
            checked[_property(name)] = value
        except PropertyError as error:
            raise UsageError(f"{_told(of, where)}: {error}") from error
    return checked


def _is_known(value: Any) -> bool:
    if isinstance(value, list):
        kinds = set(map(type, value))
        return not kinds or (
            len(kinds) == 1
            and kinds <= _SCALARS
            and (float not in kinds or all(map(math.isfinite, value)))
        )
    return isinstance(value, float) and math.isfinite(value)


def _told(of: tuple[str, ...], where: str) -> str:
    return f"{' '.join(of)} of {where}"


def _changed(graph: Graph, what: str) -> UsageError:
    return UsageError(
        f"{graph.where} was changed while it was read ({what}): let the change end, and try again"
    )
