"""Claims of merged entities are turned when the graph's schemas change.

Papers and sources have their claims in the direction that their own schema gives them. Where an end
was merged, the claim is put in order anew by all schemas of the graph together (`Domain.orient`).
So that it does not matter which schema came first, it is so again whenever one comes or goes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from kg.domain import Domain
from kg.resolving.contributions import State
from kg.resolving.merges import Move
from kg.resolving.moving_claims import Redirection, claim_moves
from kg.resolving.reading import read_claims, read_domain, read_roots
from kg.resolving.writing_claims import write_moved_claims
from kg.store.transaction import Transaction
from kg.versions import count_up

_ANY_MERGE = "MATCH (m:Merge) RETURN m.id AS id LIMIT 1"

Order = tuple[bool, frozenset[tuple[str, str]]]  # symmetric; types of subject and object


@contextmanager
def turning_claims(transaction: Transaction) -> Iterator[None]:
    """Let schemas come and go in the block; after it, claims stand as those that are left say.

    The last thing in a transaction that stores or deletes a schema: what is written after it may
    have been worked out with the schemas from before.
    """
    if not transaction.run(_ANY_MERGE):
        yield
        return
    before = _orders(read_domain(transaction))
    yield
    domain = read_domain(transaction)
    after = _orders(domain)
    other = {name for name in before | after if before.get(name) != after.get(name)}
    if other:
        _turn(transaction, domain, other)


def _orders(domain: Domain | None) -> dict[str, Order]:
    """Return all that `Domain.orient` goes by, for each relation."""
    return {
        name: (relation.symmetric, frozenset((s.subject, s.object) for s in relation.signatures))
        for name, relation in (domain.relations.items() if domain else ())
    }


def _turn(transaction: Transaction, domain: Domain | None, predicates: Collection[str]) -> None:
    roots = read_roots(transaction)
    entities = set(roots.values())
    every = read_claims(transaction, roots, entities)
    state = State(
        sentences=[said for said in every.sentences if said.predicate in predicates],
        claims=[claim for claim in every.claims if claim.predicate in predicates],
    )
    stay = {id_: Move(root, root) for id_, root in roots.items()}
    moves = claim_moves(state, Redirection(stay, domain, every.types))
    if moves.touched:
        write_moved_claims(transaction, moves, every.errors, entities)
        count_up(transaction)
