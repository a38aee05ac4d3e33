"""Reading annotation shards back, paper by paper, in bounded memory.

Files that `write_shard` wrote together are read together. All other files (made by hand, by
another program, in another order) form one set; what is too large for memory is first split into
buckets of papers on disk, so that the rows of a paper meet wherever they stood.
"""

from __future__ import annotations

import os
import tempfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from kg.errors import InputError, ShardError, UnreadableFileError
from kg.models import Failure
from kg.shards import DOMAIN_KEY, REQUIRED, SCHEMAS, SHARD_KEY, parse_pack_errors

OnFailure = Callable[[Failure], None]

# One bucket is held in memory as Python rows: about 1 kB a row, plus the papers' texts.
ROWS_IN_MEMORY = 40_000
BYTES_IN_MEMORY = 64 * 1024 * 1024
MAX_BUCKETS = 256  # as many files are open at once while a set is split
BATCH_ROWS = 4096


class Row(NamedTuple):
    """One row of a shard, and the file that it stood in."""

    path: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class PaperRows:
    """All rows of one paper; `papers` has several where an id came twice, none if it is amiss."""

    id: str
    papers: list[Row] = field(default_factory=list)
    mentions: list[Row] = field(default_factory=list)
    evidence: list[Row] = field(default_factory=list)

    def of(self, kind: str) -> list[Row]:
        """Return the rows of one kind: papers, mentions or evidence."""
        rows: list[Row] = getattr(self, kind)
        return rows


@dataclass(frozen=True, slots=True)
class ShardFile:
    """A readable file of a shard: what it holds (by its columns), how much of it, its metadata."""

    path: str
    kind: str
    rows: int
    size: int  # bytes, uncompressed
    key: str  # of the shard that it was written in; "" if nothing says so
    domain: str  # TOML; "" if it carries none
    pack_errors: Mapping[str, float] = field(default_factory=dict)  # pack ref to [0, 1]


@dataclass(frozen=True, slots=True)
class Shards:
    """What was found under some paths: sets of files, each closed over its papers."""

    sets: tuple[tuple[ShardFile, ...], ...]

    @property
    def n_papers(self) -> int:
        """The number of paper rows."""
        return sum(file.rows for files in self.sets for file in files if file.kind == "papers")

    @property
    def domains(self) -> dict[str, str]:
        """Every domain schema that the files carry (TOML), and one file that carries it."""
        return {file.domain: file.path for files in self.sets for file in files if file.domain}

    @property
    def pack_errors(self) -> dict[str, float]:
        """Systematic error rates by pack ref; where files disagree, the largest."""
        found: dict[str, float] = {}
        for file in (file for files in self.sets for file in files):
            for ref, rate in file.pack_errors.items():
                found[ref] = max(rate, found.get(ref, 0.0))
        return found


def find_shards(
    paths: Iterable[FilePath | str], *, keys: Collection[str] | None, on_failure: OnFailure
) -> Shards:
    """Look at every shard file under the paths; files that cannot be used go to `on_failure`.

    Args:
        paths: folders (searched for `*.parquet` at any depth) and files.
        keys: only the shards that were written under one of these keys; None for everything.
        on_failure: hears of files that are no shard.
    """
    by_set: dict[tuple[str, str], list[ShardFile]] = defaultdict(list)
    for path in _parquet_files(paths, on_failure):
        try:
            file = _inspect(path)
        except InputError as error:
            on_failure(Failure(path=error.path, where=error.where, reason=error.reason))
            continue
        if keys is None or file.key in keys:
            folder = str(FilePath(path).parent) if file.key else ""
            by_set[folder, file.key].append(file)
    # Sets of a killed extraction have no papers yet: it will write them again.
    whole = [files for (_, key), files in by_set.items() if not key or _has_papers(files)]
    # Loose files last, so that their rows find the papers of the sets in the graph.
    whole.sort(key=lambda files: not files[0].key)
    return Shards(tuple(map(tuple, whole)))


def _has_papers(files: Iterable[ShardFile]) -> bool:
    return any(file.kind == "papers" for file in files)


def read_shards(
    paths: Iterable[FilePath | str],
    *,
    on_failure: OnFailure,
    keys: Collection[str] | None = None,
) -> Iterator[PaperRows]:
    """Yield every paper under some paths with all its rows, as they stand there, unchecked.

    Args and failures are those of `find_shards`.
    """
    yield from read_sets(find_shards(paths, keys=keys, on_failure=on_failure), on_failure)


def read_sets(shards: Shards, on_failure: OnFailure) -> Iterator[PaperRows]:
    """Yield every paper of shards that were found; what fails while it is read is reported."""
    for files in shards.sets:
        rows, size = sum(file.rows for file in files), sum(file.size for file in files)
        buckets = min(MAX_BUCKETS, 1 + max(rows // ROWS_IN_MEMORY, size // BYTES_IN_MEMORY))
        if buckets == 1:
            yield from _grouped(_rows(files, on_failure), on_failure)
        else:
            yield from _grouped_on_disk(files, buckets, on_failure)


def _parquet_files(paths: Iterable[FilePath | str], on_failure: OnFailure) -> Iterator[str]:
    seen: set[str] = set()
    for given in map(FilePath, paths):
        found = sorted(given.rglob("*.parquet")) if given.is_dir() else [given]
        if not found:
            reason = "the folder holds no *.parquet file; `abduce extract` writes them"
            on_failure(Failure(path=str(given), where="", reason=reason))
        for path in found:
            real = os.path.realpath(path)  # of a link that leads to itself too
            if real not in seen:
                seen.add(real)
                yield str(path)


def _inspect(path: str) -> ShardFile:
    _refuse_no_file(path)
    try:
        with pq.ParquetFile(path) as parquet:
            names = parquet.schema_arrow.names
            footer = parquet.metadata
            metadata = footer.metadata or {}
            size = sum(footer.row_group(i).total_byte_size for i in range(footer.num_row_groups))
            return ShardFile(
                path=path,
                kind=_kind(path, names),
                rows=footer.num_rows,
                size=size,
                key=metadata.get(SHARD_KEY, b"").decode(),
                domain=metadata.get(DOMAIN_KEY, b"").decode(),
                pack_errors=parse_pack_errors(metadata, path),
            )
    except FileNotFoundError as error:
        raise UnreadableFileError(path, "", "there is no such file or folder") from error
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from error


def _refuse_no_file(path: str) -> None:
    if os.path.lexists(path) and not os.path.isfile(path):  # noqa: PTH113
        raise UnreadableFileError(path, "", "is no regular file, or a link to nowhere")
    if os.path.lexists(path) and not os.path.getsize(path):  # noqa: PTH202
        raise UnreadableFileError(path, "", "the file is empty")


def _unreadable(path: str, error: Exception) -> UnreadableFileError:
    first_line = str(error).partition("\n")[0]
    return UnreadableFileError(path, "", f"not a whole Parquet file: {first_line}")


def _kind(path: str, names: Collection[str]) -> str:
    missing = {
        kind: [name for name in required if name not in names]
        for kind, required in REQUIRED.items()
    }
    kind = min(missing, key=lambda kind: len(missing[kind]) / len(REQUIRED[kind]))
    if missing[kind]:
        amiss = ", ".join(repr(name) for name in missing[kind])
        one = f"nearest is a shard of {kind}, and it lacks {amiss}"
        raise ShardError(path, "columns", f"no shard has the columns {', '.join(names)}: {one}")
    return kind


def _batches(file: ShardFile) -> Iterator[pa.RecordBatch]:
    """Yield record batches of a file, in the columns and types that shards have."""
    schema = SCHEMAS[file.kind]
    try:
        with pq.ParquetFile(file.path) as parquet:
            names = [name for name in schema.names if name in parquet.schema_arrow.names]
            for batch in parquet.iter_batches(batch_size=BATCH_ROWS, columns=names):
                columns = [_cast(file, name, batch.column(name), schema) for name in names]
                yield pa.RecordBatch.from_arrays(columns, names=names)
    except (pa.ArrowException, OSError) as error:
        raise _unreadable(file.path, error) from error


def _cast(file: ShardFile, name: str, column: pa.Array, schema: pa.Schema) -> pa.Array:
    target = schema.field(name).type
    if column.type == target:
        return column
    try:
        if pa.types.is_timestamp(column.type):
            column = column.cast(pa.date32(), safe=False)
        return column.cast(target)
    except pa.ArrowException as error:
        reason = f"its values have type {column.type}, and {target} is expected: {error}"
        raise ShardError(file.path, f"column {name!r}", reason) from error


def _rows(
    files: Iterable[ShardFile], on_failure: OnFailure
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield (kind, path, row) over some files; a file that breaks is reported, the rest goes on."""
    for file in files:
        try:
            for batch in _batches(file):
                for row in _python_rows(file.path, batch, on_failure):
                    yield file.kind, file.path, row
        except InputError as error:
            on_failure(Failure(path=error.path, where=error.where, reason=error.reason))


def _python_rows(
    path: str, batch: pa.RecordBatch, on_failure: OnFailure
) -> Iterable[dict[str, Any]]:
    try:
        rows: list[dict[str, Any]] = batch.to_pylist()
    except UnicodeDecodeError:
        return _decodable_rows(path, batch, on_failure)
    return rows


def _decodable_rows(
    path: str, batch: pa.RecordBatch, on_failure: OnFailure
) -> Iterator[dict[str, Any]]:
    for number in range(batch.num_rows):
        try:
            yield batch.slice(number, 1).to_pylist()[0]
        except UnicodeDecodeError as error:
            where = batch.column("paper")[number].as_buffer().to_pybytes()
            reason = f"its text is not UTF-8 ({error.reason}): {error.object[:40]!r}"
            on_failure(Failure(path=path, where=where.decode(errors="replace"), reason=reason))


def _grouped(
    rows: Iterable[tuple[str, str, dict[str, Any]]], on_failure: OnFailure
) -> Iterator[PaperRows]:
    papers: dict[str, PaperRows] = {}
    for kind, path, row in rows:
        paper = row["paper"]
        if not paper:
            on_failure(Failure(path=path, where="", reason=f"a row of {kind} names no paper"))
            continue
        rows_of = papers.get(paper)
        if rows_of is None:
            rows_of = papers[paper] = PaperRows(paper)
        rows_of.of(kind).append(Row(path, row))
    yield from papers.values()


def _grouped_on_disk(
    files: tuple[ShardFile, ...], buckets: int, on_failure: OnFailure
) -> Iterator[PaperRows]:
    with tempfile.TemporaryDirectory(prefix="abduce-load-") as folder:
        for number, file in enumerate(files):
            try:
                _split(file, buckets, FilePath(folder) / str(number))
            except InputError as error:
                on_failure(Failure(path=error.path, where=error.where, reason=error.reason))
        for bucket in range(buckets):
            rows = (
                (file.kind, file.path, row)
                for number, file in enumerate(files)
                for batch in _bucket(FilePath(folder) / str(number) / f"{bucket}.arrow")
                for row in _python_rows(file.path, batch, on_failure)
            )
            yield from _grouped(rows, on_failure)


def _split(file: ShardFile, buckets: int, folder: FilePath) -> None:
    """Write the rows of a file into one Arrow stream a bucket; a paper has one bucket."""
    folder.mkdir()
    writers: dict[int, pa.RecordBatchStreamWriter] = {}
    with ExitStack() as stack:
        for batch in _batches(file):
            numbers = _bucket_numbers(batch.column("paper"), buckets)
            for bucket in set(numbers):
                if bucket not in writers:
                    sink = str(folder / f"{bucket}.arrow")
                    writers[bucket] = stack.enter_context(pa.ipc.new_stream(sink, batch.schema))
                writers[bucket].write_batch(batch.filter(pa.array([n == bucket for n in numbers])))


def _bucket_numbers(papers: pa.Array, buckets: int) -> list[int]:
    ids = papers.cast(pa.binary()).to_pylist()
    return [zlib.crc32(paper or b"") % buckets for paper in ids]


def _bucket(path: FilePath) -> Iterator[pa.RecordBatch]:
    if path.exists():
        with pa.ipc.open_stream(str(path)) as stream:
            yield from stream
