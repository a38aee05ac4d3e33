"""Processes that write to one graph, and read from it, at the same time.

Every paper of `library` has one sentence about two entities, so a paper that is in the graph has
two MENTIONS and one Evidence with both its ends, and each of its claims is an edge.
"""

from __future__ import annotations

import itertools
import time
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from kg import Graph, load_shards
from tests.kg.faults.loads import Place
from tests.kg.written import Written, library, shard

PAPERS = 10  # a shard
COMMIT_SECONDS = 60.0
# One query sees the graph of one moment, or parts of papers that are being written.
_HALVES = """
MATCH (p:Paper)
RETURN p.id AS id, COUNT { (p)-[:MENTIONS]->(:Entity) } AS mentions,
  COUNT { (p)<-[:REPORTED_IN]-(:Evidence) } AS evidence,
  COUNT { (p)<-[:REPORTED_IN]-(:Evidence)-[:SUBJECT]->(:Entity) } AS subjects,
  COUNT { (p)<-[:REPORTED_IN]-(:Evidence)-[:OBJECT]->(:Entity) } AS objects
"""
_WHOLE = {"mentions": 2, "evidence": 1, "subjects": 1, "objects": 1}


def papers_of(writer: int, turn: int) -> list[Written]:
    """The papers of a writer's shard: no two shards have one in common, but entities and claims."""
    named = library(PAPERS, seed=1000 * writer + turn)
    return [_renamed(paper, f"pmid:{writer}{turn:04}{n}") for n, paper in enumerate(named)]


def _renamed(written: Written, id_: str) -> Written:
    paper = written.paper.model_copy(update={"id": id_})
    evidence = tuple(row.model_copy(update={"paper": id_}) for row in written.evidence)
    return replace(written, paper=paper, evidence=evidence)


def write(place: Place, folder: Path, writer: int, seconds: float, said: Connection) -> None:
    """Load one shard after the other until the time is up; say how many were loaded."""
    until = time.monotonic() + seconds
    with place.open() as graph:
        for turn in itertools.count():
            shards = shard(folder / f"{writer}-{turn}", papers_of(writer, turn))
            assert not load_shards(graph, [shards]).failed
            if time.monotonic() > until:
                said.send(turn + 1)
                return


def come_and_go(place: Place, folder: Path, writer: int, seconds: float, said: Connection) -> None:
    """As `write`, but open the graph for each shard, and let go of it after."""
    until = time.monotonic() + seconds
    for turn in itertools.count():
        shards = shard(folder / f"{writer}-{turn}", papers_of(writer, turn))
        with place.open() as graph:
            assert not load_shards(graph, [shards]).failed
        if time.monotonic() > until:
            said.send(turn + 1)
            return


def read(place: Place, seconds: float, said: Connection) -> None:
    """Look at the graph until the time is up, twice or more; say how often, and what was amiss."""
    until = time.monotonic() + seconds
    amiss: list[object] = []
    looks = 0
    with place.open() as graph:
        while (time.monotonic() < until or looks < 2) and not amiss:
            amiss = _amiss(graph)
            looks += 1
    said.send((looks, amiss))


def hold(place: Place, said: Connection) -> None:
    """Open the graph, say so, and hold it until this process is ended."""
    with place.open():
        said.send("open")
        time.sleep(3600)


def _amiss(graph: Graph) -> list[object]:
    """Return the papers of which only a part is there.

    ArcadeDB shows what a commit has written so far while it goes on. There, a part of a paper is
    amiss if it stays one: for longer than any commit takes, also on a busy machine.
    """
    found = _halves(graph)
    until = time.monotonic() + COMMIT_SECONDS
    while found and graph.server.name == "ArcadeDB" and time.monotonic() < until:
        time.sleep(0.5)
        again = {row["id"] for row in _halves(graph)}
        found = [row for row in found if row["id"] in again]
    return list(found)


def _halves(graph: Graph) -> list[dict[str, Any]]:
    return [row for row in graph.read(_HALVES) if not _WHOLE.items() <= row.items()]
