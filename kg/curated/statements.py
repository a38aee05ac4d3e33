"""The Cypher of loading curated sources; all of it runs inside one transaction, reads first.

A claim's edge is found from its start node, all ends of one start at a time: neither server looks
up relationships by a property, and each goes through the edges of a node to find one of them
(measured for 5,000 claims of two hubs on Neo4j: 0.2 s at once, 3.7 s one by one).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kg.contributions.properties import PropertyRow
from kg.contributions.support import by_id, parts
from kg.curated.facts import ClaimChanges, Ends, Key, NewClaim, Plain, Shape
from kg.curated.terms import StoredEntity, TermChanges
from kg.store.graph import Graph
from kg.store.names import Row, valid_label, valid_property, valid_relationship_type
from kg.store.transaction import Transaction

_ROWS = 5000  # a statement
Groups = dict[str, list[Any]]  # what goes to the edges of each start node

_TYPE = "[label IN labels(e) WHERE label <> 'Entity'][0] AS type"
_TYPES = f"UNWIND $ids AS id MATCH (e:Entity {{id: id}}) RETURN id, {_TYPE}"
_ENTITIES = f"""
UNWIND $ids AS id MATCH (e:Entity {{id: id}}) RETURN id, {_TYPE}, properties(e) AS properties
"""
_CREATE_ENTITIES = "UNWIND $rows AS row CREATE (e:Entity:%s) SET e = row"
_WRITE_ENTITIES = "UNWIND $rows AS row MATCH (e:Entity {id: row.id}) SET e = row"
# Nothing was said of it but what is gone now. A hypothesis about it does not keep it.
_PRUNE = """
UNWIND $ids AS id MATCH (e:Entity {id: id})
WHERE e.terms IS NULL AND e.n_papers = 0 AND e.absorbed IS NULL
OPTIONAL MATCH (e)-[r]-() WHERE type(r) <> 'SUBJECT' AND type(r) <> 'OBJECT'
WITH e, count(r) AS n WHERE n = 0 DETACH DELETE e
"""
_ANY = "MATCH ()-[r:%s]->() RETURN 1 AS one LIMIT 1"
_FROM = "UNWIND $groups AS g MATCH (a:Entity {id: g[0]})-[r:%s]->(b:Entity) WHERE b.id IN g[1] "
_EDGES = _FROM + "RETURN g[0] AS start, b.id AS end, properties(r) AS properties"
_WRITE_EDGES = _FROM + "SET r = g[2][b.id] RETURN count(r) AS n"
# Gathered before they are deleted: ArcadeDB deletes while it goes through a node's edges, and
# misses some of a node that lost others earlier in the transaction (tests/kg/resolving).
_DELETE_EDGES = _FROM + "WITH collect(r) AS every UNWIND every AS r DELETE r"
_NEW_EDGES = (
    "UNWIND $groups AS g MATCH (a:Entity {id: g[0]}) WITH a, g UNWIND g[1] AS row "
    "MATCH (b:Entity {id: row[0]}) CREATE (a)-[r:%s]->(b) SET r = row[1] RETURN count(r) AS n"
)
_NEW_PLAIN = (
    "UNWIND $groups AS g MATCH (a:Entity {id: g[0]}) WITH a, g UNWIND g[1] AS row "
    "MATCH (b:Entity {id: row[0]}) CREATE (a)-[r:%s {%s}]->(b) RETURN count(r) AS n"
)
_ABOVE = """
UNWIND $ids AS id MATCH (e:Entity {id: id})-[r:IS_A]->(p:Entity)
RETURN id AS start, p.id AS end, r.sources AS sources
"""
_SWEEP_TERMS = """
MATCH (e:Entity) WHERE any(ref IN e.sources WHERE ref STARTS WITH $prefix) RETURN e.id AS id
"""
_SWEEP_CLAIMS = """
MATCH (a:Entity)-[r]->(b:Entity)
WHERE any(ref IN r.curated_sources WHERE ref STARTS WITH $prefix)
RETURN type(r) AS predicate, a.id AS start, b.id AS end, r.claim_id AS claim_id,
r.curated_sources AS curated_sources,
r.curated_rows AS curated_rows, r.curated_polarities AS curated_polarities,
r.curated_details AS curated_details, r.curated_reads AS curated_reads
"""


class LostEndError(Exception):
    """An entity that an edge was to begin or end at is not there (any more)."""


def read_types(transaction: Transaction, ids: Iterable[str]) -> dict[str, str]:
    """Return the types of the entities that the graph has among some ids."""
    return {row["id"]: row["type"] for row in by_id(transaction, _TYPES, ids)}


def read_entities(transaction: Transaction, ids: Iterable[str]) -> dict[str, StoredEntity]:
    """Return the entities that the graph has among some ids."""
    rows = by_id(transaction, _ENTITIES, ids)
    return {row["id"]: StoredEntity.of(row["type"], row["properties"]) for row in rows}


def write_terms(transaction: Transaction, changes: TermChanges) -> None:
    """Write the entities of a batch of terms, whose rows a graph can hold."""
    for type_, rows in changes.new.items():
        create = _CREATE_ENTITIES % valid_label(type_)
        for part in parts(rows):
            transaction.run(create, rows=part)
    for part in parts(changes.written):
        transaction.run(_WRITE_ENTITIES, rows=part)


def has_any(transaction: Transaction, predicate: str) -> bool:
    """Return whether a graph has any claim of a predicate."""
    return bool(transaction.run(_ANY % valid_relationship_type(predicate)))


def read_claims(transaction: Transaction, keys: Iterable[Key]) -> dict[Key, PropertyRow]:
    """Return the properties of the edges of some claims, where they are in the graph."""
    found: dict[Key, PropertyRow] = {}
    for predicate, ends in _by_predicate(keys).items():
        read = _EDGES % valid_relationship_type(predicate)
        for groups in _grouped([(start, end) for start, end in ends]):
            rows = transaction.run(read, groups=[[start, every] for start, every in groups.items()])
            for row in rows:
                found[predicate, row["start"], row["end"]] = row["properties"]
    return found


def write_claims(transaction: Transaction, changes: ClaimChanges, plain: Plain) -> None:
    """Write the claims of a batch.

    Raises:
        LostEndError: an entity that is an end of a claim is not there.
    """
    for (predicate, shape), claims in changes.plain.items():
        _create_plain(transaction, predicate, shape, claims, plain)
    for predicate, rows in changes.new.items():
        create = _NEW_EDGES % valid_relationship_type(predicate)
        for groups in _grouped([(start, [end, row]) for (start, end), row in rows.items()]):
            _send(transaction, create, [[start, every] for start, every in groups.items()])
    for predicate, rows in changes.written.items():
        write = _WRITE_EDGES % valid_relationship_type(predicate)
        for groups in _grouped([(start, (end, row)) for (start, end), row in rows.items()]):
            sent = [[start, [e for e, _ in every], dict(every)] for start, every in groups.items()]
            _send(transaction, write, sent)
    for predicate, ends in changes.gone.items():
        delete = _DELETE_EDGES % valid_relationship_type(predicate)
        for groups in _grouped(ends):
            transaction.run(delete, groups=[[start, every] for start, every in groups.items()])
    prune(transaction, {end for ends in changes.gone.values() for pair in ends for end in pair})


def prune(transaction: Transaction, ids: Iterable[str]) -> None:
    """Delete those entities of which nothing is left."""
    for part in parts(sorted(ids)):
        transaction.run(_PRUNE, ids=part)


def read_parents(transaction: Transaction, ids: Iterable[str]) -> dict[Ends, list[str]]:
    """Return the IS_A edges that begin at some entities, each with its sources."""
    rows = by_id(transaction, _ABOVE, ids)
    return {(row["start"], row["end"]): row["sources"] for row in rows}


def write_parents(
    transaction: Transaction, written: Mapping[Ends, Sequence[str]], gone: Iterable[Ends]
) -> None:
    """Write IS_A edges with their sources, and delete those that do not hold any more."""
    rows = [{"start": s, "end": e, "sources": list(refs)} for (s, e), refs in written.items()]
    for part in parts(rows):
        transaction.merge_edges("IS_A", part, replace=True)
    for groups in _grouped(gone):
        sent = [[start, every] for start, every in groups.items()]
        transaction.run(_DELETE_EDGES % "IS_A", groups=sent)


def entities_of(graph: Graph, source: str) -> list[str]:
    """Return the ids of all entities that keep a term of a source."""
    return [row["id"] for row in graph.stream(_SWEEP_TERMS, prefix=f"{source}@")]


def claims_of(graph: Graph, source: str) -> Iterable[Row]:
    """Yield all claims that keep an entry of a source: their keys, and all their entries."""
    yield from graph.stream(_SWEEP_CLAIMS, prefix=f"{source}@")


def _create_plain(
    transaction: Transaction, predicate: str, shape: Shape, claims: list[NewClaim], plain: Plain
) -> None:
    same = plain.same(shape)
    varying = {"claim_id": "row[1]", "curated_rows": "[row[2]]"}
    if shape.details:
        varying["curated_details"] = "[row[3]]"
    if shape.read:
        varying["curated_reads"] = "[row[4]]"
    said = varying | {valid_property(name): f"$same.{name}" for name in same}
    pattern = ", ".join(f"{name}: {value}" for name, value in said.items())
    create = _NEW_PLAIN % (valid_relationship_type(predicate), pattern)
    for groups in _grouped([(claim.start, claim[1:]) for claim in claims]):
        sent = [[start, [list(row) for row in every]] for start, every in groups.items()]
        _send(transaction, create, sent, same=same)


def _send(
    transaction: Transaction, statement: str, groups: list[list[Any]], **parameters: Any
) -> None:
    found = transaction.run(statement, groups=groups, **parameters)
    if found[0]["n"] != sum(len(group[1]) for group in groups):
        raise LostEndError


def _by_predicate(keys: Iterable[Key]) -> dict[str, list[Ends]]:
    found: dict[str, list[Ends]] = defaultdict(list)
    for predicate, start, end in keys:
        found[predicate].append((start, end))
    return found


def _grouped(rows: Iterable[tuple[str, Any]]) -> Iterable[Groups]:
    """Yield what goes to each start node, so many of them at a time."""
    groups: Groups = {}
    taken = 0
    for start, item in rows:
        groups.setdefault(start, []).append(item)
        taken += 1
        if taken == _ROWS:
            yield groups
            groups, taken = {}, 0
    if groups:
        yield groups
