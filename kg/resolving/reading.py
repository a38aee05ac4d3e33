"""What merging reads before it writes, in the same transaction.

A pattern begins with the node that is known: ArcadeDB goes through all nodes of the first label
otherwise (5 s and not 5 ms for the children of 100 terms).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from kg.contributions.properties import entries_of, parse_terms
from kg.contributions.schema_store import merge_domains, read_domains
from kg.contributions.support import READING, by_id, parts, read_errors, reading
from kg.domain import Domain, parse_domain
from kg.resolving.contributions import (
    ClaimEdge,
    HypothesisEnd,
    MentionEdge,
    Node,
    Parent,
    Sentence,
    State,
    Support,
)
from kg.resolving.grouping import grouped
from kg.resolving.merges import Merge, merge_node_id
from kg.resolving.moving_claims import Target, by_predicate
from kg.store.names import Row
from kg.store.transaction import Transaction

_TYPE = "[label IN labels({0}) WHERE label <> 'Entity'][0]"
_MERGES = "UNWIND $ids AS id MATCH (m:Merge {id: id}) RETURN properties(m) AS merge"
_ROOTS = "MATCH (m:Merge) RETURN m.absorbed AS absorbed, m.into AS into"
_NODES = f"""
UNWIND $ids AS id MATCH (e:Entity {{id: id}})
RETURN id, {_TYPE.format("e")} AS type, e.terms AS terms, e.forms AS forms,
e.form_papers AS form_papers, e.n_papers AS n_papers, e.absorbed AS absorbed
"""
_MENTION = """
RETURN p.id AS paper, m.entity AS entity, e.id AS node, properties(m) AS properties
"""
_MENTIONS = f"""
UNWIND $ids AS id MATCH (e:Entity {{id: id}})<-[m:MENTIONS]-(p:Paper)
WHERE m.entity IN $moved {_MENTION}
"""
_MENTIONS_OF_PAPERS = f"""
UNWIND $ids AS id MATCH (p:Paper {{id: id}})-[m:MENTIONS]->(e:Entity)
WHERE e.id IN $nodes {_MENTION}
"""
_SENTENCES = """
UNWIND $ids AS id MATCH (n:Entity {{id: id}})<-[:{0}]-(e:Evidence)
WHERE coalesce(e.read_subject, e.subject) IN $moved OR coalesce(e.read_object, e.object) IN $moved
RETURN e.id AS id, e.claim_id AS claim_id, e.predicate AS predicate, e.subject AS subject,
e.object AS object, e.read_subject AS read_subject, e.read_object AS read_object
"""
_CLAIM = f"""
RETURN type(c) AS predicate, s.id AS start, o.id AS end, properties(c) AS claim,
{_TYPE.format("s")} AS start_type, {_TYPE.format("o")} AS end_type
"""
_CLAIMS_FROM = f"""
UNWIND $ids AS id MATCH (s:Entity {{id: id}})-[c]->(o:Entity) WHERE c.curated = true {_CLAIM}
"""
_CLAIMS_TO = f"""
UNWIND $ids AS id MATCH (o:Entity {{id: id}})<-[c]-(s:Entity) WHERE c.curated = true {_CLAIM}
"""
_TYPES = f"UNWIND $ids AS id MATCH (e:Entity {{id: id}}) RETURN id, {_TYPE.format('e')} AS type"
_CLAIM_EDGE = "RETURN properties(c) AS claim"
_CHILDREN = """
UNWIND $ids AS id MATCH (e:Entity {id: id})<-[:IS_A]-(c:Entity)
RETURN c.id AS child, id AS parent
"""
_PARENTS = """
UNWIND $ids AS id MATCH (c:Entity {id: id})-[:IS_A]->(e:Entity)
RETURN id AS child, e.id AS parent
"""
_HYPOTHESES = """
UNWIND $ids AS id MATCH (e:Entity {{id: id}})<-[:{0}]-(h:Hypothesis)
RETURN h.id AS hypothesis, h.{1} AS stored, id AS node
"""
_LEFT = """
MATCH (e:Entity {id: $id})
RETURN e.terms IS NOT NULL OR e.absorbed IS NOT NULL AS said
"""
_USED = """
MATCH (e:Entity {id: $id})-[r]-() WHERE NOT type(r) IN ['SUBJECT', 'OBJECT']
RETURN count(r) AS n
"""
_BEHIND = f"""
UNWIND $ids AS id MATCH (e:Evidence {{claim_id: id}})-[:REPORTED_IN]->(p:Paper)
RETURN id AS claim_id, e.id AS id, p.date AS date, p.retracted AS retracted, {READING}
"""


def read_merges(transaction: Transaction, ids: Iterable[str]) -> dict[str, Merge]:
    """Read the merges of some ids, by the id that is absorbed."""
    rows = _read(transaction, _MERGES, map(merge_node_id, ids))
    merges = [Merge.model_validate(row["merge"]) for row in rows]
    return {merge.absorbed: merge for merge in merges}


def read_roots(transaction: Transaction) -> dict[str, str]:
    """Read which entity every id that was merged leads to."""
    return {row["absorbed"]: row["into"] for row in transaction.run(_ROOTS)}


def read_nodes(transaction: Transaction, ids: Iterable[str]) -> dict[str, Node]:
    """Read some entities."""
    return {row["id"]: _node(row) for row in _read(transaction, _NODES, ids)}


def read_state(
    transaction: Transaction,
    nodes: Mapping[str, Node],
    moved: Collection[str],
    old: Collection[str],
) -> State:
    """Read what papers and sources say of some entities.

    Args:
        transaction: where to ask.
        nodes: the entities that a merge touches.
        moved: the ids whose contributions move.
        old: the entities that they are with until now.
    """
    state = read_claims(transaction, moved, old)
    state.nodes = dict(nodes)
    state.mentions = _mentions(transaction, nodes, sorted(moved), old)
    _add_parents(transaction, state, old)
    state.hypotheses = _hypotheses(transaction, old)
    state.types |= {id_: node.type for id_, node in nodes.items()}
    return state


def read_claims(
    transaction: Transaction, moved: Collection[str], entities: Collection[str]
) -> State:
    """Read what papers and sources say in claims of some entities, and nothing else of them.

    Args:
        transaction: where to ask.
        moved: only sentences that were read with one of these ids; of sources, all rows.
        entities: those that the ids lead to.
    """
    state = State()
    state.sentences = _sentences(transaction, entities, sorted(moved))
    for edge, types in _claims(transaction, entities):
        state.claims.append(edge)
        state.types |= types
    ends = {end for s in state.sentences for end in s.ends} - state.types.keys()
    state.types |= {row["id"]: row["type"] for row in _read(transaction, _TYPES, ends)}
    state.errors = read_errors(transaction).rates
    return state


def read_domain(transaction: Transaction) -> Domain | None:
    """Read the graph's schema; None where it keeps none."""
    kept = [parse_domain(toml) for toml in read_domains(transaction).values()]
    return merge_domains(kept) if kept else None


def read_support(
    transaction: Transaction, claims: Mapping[str, Target], nodes: Collection[str]
) -> Support:
    """Read all that stands behind some claims, each of which has one of these nodes."""
    support = Support()
    for row in by_id(transaction, _BEHIND, claims):
        read = reading(row, retracted=bool(row["retracted"]))
        support.readings.setdefault(row["claim_id"], {})[row["id"]] = read
        support.dates[row["paper"]] = row["date"]
    for predicate, rows in by_predicate((claim, {}) for claim in claims.values()).items():
        for group in grouped(predicate, rows, nodes):
            found = transaction.run(group.pattern + _CLAIM_EDGE, groups=group.ids())
            for row in found:
                support.entries[row["claim"]["claim_id"]] = tuple(entries_of(row["claim"]))
    return support


def is_left(transaction: Transaction, id_: str) -> bool:
    """Whether something is said of an entity, beside hypotheses."""
    said = transaction.run(_LEFT, id=id_)
    return bool(said) and (said[0]["said"] or transaction.run(_USED, id=id_)[0]["n"] > 0)


def _mentions(
    transaction: Transaction, nodes: Iterable[str], moved: list[str], old: Iterable[str]
) -> list[MentionEdge]:
    found = [_mention(row) for row in _read(transaction, _MENTIONS, old, moved=moved)]
    papers = {mention.paper for mention in found}
    rows = _read(transaction, _MENTIONS_OF_PAPERS, papers, nodes=sorted(nodes))
    return [_mention(row) for row in rows]


def _sentences(transaction: Transaction, nodes: Iterable[str], moved: list[str]) -> list[Sentence]:
    found: dict[str, Sentence] = {}
    for end in ("SUBJECT", "OBJECT"):
        for row in _read(transaction, _SENTENCES.format(end), nodes, moved=moved):
            found[row["id"]] = _sentence(row)
    return list(found.values())


def _claims(
    transaction: Transaction, nodes: Iterable[str]
) -> Iterator[tuple[ClaimEdge, dict[str, str]]]:
    found: dict[str, tuple[ClaimEdge, dict[str, str]]] = {}
    for statement in (_CLAIMS_FROM, _CLAIMS_TO):
        for row in _read(transaction, statement, nodes):
            claim, ends = row["claim"], (row["start"], row["end"])
            edge = ClaimEdge(claim["claim_id"], row["predicate"], ends, tuple(entries_of(claim)))
            types = {row["start"]: row["start_type"], row["end"]: row["end_type"]}
            found[edge.claim_id] = (edge, types)
    yield from found.values()


def _add_parents(transaction: Transaction, state: State, old: Collection[str]) -> None:
    nodes = state.nodes
    children = {row["child"] for row in _read(transaction, _CHILDREN, old)}
    children |= nodes.keys()
    for row in _read(transaction, _PARENTS, children):
        if row["child"] in nodes or row["parent"] in nodes:
            state.parents.add(Parent(row["child"], row["parent"]))
    near = children - nodes.keys()
    state.children = {id_: node.terms for id_, node in read_nodes(transaction, near).items()}
    terms = [t for n in nodes.values() for t in n.terms]
    terms += [term for listed in state.children.values() for term in listed]
    named = {parent for term in terms for parent in term.parents}
    merges = read_merges(transaction, named)
    state.roots = {id_: merge.into for id_, merge in merges.items()}


def _hypotheses(transaction: Transaction, nodes: Iterable[str]) -> list[HypothesisEnd]:
    return [
        HypothesisEnd(row["hypothesis"], edge, json.loads(row["stored"])["id"], row["node"])
        for edge in ("SUBJECT", "OBJECT")
        for row in _read(transaction, _HYPOTHESES.format(edge, edge.lower()), nodes)
    ]


def _node(row: Row) -> Node:
    forms = Counter(dict(zip(row["forms"] or (), row["form_papers"] or (), strict=True)))
    absorbed = frozenset(row["absorbed"] or ())
    return Node(row["type"], parse_terms(row["terms"]), forms, row["n_papers"] or 0, absorbed)


def _mention(row: Row) -> MentionEdge:
    properties: dict[str, Any] = row["properties"]
    names = frozenset(properties["names"])
    return MentionEdge(row["paper"], row["entity"], row["node"], names, properties)


def _sentence(row: Row) -> Sentence:
    ends = (row["subject"], row["object"])
    read = (row["read_subject"] or ends[0], row["read_object"] or ends[1])
    return Sentence(row["id"], row["claim_id"], row["predicate"], ends, read)


def _read(
    transaction: Transaction, cypher: str, ids: Iterable[str], **parameters: Any
) -> Iterator[Row]:
    for part in parts(sorted(set(ids))):
        yield from transaction.run(cypher, ids=part, **parameters)
