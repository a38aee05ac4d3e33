"""Proposing, checking and explaining hypotheses over a graph of claims."""

from reasoning.checking import check
from reasoning.checks import CHECKS
from reasoning.claim_table import ClaimTable
from reasoning.explaining import explain, explanation_text
from reasoning.network import Metaedge, Network
from reasoning.path_counts import PathCounts, path_counts
from reasoning.proposing import propose

__all__ = [
    "CHECKS",
    "ClaimTable",
    "Metaedge",
    "Network",
    "PathCounts",
    "check",
    "explain",
    "explanation_text",
    "path_counts",
    "propose",
]
