"""Evidence of a claim: its papers and its sentences.

Evidence comes before the claims, as nodes before edges, so it waits on disk.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from kg.archive.records import EdgeRecord, NodeRecord

_FIELDS = ("claim_id", "paper", "polarity", "quote")


class ClaimEvidence:
    """Takes evidence, and tells afterwards what a claim rests on."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base
        self._base.execute("PRAGMA synchronous = OFF")
        self._base.execute("PRAGMA journal_mode = OFF")
        self._base.execute("BEGIN")
        self._base.execute("CREATE TABLE evidence (claim, paper, polarity, quote)")
        self._indexed = False

    def add(self, node: NodeRecord) -> None:
        """Take note of a node, if it is evidence."""
        said = [node.properties.get(field) for field in _FIELDS]
        if node.labels[0] == "Evidence" and all(isinstance(value, str) for value in said):
            self._base.execute("INSERT INTO evidence VALUES (?, ?, ?, ?)", said)

    def papers(self, edge: EdgeRecord) -> list[str]:
        """Return the ids of a claim's papers, sorted; none where an edge is no claim."""
        return self._find("SELECT DISTINCT paper FROM evidence WHERE claim = ?", edge)

    def quotes(self, edge: EdgeRecord, polarity: str) -> list[str]:
        """Return the sentences of this polarity, sorted; none where an edge is no claim."""
        query = "SELECT DISTINCT quote FROM evidence WHERE claim = ? AND polarity = ?"
        return self._find(query, edge, polarity)

    def _find(self, query: str, edge: EdgeRecord, *more: str) -> list[str]:
        claim = edge.properties.get("claim_id")
        if not isinstance(claim, str) or edge.properties.get("n_papers") == 0:
            return []
        if not self._indexed:
            self._base.execute("CREATE INDEX claims ON evidence (claim)")
            self._indexed = True
        return sorted(value for (value,) in self._base.execute(query, (claim, *more)) if value)


@contextmanager
def claim_evidence(folder: Path) -> Iterator[ClaimEvidence]:
    """Yield an empty `ClaimEvidence`, whose file is in a folder for as long as this lasts."""
    with (
        tempfile.TemporaryDirectory(dir=folder) as waiting,
        closing(sqlite3.connect(Path(waiting) / "evidence.sqlite", isolation_level=None)) as base,
    ):
        yield ClaimEvidence(base)
