"""Scorers of pairs of entities, by name."""

from __future__ import annotations

from reasoning.scorers.path_score import PathScore
from reasoning.scorers.scorer import Contribution, MakeScorer, Scorer, Scores, Step

__all__ = [
    "Contribution",
    "DEFAULT_SCORER",
    "MakeScorer",
    "SCORERS",
    "Scorer",
    "Scores",
    "Step",
]

SCORERS: dict[str, MakeScorer] = {"path_score": PathScore.of_relation}
DEFAULT_SCORER = "path_score"
