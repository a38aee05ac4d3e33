"""What a reader of a format is asked for: the files, and what the caller says of the source."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from kg.curated_models import CURATED_ERROR, Source
from kg.files import open_source, shown
from kg.models import Failure
from kg.sources.curated_source import Content, OnFailure

EVERY_TYPE = "*"
MAX_VERSION = 200
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._-]+")
_NOT_IN_A_LABEL = re.compile(r"[^A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class SourceRequest:
    """What the caller wants read; what the caller says of the source wins over the content.

    Args:
        paths: the files, never folders.
        types: label of the graph by what the source calls a type (`{"Compound": "Chemical"}`),
            whatever the case; `*` stands for all that are not named.
    """

    paths: tuple[Path, ...]
    on_failure: OnFailure
    mapping: Path | None = None
    name: str | None = None
    version: str | None = None
    licence: str | None = None
    date: str | None = None
    types: Mapping[str, str] = field(default_factory=dict)

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
        return Source(
            name=self.name or source_name(name) or source_name(stem(self.paths[0])) or format_,
            version=self.version or _fit(version) or content_version(self.paths),
            licence=self.licence or licence,
            title=title,
            date=self.date or date,
            format=format_,
            error=error,
        )

    def names_by_file(self, name: str = "") -> bool:
        """Whether a source has its file's name, as neither its content nor the caller has another.

        `name` is what the content says.
        """
        return not (self.name or source_name(name))

    def label(self, *kinds: str, default: str) -> str:
        """Return the label that the caller wants for what the source calls a type.

        The first of `kinds` that the caller names counts, then what is said of every type, then
        `default`.
        """
        if not self.types:
            return default
        folded = {_folded(said): label for said, label in self.types.items()}
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


def source_name(text: str) -> str:
    """Return a text as the name of a source; empty if nothing of it can stand in one."""
    return _NOT_IN_A_NAME.sub("-", text).strip("-._")


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


def is_date(text: str) -> bool:
    """Whether a text is a year, a month or a day of ISO 8601: `2016`, `2016-09`, `2016-09-19`."""
    if not _DATE.fullmatch(text):
        return False
    try:
        dt.date.fromisoformat(text + "0001-01-01"[len(text) :])
    except ValueError:
        return False
    return True


def _fit(version: str) -> str:
    """Return a version that a content says; empty if it is none that could stand by each fact."""
    return version if len(version) <= MAX_VERSION and version.isprintable() else ""


def _folded(kind: str) -> str:
    return _NOT_IN_A_LABEL.sub("", kind).casefold() or kind
