"""Taking out what papers and curated sources said: the graph is then as if they never had."""

from kg.forgetting.papers import ForgetSummary, forget_papers
from kg.forgetting.retractions import read_retractions
from kg.forgetting.sources import SourceForgotten, forget_source

__all__ = [
    "ForgetSummary",
    "SourceForgotten",
    "forget_papers",
    "forget_source",
    "read_retractions",
]
