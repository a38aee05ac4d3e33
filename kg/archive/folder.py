"""Manifest: what the folder of an export holds, with a checksum of each file.

The folder is made under another name and renamed at the end, so that one with a manifest is whole.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import Field, ValidationError

from kg.errors import UnreadableFileError, UsageError
from kg.models import Model

MANIFEST = "manifest.json"
KIND = "abduce export"
VERSION = 1
_MAX_MANIFEST = 64 * 2**20


class ExportedFile(Model):
    """A file of an export, by its SHA-256 in hex and its size in bytes."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(ge=0)


class Manifest(Model):
    """What an export holds. `nodes` and `edges` count them by label set and by type.

    `files` are paths within the folder, `details` what the format itself has to remember.
    """

    kind: str = KIND
    version: int = VERSION
    format: str
    compressed: bool = False
    graph_version: int = 0
    nodes: dict[str, int]
    edges: dict[str, int]
    files: dict[str, ExportedFile]
    details: dict[str, Any] = Field(default_factory=dict)

    @property
    def records(self) -> int:
        """How many nodes and edges there are."""
        return sum(self.nodes.values()) + sum(self.edges.values())


@contextmanager
def draft_folder(target: Path) -> Iterator[Path]:
    """Yield a folder to write into, which becomes `target` if all goes well, and goes if not.

    Raises:
        UsageError: something stands at `target` already.
        UnreadableFileError: it cannot be written: no permission, a full disk.
    """
    if target.is_symlink() or (target.exists() and not _is_empty_folder(target)):
        raise UsageError(f"{target} exists already: give another path, or remove it")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}-"))
        try:
            yield draft
            draft.chmod(0o755)
            if target.exists():
                target.rmdir()
            draft.rename(target)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
    except (OSError, sqlite3.Error) as error:
        reason = f"cannot be written: {getattr(error, 'strerror', None) or error}"
        raise UnreadableFileError(str(target), "", reason) from error


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest; it comes last."""
    text = json.dumps(manifest.model_dump(mode="json"), indent=1, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def describe_files(folder: Path) -> dict[str, ExportedFile]:
    """Return all files of a folder, by their paths in it."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): ExportedFile(
            sha256=_sha256(path), size=path.stat().st_size
        )
        for path in paths
    }


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of an export, and make sure that its files are the ones it names.

    Raises:
        UnreadableFileError: no manifest, or one of another kind, or a file that is not there, is
            outside the folder, or has changed.
    """
    manifest = parse_manifest(folder)
    for name, expected in sorted(manifest.files.items()):
        path = inner_path(folder, name)
        if path.stat().st_size != expected.size or _sha256(path) != expected.sha256:
            reason = "is not the file that was exported (another SHA-256): export once more"
            raise UnreadableFileError(str(path), "", reason)
    return manifest


def inner_path(folder: Path, name: str) -> Path:
    """Return the path of a file that a manifest names.

    Raises:
        UnreadableFileError: it lies outside the folder, is a link, or is not there.
    """
    parts = PurePosixPath(name).parts
    path = folder.joinpath(*parts)
    if not parts or name.startswith("/") or ".." in parts or "\\" in name or "\0" in name:
        raise UnreadableFileError(str(folder / MANIFEST), repr(name), "is no file of this folder")
    if path.resolve() != folder.resolve().joinpath(*parts):
        raise UnreadableFileError(str(folder / MANIFEST), repr(name), "leads out of this folder")
    if not path.is_file():
        raise UnreadableFileError(str(path), "", "the manifest names it, and it is not there")
    return path


def parse_manifest(folder: Path) -> Manifest:
    """Return the manifest of an export, without a look at the files.

    Raises:
        UnreadableFileError: there is none, or one of another kind.
    """
    file = folder / MANIFEST
    try:
        if file.stat().st_size > _MAX_MANIFEST:
            raise UnreadableFileError(str(file), "", f"is larger than {_MAX_MANIFEST} bytes")
        manifest = Manifest.model_validate_json(file.read_bytes())
    except OSError as error:
        raise UnreadableFileError(str(file), "", f"cannot be read: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise UnreadableFileError(str(file), where, f"is no manifest: {first['msg']}") from error
    if manifest.kind != KIND or manifest.version != VERSION:
        reason = f"says {manifest.kind!r} version {manifest.version}, and this reads {KIND!r} "
        raise UnreadableFileError(str(file), "", reason + f"version {VERSION}")
    return manifest


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_empty_folder(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())
