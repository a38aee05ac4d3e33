"""Removal of a curated source in bulk: what nobody else speaks of, the server finds and deletes.

Nearly all claims and terms of a large source have nothing else behind them. Only numbers go to and
fro for these; what others speak of too is left to `apply`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from kg.contributions.properties import Entry, entries_of
from kg.contributions.states import Triple
from kg.contributions.writing import NOTHING_ELSE, drop_edges, prune, read_parents
from kg.store.graph import Graph
from kg.store.names import Row, valid_relationship_type
from kg.store.transaction import Transaction

# A source has one version, but for a load of another one that was killed half-way.
_ITS = "c.curated = true AND any(ref IN c.curated_sources WHERE ref STARTS WITH $prefix)"
_ALONE = (
    "c.curated = true AND c.n_papers = 0 "
    "AND all(ref IN c.curated_sources WHERE ref STARTS WITH $prefix)"
)
_COUNTED = f"""
MATCH (a:Entity)-[c]->(:Entity) WHERE {_ITS}
RETURN type(c) AS predicate, a.id AS start, count(*) AS n,
sum(CASE WHEN {_ALONE} THEN 1 ELSE 0 END) AS alone
"""
_CLAIMS = f"""
MATCH (a:Entity)-[c]->(b:Entity) WHERE {_ITS}
RETURN type(c) AS predicate, a.id AS start, b.id AS end
"""
_ENTRIES = f"""
MATCH (a:Entity)-[c]->(b:Entity) WHERE {_ITS}
RETURN type(c) AS predicate, a.id AS start, b.id AS end, c.curated_sources AS curated_sources,
c.curated_rows AS curated_rows, c.curated_polarities AS curated_polarities,
c.curated_details AS curated_details, c.curated_reads AS curated_reads
"""
_PARENTS = """
MATCH (c:Entity)-[r:IS_A]->(p:Entity) WHERE any(ref IN r.sources WHERE ref STARTS WITH $prefix)
RETURN c.id AS start, p.id AS end
"""
_TERMS = """
MATCH (e:Entity) WHERE any(ref IN e.sources WHERE ref STARTS WITH $prefix) RETURN e.id AS id
"""
_BARE = "CASE WHEN {0}.terms IS NULL AND {0}.n_papers = 0 AND {0}.absorbed IS NULL THEN {0}.id END"
_DROP_CLAIMS = f"""
UNWIND $ids AS id MATCH (a:Entity {{{{id: id}}}})-[c:{{type}}]->(b:Entity) WHERE {_ALONE}
WITH a, c, b LIMIT $most
WITH collect(c) AS every, collect(DISTINCT {_BARE.format("a")}) AS starts,
collect(DISTINCT {_BARE.format("b")}) AS ends
FOREACH (c IN every | DELETE c)
RETURN size(every) AS n, starts + ends AS bare
"""
_DROP_TERMS = f"""
UNWIND $ids AS id MATCH (e:Entity {{id: id}})
WHERE e.n_papers = 0 AND e.absorbed IS NULL
AND all(ref IN e.sources WHERE ref STARTS WITH $prefix) AND {NOTHING_ELSE}
WITH collect(e) AS every, collect(id) AS ids FOREACH (e IN every | DETACH DELETE e) RETURN ids
"""


class Share(NamedTuple):
    """How many claims of a predicate and a start node there are, or are to go at once."""

    predicate: str
    start: str
    n: int


class Removed(NamedTuple):
    """How many claims and entities are gone."""

    claims: int = 0
    entities: int = 0

    def plus(self, other: Removed) -> Removed:
        """Return both together."""
        return Removed(self.claims + other.claims, self.entities + other.entities)


def count_claims(graph: Graph, prefix: str) -> tuple[int, list[Share]]:
    """Count what a source says of claims, by what its `Source.ref` begins with.

    Returns:
        how many claims it speaks of, and where those are that it is alone with.
    """
    n, alone = 0, []
    for row in graph.stream(_COUNTED, prefix=prefix):
        n += row["n"]
        if row["alone"]:
            alone.append(Share(row["predicate"], row["start"], row["alone"]))
    return n, sorted(alone)


def find_claims(graph: Graph, prefix: str) -> list[Triple]:
    """Find all claims that a source (still) speaks of."""
    rows = graph.stream(_CLAIMS, prefix=prefix)
    return sorted((row["start"], row["predicate"], row["end"]) for row in rows)


def find_parents(graph: Graph, prefix: str) -> list[Row]:
    """Find the IS_A edges that a source speaks of: `start` and `end`."""
    rows = graph.stream(_PARENTS, prefix=prefix)
    return sorted(rows, key=lambda row: (row["start"], row["end"]))


def find_terms(graph: Graph, prefix: str) -> list[str]:
    """Find the ids of the entities that keep terms of a source."""
    return sorted(row["id"] for row in graph.stream(_TERMS, prefix=prefix))


def split_shares(shares: Iterable[Share], size: int) -> Iterator[list[Share]]:
    """Yield shares, so many claims at a time; one that is too large comes in several parts."""
    batch: list[Share] = []
    room = size
    for predicate, start, n in shares:
        left = n
        while left:
            taken = min(left, room)
            batch.append(Share(predicate, start, taken))
            left, room = left - taken, room - taken
            if not room:
                yield batch
                batch, room = [], size
    if batch:
        yield batch


def drop_claims(transaction: Transaction, shares: Sequence[Share], prefix: str) -> Removed:
    """Delete claims that nobody but the source speaks of, and ends of them with nothing left.

    What others say of them by now is looked at again; such claims stay.
    """
    n, bare = 0, set()
    for predicate, same in groupby(shares, itemgetter(0)):
        listed = list(same)
        (row,) = transaction.run(
            _DROP_CLAIMS.format(type=valid_relationship_type(predicate)),
            ids=[share.start for share in listed],
            most=sum(share.n for share in listed),
            prefix=prefix,
        )
        n += row["n"]
        bare.update(row["bare"])
    return Removed(n, len(prune(transaction, bare)))


def drop_parents(transaction: Transaction, rows: Sequence[Row], prefix: str) -> Removed:
    """Take a source out of IS_A edges; those that nobody else speaks of go."""
    kept: list[Row] = []
    gone: list[Row] = []
    ends = {(row["start"], row["end"]) for row in rows}
    for pair, sources in read_parents(transaction, (start for start, _ in ends)).items():
        if pair in ends:
            edge = {"start": pair[0], "end": pair[1]}
            others = [ref for ref in sources if not ref.startswith(prefix)]
            if others:
                kept.append({**edge, "sources": others})
            else:
                gone.append(edge)
    transaction.merge_edges("IS_A", kept, replace=True)
    drop_edges(transaction, "IS_A", gone)
    return Removed(entities=len(prune(transaction, {end for pair in ends for end in pair})))


def drop_terms(transaction: Transaction, ids: Sequence[str], prefix: str) -> set[str]:
    """Delete entities that have terms of the source and nothing else; return their ids."""
    (dropped,) = transaction.run(_DROP_TERMS, ids=ids, prefix=prefix)
    return set(dropped["ids"])


def entries_of_source(graph: Graph, prefix: str) -> Iterator[tuple[Triple, list[Entry]]]:
    """Yield every claim that a source speaks of, with all rows of sources that do."""
    for row in graph.stream(_ENTRIES, prefix=prefix):
        yield (row["start"], row["predicate"], row["end"]), entries_of(row)
