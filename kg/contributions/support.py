"""What stands behind claims: sentences of papers, rows of curated sources, and how often they err.

Everything here is read inside the transaction that goes on to write what follows from it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from kg.contributions.belief import Reading
from kg.contributions.properties import Entry, PropertyRow, claim_properties, entries_of
from kg.store.names import Row, valid_relationship_type
from kg.store.transaction import Transaction

T = TypeVar("T")
Triple = tuple[str, str, str]  # subject, predicate, object

ROWS = 2000  # a statement

READING = (
    "e.paper AS paper, e.pack AS pack, e.polarity AS polarity, e.certainty AS certainty, "
    "e.confidence AS confidence"
)
_ERRORS = "MATCH (n:{label}) RETURN n.id AS id, n.error AS error"
_BEHIND = f"""
UNWIND $ids AS id MATCH (e:Evidence {{claim_id: id}})-[:REPORTED_IN]->(p:Paper)
RETURN id AS claim_id, e.id AS id, e.subject AS subject, e.predicate AS predicate,
e.object AS object, p.date AS date, p.retracted AS retracted, {READING}
"""
_CURATED = """
UNWIND $rows AS row
MATCH (s:Entity {{id: row.start}})-[c:{type} {{claim_id: row.claim_id}}]->(o:Entity {{id: row.end}})
WHERE c.curated = true RETURN row.claim_id AS claim_id, properties(c) AS edge
"""
_OF_PAPERS = """
UNWIND $ids AS id MATCH (p:Paper {id: id})<-[:REPORTED_IN]-(e:Evidence)
RETURN DISTINCT e.claim_id AS claim_id
"""
_OF_PACKS = "MATCH (e:Evidence) WHERE e.pack IN $ids RETURN DISTINCT e.claim_id AS claim_id"


@dataclass(slots=True)
class Errors:
    """Systematic error rates as the graph has them; None where none was learnt."""

    packs: dict[str, float | None] = field(default_factory=dict)  # by ref
    sources: dict[str, float | None] = field(default_factory=dict)  # by name

    @property
    def rates(self) -> dict[str, float]:
        """What is known of both."""
        both = (*self.packs.items(), *self.sources.items())
        return {name: error for name, error in both if error is not None}


@dataclass(slots=True)
class Support:
    """All evidence and all curated entries behind some claims."""

    triples: dict[str, Triple] = field(default_factory=dict)  # of claims whose edge is there
    readings: dict[str, dict[str, Reading]] = field(default_factory=lambda: defaultdict(dict))
    dates: dict[str, str | None] = field(default_factory=dict)  # of papers
    entries: dict[str, list[Entry]] = field(default_factory=dict)


def read_errors(transaction: Transaction) -> Errors:
    """Read the error rates of all packs and sources."""
    packs, sources = (
        {row["id"]: row["error"] for row in transaction.run(_ERRORS.format(label=label))}
        for label in ("Pack", "Source")
    )
    return Errors(packs, sources)


def read_support(
    transaction: Transaction, claims: Mapping[str, Triple | None], *, curated: bool
) -> Support:
    """Read all that stands behind some claims.

    Args:
        transaction: where.
        claims: their ids, and what each says where that is known; what evidence says it.
        curated: whether the graph has a curated source, so that edges may have entries.
    """
    support = Support()
    for row in by_id(transaction, _BEHIND, claims):
        claim = row["claim_id"]
        support.triples[claim] = (row["subject"], row["predicate"], row["object"])
        support.readings[claim][row["id"]] = reading(row, retracted=bool(row["retracted"]))
        support.dates[row["paper"]] = row["date"]
    if curated:
        known = {claim: support.triples.get(claim) or triple for claim, triple in claims.items()}
        _read_entries(transaction, known, support)
    return support


def claims_of_papers(transaction: Transaction, papers: Iterable[str]) -> set[str]:
    """Return the ids of the claims that some papers have evidence on."""
    return {row["claim_id"] for row in by_id(transaction, _OF_PAPERS, papers)}


def claims_of_packs(transaction: Transaction, refs: Iterable[str]) -> set[str]:
    """Return the ids of the claims that some packs have read."""
    return {row["claim_id"] for row in by_id(transaction, _OF_PACKS, refs)}


def claim_row(
    claim: str, triple: Triple, support: Support, errors: Mapping[str, float]
) -> tuple[str, PropertyRow]:
    """Return the predicate of a claim and the row of its edge, as follows from what is behind."""
    subject, predicate, object_ = triple
    readings = list(support.readings.get(claim, {}).values())
    entries = support.entries.get(claim, ())
    properties = claim_properties(claim, readings, support.dates, entries, errors)
    return predicate, {"start": subject, "end": object_, **properties}


def reading(row: Row, *, retracted: bool = False) -> Reading:
    """Return a row of `READING` as belief needs it."""
    said = (row["paper"], row["pack"], row["polarity"], row["certainty"], row["confidence"])
    return Reading(*said, retracted)


def by_id(transaction: Transaction, cypher: str, ids: Iterable[str]) -> Iterator[Row]:
    """Yield the rows of a statement on `$ids`, some at a time."""
    for part in parts(sorted(set(ids))):
        yield from transaction.run(cypher, ids=part)


def parts(rows: Sequence[T], size: int = ROWS) -> Iterator[Sequence[T]]:
    """Yield rows in parts of one statement each."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _read_entries(
    transaction: Transaction, claims: Mapping[str, Triple | None], support: Support
) -> None:
    by_predicate: dict[str, list[Row]] = defaultdict(list)
    for claim, triple in sorted(claims.items()):
        if triple is not None:
            ends = {"claim_id": claim, "start": triple[0], "end": triple[2]}
            by_predicate[triple[1]].append(ends)
    for predicate, rows in by_predicate.items():
        statement = _CURATED.format(type=valid_relationship_type(predicate))
        for part in parts(rows):
            for row in transaction.run(statement, rows=part):
                claim = row["claim_id"]
                support.entries[claim] = entries_of(row["edge"])
                triple = claims[claim]
                if triple is not None:
                    support.triples[claim] = triple
