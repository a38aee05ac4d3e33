"""The Cypher of loading: what is read before a batch, and what is written.

All of it runs inside one transaction, reads first. What the reads did not find is created and not
merged: nobody else writes meanwhile (`exclusive_write`), and a server spares the look-up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from types import MappingProxyType
from typing import Any

from kg.contributions.properties import PropertyRow, parse_terms
from kg.contributions.schema_store import merge_domains, read_domains
from kg.contributions.support import READING, Errors, Support, by_id, parts, read_errors, reading
from kg.domain import Domain, parse_domain
from kg.loading.changes import Changes, Rows
from kg.loading.checks import CheckedPaper
from kg.loading.state import State, StoredEntity, StoredSentence
from kg.prefetch import prefetch
from kg.store.names import Row, valid_label, valid_relationship_type
from kg.store.transaction import Transaction

Statement = tuple[str, Sequence[Any]]  # Cypher that begins with UNWIND $rows, the rows

_PAPERS = """
UNWIND $ids AS id MATCH (p:Paper {id: id})
RETURN p.id AS id, p.title AS title, p.date AS date, p.source AS source, p.sha256 AS sha256,
p.licence AS licence, p.retracted AS retracted, p.packs AS packs, p.pack_errors AS pack_errors,
p.domains AS domains
"""
_PLACES = """
UNWIND $ids AS id MATCH (p:Paper {id: id})-[m:MENTIONS]->(e:Entity)
RETURN id AS paper, m.entity AS read, e.id AS entity, m.starts AS starts, m.ends AS ends
"""
ENTITIES = """
UNWIND $ids AS id MATCH (e:Entity {id: id})
RETURN id, [label IN labels(e) WHERE label <> 'Entity'][0] AS type, e.terms AS terms,
e.forms AS forms, e.form_papers AS form_papers, e.n_papers AS n_papers, e.absorbed AS absorbed
"""
_SENTENCES = f"UNWIND $ids AS id MATCH (e:Evidence {{id: id}}) RETURN id, {READING}"
_ANY_MERGE = "MATCH (m:Merge) RETURN m.id AS id LIMIT 1"
_MERGES = "UNWIND $ids AS id MATCH (m:Merge {id: id}) RETURN m.absorbed AS read, m.into AS entity"

_NEW_NODES = "UNWIND $rows AS row CREATE (n:{labels}) SET n = row"
_NEW_CLAIMS = """
UNWIND $rows AS row MATCH (a:Entity {{id: row.start}}) MATCH (b:Entity {{id: row.end}})
CREATE (a)-[r:{type}]->(b) SET r = row.properties
"""
# A list for each paper: Neo4j takes two thirds of the time that it takes for a map for each edge.
_MENTION = itemgetter("end", "entity", "n", "names", "starts", "ends")
_NEW_MENTIONS = """
UNWIND $rows AS row MATCH (p:Paper {id: row[0]}) WITH p, row UNWIND row[1] AS m
MATCH (e:Entity {id: m[0]})
CREATE (p)-[:MENTIONS {entity: m[1], n: m[2], names: m[3], starts: m[4], ends: m[5]}]->(e)
"""
# A property that a row has as null is removed, one that it does not have stays.
_NODES = "UNWIND $rows AS row MATCH (n:{label} {{id: row.id}}) SET n += row"
_CHANGED_EDGES = """
UNWIND $rows AS row MATCH (a:{start} {{id: row.start}}) MATCH (b:Entity {{id: row.end}})
MATCH (a)-[r:{type} {{{key}: row.properties.{key}}}]->(b) SET r = row.properties
"""
_NEW_EVIDENCE = """
UNWIND $rows AS row MATCH (p:Paper {id: row[0]}) WITH p, row UNWIND row[1] AS said
MATCH (s:Entity {id: said.subject}) MATCH (o:Entity {id: said.object})
CREATE (e:Evidence) SET e = said
CREATE (e)-[:REPORTED_IN]->(p) CREATE (e)-[:SUBJECT]->(s) CREATE (e)-[:OBJECT]->(o)
"""
_PACKS = "UNWIND $rows AS row MERGE (p:Pack {id: row.id}) SET p.error = row.error"
_EVIDENCE = "UNWIND $rows AS row MATCH (e:Evidence {id: row.id}) SET e = row"


@dataclass(frozen=True, slots=True)
class Setting:
    """What a graph holds beside papers and entities: ids of schemas, error rates.

    `merges` tells whether any entities were merged; `domain` is then all schemas together.
    """

    domains: frozenset[str]
    errors: Errors
    merges: bool
    domain: Domain | None

    def changed(self, domains: Collection[str], packs: Mapping[str, float | None]) -> Setting:
        """Return what it is once there are these schemas and packs too."""
        if not (domains or packs):
            return self
        errors = replace(self.errors, packs={**self.errors.packs, **packs})
        return replace(self, domains=self.domains.union(domains), errors=errors)


def read_setting(transaction: Transaction) -> Setting:
    """Read what is the same for all papers."""
    domains, merges = read_domains(transaction), bool(transaction.run(_ANY_MERGE))
    domain = merge_domains(map(parse_domain, domains.values())) if merges and domains else None
    return Setting(frozenset(domains), read_errors(transaction), merges, domain)


def read_state(
    transaction: Transaction,
    papers: Sequence[CheckedPaper],
    setting: Setting,
    known: Mapping[str, StoredEntity] = MappingProxyType({}),
) -> State:
    """Read what the graph holds of some papers, of their entities and of their sentences.

    Entities that are `known` already are not asked for.
    """
    state = State(errors=setting.errors, domains=set(setting.domains))
    ids = [paper.id for paper in papers]
    state.papers = {row["id"]: row for row in by_id(transaction, _PAPERS, ids)}
    for row in by_id(transaction, _PLACES, state.papers):
        places = set(zip(row["starts"], row["ends"], strict=True))
        state.place(row["paper"], row["read"], row["entity"], places)
    sentences = [item.sentence for paper in papers for item in paper.sentences]
    reads = {span.entity for paper in papers for span in paper.spans}
    reads |= {end for sentence in sentences for end in (sentence.subject, sentence.object)}
    if setting.merges:
        rows = by_id(transaction, _MERGES, (f"merge:{read}" for read in reads))
        state.merged = {row["read"]: row["entity"] for row in rows}
        state.domain = setting.domain
    entities = set(map(state.entity, reads))
    state.entities = {id_: known[id_] for id_ in entities & known.keys()}
    for row in by_id(transaction, ENTITIES, entities - known.keys()):
        state.entities[row["id"]] = stored_entity(row)
    if state.papers:
        for row in by_id(transaction, _SENTENCES, (sentence.id for sentence in sentences)):
            state.sentences[row["id"]] = StoredSentence(row["id"], reading(row))
    return state


def write(transaction: Transaction, changes: Changes, support: Support) -> None:
    """Write the rows of a batch.

    Args:
        transaction: where.
        changes: what the papers bring.
        support: what the graph held behind the claims that they touch.
    """
    for statement, rows in prefetch(_statements(changes, support)):
        transaction.run(statement, rows=rows)


def stored_entity(row: Row) -> StoredEntity:
    """Return what the graph holds of an entity from its properties and its `type`."""
    forms = dict(zip(row["forms"] or (), row["form_papers"] or (), strict=True))
    return StoredEntity(
        row["type"],
        Counter(forms),
        row["n_papers"] or 0,
        parse_terms(row["terms"]),
        tuple(row["absorbed"] or ()),
        stored=tuple(forms),
    )


def _statements(changes: Changes, support: Support) -> Iterator[Statement]:
    """Yield what is to be run, in this order; nodes stand before the edges between them."""
    yield from _nodes(("Paper",), changes.papers)
    for type_, entities in changes.entities().items():
        yield from _nodes(("Entity", type_), entities)
    yield from _mentions(changes.mentions)
    evidence = changes.evidence()
    for part in parts(evidence.new):
        yield _NEW_EVIDENCE, _by_paper(part, "paper", _as_it_is)
    for part in parts(evidence.changed):
        yield _EVIDENCE, part
    for predicate, claims in changes.claims(support).items():
        yield from _claims(predicate, claims)
    if changes.packs:
        yield _PACKS, [{"id": ref, "error": error} for ref, error in sorted(changes.packs.items())]


def _nodes(labels: tuple[str, ...], rows: Rows) -> Iterator[Statement]:
    created = _NEW_NODES.format(labels=":".join(map(valid_label, labels)))
    for part in parts(rows.new):
        yield created, [_said(row) for row in part]
    changed = _NODES.format(label=valid_label(labels[0]))
    for part in parts(rows.changed):
        yield changed, part


def _mentions(rows: Rows) -> Iterator[Statement]:
    for part in parts(rows.new):
        yield _NEW_MENTIONS, _by_paper(part, "start", _MENTION)
    changed = _CHANGED_EDGES.format(type="MENTIONS", start="Paper", key="entity")
    for part in parts(rows.changed):
        yield changed, [_edge(row) for row in part]


def _claims(predicate: str, rows: Rows) -> Iterator[Statement]:
    names = {"type": valid_relationship_type(predicate), "start": "Entity", "key": "claim_id"}
    for statement, listed in ((_NEW_CLAIMS, rows.new), (_CHANGED_EDGES, rows.changed)):
        for part in parts(listed):
            yield statement.format(**names), [_edge(row) for row in part]


def _by_paper(rows: Sequence[PropertyRow], paper: str, sent: Callable[[Any], Any]) -> list[Any]:
    """Return the rows of each paper, named by its id; they come one paper after the other."""
    by_paper = groupby(rows, itemgetter(paper))
    return [[id_, list(map(sent, same))] for id_, same in by_paper]


def _as_it_is(row: PropertyRow) -> PropertyRow:
    return row


def _edge(row: PropertyRow) -> PropertyRow:
    properties = _said(row)
    return {
        "start": properties.pop("start"),
        "end": properties.pop("end"),
        "properties": properties,
    }


def _said(row: PropertyRow) -> PropertyRow:
    """Return a row without what it does not have; its values were checked, or are derived."""
    return {name: value for name, value in row.items() if value is not None}
