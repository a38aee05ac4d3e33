"""From files to annotation shards, and on into a graph; what was done stays done.

Papers go through in chunks. Each chunk becomes one shard, whose key is a hash of its papers and
the pack: a run that finds the shard there takes it as it is, so a run that was killed goes on
where it stopped, and ends with the same shards.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from pathlib import Path

from extraction.annotated import TextAnnotation
from extraction.annotator import Annotator
from extraction.chunks import chunk_key, chunked, pack_digest
from extraction.one_text import annotator_for
from extraction.pack import DOMAIN_FILE, Pack, load_pack
from extraction.passages import split_passages
from extraction.progress import OnProgress, Progress
from extraction.readers import read_papers
from extraction.summaries import BuildSummary, ExtractSummary
from extraction.tally import Tally
from kg import Graph, Paper, UsageError, clear_graph, load_shards
from kg.loading import shard_exists, shard_file, write_shard
from kg.runs import running

_KINDS = ("mentions", "evidence", "papers")
# A chunk in which a passage failed has this behind its key: the next run tries it again.
_INCOMPLETE = "-incomplete"


def extract(
    paths: Iterable[str | os.PathLike[str]],
    pack: Pack | str | Path,
    out: str | Path,
    *,
    limit: int | None = None,
    device: str = "auto",
    on_progress: OnProgress | None = None,
) -> ExtractSummary:
    """Read papers and write what they say as annotation shards into the folder `out`.

    Args:
        paths: files and folders of papers, see `read_papers`.
        pack: a pack, or the name or folder of one.
        out: the folder of the shards, made if absent; shards that are there are not made again.
        limit: read this many papers at most.
        device: auto, cpu or cuda.
        on_progress: called with how many papers are done, and of how many if known.

    Raises:
        UnknownNameError: no such pack or device.
        PackError: the pack, or its encoder, cannot be used.
        ShardError: a shard could not be written: no space left, no permission. All shards
            before it are whole, and the same call goes on behind them.
        UsageError: a limit below 1.
    """
    run = _Run(paths, pack, Path(out), limit, device)
    for _ in run.shards(on_progress):
        pass
    return run.tally.summary(ExtractSummary)


def build(
    paths: Iterable[str | os.PathLike[str]],
    pack: Pack | str | Path,
    graph: Graph,
    shards: str | Path,
    *,
    limit: int | None = None,
    device: str = "auto",
    fresh: bool = False,
    on_progress: OnProgress | None = None,
) -> BuildSummary:
    """Read papers and put what they claim into a graph, chunk by chunk.

    Killed at any moment and run again, or run twice, it gives the same graph as one run.

    Args:
        paths: files and folders of papers, see `read_papers`.
        pack: a pack, or the name or folder of one.
        graph: where to; what it holds of other papers stays.
        shards: the folder of this graph's annotation shards, made if absent.
        limit: read this many papers at most.
        device: auto, cpu or cuda.
        fresh: empty the graph, forget its shards, and read everything again; not where the
            paths hold no paper at all.
        on_progress: called with how many papers are done, and of how many if known.

    Raises:
        UnknownNameError: no such pack or device.
        PackError: the pack, or its encoder, cannot be used.
        ShardError: a shard could not be written; the same call goes on where it stopped.
        StoreError: the server said no; what was loaded before stays.
        UsageError: a limit below 1.
    """
    folder = Path(shards)
    run = _Run(paths, pack, folder, limit, device)
    with running(graph, "build", pack=run.pack.ref) as log:
        if fresh and run.has_papers():
            clear_graph(graph)
            _remove_shards(folder)
        for key in run.shards(on_progress):
            loaded = load_shards(graph, [shard_file(folder, key, kind) for kind in _KINDS])
            run.tally.failed += loaded.failed
        summary = run.tally.summary(BuildSummary)
        log.count(
            papers=summary.papers,
            entities=summary.entities,
            claims=summary.claims,
            evidence=summary.evidence,
            failures=len(summary.failed),
        )
    return summary


class _Run:
    """One run of extraction into one folder."""

    def __init__(
        self,
        paths: Iterable[str | os.PathLike[str]],
        pack: Pack | str | Path,
        folder: Path,
        limit: int | None,
        device: str,
    ) -> None:
        self.tally = Tally()
        self._paths = _listed(paths)
        self._limit = limit
        papers = read_papers(self._paths, limit=limit, on_failure=self.tally.failed.append)
        self._chunks = chunked(papers)
        self.pack = pack if isinstance(pack, Pack) else load_pack(pack)
        self._digest = pack_digest(self.pack)
        self._domain = (self.pack.folder / DOMAIN_FILE).read_text(encoding="utf-8")
        self._folder = folder
        self._device = device

    @cached_property
    def _annotator(self) -> Annotator:
        # Loaded for the first chunk that has no shard yet: a run with nothing to do is quick.
        return annotator_for(self.pack, self._device)

    def has_papers(self) -> bool:
        """Whether there is anything to read."""
        first = next(self._chunks, None)
        if first is not None:
            self._chunks = chain([first], self._chunks)
        return first is not None

    def shards(self, on_progress: OnProgress | None) -> Iterator[str]:
        """Yield the keys of the shards of all papers, each when it is there."""
        with Progress(on_progress, self._paths, self._limit) as progress:
            for chunk in self._chunks:
                key = chunk_key(self._digest, chunk)
                if shard_exists(self._folder, key):
                    self._resume(chunk)
                    progress.report(self.tally.papers)
                else:
                    key = self._read(chunk, key, progress)
                self.tally.add_shard(self._folder, key)
                yield key

    def _resume(self, chunk: Sequence[Paper]) -> None:
        self.tally.papers += len(chunk)
        self.tally.resumed += len(chunk)
        self.tally.passages += sum(len(split_passages(paper)) for paper in chunk)

    def _read(self, chunk: Sequence[Paper], key: str, progress: Progress) -> str:
        annotations = []
        for annotation in self._annotator.annotate(chunk):
            annotations.append(annotation)
            self.tally.papers += 1
            self.tally.passages += annotation.passages
            self.tally.failed += annotation.failed
            progress.report(self.tally.papers)
        whole = not any(annotation.failed for annotation in annotations)
        written = key if whole else key + _INCOMPLETE
        self._write(annotations, written)
        if whole:
            _remove_shard(self._folder, key + _INCOMPLETE)
        return written

    def _write(self, annotations: Sequence[TextAnnotation], key: str) -> None:
        ref = self.pack.ref
        write_shard(
            self._folder,
            key,
            [annotation.paper for annotation in annotations],
            [(a.paper.id, ref, mention) for a in annotations for mention in a.mentions],
            [evidence for annotation in annotations for evidence in annotation.evidence],
            self._domain,
            packs=[ref],
            pack_errors=self.pack.errors,
        )


def _listed(paths: Iterable[str | os.PathLike[str]]) -> list[str | os.PathLike[str]]:
    if isinstance(paths, str | os.PathLike):
        raise UsageError(f"paths is {paths!r}, where a list of paths is expected: [{paths!r}]")
    return list(paths)


def _remove_shard(folder: Path, key: str) -> None:
    # Papers first: without them the shard counts as not there.
    for kind in reversed(_KINDS):
        shard_file(folder, key, kind).unlink(missing_ok=True)


def _remove_shards(folder: Path) -> None:
    for kind in reversed(_KINDS):
        for path in folder.glob(f"{kind}-*.parquet"):
            path.unlink()
