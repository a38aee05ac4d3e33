"""The current snapshot: arrays of all that a graph holds."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from kg.contributions.schema_store import graph_domain
from kg.domain import Domain
from kg.snapshot.arrays import MEASURES, NO_YEAR, ClaimArrays, EdgeArrays
from kg.snapshot.snapshot import LeftOut, Snapshot, entity_table
from kg.snapshot.window import Window
from kg.store.graph import Graph

_ENTITIES = """
MATCH (e:Entity) RETURN e.id AS id, e.name AS name,
[label IN labels(e) WHERE label <> 'Entity'][0] AS type, e.n_papers AS n_papers
"""
# One row for each entity and predicate: a row for each claim takes four times as long. Some
# entities at a time, so that no server has to hold all claims at once.
_CLAIMS = f"""
UNWIND $ids AS id MATCH (s:Entity {{id: id}})-[c]->(o:Entity) WHERE c.claim_id IS NOT NULL
RETURN type(c) AS predicate, id AS subject, collect(o.id) AS object,
collect(coalesce(c.belief, 0.0)) AS belief,
collect(coalesce(c.n_support, 0)) AS n_support, collect(coalesce(c.n_deny, 0)) AS n_deny,
collect(coalesce(c.n_papers, 0)) AS n_papers,
collect(coalesce(c.first_year, {NO_YEAR})) AS first_year,
collect(coalesce(c.last_year, {NO_YEAR})) AS last_year,
collect(CASE WHEN c.curated THEN 1 ELSE 0 END) AS curated
"""
_IS_A = "MATCH (s:Entity)-[:IS_A]->(o:Entity) RETURN s.id AS subject, collect(o.id) AS object"
_COUNTS = MEASURES[1:]  # whole numbers
_ENTITIES_A_QUERY = 2000


Row = Mapping[str, Any]


class SnapshotQueries(NamedTuple):
    """What a server is asked for a snapshot; `claims` for so many entities (`$ids`) at a time."""

    entities: str
    claims: str
    is_a: str
    entities_a_query: int


SNAPSHOT_QUERIES = SnapshotQueries(_ENTITIES, _CLAIMS, _IS_A, _ENTITIES_A_QUERY)


@dataclass(slots=True)
class _Columns:
    """The claims of one predicate while they are read."""

    subject: array[int] = field(default_factory=lambda: array("i"))
    object: array[int] = field(default_factory=lambda: array("i"))
    belief: array[float] = field(default_factory=lambda: array("d"))
    counts: list[array[int]] = field(default_factory=lambda: [array("i") for _ in _COUNTS])

    def add(self, row: Row, row_of: Mapping[str, int]) -> None:
        objects = row["object"]
        self.subject.extend([row_of[row["subject"]]] * len(objects))
        self.object.extend([row_of[id_] for id_ in objects])
        self.belief.extend(row["belief"])
        for column, name in zip(self.counts, _COUNTS, strict=True):
            column.extend(row[name])

    def arrays(self, n_entities: int) -> ClaimArrays:
        subject, object_, *counts = (
            np.frombuffer(column, dtype=np.int32)
            for column in (self.subject, self.object, *self.counts)
        )
        belief = np.frombuffer(self.belief, dtype=np.float64)
        return ClaimArrays.from_columns(n_entities, subject, object_, belief, counts)


def read_current(graph: Graph) -> Snapshot:
    """Read all entities, claims and ontology edges of a graph.

    About 60 bytes a claim are held while it reads. A claim to or from an entity that came in the
    meantime raises a KeyError: the caller sees to it that the graph stands still.

    Raises:
        UsageError: the graph holds no claim and keeps no schema.
    """
    domain = graph_domain(graph)
    entities = list(graph.stream(_ENTITIES))
    ids = sorted(row["id"] for row in entities)
    return snapshot_of(entities, _pages(graph, ids), graph.stream(_IS_A), domain)


def snapshot_of(
    entities: Iterable[Row],
    claims: Iterable[Row],
    is_a: Iterable[Row],
    domain: Domain,
    window: Window | None = None,
    left_out: LeftOut | None = None,
) -> Snapshot:
    """Build a snapshot of rows in any order.

    Args:
        entities: `id`, `name`, `type` and `n_papers`.
        claims: `predicate`, `subject`, and lists of `object` and of each of `MEASURES`.
        is_a: `subject`, and a list of `object`.
        domain: the schema of the graph.
        window: what time it is of.
        left_out: what the window left out.
    """
    rows = sorted(entities, key=lambda row: str(row["id"]))
    ids = [row["id"] for row in rows]
    names, types = (
        [row["name"] or row["id"] for row in rows],
        [row["type"] or "Entity" for row in rows],
    )
    row_of = {id_: row for row, id_ in enumerate(ids)}
    return Snapshot.of(
        entity_table(ids, names, types),
        np.array([row["n_papers"] or 0 for row in rows], dtype=np.int32),
        _claims(claims, row_of),
        _hierarchy(is_a, row_of),
        domain,
        window,
        left_out,
    )


def _hierarchy(rows: Iterable[Row], row_of: Mapping[str, int]) -> EdgeArrays:
    """Return ontology edges as arrays; rows of a `subject` and a list of `object`, in any order."""
    pairs = sorted(
        {
            (row_of[row["subject"]], row_of[parent])
            for row in rows
            for parent in row["object"]
            if parent != row["subject"]
        }
    )
    columns = np.array(pairs, dtype=np.int32).reshape(-1, 2)
    return EdgeArrays.of(len(row_of), columns[:, 0].copy(), columns[:, 1].copy())


def _pages(graph: Graph, ids: Sequence[str]) -> Iterator[Row]:
    for start in range(0, len(ids), _ENTITIES_A_QUERY):
        yield from graph.stream(_CLAIMS, ids=ids[start : start + _ENTITIES_A_QUERY])


def _claims(rows: Iterable[Row], row_of: Mapping[str, int]) -> dict[str, ClaimArrays]:
    columns: dict[str, _Columns] = defaultdict(_Columns)
    for row in rows:
        columns[row["predicate"]].add(row, row_of)
    found = {name: columns[name].arrays(len(row_of)) for name in sorted(columns)}
    return {name: arrays for name, arrays in found.items() if len(arrays)}
