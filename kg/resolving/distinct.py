"""Distinct entities: what a person has said is not one thing, so that `resolve` never merges it.

That is a fact of the graph, a `:Distinct` node with two ids. It binds rules, not people.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from kg.contributions.stored import Stored
from kg.errors import UnknownNameError, UsageError
from kg.models import Model
from kg.runs import running
from kg.store.graph import Graph
from kg.store.transaction import Transaction
from kg.versions import count_up, exclusive_write

_ALL = "MATCH (d:Distinct) RETURN d.one AS one, d.other AS other, d.why AS why"


class Distinct(Model):
    """Two ids, in order, that are not one thing, and why."""

    one: str
    other: str
    why: str = ""

    @property
    def id(self) -> str:
        """The id of its node."""
        return f"distinct:{self.one}|{self.other}"


def keep_distinct(graph: Graph, one: str, other: str, why: str = "") -> Distinct:
    """Record that two entities are not one thing: no rule merges them, and no list asks again.

    Args:
        graph: where they are.
        one: the id of an entity.
        other: the id of another one.
        why: the reason, in words.

    Raises:
        UnknownNameError: the graph holds no entity of that id.
        UsageError: they are one entity.
    """
    graph.ensure_schema(())
    with running(graph, "resolve") as run:
        distinct = exclusive_write(graph, partial(_keep_distinct, ids=(one, other), why=why))
        run.count(distinct=1)
    return distinct


def undo_distinct(graph: Graph, one: str, other: str) -> list[Distinct]:
    """Take back that two entities are not one thing: rules may merge them, lists ask again.

    Takes back what `keep_distinct` recorded, and what `undo_merge` did with `never`. Where one of
    the two was merged since, all that keeps apart what the two ids lead to now is taken back.

    Args:
        graph: where they are.
        one: an id, also one that the graph no longer holds.
        other: the other id.

    Returns:
        what was recorded, in order.

    Raises:
        UsageError: nothing keeps the two apart.
    """
    with running(graph, "resolve") as run:
        undone = exclusive_write(graph, partial(_undo_distinct, ids=(one, other)))
        run.count(distinct_undone=len(undone))
    return undone


def list_distinct(graph: Graph | Transaction) -> list[Distinct]:
    """Return what was said not to be one thing, in the order of the ids."""
    rows = graph.run(_ALL) if isinstance(graph, Transaction) else graph.read(_ALL)
    found = [Distinct(one=r["one"], other=r["other"], why=r["why"] or "") for r in rows]
    return sorted(found, key=lambda distinct: (distinct.one, distinct.other))


def write_distinct(transaction: Transaction, first: str, second: str, why: str) -> Distinct:
    """Record that two ids are not one thing."""
    one, other = sorted((first, second))
    distinct = Distinct(one=one, other=other, why=why)
    row = {"id": distinct.id, **distinct.model_dump(exclude_defaults=True)}
    transaction.merge_nodes(("Distinct",), [row])
    return distinct


def distinct_pairs(distincts: Iterable[Distinct]) -> set[frozenset[str]]:
    """Return the pairs of ids that are not to be merged."""
    return {frozenset((distinct.one, distinct.other)) for distinct in distincts}


def _keep_distinct(transaction: Transaction, ids: tuple[str, str], why: str) -> Distinct:
    stored = Stored(transaction)
    roots = {id_: stored.cache.merged.get(id_, id_) for id_ in ids}
    there = stored.entities(roots.values())
    for id_ in ids:
        if roots[id_] not in there:
            raise UnknownNameError("entity", id_, (), "`abduce find` finds ids by name")
    if len(set(roots.values())) == 1:
        raise UsageError(f"{ids[0]} and {ids[1]} are one entity: undo their merge with `never`")
    distinct = write_distinct(transaction, *ids, why)
    count_up(transaction)
    return distinct


def _undo_distinct(transaction: Transaction, ids: tuple[str, str]) -> list[Distinct]:
    merged = Stored(transaction).cache.merged

    def between(distinct: Distinct) -> bool:
        if {distinct.one, distinct.other} == set(ids):
            return True
        ends = {merged.get(id_, id_) for id_ in (distinct.one, distinct.other)}
        return len(ends) > 1 and ends == {merged.get(id_, id_) for id_ in ids}

    found = [distinct for distinct in list_distinct(transaction) if between(distinct)]
    if not found:
        raise UsageError(
            f"nothing keeps {ids[0]} and {ids[1]} apart; `abduce resolve list-distinct` lists "
            "what was said not to be one thing"
        )
    transaction.delete_nodes("Distinct", (distinct.id for distinct in found))
    count_up(transaction)
    return found
