"""What follows for claims and entities once something behind them is gone.

All of it runs inside the transaction in which it went.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from kg.contributions.support import Support, Triple, by_id, claim_row, parts
from kg.loading.state import StoredEntity
from kg.loading.statements import ENTITIES, stored_entity
from kg.models import Model
from kg.store.names import Row, valid_relationship_type
from kg.store.transaction import Transaction, sized_parts

# A claim's edge is found from its start node, all of one start at a time (kg/curated/statements).
_FROM = (
    "UNWIND $groups AS g MATCH (a:Entity {{id: g[0]}})-[r:{type}]->(b:Entity) WHERE b.id IN g[1] "
)
_WRITE_CLAIMS = _FROM + "SET r = g[2][b.id]"
# Gathered before they are deleted: ArcadeDB deletes while it goes through a node's edges, and
# misses some of a node that lost others earlier in the transaction (tests/kg/resolving).
_DROP_CLAIMS = _FROM + "WITH collect(r) AS every UNWIND every AS r DELETE r"
# A hypothesis is a result that was recorded, not something that is said of an entity.
NOTHING_ELSE = "NOT EXISTS { (e)-[r]-() WHERE NOT type(r) IN ['SUBJECT', 'OBJECT'] }"
_UNUSED = f"UNWIND $ids AS id MATCH (e:Entity {{id: id}}) WHERE {NOTHING_ELSE} RETURN id"
_PRUNE = f"""
UNWIND $ids AS id MATCH (e:Entity {{id: id}})
WHERE e.terms IS NULL AND e.n_papers = 0 AND e.absorbed IS NULL AND {NOTHING_ELSE}
WITH collect(e) AS every FOREACH (e IN every | DETACH DELETE e) RETURN size(every) AS n
"""


class Settled(Model):
    """How many claims or entities follow differently now, and how many are gone."""

    changed: int = 0
    removed: int = 0

    def __add__(self, other: Settled) -> Settled:
        """Return both together."""
        return Settled(changed=self.changed + other.changed, removed=self.removed + other.removed)


def settle_claims(
    transaction: Transaction,
    claims: Mapping[str, Triple],
    support: Support,
    rates: Mapping[str, float],
) -> Settled:
    """Write claims as they follow from what is still behind them; those with nothing go.

    Args:
        transaction: where.
        claims: what each claim says, by id.
        support: what is still behind them.
        rates: systematic error rates of packs and sources.
    """
    kept: dict[str, list[Row]] = defaultdict(list)
    bare: dict[str, list[Row]] = defaultdict(list)
    for claim, triple in sorted(claims.items()):
        predicate, row = claim_row(claim, triple, support, rates)
        supported = support.readings.get(claim) or support.entries.get(claim)
        (kept if supported else bare)[predicate].append(row)
    for predicate, rows in kept.items():
        write = _WRITE_CLAIMS.format(type=valid_relationship_type(predicate))
        for part in parts(rows):
            for sized in sized_parts(list(part)):
                transaction.run(write, groups=_by_start(sized))
    for predicate, rows in bare.items():
        drop = _DROP_CLAIMS.format(type=valid_relationship_type(predicate))
        for part in parts(rows):
            groups = [[start, ends] for start, ends, _ in _by_start(part)]
            transaction.run(drop, groups=groups)
    return Settled(changed=sum(map(len, kept.values())), removed=sum(map(len, bare.values())))


def read_entities(transaction: Transaction, ids: Iterable[str]) -> dict[str, StoredEntity]:
    """Read what the graph holds of some entities."""
    return {row["id"]: stored_entity(row) for row in by_id(transaction, ENTITIES, ids)}


def settle_entities(transaction: Transaction, entities: Mapping[str, StoredEntity]) -> Settled:
    """Write entities as they are now; those of which nothing is said any more go.

    An entity stays while a paper mentions it, a source has a term of it, another one was merged
    into it, or an edge of a curated source has it as its end.
    """
    bare = {id_ for id_, entity in entities.items() if not entity.said}
    bare = {row["id"] for row in by_id(transaction, _UNUSED, bare)}
    by_type: dict[str, list[Row]] = defaultdict(list)
    for id_, entity in sorted(entities.items()):
        if id_ not in bare:
            by_type[entity.type].append(entity.properties(id_))
    for type_, rows in by_type.items():
        for part in parts(rows):
            transaction.merge_nodes(("Entity", type_), part, replace=True)
    for ids in parts(sorted(bare)):
        transaction.delete_nodes("Entity", ids)
    return Settled(changed=len(entities) - len(bare), removed=len(bare))


def prune(transaction: Transaction, ids: Iterable[str]) -> Settled:
    """Delete those of some entities of which nothing is said any more."""
    return Settled(removed=sum(row["n"] for row in by_id(transaction, _PRUNE, ids)))


def _by_start(rows: Iterable[Row]) -> list[tuple[str, list[str], Row]]:
    """Return claims by their start: the ends, and for each end the properties of the edge."""
    groups: dict[str, Row] = defaultdict(dict)
    for row in rows:
        said = {name: value for name, value in row.items() if value is not None}
        start, end = said.pop("start"), said.pop("end")
        groups[start][end] = said
    return [(start, list(edges), edges) for start, edges in groups.items()]
