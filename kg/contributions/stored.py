"""What a graph holds of the ids that a change touches, read within its transaction as needed.

A pattern begins with the node that is known: ArcadeDB goes through all nodes of the first label
otherwise (5 s and not 5 ms for the children of 100 terms).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from kg.contributions.belief import Reading
from kg.contributions.cache import Cache
from kg.contributions.claim_edges import read_edges
from kg.contributions.parts import by_id
from kg.contributions.properties import Entry, entries_of
from kg.contributions.redirects import Redirects
from kg.contributions.states import (
    ClaimState,
    EntityState,
    Mentions,
    PaperContribution,
    Sentence,
    Triple,
)
from kg.identifiers import claim_id
from kg.store.names import Row
from kg.store.transaction import Transaction

TYPE = "[label IN labels({0}) WHERE label <> 'Entity'][0]"
READING = (
    "e.paper AS paper, e.pack AS pack, e.polarity AS polarity, e.certainty AS certainty, "
    "e.confidence AS confidence"
)
_TYPES = f"UNWIND $ids AS id MATCH (e:Entity {{id: id}}) RETURN id, {TYPE.format('e')} AS type"
_ENTITIES = f"""
UNWIND $ids AS id MATCH (e:Entity {{id: id}})
RETURN id, {TYPE.format("e")} AS type, e.terms AS terms, e.forms AS forms,
e.form_papers AS form_papers, e.n_papers AS n_papers, e.absorbed AS absorbed
"""
_SUPPORT = f"""
UNWIND $ids AS id MATCH (e:Evidence {{claim_id: id}})-[:REPORTED_IN]->(p:Paper)
RETURN id AS claim_id, e.id AS id, p.date AS date, p.retracted AS retracted, {READING}
"""
_PAPERS = """
UNWIND $ids AS id MATCH (p:Paper {id: id})
RETURN p.id AS id, p.title AS title, p.date AS date, p.source AS source, p.sha256 AS sha256,
p.licence AS licence, p.retracted AS retracted, p.packs AS packs, p.pack_errors AS pack_errors,
p.domains AS domains
"""
_WHOLE_PAPERS = "UNWIND $ids AS id MATCH (p:Paper {id: id}) RETURN properties(p) AS paper"
_MENTION = """
RETURN p.id AS paper, m.entity AS read, e.id AS entity, m.names AS names, m.starts AS starts,
m.ends AS ends
"""
_MENTIONS = f"UNWIND $ids AS id MATCH (p:Paper {{id: id}})-[m:MENTIONS]->(e:Entity) {_MENTION}"
_MENTIONS_OF = f"""
UNWIND $ids AS id MATCH (e:Entity {{id: id}})<-[m:MENTIONS]-(p:Paper)
WHERE m.entity IN $moved {_MENTION}
"""
_SENTENCES = "UNWIND $ids AS id MATCH (e:Evidence {id: id}) RETURN properties(e) AS evidence"
_SENTENCES_IN = """
UNWIND $ids AS id MATCH (p:Paper {id: id})<-[:REPORTED_IN]-(e:Evidence)
RETURN properties(e) AS evidence
"""
_SENTENCES_ON = """
UNWIND $ids AS id MATCH (n:Entity {{id: id}})<-[:{0}]-(e:Evidence)
WHERE coalesce(e.read_subject, e.subject) IN $moved OR coalesce(e.read_object, e.object) IN $moved
RETURN properties(e) AS evidence
"""
_CURATED = """
UNWIND $ids AS id MATCH (n:Entity {{id: id}}){0}(m:Entity) WHERE c.curated = true
RETURN type(c) AS predicate, n.id AS node, m.id AS other, properties(c) AS edge
"""
_CLAIMS_IN = """
UNWIND $ids AS id MATCH (p:Paper {id: id})<-[:REPORTED_IN]-(e:Evidence)
RETURN DISTINCT e.subject AS subject, e.predicate AS predicate, e.object AS object
"""
_CLAIMS_READ_BY = """
MATCH (e:Evidence) WHERE e.pack IN $ids
RETURN DISTINCT e.subject AS subject, e.predicate AS predicate, e.object AS object
"""


class MentionEdge(NamedTuple):
    """That a paper mentions an entity under one id."""

    paper: str
    read: str
    entity: str
    said: Mentions


class Stored:
    """A graph within one transaction; what was read is kept until its end.

    Args:
        transaction: where to ask.
        cache: what the run knows of the graph already.
    """

    def __init__(self, transaction: Transaction, cache: Cache | None = None) -> None:
        self.transaction = transaction
        self.cache = Cache() if cache is None else cache
        self.cache.look(transaction)
        self.dates: dict[str, str | None] = {}  # of papers that claims were read with
        self._entities: dict[str, EntityState | None] = {}
        self._claims: dict[Triple, ClaimState] = {}

    def entities(self, ids: Iterable[str]) -> dict[str, EntityState]:
        """Return those of some entities that the graph holds; they may be changed."""
        wanted = set(ids)
        cached = self.cache.entities
        missing = wanted - self._entities.keys()
        for id_ in missing & cached.keys():
            self._entities[id_] = cached[id_].copy()
        missing -= cached.keys()
        self._entities |= dict.fromkeys(missing)
        if self.cache.empty:
            missing &= self.cache.types.keys()
        for row in by_id(self.transaction, _ENTITIES, missing):
            self._entities[row["id"]] = EntityState.of(row)
        found = {id_: self._entities[id_] for id_ in sorted(wanted)}
        return {id_: state for id_, state in found.items() if state is not None}

    def entity(self, id_: str, type_: str) -> EntityState:
        """Return an entity that was asked for; a new one of this type if the graph has it not."""
        state = self._entities.get(id_)
        if state is None:
            state = self._entities[id_] = EntityState(type_)
        return state

    def types(self, ids: Iterable[str]) -> dict[str, str]:
        """Return the types of all entities that are known, these among them if they exist."""
        known = self.cache.types
        self.cache.know(
            {row["id"]: row["type"] for row in self._read(_TYPES, set(ids) - known.keys())}
        )
        return known

    def claims(self, claims: Iterable[Triple], near: Collection[str] = ()) -> list[ClaimState]:
        """Return some claims with all that speaks of them; they may be changed."""
        wanted = list(claims)
        missing = dict.fromkeys(claim for claim in wanted if claim not in self._claims)
        for claim in missing:
            self._claims[claim] = ClaimState(claim_id(*claim))
        if self.cache.errors.sources:  # so that edges may have entries
            for claim, edge in read_edges(self.transaction, missing, near).items():
                state = self._claims[claim]
                state.edge, state.there, state.entries = edge, True, set(entries_of(edge))
            self._read_support(
                state
                for state in (self._claims[claim] for claim in missing)
                if state.edge is not None and state.edge["n_papers"]
            )
        else:
            self._read_support(self._claims[claim] for claim in missing)
        return [self._claims[claim] for claim in wanted]

    def papers(self, ids: Iterable[str], *, whole: bool) -> dict[str, PaperContribution]:
        """Return what papers say; not `whole`, without their text and their evidence."""
        wanted = list(ids)
        found: dict[str, PaperContribution] = {}
        if whole:
            for row in self._read(_WHOLE_PAPERS, wanted):
                found[row["paper"]["id"]] = PaperContribution(row["paper"])
            for sentence in self._sentences(_SENTENCES_IN, found):
                found[sentence.paper].evidence[sentence.id] = sentence
        else:
            found = {row["id"]: PaperContribution(row) for row in self._read(_PAPERS, wanted)}
        for mention in self.mentions(found):
            found[mention.paper].mentions[mention.read] = mention.said
        return found

    def mentions(self, papers: Iterable[str]) -> list[MentionEdge]:
        """Return all mentions of some papers."""
        return [_mention(row) for row in self._read(_MENTIONS, papers)]

    def mentions_of(self, entities: Iterable[str], moved: Collection[str]) -> list[MentionEdge]:
        """Return the mentions of some entities that were read under one of the `moved` ids."""
        rows = self._read(_MENTIONS_OF, entities, moved=sorted(moved))
        return [_mention(row) for row in rows]

    def sentences(self, ids: Iterable[str]) -> dict[str, Sentence]:
        """Return those of some pieces of evidence that the graph holds, as read."""
        return {sentence.id: sentence for sentence in self._sentences(_SENTENCES, ids)}

    def sentences_on(self, entities: Iterable[str], moved: Collection[str]) -> list[Sentence]:
        """Return evidence on some entities with an end that was read under a `moved` id."""
        every = list(entities)
        found = {
            sentence.id: sentence
            for end in ("SUBJECT", "OBJECT")
            for sentence in self._sentences(_SENTENCES_ON.format(end), every, moved=sorted(moved))
        }
        return list(found.values())

    def curated_claims(self, entities: Iterable[str]) -> dict[Triple, list[Entry]]:
        """Return what curated sources say of some entities, by claim."""
        found: dict[Triple, list[Entry]] = {}
        every = list(entities)
        for pattern, forward in (("-[c]->", True), ("<-[c]-", False)):
            for row in self._read(_CURATED.format(pattern), every):
                ends = (row["node"], row["other"])
                start, end = ends if forward else reversed(ends)
                found[start, row["predicate"], end] = entries_of(row["edge"])
        return found

    def claims_in(self, papers: Iterable[str]) -> set[Triple]:
        """Return the claims that some papers have evidence on."""
        return {_triple(row) for row in self._read(_CLAIMS_IN, papers)}

    def claims_read_by(self, packs: Collection[str]) -> set[Triple]:
        """Return the claims that some packs have read, by their refs."""
        if not packs:
            return set()
        return {_triple(row) for row in self.transaction.run(_CLAIMS_READ_BY, ids=sorted(packs))}

    def redirects(self, ids: Iterable[str]) -> Redirects:
        """Return where ids lead, with what is needed to put claims between them in order.

        The types of entities are asked for where some ids are merged, and no others matter.
        """
        merged = self.cache.merged
        if not merged:
            return Redirects({}, None)
        return Redirects(merged, self.cache.domain, self.types(merged.get(i, i) for i in ids))

    def _read_support(self, states: Iterable[ClaimState]) -> None:
        wanted = {state.id: state for state in states}
        for row in self._read(_SUPPORT, wanted):
            state = wanted[row["claim_id"]]
            state.there = True
            state.readings[row["id"]] = reading(row, retracted=bool(row["retracted"]))
            self.dates[row["paper"]] = row["date"]

    def _sentences(self, cypher: str, ids: Iterable[str], **parameters: Any) -> Iterator[Sentence]:
        for row in self._read(cypher, ids, **parameters):
            yield _sentence(row["evidence"])

    def _read(self, cypher: str, ids: Iterable[str], **parameters: Any) -> Iterator[Row]:
        return by_id(self.transaction, cypher, ids, **parameters)


def _mention(row: Row) -> MentionEdge:
    places = frozenset(zip(row["starts"], row["ends"], strict=True))
    said = Mentions(frozenset(row["names"]), places)
    return MentionEdge(row["paper"], row["read"], row["entity"], said)


def _sentence(properties: Row) -> Sentence:
    said: Row = {name: properties.get(name) for name in Sentence._fields}
    for end in ("subject", "object"):
        said[end] = properties.get(f"read_{end}") or said[end]
    said["claim_id"] = claim_id(said["subject"], said["predicate"], said["object"])
    return Sentence(**said)


def reading(row: Row, *, retracted: bool = False) -> Reading:
    """Return a row of `READING` as belief needs it."""
    said = (row["paper"], row["pack"], row["polarity"], row["certainty"], row["confidence"])
    return Reading(*said, retracted)


def _triple(row: Row) -> Triple:
    return row["subject"], row["predicate"], row["object"]
