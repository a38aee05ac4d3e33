"""One thing, one node: merging entities, undoing it, and finding what is to be merged."""

from kg.resolving.apart import keep_apart, list_apart, undo_apart
from kg.resolving.merge import Decision, list_merges, merge_entities, undo_merge
from kg.resolving.merges import Merge
from kg.resolving.plan import Candidate
from kg.resolving.refusals import Refusal
from kg.resolving.resolve import ResolveSummary, resolve

__all__ = [
    "Candidate",
    "Decision",
    "Merge",
    "Refusal",
    "ResolveSummary",
    "keep_apart",
    "list_apart",
    "list_merges",
    "merge_entities",
    "resolve",
    "undo_apart",
    "undo_merge",
]
