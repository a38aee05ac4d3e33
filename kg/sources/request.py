"""What a reader of a format is asked for: the files, and what the caller says of the source."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kg.curated_models import CURATED_ERROR, Source
from kg.files import open_source, shown
from kg.models import Failure
from kg.sources.curated_source import Content, OnFailure
from kg.sources.options import MAX_VERSION, SourceOptions, source_name

EVERY_TYPE = "*"
_NOT_IN_A_LABEL = re.compile(r"[^A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class SourceRequest:
    """What the caller wants read; what the caller says of the source wins over the content.

    Args:
        paths: the files, never folders.
        options: what the caller says of the source.
    """

    paths: tuple[Path, ...]
    on_failure: OnFailure
    options: SourceOptions

    @property
    def shown(self) -> str:
        """The first file, as failures name it."""
        return shown(self.paths[0])

    def source(
        self,
        format_: str,
        *,
        name: str = "",
        version: str = "",
        licence: str | None = None,
        title: str = "",
        date: str | None = None,
        error: float = CURATED_ERROR,
    ) -> Source:
        """Return the source, from what its content says and what the caller says."""
        said = self.options
        return Source(
            name=said.source or source_name(name) or source_name(stem(self.paths[0])) or format_,
            version=said.version or _fit(version) or content_version(self.paths),
            licence=said.licence or licence,
            title=title,
            date=said.date or date,
            format=format_,
            error=error,
        )

    def names_by_file(self, name: str = "") -> bool:
        """Whether a source has its file's name, as neither its content nor the caller has another.

        `name` is what the content says.
        """
        return not (self.options.source or source_name(name))

    def label(self, *kinds: str, default: str) -> str:
        """Return the label that the caller wants for what the source calls a type.

        The first of `kinds` that the caller names counts, then what is said of every type, then
        `default`.
        """
        if not self.options.types:
            return default
        folded = {_folded(said): label for said, label in self.options.types.items()}
        wanted = (folded.get(_folded(kind)) for kind in (*kinds, EVERY_TYPE) if kind)
        return next(filter(None, wanted), default)

    def failure(self, row: str, reason: str) -> Failure:
        """Return the failure of a row, as terms and facts name it: its file, and where in it."""
        for path in self.paths:
            if row.startswith(name := f"{shown_name(path)} "):
                return Failure(path=shown(path), where=row.removeprefix(name), reason=reason)
        return Failure(path=self.shown, where=row, reason=reason)

    def fail(self, path: Path, where: str, reason: str) -> None:
        """Report a row that cannot be used."""
        self.on_failure(Failure(path=shown(path), where=where, reason=reason))


@dataclass(frozen=True, slots=True)
class Format:
    """A format of curated sources.

    Args:
        takes: whether a file is of the format, given its path and its first 64 KiB, unpacked.
        read: opens the files.
    """

    name: str
    description: str
    takes: Callable[[Path, str], bool]
    read: Callable[[SourceRequest], Content]


@lru_cache(maxsize=100)
def shown_name(path: Path) -> str:
    """Return a file's name as rows say it; what is not UTF-8 becomes backslash escapes."""
    return shown(path.name)


def stem(path: Path) -> str:
    """Return a file's name without its endings."""
    name = path.name
    for _ in path.suffixes:
        cut = name.rpartition(".")
        # The dots of a version (`doid-2016.09`) are no endings.
        if not cut[0] or not re.fullmatch(r"[A-Za-z][A-Za-z0-9]{0,7}", cut[2]):
            break
        name = cut[0]
    return name


@lru_cache(maxsize=10_000)
def label_of(text: str) -> str:
    """Return a text as a label: `biological process` and `biological_process` BiologicalProcess.

    Empty if nothing of it can stand in one.
    """
    words = _NOT_IN_A_LABEL.sub(" ", text.partition(":")[2] or text).split()
    joined = "".join(word[0].upper() + word[1:] for word in words)
    return joined.lstrip("0123456789")


@lru_cache(maxsize=10_000)
def predicate_of(text: str) -> str:
    """Return a text as a relationship type: `biolink:subclass_of`, `subClassOf` SUBCLASS_OF.

    Empty if nothing of it can stand in one.
    """
    local = re.split(r"[:#/]", text.rstrip(":#/"))[-1]
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", local)
    joined = "_".join(_NOT_IN_A_LABEL.sub(" ", split).split()).upper()
    return joined.lstrip("0123456789_")


def content_version(paths: tuple[Path, ...]) -> str:
    """Return a version from what stands in the files, unpacked: `sha256:` and 12 digits.

    The same files are the same version, in whatever order they come.
    """
    hashes = sorted(map(_content_hash, paths))
    whole = hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()
    return f"sha256:{whole[:12]}"


def _content_hash(path: Path) -> str:
    digest = hashlib.sha256()
    with open_source(path) as opened, opened.stream() as stream:
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _fit(version: str) -> str:
    """Return a version that a content says; empty if it is none that could stand by each fact."""
    return version if len(version) <= MAX_VERSION and version.isprintable() else ""


def _folded(kind: str) -> str:
    return _NOT_IN_A_LABEL.sub("", kind).casefold() or kind
