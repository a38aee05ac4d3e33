"""Counting what shards hold, without their rows staying in memory."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from extraction.summaries import ExtractSummary
from kg.loading import shard_file

if TYPE_CHECKING:
    from kg import Failure

Summary = TypeVar("Summary", bound=ExtractSummary)


class Tally:
    """What a run came to so far; it starts the clock."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self.papers = self.resumed = self.passages = 0
        self.failed: list[Failure] = []
        self._mentions = self._evidence = 0
        self._entities: set[bytes] = set()
        self._claims: set[bytes] = set()

    def add_shard(self, folder: Path, key: str) -> None:
        """Count the mentions and the evidence of a shard."""
        import pyarrow.parquet as pq

        mentions = pq.read_table(shard_file(folder, key, "mentions"), columns=["entity"])
        ends = ["subject", "predicate", "object"]
        evidence = pq.read_table(shard_file(folder, key, "evidence"), columns=ends)
        self._mentions += mentions.num_rows
        self._evidence += evidence.num_rows
        self._entities.update(_digest(entity) for entity in mentions["entity"].to_pylist())
        columns = [evidence[name].to_pylist() for name in ends]
        self._claims.update(_digest(*claim) for claim in zip(*columns, strict=True))

    def summary(self, kind: type[Summary]) -> Summary:
        """Return the counts and the time since the start."""
        seconds = time.monotonic() - self._started
        return kind(
            papers=self.papers,
            resumed=self.resumed,
            passages=self.passages,
            mentions=self._mentions,
            entities=len(self._entities),
            claims=len(self._claims),
            evidence=self._evidence,
            failed=tuple(self.failed),
            seconds=round(seconds, 3),
            papers_per_second=round(self.papers / seconds, 2) if seconds else 0.0,
        )


def _digest(*parts: str) -> bytes:
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=8).digest()
