"""The columns of annotation shards, the Parquet files between extraction and loading.

A folder of shards holds files `papers-*.parquet`, `mentions-*.parquet` and `evidence-*.parquet`.
What a file holds is known by its columns, not by its name. Columns beyond these may follow.
"""

from __future__ import annotations

import pyarrow as pa

# The key of the Parquet metadata under which a shard carries its domain schema as TOML.
DOMAIN_KEY = b"abduce.domain"

PAPERS = pa.schema(
    [
        ("paper", pa.string()),
        ("title", pa.string()),
        ("text", pa.string()),
        ("date", pa.string()),
        ("source", pa.string()),
        ("sha256", pa.string()),
        ("licence", pa.string()),
        ("retracted", pa.bool_()),
    ]
)
MENTIONS = pa.schema(
    [
        ("paper", pa.string()),
        ("start", pa.int64()),
        ("end", pa.int64()),
        ("type", pa.string()),
        ("text", pa.string()),
        ("confidence", pa.float64()),
        ("entity", pa.string()),
        ("pack", pa.string()),
    ]
)
EVIDENCE = pa.schema(
    [
        ("paper", pa.string()),
        ("subject", pa.string()),
        ("predicate", pa.string()),
        ("object", pa.string()),
        ("polarity", pa.string()),
        ("certainty", pa.string()),
        ("confidence", pa.float64()),
        ("start", pa.int64()),
        ("end", pa.int64()),
        ("quote", pa.string()),
        ("pack", pa.string()),
    ]
)
# What a file of each kind must have at least; the other columns of the schemas are optional.
REQUIRED = {
    "papers": ("paper", "title", "text", "date", "source", "sha256"),
    "mentions": tuple(MENTIONS.names),
    "evidence": tuple(EVIDENCE.names),
}
SCHEMAS = {"papers": PAPERS, "mentions": MENTIONS, "evidence": EVIDENCE}
