"""Finding the files that were asked for: files as named, folders with all that is below them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from kg import Failure
from kg.files import shown

_Inode = tuple[int, int]


def find_files(
    paths: Iterable[str | os.PathLike[str]], on_failure: Callable[[Failure], None]
) -> Iterator[Path]:
    """Yield files in the order of `paths`; a folder's own by name, folders among them.

    Hidden files and folders (a dot before the name) are left out unless they are named. What
    cannot be entered, holds nothing, or was entered before (a link that leads back) is reported.
    """
    seen: set[_Inode] = set()
    for named in paths:
        path = Path(named)
        if _is_folder(path):
            yield from _walk(path, seen, on_failure)
        else:
            yield path


def _walk(root: Path, seen: set[_Inode], on_failure: Callable[[Failure], None]) -> Iterator[Path]:
    waiting = [root]
    found = False
    failed = False
    while waiting:
        path = waiting.pop()
        if not _is_folder(path):
            found = True
            yield path
            continue
        try:
            inside = _enter(path, seen)
        except OSError as error:
            failed = True
            reason = f"the folder cannot be read: {error.strerror or error}"
            on_failure(Failure(path=shown(path), where="", reason=reason))
            continue
        waiting += sorted(inside, key=lambda entry: os.fsencode(entry.name), reverse=True)
    if not found and not failed:
        reason = "the folder holds no file (hidden ones do not count)"
        on_failure(Failure(path=shown(root), where="", reason=reason))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        # Opening it as a file says what is wrong with it.
        return False


def _enter(folder: Path, seen: set[_Inode]) -> list[Path]:
    status = folder.stat()
    key = (status.st_dev, status.st_ino)
    if key in seen:
        raise OSError(0, "it was read before under another name: a link leads back to it")
    seen.add(key)
    return [path for path in folder.iterdir() if not path.name.startswith(".")]
