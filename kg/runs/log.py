"""The log of a graph: who changed it, when, with what, and what came of it.

A run is a `:Run` node. It is a log and no part of what the graph holds: `Graph.dump` leaves it
out. It is written when the run begins and again when it ends, so a run that was killed stands
there without an outcome.
"""

from __future__ import annotations

import getpass
import os
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import Field

from kg.errors import StoreError
from kg.files import shown
from kg.models import Model
from kg.store.graph import Graph
from kg.versions import graph_version

DONE, FAILED, INTERRUPTED = "done", "failed", "interrupted"

_SHOWN = 500  # characters of an error
_FILES = 20
_WRITE = "MERGE (r:Run {id: $id}) SET r = $properties"
_READ = "MATCH (r:Run) RETURN properties(r) AS run ORDER BY run.started DESC, run.id LIMIT $limit"

_FILES_OF = (
    "MATCH (r:Run {source: $source}) WHERE r.files IS NOT NULL "
    "RETURN r.files AS files ORDER BY r.started DESC LIMIT 1"
)


def login_name() -> str:
    """Return the login name of who runs this."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no such user, as in a container with a bare user id
        return f"uid {os.getuid()}"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class Run(Model):
    """A run as the graph keeps it.

    `started` and `finished` are UTC, ISO 8601; `finished` and `version` (of the graph, at the
    end) are None for a run that did not come to its end. `outcome` is `done`, `failed`,
    `interrupted`, or "" for a run that is still going on or was killed; `reason` says why it
    failed. `files` are those that a curated source was read from, the first 20 of them. `counts`
    are the numbers of its summary.
    """

    id: str
    command: str
    who: str
    started: str
    finished: str | None = None
    outcome: str = ""
    reason: str = ""
    pack: str = ""
    source: str = ""
    files: tuple[str, ...] = ()
    version: int | None = None
    counts: dict[str, int] = Field(default_factory=dict)


@dataclass(slots=True)
class RunLog:
    """A run that is going on; `source` and `pack` may be set once they are known."""

    graph: Graph
    command: str
    who: str
    source: str = ""
    pack: str = ""
    files: tuple[str, ...] = ()
    id: str = field(default_factory=lambda: f"run:{uuid.uuid4().hex}")
    started: str = field(default_factory=_now)
    counts: dict[str, int] = field(default_factory=dict)

    def count(self, **numbers: int) -> None:
        """Say what came of the run: numbers of papers, claims, failures and the like."""
        self.counts |= numbers

    def write(self, **outcome: Any) -> None:
        """Keep the run in the graph, as it stands."""
        said = {"command": self.command, "who": self.who, "started": self.started}
        named = {"source": self.source, "pack": self.pack, "files": self.files or None, **outcome}
        properties = {"id": self.id, **self.counts, **said}
        properties |= {name: value for name, value in named.items() if value not in ("", None)}
        self.graph.write(_WRITE, id=self.id, properties=properties)


_CURRENT: ContextVar[RunLog | None] = ContextVar("current run", default=None)


@contextmanager
def running(
    graph: Graph,
    command: str,
    *,
    source: str = "",
    pack: str = "",
    files: Iterable[Path] = (),
) -> Iterator[RunLog]:
    """Log what is done inside as one run.

    A run inside another one on the same graph is part of it (`build` loads many times): it is not
    logged on its own.

    Args:
        graph: what is changed; `Graph.who` is who does it, or else the login name.
        command: the verb: load, build, forget, resolve.
        source: the `ref` of a curated source.
        pack: the `ref` of a pack.
        files: what is read.

    Raises:
        StoreError: the server said no.
    """
    read = tuple(shown(path.absolute()) for path in islice(files, _FILES))
    log = RunLog(graph, command, graph.who or login_name(), source, pack, read)
    outer = _CURRENT.get()
    if outer is not None and outer.graph is graph:
        yield log
        return
    graph.ensure_schema((), search=False)
    log.write()
    token = _CURRENT.set(log)
    try:
        yield log
    except BaseException as error:
        # The error itself matters more than that a server which is away cannot log it.
        with suppress(StoreError):
            stopped = isinstance(error, KeyboardInterrupt | GeneratorExit)
            log.write(
                outcome=INTERRUPTED if stopped else FAILED,
                reason="" if stopped else f"{type(error).__name__}: {error}"[:_SHOWN],
            )
        raise
    else:
        log.write(outcome=DONE, finished=_now(), version=graph_version(graph))
    finally:
        _CURRENT.reset(token)


def list_runs(graph: Graph, limit: int = 100) -> list[Run]:
    """Return the last runs, the newest first."""
    return [_run(row["run"]) for row in graph.read(_READ, limit=limit)]


def files_of(graph: Graph, source: str) -> tuple[str, ...]:
    """Return the files that a source, by its `ref`, was last read from; empty if nobody knows."""
    found = graph.read(_FILES_OF, source=source)
    return tuple(found[0]["files"]) if found else ()


def _run(properties: dict[str, Any]) -> Run:
    named = {name: properties[name] for name in Run.model_fields if name in properties}
    counts = {name: value for name, value in sorted(properties.items()) if name not in named}
    return Run(**named, counts=counts)
