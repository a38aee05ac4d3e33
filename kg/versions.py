"""Changes of a graph take turns, and the graph's version counts them.

A change reads what the graph holds, and then writes what follows: nobody else may write in
between. A server that locks what a transaction writes (Neo4j) gets a lock on the version's node.
ArcadeDB finds conflicts at commit, and only on pages that both have written, so a change could
count on what it read while another one was committing (seen: a lost update in about one of three
tries). There, all changes come from the machine of the folder, and a lock on a file in it keeps
them apart.
"""

from __future__ import annotations

import fcntl
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

import tenacity

from kg.errors import QueryError, UsageError
from kg.store.graph import Graph
from kg.store.transaction import Transaction

T = TypeVar("T")


class GraphState(NamedTuple):
    """A graph at one moment: `graph` is a random id that it got with its first change."""

    graph: str
    version: int


_FILE = "loading.lock"
_LOCK = """
MERGE (v:GraphVersion {id: 'graph'}) ON CREATE SET v.version = 0
SET v.locked = true, v.graph = coalesce(v.graph, $graph)
RETURN v.restoring AS restoring, v.clearing AS clearing
"""
_UNLOCK = "MATCH (v:GraphVersion {id: 'graph'}) REMOVE v.locked"
_RESTORING = "MATCH (v:GraphVersion {id: 'graph'}) SET v.restoring = $restoring"
_CLEARING = "MATCH (v:GraphVersion {id: 'graph'}) SET v.clearing = $clearing"
# Relationships first: a node of many would not fit into the memory of one transaction.
_DELETE = (
    "MATCH ()-[x]->() WITH x LIMIT 10000 DELETE x RETURN count(*) AS n",
    "MATCH (x) WHERE NOT x:GraphVersion WITH x LIMIT 10000 DETACH DELETE x RETURN count(*) AS n",
)
_COUNT = "MATCH (v:GraphVersion {id: 'graph'}) SET v.version = v.version + 1"
_ANOTHER = "MATCH (v:GraphVersion {id: 'graph'}) SET v.graph = $graph"
_VERSION = "MATCH (v:GraphVersion {id: 'graph'}) RETURN v.graph AS graph, v.version AS version"


def _is_taken(error: BaseException) -> bool:
    """Whether a node was created that is there already: the driver's code says so on both."""
    return (
        type(error) is QueryError
        and getattr(error.__cause__, "code", "")
        == "Neo.ClientError.Schema.ConstraintValidationFailed"
    )


# Two first changes of a graph may both create a node that the other one has not seen. Read again,
# the node is there.
_AGAIN = tenacity.Retrying(
    retry=tenacity.retry_if_exception(_is_taken),
    wait=tenacity.wait_random_exponential(multiplier=0.01, max=0.5),
    stop=tenacity.stop_after_attempt(10),
    reraise=True,
)


def exclusive_write(
    graph: Graph, work: Callable[[Transaction], T], query: str = "", *, half_restored: bool = False
) -> T:
    """Run `work` in one transaction while nobody else changes the graph; all happens, or nothing.

    The graph has its schema already (`Graph.ensure_schema`).

    Args:
        graph: what is changed.
        work: runs again after a conflict, so it must do the same thing the second time; it calls
            `count_up` if it changes something.
        query: shown where an error points into it.
        half_restored: whether the graph may be one that a restore, or its clearing, has not come to
            the end of.

    Raises:
        UsageError: the graph is half restored, or half cleared.
        StoreError: what the server said.
    """

    def locked(transaction: Transaction) -> T:
        (held,) = transaction.run(_LOCK, graph=uuid.uuid4().hex)
        if held["restoring"] and not half_restored:
            raise UsageError(
                f"{graph.where} is half restored from an export: load that export again, which "
                "goes on where it stopped, or take another graph"
            )
        if held["clearing"] and not half_restored:
            raise UsageError(
                f"{graph.where} was to be emptied, and is not yet: run `abduce build --fresh` "
                "again, which goes on with that, or take another graph"
            )
        done = work(transaction)
        transaction.run(_UNLOCK)
        return done

    with _alone_in_folder(graph):
        done: T = _AGAIN.copy()(graph.transaction, locked, query)
    return done


def clear_graph(graph: Graph) -> None:
    """Empty a graph while nobody else changes it; the next call goes on with one that was killed.

    The graph's version goes on, and nothing that was kept of it (snapshots) is taken for it.
    """
    graph.ensure_schema(())
    exclusive_write(graph, _mark_clearing, half_restored=True)
    for statement in _DELETE:
        while exclusive_write(graph, partial(_deleted, statement), half_restored=True):
            pass
    exclusive_write(graph, _cleared, half_restored=True)


def _mark_clearing(transaction: Transaction) -> None:
    transaction.run(_CLEARING, clearing=True)
    count_up(transaction)


def _deleted(statement: str, transaction: Transaction) -> int:
    return int(transaction.run(statement)[0]["n"])


def _cleared(transaction: Transaction) -> None:
    transaction.run(_CLEARING, clearing=None)
    become_another(transaction)
    count_up(transaction)


def mark_restoring(transaction: Transaction, *, going_on: bool) -> None:
    """Mark the graph as half restored, or as whole again; to be called within `exclusive_write`."""
    transaction.run(_RESTORING, restoring=going_on or None)


def count_up(transaction: Transaction) -> None:
    """Count the graph's version up by one; to be called within `exclusive_write`."""
    transaction.run(_COUNT)


def become_another(transaction: Transaction) -> None:
    """Give the graph another id; within `exclusive_write`, when it was filled in another way.

    What was kept for the graph that it was (snapshots) is not taken for it any more.
    """
    transaction.run(_ANOTHER, graph=uuid.uuid4().hex)


def graph_version(graph: Graph) -> int:
    """Return how many changes of papers, entities and claims a graph has seen; 0 when new."""
    found = graph.read(_VERSION)
    return int(found[0]["version"]) if found else 0


def version_within(transaction: Transaction) -> int:
    """Return the version that a graph has inside a transaction; 0 when new."""
    found = transaction.run(_VERSION)
    return int(found[0]["version"]) if found else 0


def graph_state(graph: Graph) -> GraphState | None:
    """Return which graph it is, and its version; None for one that was never changed in turn.

    Two graphs never have the same state, also where one follows the other at the same place; one
    graph with the same state twice has not been changed in between (`exclusive_write`, `count_up`).
    """
    found = graph.read(_VERSION)
    if not (found and found[0]["graph"]):
        return None
    return GraphState(str(found[0]["graph"]), int(found[0]["version"]))


@contextmanager
def _alone_in_folder(graph: Graph) -> Iterator[None]:
    """Keep other changes out of an embedded graph; no lock where the graph is on a server."""
    folder = Path(graph.where)
    if not folder.is_dir():
        yield
        return
    with (folder / _FILE).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # given back when the file closes, or the process ends
        yield
