"""Readers of curated sources: ontologies, databases and tables, one file a format."""

from kg.sources.checking import checked
from kg.sources.curated_source import CuratedSource, OnFailure
from kg.sources.opening import FORMATS, guess_format, open_source

__all__ = [
    "CuratedSource",
    "FORMATS",
    "OnFailure",
    "checked",
    "guess_format",
    "open_source",
]
