"""Serialization of a graph, or of any records, into a folder of files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from kg.archive.folder import Manifest, describe_files, draft_folder, write_manifest
from kg.archive.formats import Options, Writer, archive_named, format_named, writer_named
from kg.archive.records import (
    EdgeBlock,
    Record,
    counted,
    edges_of,
    graph_records,
    nodes_of,
    one_by_one,
    size_of,
)
from kg.archive.restoring import is_half_restored
from kg.errors import UsageError
from kg.gc_threshold import raised_gc_threshold
from kg.models import Model
from kg.store.graph import Graph
from kg.versions import graph_version

OnProgress = Callable[[int, int | None], None]

_EVERY = 1000
_TOTAL = ("MATCH (n) RETURN count(n) AS n", "MATCH ()-[r]->() RETURN count(r) AS n")


class ExportSummary(Model):
    """What the files hold. `nodes` and `edges` count them by label set and by type."""

    path: str
    format: str
    graph_version: int
    nodes: dict[str, int]
    edges: dict[str, int]
    files: int
    size: int  # bytes


def export_graph(
    graph: Graph,
    path: Path | str,
    format: str,  # noqa: A002
    *,
    compress: bool = False,
    reify: bool = False,
    on_progress: OnProgress | None = None,
) -> ExportSummary:
    """Serialize a graph into a new folder.

    All of it in a format that restores (`FORMATS`), else what the format has words for.

    Args:
        graph: what to write.
        path: the folder; it must not be there yet, or be empty.
        format: one of `FORMATS`.
        compress: pack the files (gzip; Parquet is packed anyway, and harder so).
        reify: in RDF, reification that every tool reads instead of the triple terms of RDF 1.2.
        on_progress: called with how many nodes and edges are done, and of how many.

    Raises:
        UsageError: something is at `path` already, the graph is half restored or was changed
            meanwhile, or it holds a value that the format cannot.
        UnknownNameError: no such format.
        UnreadableFileError: the folder cannot be written.
        StoreError: what the server said.
    """
    if is_half_restored(graph):
        raise UsageError(
            f"{graph.where} is half restored from an export: load that export again, which goes "
            "on where it stopped, and then export"
        )
    version = graph_version(graph)
    total = sum(int(graph.read(query)[0]["n"]) for query in _TOTAL)
    records = _told(graph_records(graph), on_progress, total)
    with draft_folder(Path(path)) as draft:
        manifest = _fill(records, draft, Options(format, compress, reify), version)
        if graph_version(graph) != version:
            raise UsageError(
                f"{graph.where} was changed while it was exported: let the change end, try again"
            )
    return _summary(path, manifest)


def export_records(
    records: Iterable[Record | EdgeBlock],
    path: Path | str,
    format: str,  # noqa: A002
    *,
    compress: bool = False,
    on_progress: OnProgress | None = None,
) -> ExportSummary:
    """Write records into a new folder: nodes first, and then edges, whose ends are among them.

    Raises:
        UsageError: something is at `path` already.
        UnknownNameError: no such format.
        UnreadableFileError: the folder cannot be written.
    """
    told = _told(records, on_progress, None)
    with draft_folder(Path(path)) as draft:
        manifest = _fill(told, draft, Options(format, compress), 0)
    return _summary(path, manifest)


@raised_gc_threshold()
def _fill(
    records: Iterable[Record | EdgeBlock], folder: Path, options: Options, version: int
) -> Manifest:
    counts: dict[Any, int] = {}
    details: dict[str, Any] = {}
    if format_named(options.format).restores:
        archive = archive_named(options.format)
        details = archive.write(counted(records, counts), folder, options)
    else:
        writer = writer_named(options.format)
        writer.write(_held(one_by_one(records), writer, counts), folder, options)
    manifest = Manifest(
        format=options.format,
        compressed=options.compress,
        graph_version=version,
        nodes=nodes_of(counts),
        edges=edges_of(counts),
        files=describe_files(folder),
        details=details,
    )
    write_manifest(folder, manifest)
    return manifest


def _held(records: Iterable[Record], writer: Writer, counts: dict[Any, int]) -> Iterator[Record]:
    """Yield all records, and count those that the files hold."""
    for record in records:
        if writer.holds(record):
            counts[record[0]] = counts.get(record[0], 0) + 1
        yield record


def _told(
    records: Iterable[Record | EdgeBlock], on_progress: OnProgress | None, total: int | None
) -> Iterator[Record | EdgeBlock]:
    if on_progress is None:
        yield from records
        return
    done, due = 0, _EVERY
    for record in records:
        done += size_of(record)
        yield record
        if done >= due:
            on_progress(done, total)
            due = done + _EVERY
    on_progress(done, total)


def _summary(path: Path | str, manifest: Manifest) -> ExportSummary:
    return ExportSummary(
        path=str(path),
        format=manifest.format,
        graph_version=manifest.graph_version,
        nodes=manifest.nodes,
        edges=manifest.edges,
        files=len(manifest.files),
        size=sum(file.size for file in manifest.files.values()),
    )
