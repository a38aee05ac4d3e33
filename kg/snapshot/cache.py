"""The snapshot cache: one snapshot for each version of a graph, taken or found again."""

from __future__ import annotations

import hashlib
import json
import logging
import re
import secrets
import shutil
import time
from functools import partial
from pathlib import Path

from platformdirs import user_cache_dir

from kg.errors import UnreadableFileError
from kg.gc_threshold import raised_gc_threshold
from kg.snapshot.as_of import read_as_of
from kg.snapshot.current import read_current
from kg.snapshot.files import open_snapshot, write_snapshot
from kg.snapshot.snapshot import Snapshot
from kg.snapshot.window import Window, window
from kg.store.graph import Graph
from kg.store.transaction import Transaction
from kg.versions import GraphState, exclusive_write, graph_state

_TRIES = 2
_KEPT = 8  # snapshots of one version, each of another window
_STALE_SECONDS = 24 * 3600.0  # a draft this old was left by a process that is gone
_DATABASE = "CALL db.info() YIELD id, name RETURN id, name"
_NAME = re.compile(r"(\d+)(?:-.*)?")
_LOG = logging.getLogger(__name__)


@raised_gc_threshold()
def take_snapshot(
    graph: Graph, *, as_of: str | None = None, since: str | None = None, cache: bool = True
) -> Snapshot:
    """Return all entities and claims of a graph as arrays; the same graph gives the same arrays.

    Args:
        graph: an open graph.
        as_of: only what papers say that are dated so or earlier: a year, a month or a day in
            ISO 8601, to its end. Names, counts, beliefs and years are those of a graph that was
            only ever given these papers, and the curated sources that were out by then.
        since: only what papers and sources say that are dated so or later.
        cache: use the snapshot that was taken of this version before, and keep this one for the
            next time: in the folder of an embedded graph, else in the user's cache folder. Where
            that cannot be written, it goes on without. A graph that was changed by statements of
            one's own (`Graph.write`) and not in turn (`kg.versions`) has its old version still.

    Hypotheses are no claims and are left out, and so are claims of an entity about itself. What
    is known today and has no date of its own counts at any time: merges, which papers are
    retracted, the domain schema and error rate of a pack.

    Raises:
        UsageError: the graph holds no claim (in that time), or a date is none.
        StoreError: what the server said.
    """
    frame = window(as_of, since)
    state = graph_state(graph)
    if not cache or state is None:
        return _read_still(graph, frame, state)[0]
    home = _home(graph, state)
    found = _kept(home / _name(state, frame))
    if found is not None:
        return found
    snapshot, state = _read_still(graph, frame, state)
    if state is None:
        return snapshot
    return _keep(snapshot, home, state)


def _read_still(
    graph: Graph, frame: Window | None, state: GraphState | None
) -> tuple[Snapshot, GraphState | None]:
    """Read a graph that does not change meanwhile; in the end by keeping others from changing it.

    No server gives several queries one view of the graph, so the version is compared.
    """
    for _ in range(_TRIES):
        try:
            snapshot = _read(graph, frame)
        except KeyError:  # a claim of an entity that was not there yet
            after = graph_state(graph)
            if after == state:
                raise
        else:
            after = graph_state(graph)
            if after == state:
                return snapshot, state
        state = after
    return exclusive_write(graph, partial(_read_alone, graph, frame))


def _read_alone(
    graph: Graph, frame: Window | None, transaction: Transaction
) -> tuple[Snapshot, GraphState | None]:
    del transaction  # it holds the lock; the rows come by sessions that only read
    return _read(graph, frame), graph_state(graph)


def _read(graph: Graph, frame: Window | None) -> Snapshot:
    return read_current(graph) if frame is None else read_as_of(graph, frame)


def _home(graph: Graph, state: GraphState) -> Path:
    """Return the folder for the snapshots of a graph, in all its versions."""
    folder = Path(graph.where)
    if folder.is_dir():
        return folder / "snapshots" / state.graph
    # A copy of a database, restored beside it, has the same id and goes another way.
    place = json.dumps([graph.where, graph.read(_DATABASE)])
    base = Path(user_cache_dir("abduce")) / "snapshots"
    return base / hashlib.sha256(place.encode()).hexdigest()[:32] / state.graph


def _name(state: GraphState, frame: Window | None) -> str:
    if frame is None:
        return str(state.version)
    return f"{state.version}-from-{frame.since or 'ever'}-to-{frame.as_of or 'now'}"


def _kept(place: Path) -> Snapshot | None:
    try:
        if not place.is_dir():
            return None
        return open_snapshot(place)
    except (OSError, UnreadableFileError) as error:
        _LOG.warning("a kept snapshot is damaged, and taken again: %s", error)
        return None


def _keep(snapshot: Snapshot, home: Path, state: GraphState) -> Snapshot:
    """Write a snapshot and map it, so that its arrays need no memory; else return it as it is."""
    place = home / _name(state, snapshot.window)
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        _put(snapshot, place)
        mapped = open_snapshot(place)
        _tidy(home, state.version)
    except (OSError, UnreadableFileError) as error:
        _LOG.warning("the snapshot cannot be kept and will be taken again: %s", error)
        return snapshot
    return mapped


def _put(snapshot: Snapshot, place: Path) -> None:
    try:
        write_snapshot(snapshot, place)
    except OSError:
        if not place.exists():
            raise
        # Another process was quicker, or what is there is damaged and in the way.
        if _kept(place) is None:
            _remove(place)
            write_snapshot(snapshot, place)


def _tidy(home: Path, version: int) -> None:
    """Remove snapshots of older versions, of graphs that stood here before, and old drafts."""
    for other in home.parent.iterdir():
        if other != home:
            _remove(other)
    own = []
    for path in home.iterdir():
        name = _NAME.fullmatch(path.name)
        if name is None:
            if time.time() - path.stat().st_mtime > _STALE_SECONDS:
                _remove(path)
        elif int(name[1]) < version:
            _remove(path)
        elif int(name[1]) == version:
            own.append(path)
    own.sort(key=lambda path: path.stat().st_mtime)
    for path in own[:-_KEPT]:
        _remove(path)


def _remove(folder: Path) -> None:
    """Remove a snapshot; a process that has it mapped keeps it."""
    # Renamed first: what is half removed is never taken for a snapshot.
    gone = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    try:
        folder.rename(gone)
    except FileNotFoundError:
        return  # another process has done it
    shutil.rmtree(gone, ignore_errors=True)
