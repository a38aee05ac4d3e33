"""What a run of extraction or of a build comes to."""

from __future__ import annotations

from kg import Failure, Model


class ExtractSummary(Model):
    """What was read. Entities and claims are counted once, however many papers name them.

    Attributes:
        papers: papers read, `resumed` among them.
        resumed: papers whose shard was there from an earlier run.
        passages: passages of those papers.
        mentions: mentions in their texts.
        entities: different entities.
        claims: different claims.
        evidence: sentences behind them.
        failed: what could not be used, and why.
        seconds: how long it took.
        papers_per_second: papers over seconds.
    """

    papers: int
    resumed: int
    passages: int
    mentions: int
    entities: int
    claims: int
    evidence: int
    failed: tuple[Failure, ...]
    seconds: float
    papers_per_second: float


class BuildSummary(ExtractSummary):
    """What was read, and is in the graph now; `failed` holds what the load refused, too."""
