"""Proposing, checking and explaining hypotheses over a graph of claims."""

from reasoning.checking import check
from reasoning.checks import CHECKS
from reasoning.explaining import explain, explanation_text
from reasoning.network import HalfEdge, Metaedge, Network
from reasoning.path_counts import PathCounts, path_counts
from reasoning.proposing import propose
from reasoning.scorers import SCORERS

__all__ = [
    "CHECKS",
    "HalfEdge",
    "Metaedge",
    "Network",
    "PathCounts",
    "SCORERS",
    "check",
    "explain",
    "explanation_text",
    "path_counts",
    "propose",
]
