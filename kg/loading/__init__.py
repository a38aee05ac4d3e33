"""From annotation shards to the graph: reading, checks, changes, statements, one file each."""

from kg.loading.load import LoadSummary, load_shards
from kg.loading.shard_reading import PaperRows, read_shards

__all__ = ["LoadSummary", "PaperRows", "load_shards", "read_shards"]
