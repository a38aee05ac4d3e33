"""Readers of curated sources: ontologies, databases and tables, one file a format."""

# fmt: off
from kg.sources.curated_source import CuratedSource, OnFailure

__all__ = ["CuratedSource", "OnFailure"]
