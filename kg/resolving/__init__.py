"""One thing, one node: merging entities, undoing it, and finding what is to be merged."""

from kg.resolving.merge import Decision, list_merges, merge_entities, undo_merge
from kg.resolving.merges import Merge
from kg.resolving.plan import Candidate
from kg.resolving.resolve import ResolveSummary, resolve

__all__ = [
    "Candidate",
    "Decision",
    "Merge",
    "ResolveSummary",
    "list_merges",
    "merge_entities",
    "resolve",
    "undo_merge",
]
