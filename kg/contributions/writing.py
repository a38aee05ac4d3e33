"""What a change writes of papers, mentions, evidence, entities and IS_A: statements and their rows.

Reads come first in a transaction. What they did not find is created and not merged: nobody else
writes meanwhile (`exclusive_write`), and a server spares the look-up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from kg.contributions.parts import by_id, parts
from kg.contributions.properties import PropertyRow, without_none
from kg.contributions.states import EntityState, Mentions, Sentence, Triple
from kg.identifiers import claim_id
from kg.store.names import Row, valid_label, valid_relationship_type
from kg.store.transaction import Transaction, sized_parts

Ends = tuple[str, str]  # start, end

_NEW_NODES = "UNWIND $rows AS row CREATE (n:{labels}) SET n = row"
_NODES = "UNWIND $rows AS row MATCH (n:{label} {{id: row.id}}) SET n {sets} row"
# A list for each paper: Neo4j takes two thirds of the time that it takes for a map for each edge.
_NEW_MENTIONS = """
UNWIND $rows AS row MATCH (p:Paper {id: row[0]}) WITH p, row UNWIND row[1] AS m
MATCH (e:Entity {id: m[0]})
CREATE (p)-[:MENTIONS {entity: m[1], n: m[2], names: m[3], starts: m[4], ends: m[5]}]->(e)
"""
_CHANGED_MENTIONS = """
UNWIND $rows AS m MATCH (p:Paper {id: m[0]}) MATCH (e:Entity {id: m[1]})
MATCH (p)-[r:MENTIONS {entity: m[2]}]->(e)
SET r.n = m[3], r.names = m[4], r.starts = m[5], r.ends = m[6]
"""
_NEW_EVIDENCE = """
UNWIND $rows AS row MATCH (p:Paper {id: row[0]}) WITH p, row UNWIND row[1] AS said
MATCH (s:Entity {id: said.subject}) MATCH (o:Entity {id: said.object})
CREATE (e:Evidence) SET e = said
CREATE (e)-[:REPORTED_IN]->(p) CREATE (e)-[:SUBJECT]->(s) CREATE (e)-[:OBJECT]->(o)
"""
_DROP_EDGES = """
UNWIND $rows AS row
MATCH (a:{1} {{id: row.start}})-[r:{0}]->(b:Entity {{id: row.end}}) {2}
WITH collect(r) AS every UNWIND every AS r DELETE r
"""
# A hypothesis is a result that was recorded, not something that is said of an entity.
NOTHING_ELSE = "NOT EXISTS { (e)-[r]-() WHERE NOT type(r) IN ['SUBJECT', 'OBJECT'] }"
_PRUNE = f"""
UNWIND $ids AS id MATCH (e:Entity {{id: id}})
WHERE e.terms IS NULL AND e.n_papers = 0 AND e.absorbed IS NULL AND {NOTHING_ELSE}
WITH collect(e) AS every, collect(id) AS ids FOREACH (e IN every | DETACH DELETE e) RETURN ids
"""
_CHILDREN = "UNWIND $ids AS id MATCH (e:Entity {id: id})<-[:IS_A]-(c:Entity) RETURN c.id AS child"
_PARENTS = """
UNWIND $ids AS id MATCH (e:Entity {id: id})-[r:IS_A]->(p:Entity)
RETURN id AS start, p.id AS end, r.sources AS sources
"""


class MentionRow(NamedTuple):
    """A MENTIONS edge as it is to be."""

    paper: str
    entity: str
    read: str
    n: int
    names: list[str]
    starts: list[int]
    ends: list[int]

    @classmethod
    def of(cls, paper: str, entity: str, read: str, said: Mentions) -> MentionRow:
        """Return the edge of a paper to an entity, under one id as read."""
        places = sorted(said.places)
        starts, ends = ([place[at] for place in places] for at in (0, 1))
        return cls(paper, entity, read, len(places), sorted(said.names), starts, ends)


class Moved(NamedTuple):
    """A piece of evidence that speaks of another claim now."""

    sentence: Sentence
    before: Triple
    after: Triple


def create_papers(transaction: Transaction, rows: Sequence[PropertyRow]) -> None:
    """Create papers with all of their properties."""
    _create(transaction, ("Paper",), rows)


def change_papers(transaction: Transaction, rows: Sequence[PropertyRow]) -> None:
    """Change properties of papers; one that is None goes, one that is not named stays."""
    _change(transaction, "Paper", rows, "+=")


def create_mentions(transaction: Transaction, rows: Sequence[MentionRow]) -> None:
    """Create MENTIONS edges; those of one paper come one after the other."""
    for part in parts(rows):
        by_paper = groupby(part, itemgetter(0))
        sent = [[paper, [list(row[1:]) for row in same]] for paper, same in by_paper]
        transaction.run(_NEW_MENTIONS, rows=sent)


def change_mentions(transaction: Transaction, rows: Sequence[MentionRow]) -> None:
    """Give MENTIONS edges that are there other places and names."""
    for part in parts(rows):
        transaction.run(_CHANGED_MENTIONS, rows=[list(row) for row in part])


def drop_mentions(transaction: Transaction, gone: Iterable[tuple[str, str, str]]) -> None:
    """Delete MENTIONS edges, by paper, entity and id as read."""
    rows = [{"start": paper, "end": entity, "entity": read} for paper, entity, read in gone]
    drop_edges(transaction, "MENTIONS", rows, start="Paper", key="entity")


def create_evidence(transaction: Transaction, rows: Iterable[tuple[Sentence, Triple]]) -> None:
    """Create evidence, each piece on the claim that it comes to."""
    every = [evidence_row(sentence, claim) for sentence, claim in rows]
    for part in parts(every):
        by_paper = groupby(part, itemgetter("paper"))
        transaction.run(_NEW_EVIDENCE, rows=[[paper, list(same)] for paper, same in by_paper])


def change_evidence(transaction: Transaction, rows: Iterable[tuple[Sentence, Triple]]) -> None:
    """Give evidence that is there other properties, on the same claim."""
    _change(transaction, "Evidence", [evidence_row(*row) for row in rows], "=")


def move_evidence(transaction: Transaction, moved: Sequence[Moved]) -> None:
    """Let evidence speak of other claims."""
    change_evidence(transaction, [(move.sentence, move.after) for move in moved])
    for at, type_ in ((0, "SUBJECT"), (2, "OBJECT")):
        other = [move for move in moved if move.before[at] != move.after[at]]
        old = [{"start": move.sentence.id, "end": move.before[at]} for move in other]
        new = [{"start": move.sentence.id, "end": move.after[at]} for move in other]
        drop_edges(transaction, type_, old, start="Evidence")
        transaction.merge_edges(type_, new, start="Evidence")


def evidence_row(sentence: Sentence, claim: Triple) -> PropertyRow:
    """Return all properties of a piece of evidence, with the ids as read where they differ."""
    row = without_none(sentence._asdict())
    subject, _, object_ = claim
    row |= {"claim_id": claim_id(*claim), "subject": subject, "object": object_}
    if sentence.subject != subject:
        row["read_subject"] = sentence.subject
    if sentence.object != object_:
        row["read_object"] = sentence.object
    return row


def write_entities(
    transaction: Transaction, states: Mapping[str, EntityState]
) -> dict[str, EntityState]:
    """Write entities as far as they differ from their nodes; return those that do."""
    new: dict[str, list[Row]] = defaultdict(list)
    whole: list[Row] = []
    counts: list[Row] = []
    written: dict[str, EntityState] = {}
    for id_, state in states.items():
        difference = state.difference(id_)
        if difference is None:
            continue
        written[id_] = state
        row, every = difference
        if state.stored is None:
            new[state.type].append(without_none(row))
        elif every:
            whole.append(without_none(row))
        else:
            counts.append(row)
    for type_, rows in new.items():
        _create(transaction, ("Entity", type_), rows)
    _change(transaction, "Entity", whole, "=")
    _change(transaction, "Entity", counts, "+=")
    return written


def prune(transaction: Transaction, ids: Iterable[str]) -> set[str]:
    """Delete those of some entities of which nothing is said any more, and return them.

    An entity stays while a paper mentions it, a source has a term of it, another one was merged
    into it, or an edge of a curated source has it as its end.
    """
    rows = by_id(transaction, _PRUNE, ids)
    return {id_ for row in rows for id_ in row["ids"]}


def children_of(transaction: Transaction, ids: Iterable[str]) -> set[str]:
    """Return the entities that are a kind of some others, by their IS_A edges."""
    return {row["child"] for row in by_id(transaction, _CHILDREN, ids)}


def read_parents(transaction: Transaction, children: Iterable[str]) -> dict[Ends, list[str]]:
    """Return the IS_A edges that begin at some entities, each with its sources."""
    rows = by_id(transaction, _PARENTS, children)
    return {(row["start"], row["end"]): row["sources"] for row in rows}


def write_parents(
    transaction: Transaction, children: Mapping[str, EntityState], merged: Mapping[str, str]
) -> tuple[bool, set[str]]:
    """Give entities the IS_A edges that follow from their terms.

    A parent that is not there yet gets its edge once it is: when this is done again.

    Returns:
        whether any edge is another one, and the parents that lost one.
    """
    wanted = _parents(children, merged)
    there = read_parents(transaction, children)
    new = [
        {"start": ends[0], "end": ends[1], "sources": refs}
        for ends, refs in sorted(wanted.items())
        if there.get(ends) != refs
    ]
    gone = sorted(there.keys() - wanted.keys())
    found = sum(transaction.merge_edges("IS_A", part, replace=True) for part in parts(new))
    drop_edges(transaction, "IS_A", [{"start": start, "end": end} for start, end in gone])
    return bool(found or gone), {parent for _, parent in gone}


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


def _parents(
    children: Mapping[str, EntityState], merged: Mapping[str, str]
) -> dict[Ends, list[str]]:
    refs: dict[Ends, set[str]] = defaultdict(set)
    for id_, state in children.items():
        for term in state.terms:
            for named in () if term.retired else term.parents:
                parent = merged.get(named, named)
                if parent != id_:
                    refs[id_, parent].add(term.source)
    return {ends: sorted(sources) for ends, sources in refs.items()}


def _create(transaction: Transaction, labels: Collection[str], rows: Sequence[Row]) -> None:
    statement = _NEW_NODES.format(labels=":".join(map(valid_label, labels)))
    for part in parts(rows):
        for sized in sized_parts(list(part)):
            transaction.run(statement, rows=sized)


def _change(transaction: Transaction, label: str, rows: Sequence[Row], sets: str) -> None:
    statement = _NODES.format(label=valid_label(label), sets=sets)
    for part in parts(rows):
        for sized in sized_parts(list(part)):
            transaction.run(statement, rows=sized)
