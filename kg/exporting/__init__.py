"""Serialization of a graph: into an archive, or into the vocabulary of other tools."""

from kg.exporting.export import ExportSummary, export_graph, export_records

__all__ = [
    "ExportSummary",
    "export_graph",
    "export_records",
]
