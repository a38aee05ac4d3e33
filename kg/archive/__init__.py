"""Parquet and neo4j-admin files: exact restore of a graph."""

from kg.archive.formats import FORMATS, RESTORED
from kg.archive.records import (
    EdgeBlock,
    EdgeRecord,
    NodeRecord,
    Record,
    graph_records,
    one_by_one,
)
from kg.archive.restoring import RestoreSummary, is_export, restore

__all__ = [
    "EdgeBlock",
    "EdgeRecord",
    "FORMATS",
    "NodeRecord",
    "RESTORED",
    "Record",
    "RestoreSummary",
    "graph_records",
    "is_export",
    "one_by_one",
    "restore",
]
