"""Opening a curated source: which format it is, and the reader that takes it."""

from __future__ import annotations

import codecs
import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from kg.errors import UnknownNameError, UnreadableFileError, UsageError
from kg.files import open_source as open_file
from kg.files import shown
from kg.gc_threshold import raised_gc_threshold
from kg.sources.checking import once
from kg.sources.curated_source import CuratedSource, OnFailure
from kg.sources.hetionet import HETIONET
from kg.sources.kgx import KGX
from kg.sources.obo import OBO
from kg.sources.options import SourceOptions
from kg.sources.owl import OWL_FORMAT
from kg.sources.rdf import RDF_FORMAT
from kg.sources.replay import replayed
from kg.sources.request import Format, SourceRequest
from kg.sources.skos import SKOS_FORMAT
from kg.sources.table import TABLE

FORMATS: dict[str, Format] = {
    format_.name: format_
    for format_ in (HETIONET, KGX, OBO, OWL_FORMAT, SKOS_FORMAT, RDF_FORMAT, TABLE)
}

PathLike = str | Path
_NOTHING_SAID = SourceOptions()

# Packed in a way that is not read: how each begins.
_PACKED = {
    b"PK\x03\x04": "zip",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"BZh91AY&SY": "bzip2",
    b"7z\xbc\xaf\x27\x1c": "7z",
}


@raised_gc_threshold()
def open_source(
    paths: Iterable[PathLike] | PathLike,
    options: SourceOptions = _NOTHING_SAID,
    *,
    on_failure: OnFailure,
) -> CuratedSource:
    """Open files as one curated source.

    Args:
        paths: its files, plain or packed with gzip or xz; of a folder, those of the format.
        options: what the caller says of it; a format is a name in `FORMATS`, a mapping implies
            `table`. What neither the caller nor the content says is the file's name, and a hash
            of the content for the version.
        on_failure: is told of each row that cannot be used; the rest goes on.

    Raises:
        UnreadableFileError: a file that cannot be used as a whole, or is of no known format.
        UnknownNameError: no format has that name.
        UsageError: the files are of several formats, or there is none.
    """
    given = [Path(p) for p in ([paths] if isinstance(paths, str | Path) else paths)]
    if not given:
        raise UsageError("no file was named: name at least one")
    chosen = _choose(given, options.format or ("table" if options.mapping is not None else None))
    request = SourceRequest(_files(given, chosen), once(on_failure), options)

    def tell(row: str, reason: str) -> None:
        request.on_failure(request.failure(row, reason))

    return replace(replayed(chosen.read(request), tell), files=request.paths)


def guess_format(path: PathLike) -> str | None:
    """Return the name of the format that a file, or the files in a folder, are of, by content.

    None where it is none of them; a table is told by its mapping alone.

    Raises:
        UnreadableFileError: it cannot be opened.
        UsageError: the files in the folder are of several formats.
    """
    path = Path(path)
    if not path.is_dir():
        return _told_by(path, _head(path))
    guesses = (_told_by(inner, head) for inner, head in _heads(path))
    found = sorted(set(filter(None, guesses)))
    if len(found) > 1:
        reason = f"{shown(path)} holds files of several formats ({', '.join(found)})"
        raise UsageError(f"{reason}; name the files of one, or the format")
    return found[0] if found else None


def _told_by(path: Path, head: str) -> str | None:
    return next((name for name, format_ in FORMATS.items() if format_.takes(path, head)), None)


def _head(path: Path) -> str:
    with open_file(path) as opened:
        if packed := next((n for start, n in _PACKED.items() if opened.head.startswith(start)), ""):
            reason = f"is packed with {packed}, which is not read; unpack it, or pack it with gzip"
            raise UnreadableFileError(opened.path, "", reason)
        return opened.head.removeprefix(codecs.BOM_UTF8).decode("utf-8", errors="replace")


def _choose(paths: list[Path], name: str | None) -> Format:
    if name is not None:
        if name not in FORMATS:
            raise UnknownNameError("format", name, FORMATS, f"there are {', '.join(FORMATS)}")
        return FORMATS[name]
    guesses = {path: guess_format(path) for path in paths}
    for path, guess in guesses.items():
        if guess is None:
            reason = f"its content is none of {', '.join(FORMATS)}"
            hint = "name its format, or a mapping if it is a table (--format, --mapping)"
            raise UnreadableFileError(shown(path), "", f"{reason}; {hint}")
    found = sorted({guess for guess in guesses.values() if guess is not None})
    if len(found) > 1:
        raise UsageError(f"the files are of several formats ({', '.join(found)}); load them apart")
    return FORMATS[found[0]]


def _files(given: list[Path], format_: Format) -> tuple[Path, ...]:
    files: list[Path] = []
    for path in given:
        if not path.is_dir():
            _head(path)  # whether it can be opened, and is packed in no other way
            files.append(path)
            continue
        inside = [inner for inner, head in _heads(path) if format_.takes(inner, head)]
        if not inside:
            reason = f"no file in this folder is of the format {format_.name}"
            raise UnreadableFileError(shown(path), "", f"{reason}; name the files themselves")
        files.extend(inside)
    return tuple(dict.fromkeys(files))


def _heads(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield the files in a folder, each with its beginning; what cannot be opened is no source."""
    try:
        inside = sorted(path for path in folder.iterdir() if path.is_file())
    except OSError as error:
        reason = f"cannot be listed: {error.strerror or error}"
        raise UnreadableFileError(shown(folder), "", reason) from error
    for path in inside:
        with contextlib.suppress(UnreadableFileError):
            yield path, _head(path)
