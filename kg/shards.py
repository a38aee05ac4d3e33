"""Annotation shards, the Parquet files between extraction and loading: their columns, their writer.

A folder of shards holds files `papers-*.parquet`, `mentions-*.parquet` and `evidence-*.parquet`.
What a file holds is known by its columns, not by its name. Columns beyond these may follow.
"""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path as FilePath
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from kg.errors import ShardError
from kg.models import Evidence, Mention, Paper

# The keys of the Parquet metadata under which a shard carries its domain schema as TOML, the key
# under which its three files were written together, and the systematic error rates of packs: a
# JSON object from pack ref to a number in [0, 1] (`kg.contributions.belief`).
DOMAIN_KEY = b"abduce.domain"
SHARD_KEY = b"abduce.shard"
PACK_ERRORS_KEY = b"abduce.pack_errors"

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
_RATES_PLACE = "metadata abduce.pack_errors"
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
    pack_errors: Mapping[str, float] | None = None,
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
        pack_errors: systematic error rates in [0, 1] of packs by their ref, where one is measured.

    Each file is written under a temporary name and renamed, papers last, so that a process that
    is killed leaves either a complete shard or none (`shard_exists`). An older shard of the same
    key is replaced.

    Raises:
        ShardError: the key has another form, a text cannot be encoded, an error rate is none,
            the disk said no.
    """
    if not _KEY_FORM.fullmatch(key):
        raise ShardError(str(folder), key, "a shard's key is letters, digits, '.', '_' and '-'")
    rows = {
        "papers": [_paper_row(paper, packs) for paper in papers],
        "mentions": [_mention_row(*triple) for triple in mentions],
        "evidence": [item.model_dump(mode="json") for item in evidence],
    }
    metadata = {SHARD_KEY: key.encode(), DOMAIN_KEY: domain_toml.encode()}
    if pack_errors:
        _check_rates(str(folder), key, pack_errors)
        metadata[PACK_ERRORS_KEY] = json.dumps(dict(pack_errors), sort_keys=True).encode()
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


def parse_pack_errors(metadata: Mapping[bytes, bytes], path: str) -> dict[str, float]:
    """Return the systematic error rates that a shard's metadata carries: pack ref to [0, 1].

    Raises:
        ShardError: the metadata has the key, and another form.
    """
    text = metadata.get(PACK_ERRORS_KEY, b"{}")
    try:
        found = json.loads(text)
    except ValueError as error:
        raise ShardError(path, _RATES_PLACE, f"no JSON: {error}") from error
    if not isinstance(found, dict):
        raise ShardError(path, _RATES_PLACE, f"a JSON object is expected, not {text[:80]!r}")
    _check_rates(path, _RATES_PLACE, found)
    return {ref: float(rate) for ref, rate in found.items()}


def _check_rates(path: str, where: str, rates: Mapping[str, Any]) -> None:
    for ref, rate in rates.items():
        plain = isinstance(rate, int | float) and not isinstance(rate, bool)
        if not (plain and math.isfinite(rate) and 0 <= rate <= 1):
            reason = f"the error rate of pack {ref!r} is {rate!r}; a number from 0 to 1 is expected"
            raise ShardError(path, where, reason)


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
