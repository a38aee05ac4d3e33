"""What a claim rests on: its papers, and the rows of curated sources.

Papers come with the evidence, and claims after it, so they wait on disk.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from kg.contributions.properties import Entry, entries_of
from kg.exporting.records import EdgeRecord, NodeRecord


class ClaimPapers:
    """Takes evidence, and tells afterwards which papers a claim rests on.

    Args:
        path: a new file for it.
    """

    def __init__(self, path: Path) -> None:
        self._base = sqlite3.connect(path, isolation_level=None)
        self._base.execute("PRAGMA synchronous = OFF")
        self._base.execute("PRAGMA journal_mode = OFF")
        self._base.execute("BEGIN")
        self._base.execute("CREATE TABLE papers (claim, paper)")
        self._indexed = False

    def close(self) -> None:
        """Let go of the file."""
        self._base.close()

    def add(self, node: NodeRecord) -> None:
        """Take note of a node, if it is evidence."""
        claim, paper = node.properties.get("claim_id"), node.properties.get("paper")
        if node.labels[0] == "Evidence" and isinstance(claim, str) and isinstance(paper, str):
            self._base.execute("INSERT INTO papers VALUES (?, ?)", (claim, paper))

    def of(self, edge: EdgeRecord) -> list[str]:
        """Return the papers of a claim, sorted; none where an edge is no claim."""
        claim = edge.properties.get("claim_id")
        if not isinstance(claim, str) or edge.properties.get("n_papers") == 0:
            return []
        if not self._indexed:
            self._base.execute("CREATE INDEX claims ON papers (claim)")
            self._indexed = True
        found = self._base.execute("SELECT DISTINCT paper FROM papers WHERE claim = ?", (claim,))
        return sorted(paper for (paper,) in found)


def curated_entries(edge: EdgeRecord) -> list[Entry]:
    """Return what rows of curated sources say of a claim; nothing where an edge is no claim."""
    said = edge.properties
    columns = [said.get(f"curated_{name}") for name in ("sources", "rows", "polarities")]
    columns += [said.get(name) for name in ("curated_details", "curated_reads") if name in said]
    lists = [column for column in columns if isinstance(column, list) and _is_texts(column)]
    whole = len(lists) == len(columns) and len({len(column) for column in lists}) == 1
    return entries_of(said) if whole else []


def _is_texts(values: list[object]) -> bool:
    return all(isinstance(value, str) for value in values)
