"""Curated sources into the graph: what an ontology, a database or a table says."""

from kg.curated.fresh import fresh_rows
from kg.curated.load import load_curated
from kg.curated.summary import CuratedSummary, TermChange

__all__ = ["CuratedSummary", "TermChange", "fresh_rows", "load_curated"]
