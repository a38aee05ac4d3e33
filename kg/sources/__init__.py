"""Readers of curated sources: ontologies, databases and tables, one file a format."""

from kg.sources.checking import checked
from kg.sources.curated_source import CuratedSource, OnFailure
from kg.sources.opening import FORMATS, guess_format, open_source
from kg.sources.options import SourceOptions

__all__ = [
    "CuratedSource",
    "FORMATS",
    "OnFailure",
    "SourceOptions",
    "checked",
    "guess_format",
    "open_source",
]
