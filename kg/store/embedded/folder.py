"""The folder of an embedded graph: what is in it, and who may read it.

    graph.json      says that this folder is a graph, and in which form
    secrets.json    the passwords of the two users (mode 0600)
    lock            held (flock) by the process that runs the server
    endpoint.json   where that server listens, while it does
    arcadedb/       what belongs to ArcadeDB: config, databases
    log/            ArcadeDB's log

The folder itself has mode 0700.
"""

from __future__ import annotations

import errno
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import GraphNotFoundError, StoreError, StoreUnavailableError, UsageError

FORM = 1
_PRIVATE_FILE = 0o600
_PRIVATE_FOLDER = 0o700
_SIBLINGS = 1000


@dataclass(frozen=True)
class Secrets:
    """The passwords of the user that writes and of the user that only reads."""

    writer: str
    reader: str

    def __repr__(self) -> str:
        return "Secrets(**********)"


@dataclass(frozen=True)
class GraphFolder:
    """The places in the folder of an embedded graph."""

    path: Path

    @property
    def marker(self) -> Path:
        return self.path / "graph.json"

    @property
    def lock(self) -> Path:
        return self.path / "lock"

    @property
    def endpoint(self) -> Path:
        return self.path / "endpoint.json"

    @property
    def secrets_file(self) -> Path:
        return self.path / "secrets.json"

    @property
    def engine(self) -> Path:
        return self.path / "arcadedb"

    @property
    def log(self) -> Path:
        return self.path / "log"

    def secrets(self) -> Secrets:
        """Return the passwords; the first call makes them."""
        with said_plainly(self.path):
            try:
                kept = json.loads(self.secrets_file.read_text())
            except FileNotFoundError:
                kept = {"writer": secrets.token_urlsafe(32), "reader": secrets.token_urlsafe(32)}
                write_private(self.secrets_file, kept)
        return Secrets(kept["writer"], kept["reader"])


def find_folder(where: Path, *, create: bool) -> GraphFolder:
    """Return the folder of a graph; with `create`, make an absent or empty folder one.

    Raises:
        GraphNotFoundError: there is no graph, and none is to be made; names near ones.
        UsageError: a graph is to be made in a folder that holds something else.
        StoreUnavailableError: the folder may not be read, written or made.
    """
    folder = GraphFolder(where.resolve())
    with said_plainly(where):
        if folder.marker.is_file():
            _check_form(folder)
            return folder
        if not create:
            raise GraphNotFoundError(
                "graph", str(where), _graphs_beside(where), "abduce build makes one"
            )
        if (where.exists() and not where.is_dir()) or _holds_something_else(folder):
            raise UsageError(
                f"{str(where)!r} is not empty and holds no graph: "
                "name an empty folder, or one that is not there yet"
            )
        folder.path.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
        folder.path.chmod(_PRIVATE_FOLDER)
        write_private(folder.marker, {"form": FORM, "engine": "arcadedb"})
    return folder


def _holds_something_else(folder: GraphFolder) -> bool:
    """Whether what stands in a folder is no graph, and none that is being made or half made."""
    if not folder.path.is_dir():
        return False
    draft = f".{folder.marker.name}."
    others = any(not path.name.startswith(draft) for path in folder.path.iterdir())
    # Asked last: another process may have made the graph since, and gone on.
    return others and not folder.marker.is_file()


def write_private(path: Path, value: dict[str, Any]) -> None:
    """Write a JSON file that only its owner may read: either all of it is there, or none."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE_FILE)
    with os.fdopen(descriptor, "w") as file:
        json.dump(value, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


@contextmanager
def said_plainly(where: Path) -> Iterator[None]:
    """Turn the system's errors about a folder into ours."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreError(f"the disk that holds the graph {where} is full: free some") from error
        raise StoreUnavailableError(
            f"the graph folder {where} cannot be used: {error.strerror} ({error.filename})"
        ) from error


def _check_form(folder: GraphFolder) -> None:
    try:
        form = json.loads(folder.marker.read_text()).get("form")
    except (ValueError, AttributeError):
        form = None
    if form != FORM:
        raise StoreError(
            f"{folder.path} is a graph of form {form}, this Abduce reads form {FORM}: "
            "use the version that wrote it, or build the graph again"
        )


def _graphs_beside(where: Path) -> list[str]:
    parent = where.parent
    if not parent.is_dir():
        return []
    beside = sorted(parent.iterdir())[:_SIBLINGS]
    return [str(parent / path.name) for path in beside if GraphFolder(path).marker.is_file()]
