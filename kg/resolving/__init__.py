"""One thing, one node: merging entities, undoing it, and finding what is to be merged."""

from kg.resolving.merge import merge_entities, undo_merge
from kg.resolving.merges import Merge

__all__ = ["Merge", "merge_entities", "undo_merge"]
