"""Forgetting what a curated source says of claims.

Nearly all of its claims have no one else behind them. The server itself finds and deletes these,
from their start nodes, so that only numbers go to and fro; the rest is read and weighed anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from kg.contributions.properties import entries_of
from kg.contributions.support import Triple, read_errors, read_support
from kg.curated.facts import Key
from kg.curated.statements import read_claims
from kg.forgetting.settle import Settled, prune, settle_claims
from kg.store.graph import Graph
from kg.store.names import valid_relationship_type
from kg.store.transaction import Transaction

BATCH = 5000  # claims a transaction; as many as a load takes

# A source has one version, but for a load of another one that was killed half-way.
_ITS = "r.curated = true AND any(ref IN r.curated_sources WHERE ref STARTS WITH $prefix)"
_ALONE = (
    "r.curated = true AND r.n_papers = 0 "
    "AND all(ref IN r.curated_sources WHERE ref STARTS WITH $prefix)"
)
_FOUND = f"""
MATCH (a:Entity)-[r]->(:Entity) WHERE {_ITS}
RETURN type(r) AS predicate, a.id AS start, count(*) AS n,
sum(CASE WHEN {_ALONE} THEN 1 ELSE 0 END) AS alone
"""
_LEFT = f"""
MATCH (a:Entity)-[r]->(b:Entity) WHERE {_ITS}
RETURN type(r) AS predicate, a.id AS start, b.id AS end
"""
# Gathered before they are deleted: ArcadeDB deletes while it goes through a node's edges, and
# misses some of a node that lost others earlier in the transaction (tests/kg/resolving).
_BARE = "CASE WHEN {0}.terms IS NULL AND {0}.n_papers = 0 AND {0}.absorbed IS NULL THEN {0}.id END"
_DROP_ALONE = f"""
UNWIND $ids AS id MATCH (a:Entity {{{{id: id}}}})-[r:{{type}}]->(b:Entity) WHERE {_ALONE}
WITH a, r, b LIMIT $most
WITH collect(r) AS every, collect(DISTINCT {_BARE.format("a")}) AS starts,
collect(DISTINCT {_BARE.format("b")}) AS ends
FOREACH (r IN every | DELETE r)
RETURN size(every) AS n, starts + ends AS bare
"""


class Share(NamedTuple):
    """How many claims of a predicate and a start node there are, or are to go at once."""

    predicate: str
    start: str
    n: int


class Found(NamedTuple):
    """The claims that a source speaks of: how many, and where those are that it is alone with."""

    n: int
    alone: list[Share]


def find_facts(graph: Graph, prefix: str) -> Found:
    """Find what a source says of claims, by what its `Source.ref` begins with."""
    n, alone = 0, []
    for row in graph.stream(_FOUND, prefix=prefix):
        n += row["n"]
        if row["alone"]:
            alone.append(Share(row["predicate"], row["start"], row["alone"]))
    return Found(n, sorted(alone))


def dealt(shares: Iterable[Share], size: int) -> Iterator[list[Share]]:
    """Deal shares out, so many claims at a time; one that is too large comes in several parts."""
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


def drop_alone(
    transaction: Transaction, shares: Sequence[Share], prefix: str
) -> tuple[Settled, Settled]:
    """Delete claims that nobody but the source speaks of, and ends of them with nothing left.

    What others say of them by now is looked at again; such claims stay.

    Returns:
        what became of claims, and of entities.
    """
    n, bare = 0, set()
    for predicate, same in groupby(shares, itemgetter(0)):
        listed = list(same)
        (row,) = transaction.run(
            _DROP_ALONE.format(type=valid_relationship_type(predicate)),
            ids=[share.start for share in listed],
            most=sum(share.n for share in listed),
            prefix=prefix,
        )
        n += row["n"]
        bare.update(row["bare"])
    return Settled(removed=n), prune(transaction, bare)


def find_left(graph: Graph, prefix: str) -> list[Key]:
    """Find all claims that a source (still) speaks of."""
    rows = graph.stream(_LEFT, prefix=prefix)
    return sorted((row["predicate"], row["start"], row["end"]) for row in rows)


def forget_facts(
    transaction: Transaction, keys: Sequence[Key], prefix: str
) -> tuple[Settled, Settled]:
    """Take out what a source says of some claims; what follows from the rest is written anew.

    Returns:
        what became of claims, and of entities.
    """
    stored = read_claims(transaction, keys)
    triples: dict[str, Triple] = {
        row["claim_id"]: (start, predicate, end) for (predicate, start, end), row in stored.items()
    }
    read = {row["claim_id"]: None for row in stored.values() if row["n_papers"]}
    support = read_support(transaction, read, curated=False)
    support.entries = {
        row["claim_id"]: [e for e in entries_of(row) if not e.source.startswith(prefix)]
        for row in stored.values()
    }
    claims = settle_claims(transaction, triples, support, read_errors(transaction).rates)
    ends = {end for triple in triples.values() for end in (triple[0], triple[2])}
    return claims, prune(transaction, ends)
