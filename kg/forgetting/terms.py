"""Forgetting the terms of a curated source, and what it says is a kind of what."""

from __future__ import annotations

from collections.abc import Sequence

from kg.contributions.support import by_id
from kg.forgetting.settle import (
    NOTHING_ELSE,
    Settled,
    prune,
    read_entities,
    settle_entities,
)
from kg.store.graph import Graph
from kg.store.names import Row
from kg.store.transaction import Transaction

BATCH = 2000  # entities or edges a transaction

_PARENTS = """
MATCH (c:Entity)-[r:IS_A]->(p:Entity) WHERE any(ref IN r.sources WHERE ref STARTS WITH $prefix)
RETURN c.id AS start, p.id AS end
"""
_TERMS = """
MATCH (e:Entity) WHERE any(ref IN e.sources WHERE ref STARTS WITH $prefix) RETURN e.id AS id
"""
_PARENTS_OF = """
UNWIND $ids AS id MATCH (c:Entity {id: id})-[r:IS_A]->(p:Entity)
RETURN id AS start, p.id AS end, r.sources AS sources
"""
_DROP_PARENTS = """
UNWIND $rows AS row MATCH (c:Entity {id: row.start})-[r:IS_A]->(p:Entity {id: row.end})
WITH collect(r) AS every UNWIND every AS r DELETE r
"""
_DROP_ALONE = f"""
UNWIND $ids AS id MATCH (e:Entity {{id: id}})
WHERE e.n_papers = 0 AND e.absorbed IS NULL
AND all(ref IN e.sources WHERE ref STARTS WITH $prefix) AND {NOTHING_ELSE}
WITH collect(e) AS every, collect(id) AS ids FOREACH (e IN every | DETACH DELETE e) RETURN ids
"""


def find_parents(graph: Graph, prefix: str) -> list[Row]:
    """Find the IS_A edges that a source speaks of: `start` and `end`."""
    rows = graph.stream(_PARENTS, prefix=prefix)
    return sorted(rows, key=lambda row: (row["start"], row["end"]))


def find_terms(graph: Graph, prefix: str) -> list[str]:
    """Find the ids of the entities that keep terms of a source."""
    return sorted(row["id"] for row in graph.stream(_TERMS, prefix=prefix))


def forget_parents(
    transaction: Transaction, rows: Sequence[Row], prefix: str
) -> tuple[Settled, Settled]:
    """Take a source out of IS_A edges; return what became of claims and entities."""
    kept: list[Row] = []
    gone: list[Row] = []
    ends = {(row["start"], row["end"]) for row in rows}
    for row in by_id(transaction, _PARENTS_OF, (start for start, _ in ends)):
        if (row["start"], row["end"]) in ends:
            others = [ref for ref in row["sources"] if not ref.startswith(prefix)]
            (kept if others else gone).append({**row, "sources": others})
    transaction.merge_edges("IS_A", kept, replace=True)
    transaction.run(_DROP_PARENTS, rows=gone)
    return Settled(), prune(transaction, {end for pair in ends for end in pair})


def forget_terms(
    transaction: Transaction, ids: Sequence[str], prefix: str
) -> tuple[Settled, Settled]:
    """Take a source's terms out of entities; return what became of claims and of them."""
    (dropped,) = transaction.run(_DROP_ALONE, ids=ids, prefix=prefix)
    entities = read_entities(transaction, set(ids).difference(dropped["ids"]))
    for entity in entities.values():
        entity.terms = [term for term in entity.terms if not term.source.startswith(prefix)]
    gone = Settled(removed=len(dropped["ids"]))
    return Settled(), gone + settle_entities(transaction, entities)
