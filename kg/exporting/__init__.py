"""The graph out to files, and back in: one file a format."""

from kg.exporting.records import EdgeRecord, NodeRecord, Record, graph_records

__all__ = ["EdgeRecord", "NodeRecord", "Record", "graph_records"]
