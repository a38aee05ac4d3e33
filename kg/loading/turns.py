"""Two loads into one graph take turns: each reads what it counts on, and then writes.

A server that locks what a transaction writes (Neo4j) gets a lock on the domain schema's node.
ArcadeDB finds conflicts at commit, and only on pages that both have written, so a load could count
on what it read while another one was committing (seen: a lost update in about one of three tries).
There, all loads run on the machine of the folder, and a lock on a file in it keeps them apart.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.store.graph import Graph
from kg.store.transaction import Transaction

_FILE = "loading.lock"
_LOCK = "MATCH (d:Domain) SET d.locked = true"
_UNLOCK = "MATCH (d:Domain) REMOVE d.locked"


@contextmanager
def alone_in_folder(graph: Graph) -> Iterator[None]:
    """Keep other loads out of an embedded graph; no lock where the graph is on a server."""
    folder = Path(graph.where)
    if not folder.is_dir():
        yield
        return
    with (folder / _FILE).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # given back when the file closes, or the process ends
        yield


@contextmanager
def alone_on_server(transaction: Transaction) -> Iterator[None]:
    """Keep other loads out until the transaction ends, where the graph keeps a domain schema.

    To be entered before anything is read.
    """
    transaction.run(_LOCK)
    yield
    transaction.run(_UNLOCK)
