"""The Cypher of loading: what is read before a batch, and what is written.

All of it runs inside one transaction, reads first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from kg.belief import Reading
from kg.loading.changes import Changes, State, StoredClaims, StoredEntity, StoredSentence
from kg.loading.checks import CheckedPaper
from kg.store.names import Row
from kg.store.transaction import Transaction

T = TypeVar("T")

_ROWS = 2000  # a statement

_PAPERS = """
UNWIND $ids AS id MATCH (p:Paper {id: id})
RETURN p.id AS id, p.title AS title, p.date AS date, p.source AS source, p.sha256 AS sha256,
p.licence AS licence, p.retracted AS retracted, p.packs AS packs
"""
_PLACES = """
UNWIND $ids AS id MATCH (p:Paper {id: id})-[m:MENTIONS]->(e:Entity)
RETURN id AS paper, e.id AS entity, m.starts AS starts, m.ends AS ends
"""
_ENTITIES = """
UNWIND $ids AS id MATCH (e:Entity {id: id})
RETURN id, [label IN labels(e) WHERE label <> 'Entity'][0] AS type, e.name AS name,
e.synonyms AS synonyms, e.form_papers AS form_papers, e.n_papers AS n_papers
"""
_READING = (
    "e.paper AS paper, e.pack AS pack, e.polarity AS polarity, e.certainty AS certainty, "
    "e.confidence AS confidence"
)
_SENTENCES = f"UNWIND $ids AS id MATCH (e:Evidence {{id: id}}) RETURN id, {_READING}"
_CLAIMS_OF_PAPERS = """
UNWIND $ids AS id MATCH (p:Paper {id: id})<-[:REPORTED_IN]-(e:Evidence)
RETURN DISTINCT e.claim_id AS claim_id
"""
_BEHIND = f"""
UNWIND $ids AS id MATCH (e:Evidence {{claim_id: id}})-[:REPORTED_IN]->(p:Paper)
RETURN id AS claim_id, e.id AS id, e.subject AS subject, e.predicate AS predicate,
e.object AS object, p.date AS date, {_READING}
"""
_EVIDENCE = """
UNWIND $rows AS row
MATCH (p:Paper {id: row.paper})
MATCH (s:Entity {id: row.subject})
MATCH (o:Entity {id: row.object})
MERGE (e:Evidence {id: row.id}) SET e += row.properties
MERGE (e)-[:REPORTED_IN]->(p) MERGE (e)-[:SUBJECT]->(s) MERGE (e)-[:OBJECT]->(o)
"""


def read_state(transaction: Transaction, papers: Sequence[CheckedPaper]) -> State:
    """Read what the graph holds of some papers, of their entities and of their sentences."""
    state = State()
    ids = [paper.id for paper in papers]
    state.papers = {row["id"]: row for row in _read(transaction, _PAPERS, ids)}
    for row in _read(transaction, _PLACES, state.papers):
        places = zip(row["starts"], row["ends"], strict=True)
        state.places[row["paper"], row["entity"]] = set(places)
    entities = {span.entity for paper in papers for span in paper.spans}
    for row in _read(transaction, _ENTITIES, entities):
        state.entities[row["id"]] = _stored_entity(row)
    if state.papers:
        sentences = {item.sentence.id for paper in papers for item in paper.sentences}
        for row in _read(transaction, _SENTENCES, sentences):
            state.sentences[row["id"]] = StoredSentence(row["id"], _reading(row))
    return state


def read_claims(
    transaction: Transaction, claims: Iterable[str], redated: Iterable[str]
) -> StoredClaims:
    """Read all evidence behind some claims, and behind the claims of some papers."""
    ids = {*claims, *(row["claim_id"] for row in _read(transaction, _CLAIMS_OF_PAPERS, redated))}
    stored = StoredClaims()
    for row in _read(transaction, _BEHIND, ids):
        stored.triples[row["claim_id"]] = (row["subject"], row["predicate"], row["object"])
        stored.readings[row["claim_id"]][row["id"]] = _reading(row)
        stored.dates[row["paper"]] = row["date"]
    return stored


def write(transaction: Transaction, changes: Changes, claims: Mapping[str, list[Row]]) -> None:
    """Write the rows of a batch."""
    for papers in _parts(changes.papers):
        transaction.merge_nodes(("Paper",), papers)
    for type_, entities in changes.entities().items():
        for rows in _parts(entities):
            transaction.merge_nodes(("Entity", type_), rows)
    for mentions in _parts(changes.mentions):
        transaction.merge_edges("MENTIONS", mentions, start="Paper", end="Entity")
    for evidence in _parts(changes.evidence):
        transaction.rows(_EVIDENCE, map(_evidence_row, evidence))
    for predicate, edges in claims.items():
        for rows in _parts(edges):
            transaction.merge_edges(predicate, rows, key=("claim_id",))


def _read(transaction: Transaction, cypher: str, ids: Iterable[str]) -> Iterator[Row]:
    for part in _parts(sorted(set(ids))):
        yield from transaction.run(cypher, ids=part)


def _parts(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(rows), _ROWS):
        yield rows[start : start + _ROWS]


def _stored_entity(row: Row) -> StoredEntity:
    names = (row["name"], *(row["synonyms"] or ()))
    forms = Counter(dict(zip(names, row["form_papers"] or (), strict=False)))
    return StoredEntity(row["type"], row["n_papers"] or 0, forms)


def _reading(row: Row) -> Reading:
    return Reading(*(row[name] for name in Reading._fields))


def _evidence_row(row: Row) -> Row:
    ends = {name: row[name] for name in ("id", "paper", "subject", "object")}
    return {**ends, "properties": row}
