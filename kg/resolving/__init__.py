"""One thing, one node: merging entities, undoing it, and finding what is to be merged."""

from kg.contributions.merges import Merge
from kg.resolving.distinct import Distinct, keep_distinct, list_distinct, undo_distinct
from kg.resolving.merge import Decision, list_merges, merge_entities, undo_merge
from kg.resolving.plan import Candidate
from kg.resolving.resolve import ResolveSummary, resolve

__all__ = [
    "Candidate",
    "Decision",
    "Distinct",
    "Merge",
    "ResolveSummary",
    "keep_distinct",
    "list_distinct",
    "list_merges",
    "merge_entities",
    "resolve",
    "undo_distinct",
    "undo_merge",
]
