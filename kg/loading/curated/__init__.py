"""Curated sources into the graph: what an ontology, a database or a table says."""

from kg.loading.curated.files import EXPORT, SHARDS, kind_of, load_files, write_import_files
from kg.loading.curated.fresh_records import fresh_rows
from kg.loading.curated.load import load_curated
from kg.loading.curated.summary import CuratedSummary, TermChange

__all__ = [
    "CuratedSummary",
    "EXPORT",
    "SHARDS",
    "TermChange",
    "fresh_rows",
    "kind_of",
    "load_curated",
    "load_files",
    "write_import_files",
]
