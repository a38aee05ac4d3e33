"""Schemas go with the last paper or source that was read with them."""

from __future__ import annotations

from collections.abc import Iterable

from kg.resolving.turning import turning_claims
from kg.store.transaction import Transaction

_USED = (
    "MATCH (p:Paper) WHERE $id IN p.domains RETURN p.id AS id LIMIT 1",
    "MATCH (s:Source {domain: $id}) RETURN s.id AS id LIMIT 1",
)


def drop_unused_domains(transaction: Transaction, ids: Iterable[str]) -> None:
    """Delete those of some schemas that no paper and no source is read with any more."""
    unused = [
        id_
        for id_ in sorted(set(ids))
        if not any(transaction.run(query, id=id_) for query in _USED)
    ]
    if unused:
        with turning_claims(transaction):
            transaction.delete_nodes("Domain", unused)
