"""From annotation shards to the graph: reading, checks, changes, statements, one file each."""

from kg.loading.load import LoadSummary, load_shards
from kg.loading.shard_reading import PaperRows, read_shards
from kg.shards import shard_exists, shard_file, write_shard

__all__ = [
    "LoadSummary",
    "PaperRows",
    "load_shards",
    "read_shards",
    "shard_exists",
    "shard_file",
    "write_shard",
]
