"""Annotation shards, the Parquet files between extraction and loading: their columns, their writer.

A folder of shards holds files `papers-*.parquet`, `mentions-*.parquet` and `evidence-*.parquet`.
What a file holds is known by its columns, not by its name. Columns beyond these may follow.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path as FilePath
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from kg.errors import ShardError
from kg.models import Evidence, Mention, Paper

# The keys of the Parquet metadata under which a shard carries its domain schema as TOML, and the
# key under which its three files were written together.
DOMAIN_KEY = b"abduce.domain"
SHARD_KEY = b"abduce.shard"

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
        ("packs", pa.list_(pa.string())),
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

# Papers last: the file of papers is the mark that the shard is complete.
_ORDER = ("mentions", "evidence", "papers")
_KEY_FORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def write_shard(
    folder: FilePath | str,
    key: str,
    papers: Iterable[Paper],
    mentions: Iterable[tuple[str, str, Mention]],
    evidence: Iterable[Evidence],
    domain_toml: str,
    *,
    packs: Sequence[str] = (),
) -> None:
    """Write one shard: all rows of some papers, complete or not there at all.

    Args:
        folder: where `papers-<key>.parquet` and its two fellows go; made if absent.
        key: names the shard; letters, digits, dot, dash and underscore.
        papers: the papers that were read.
        mentions: (paper id, pack, mention) triples.
        evidence: what the papers say of claims.
        domain_toml: the domain schema that the rows were read with.
        packs: the packs that read the papers, so that a paper without a mention has them too.

    Each file is written under a temporary name and renamed, papers last, so that a process that
    is killed leaves either a complete shard or none (`shard_exists`). An older shard of the same
    key is replaced.

    Raises:
        ShardError: the key has another form, a text cannot be encoded, the disk said no.
    """
    if not _KEY_FORM.fullmatch(key):
        raise ShardError(str(folder), key, "a shard's key is letters, digits, '.', '_' and '-'")
    rows = {
        "papers": [_paper_row(paper, packs) for paper in papers],
        "mentions": [_mention_row(*triple) for triple in mentions],
        "evidence": [item.model_dump(mode="json") for item in evidence],
    }
    metadata = {SHARD_KEY: key.encode(), DOMAIN_KEY: domain_toml.encode()}
    tables = {kind: _table(FilePath(folder), key, kind, rows[kind], metadata) for kind in _ORDER}
    try:
        FilePath(folder).mkdir(parents=True, exist_ok=True)
        shard_file(folder, key, "papers").unlink(missing_ok=True)
        for kind, table in tables.items():
            _write_whole(table, shard_file(folder, key, kind))
    except OSError as error:
        reason = f"the shard could not be written: {error.strerror or error}"
        raise ShardError(str(folder), key, reason) from error


def shard_exists(folder: FilePath | str, key: str) -> bool:
    """Whether the shard of that key is in the folder, complete."""
    return all(shard_file(folder, key, kind).is_file() for kind in _ORDER)


def shard_file(folder: FilePath | str, key: str, kind: str) -> FilePath:
    """Return where one of the three files of a shard stands."""
    return FilePath(folder) / f"{kind}-{key}.parquet"


def _paper_row(paper: Paper, packs: Sequence[str]) -> dict[str, Any]:
    return {
        "paper": paper.id,
        "title": paper.title,
        "text": paper.text,
        "date": paper.date,
        "source": paper.source,
        "sha256": paper.sha256,
        "licence": paper.licence,
        "retracted": paper.retracted,
        "packs": list(packs),
    }


def _mention_row(paper: str, pack: str, mention: Mention) -> dict[str, Any]:
    return {"paper": paper, "pack": pack, **mention.model_dump()}


def _table(
    folder: FilePath,
    key: str,
    kind: str,
    rows: list[dict[str, Any]],
    metadata: Mapping[bytes, bytes],
) -> pa.Table:
    schema = SCHEMAS[kind].with_metadata(metadata)
    try:
        return pa.Table.from_pylist(rows, schema=schema)
    except UnicodeEncodeError as error:
        bad = next((row["paper"] for row in rows if not _encodes(row)), "")
        reason = f"{error.object[error.start : error.end]!r} is half of a surrogate pair, not a "
        reason += f"character, and UTF-8 cannot hold it; drop it from the text ({kind} row)"
        raise ShardError(str(shard_file(folder, key, kind)), bad, reason) from error


def _encodes(row: Mapping[str, Any]) -> bool:
    try:
        for value in row.values():
            if isinstance(value, str):
                value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _write_whole(table: pa.Table, target: FilePath) -> None:
    # The suffix keeps a file that was left by a killed process out of every search for *.parquet.
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        pq.write_table(table, temporary, compression="zstd")
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
