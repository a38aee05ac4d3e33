"""What a person has said is not one thing: `resolve` never merges it.

A refusal is a fact of the graph, a `:Distinct` node with two ids. It binds rules, not people.
"""

from __future__ import annotations

from collections.abc import Iterable

from kg.models import Model
from kg.store.graph import Graph
from kg.store.transaction import Transaction

_ALL = "MATCH (d:Distinct) RETURN d.one AS one, d.other AS other, d.why AS why"


class Refusal(Model):
    """Two ids, in order, that are not one thing, and why."""

    one: str
    other: str
    why: str = ""

    @property
    def id(self) -> str:
        """The id of its node."""
        return f"distinct:{self.one}|{self.other}"


def write_refusal(transaction: Transaction, first: str, second: str, why: str) -> Refusal:
    """Record that two ids are not one thing."""
    one, other = sorted((first, second))
    refusal = Refusal(one=one, other=other, why=why)
    row = {"id": refusal.id, **refusal.model_dump(exclude_defaults=True)}
    transaction.merge_nodes(("Distinct",), [row])
    return refusal


def delete_refusals(transaction: Transaction, refusals: Iterable[Refusal]) -> None:
    """Take refusals back."""
    transaction.delete_nodes("Distinct", (refusal.id for refusal in refusals))


def read_refusals(graph: Graph | Transaction) -> list[Refusal]:
    """Return all refusals, in order."""
    rows = graph.run(_ALL) if isinstance(graph, Transaction) else graph.read(_ALL)
    found = [Refusal(one=r["one"], other=r["other"], why=r["why"] or "") for r in rows]
    return sorted(found, key=lambda refusal: (refusal.one, refusal.other))


def refused_pairs(refusals: Iterable[Refusal]) -> set[frozenset[str]]:
    """Return the pairs of ids that are not to be merged."""
    return {frozenset((refusal.one, refusal.other)) for refusal in refusals}
