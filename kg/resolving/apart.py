"""Saying that two entities are not one thing, and taking that back."""

from __future__ import annotations

from functools import partial

from kg.errors import UnknownNameError, UsageError
from kg.resolving import reading
from kg.resolving.refusals import Refusal, delete_refusals, read_refusals, write_refusal
from kg.runs import running
from kg.store.graph import Graph
from kg.store.transaction import Transaction
from kg.versions import count_up, exclusive_write


def keep_apart(graph: Graph, one: str, other: str, why: str = "") -> Refusal:
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
        refusal = exclusive_write(graph, partial(_keep_apart, ids=(one, other), why=why))
        run.count(apart=1)
    return refusal


def undo_apart(graph: Graph, one: str, other: str) -> list[Refusal]:
    """Take back that two entities are not one thing: rules may merge them, lists ask again.

    Takes back what `keep_apart` recorded, and what `undo_merge` did with `never`. Where one of the
    two was merged since, all that keeps apart what the two ids lead to now is taken back.

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
        refusals = exclusive_write(graph, partial(_undo_apart, ids=(one, other)))
        run.count(apart_undone=len(refusals))
    return refusals


def list_apart(graph: Graph) -> list[Refusal]:
    """Return what was said not to be one thing, in the order of the ids."""
    return read_refusals(graph)


def _keep_apart(transaction: Transaction, ids: tuple[str, str], why: str) -> Refusal:
    merged = reading.read_merges(transaction, ids)
    roots = {id_: merged[id_].into if id_ in merged else id_ for id_ in ids}
    there = reading.read_nodes(transaction, roots.values())
    for id_ in ids:
        if roots[id_] not in there:
            raise UnknownNameError("entity", id_, (), "`abduce find` finds ids by name")
    if len(set(roots.values())) == 1:
        raise UsageError(f"{ids[0]} and {ids[1]} are one entity: undo their merge with `never`")
    refusal = write_refusal(transaction, *ids, why)
    count_up(transaction)
    return refusal


def _undo_apart(transaction: Transaction, ids: tuple[str, str]) -> list[Refusal]:
    every = read_refusals(transaction)
    named = {*ids, *(id_ for refusal in every for id_ in (refusal.one, refusal.other))}
    merged = reading.read_merges(transaction, named)
    led = {id_: merged[id_].into if id_ in merged else id_ for id_ in named}

    def between(refusal: Refusal) -> bool:
        if {refusal.one, refusal.other} == set(ids):
            return True
        ends = {led[refusal.one], led[refusal.other]}
        return len(ends) > 1 and ends == {led[id_] for id_ in ids}

    found = [refusal for refusal in every if between(refusal)]
    if not found:
        raise UsageError(
            f"nothing keeps {ids[0]} and {ids[1]} apart; `abduce resolve --kept-apart` lists what "
            "was said not to be one thing"
        )
    delete_refusals(transaction, found)
    count_up(transaction)
    return found
