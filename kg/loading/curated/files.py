"""Files into a graph: which of the things that can be loaded they are, and curated ones loaded."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from kg.archive import is_export
from kg.errors import UnreadableFileError, UsageError
from kg.files import shown
from kg.loading.curated.fresh_records import fresh_rows
from kg.loading.curated.load import load_curated
from kg.loading.curated.source_load import OnProgress
from kg.loading.curated.summary import CuratedSummary, FailureList
from kg.models import Failure
from kg.sources import FORMATS, CuratedSource, SourceOptions, guess_format, open_source
from kg.store.graph import Graph

SHARDS = "shards"
EXPORT = "export"

_PARQUET = b"PAR1"
_NOTHING_SAID = SourceOptions()


def kind_of(paths: Iterable[Path], mapping: Path | None = None) -> str:
    """Return what files are, by their content: `export`, a format of `kg.sources`, or `shards`.

    Folders and Parquet that are none of the others are taken for annotation shards, whose loader
    lists what it cannot use. A table is one because a mapping says what its columns mean.

    Raises:
        UsageError: the files are of several formats, or an export is not alone.
        UnreadableFileError: the files are none of these.
    """
    every = list(paths)
    if mapping is not None:
        return "table"
    if any(is_export(path) for path in every):
        if len(every) > 1:
            raise UsageError("an export is loaded alone, into an empty graph: name one folder")
        return EXPORT
    kinds = sorted({kind for kind in map(_guess, every) if kind})
    if len(kinds) > 1:
        raise UsageError(f"the files are of several formats ({', '.join(kinds)}); load them apart")
    found = next(iter(kinds), None)
    if found is None and every and not any(map(_may_be_shards, every)):
        guess_format(every[0])  # says why, if it cannot be opened, or is empty
        reason = f"its content is none of {SHARDS}, {EXPORT}, {', '.join(FORMATS)}"
        hint = "name its format, or a mapping if it is a table (--format, --mapping)"
        raise UnreadableFileError(shown(every[0]), "", f"{reason}; {hint}")
    return found or SHARDS


def load_files(
    graph: Graph,
    paths: Iterable[Path],
    options: SourceOptions = _NOTHING_SAID,
    *,
    on_progress: OnProgress | None = None,
) -> CuratedSummary:
    """Load files as one curated source: `kg.sources.open_source`, then `load_curated`.

    The summary lists both what could not be read and what could not be loaded. Files of which
    nothing can be used, such as those read as a wrong format, replace nothing.

    Raises:
        InputError: a file that cannot be used as a whole, or a mapping that does not fit.
        UsageError: no such format.
        StoreError: the server said no.
    """
    every = list(paths)
    unread = FailureList(str(every[0]) if every else "")
    curated = open_source(every, options, on_failure=unread.add)
    if _would_empty(graph, curated):
        reason = "nothing of it can be used, so what the graph holds of this source stays"
        remedy = f"to take that out: abduce forget --source {curated.source.name}"
        unread.add(Failure(path=shown(every[0]), where="", reason=f"{reason}; {remedy}"))
        return CuratedSummary(source=curated.source.ref, failed=unread.failures())
    summary = load_curated(graph, curated, on_progress=on_progress)
    return summary.model_copy(update={"failed": (*unread.failures(), *summary.failed)})


def write_import_files(
    paths: Iterable[Path], options: SourceOptions, folder: Path
) -> tuple[Failure, ...]:
    """Write bulk-import files (`neo4j-admin database import`) of a graph that holds one source.

    It is the graph that `load_files` makes of the source in an empty one, without its log.

    Args:
        paths: files of a curated source.
        options: what the caller says of it.
        folder: a new folder for the files; `kg.local_neo4j.import_files` takes them.

    Returns:
        what could not be read, and what could not be in a graph.

    Raises:
        InputError: a file that cannot be used as a whole, or of which nothing can be used, or a
            mapping that does not fit.
        UsageError: no such format, or something is at `folder` already.
    """
    from kg.exporting import export_records  # Arrow's CSV takes a moment to import

    every = list(paths)
    failed = FailureList(str(every[0]) if every else "")
    curated = open_source(every, options, on_failure=failed.add)
    made = export_records(fresh_rows(curated, on_failure=failed.add), folder, "neo4j-admin")
    if not any(labels.startswith("Entity") for labels in made.nodes):
        said = "; ".join(failure.reason for failure in failed.failures()[:1])
        reason = f"no term and no fact of it can be used{said and f' ({said})'}"
        raise UnreadableFileError(shown(every[0]), "", reason)
    return failed.failures()


def _would_empty(graph: Graph, curated: CuratedSource) -> bool:
    """Whether a source that says nothing would replace one."""
    if next(curated.terms(), None) is not None or next(curated.facts(), None) is not None:
        return False
    return bool(graph.read("MATCH (s:Source {id: $id}) RETURN s.id AS id", id=curated.source.name))


def _may_be_shards(path: Path) -> bool:
    """Whether it is a folder, or Parquet, or nothing that could be looked at."""
    try:
        if not path.is_file():
            return True
        with path.open("rb") as file:
            return file.read(len(_PARQUET)) == _PARQUET
    except OSError:
        return True


def _guess(path: Path) -> str | None:
    try:
        return guess_format(path)
    except UnreadableFileError:
        return None
