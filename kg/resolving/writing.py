"""What merging writes, once all that follows is known.

Edges are gathered before they are deleted. ArcadeDB deletes them while it goes through those of a
node, and misses some of a node that lost others earlier in the same transaction (seen: 200 of 496).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from kg.contributions.support import parts
from kg.resolving.grouping import grouped
from kg.resolving.merges import Merge, merge_node_id
from kg.store.names import Row, valid_relationship_type
from kg.store.transaction import Transaction

_DROP_EDGES = """
UNWIND $rows AS row
MATCH (a:{1} {{id: row.start}})-[r:{0}]->(b:Entity {{id: row.end}}) {2}
WITH collect(r) AS every UNWIND every AS r DELETE r
"""
_SET_ENDS = """
UNWIND $rows AS row MATCH (e:Evidence {id: row.id})
SET e.claim_id = row.claim_id, e.subject = row.subject, e.object = row.object,
e.read_subject = row.read_subject, e.read_object = row.read_object
"""
_SET_CLAIMS = "SET c = g[2][m.id]"
_NEW_CLAIMS = """
UNWIND $rows AS row MATCH (s:Entity {{id: row.start}}) MATCH (o:Entity {{id: row.end}})
CREATE (s)-[c:{0}]->(o) SET c = row.properties
"""
_DROP_CLAIMS = "WITH collect(c) AS every UNWIND every AS c DELETE c"


def drop_edges(
    transaction: Transaction,
    type_: str,
    rows: Sequence[Row],
    *,
    start: str = "Entity",
    key: str = "",
) -> None:
    """Delete edges to entities; `key` is a property that an edge has in common with its row."""
    only = f"WHERE r.{key} = row.{key}" if key else ""
    statement = _DROP_EDGES.format(valid_relationship_type(type_), start, only)
    for part in parts(rows):
        transaction.rows(statement, part)


def set_ends(transaction: Transaction, rows: Sequence[Row]) -> None:
    """Give evidence its new ends."""
    for part in parts(rows):
        transaction.run(_SET_ENDS, rows=list(part))  # a null takes the property away


def write_edges(
    transaction: Transaction,
    type_: str,
    rows: Sequence[Row],
    *,
    start: str = "Entity",
    key: Sequence[str] = (),
) -> None:
    """Write edges to entities, with exactly these properties."""
    for part in parts(rows):
        transaction.merge_edges(type_, part, start=start, end="Entity", key=key, replace=True)


def write_entities(transaction: Transaction, rows: Mapping[str, Sequence[Row]]) -> None:
    """Write entities by their type, with exactly these properties."""
    for type_, entities in rows.items():
        for part in parts(entities):
            transaction.merge_nodes(("Entity", type_), part, replace=True)


def write_merges(transaction: Transaction, merges: Sequence[Merge], gone: Iterable[str]) -> None:
    """Write merges, and delete those of some ids."""
    rows = [{"id": merge.id, **merge.model_dump(exclude_defaults=True)} for merge in merges]
    for part in parts(rows):
        transaction.merge_nodes(("Merge",), part, replace=True)
    transaction.delete_nodes("Merge", map(merge_node_id, gone))


def write_claims(
    transaction: Transaction,
    predicate: str,
    rows: Sequence[Row],
    known: Collection[str],
    nodes: Collection[str],
) -> None:
    """Write claims with exactly these properties.

    Args:
        transaction: where to.
        predicate: theirs.
        rows: `start` and `end` of each, and its properties.
        known: the ids of those whose edge is there.
        nodes: the entities that a merge touches.
    """
    there = [row for row in rows if row["claim_id"] in known]
    for group in grouped(predicate, there, nodes):
        transaction.run(group.pattern + _SET_CLAIMS, groups=group.rows())
    create = _NEW_CLAIMS.format(valid_relationship_type(predicate))
    for part in parts([row for row in rows if row["claim_id"] not in known]):
        transaction.rows(create, map(_edge, part))


def drop_claims(
    transaction: Transaction, predicate: str, rows: Sequence[Row], nodes: Collection[str]
) -> None:
    """Delete claims of a predicate; `start` and `end` say which."""
    for group in grouped(predicate, rows, nodes):
        transaction.run(group.pattern + _DROP_CLAIMS, groups=group.ids())


def _edge(row: Row) -> Row:
    said = {name: value for name, value in row.items() if name not in ("start", "end")}
    return {"start": row["start"], "end": row["end"], "properties": said}
