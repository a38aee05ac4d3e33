"""The graph out to files, and back in: one file a format."""

from kg.exporting.export import ExportSummary, export_graph, export_records
from kg.exporting.folder import is_export
from kg.exporting.formats import FORMATS
from kg.exporting.records import (
    EdgeBlock,
    EdgeRecord,
    NodeRecord,
    Record,
    graph_records,
    one_by_one,
)
from kg.exporting.restoring import RestoreSummary, restore

__all__ = [
    "EdgeBlock",
    "EdgeRecord",
    "ExportSummary",
    "FORMATS",
    "NodeRecord",
    "Record",
    "RestoreSummary",
    "export_graph",
    "export_records",
    "graph_records",
    "is_export",
    "one_by_one",
    "restore",
]
