"""Which process runs the server of a folder, and where the others find it.

The process that holds the lock runs the server. The kernel frees the lock when that process
ends, however it ends, so a stale endpoint file is never believed: it counts only while another
process holds the lock, and whoever takes the lock removes it before anything else.
"""

from __future__ import annotations

import atexit
import fcntl
import json
import os
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from kg.errors import StoreUnavailableError
from kg.store.embedded.engine import Engine, Ports
from kg.store.embedded.folder import GraphFolder, said_plainly, write_private

_START_SECONDS = 60.0  # recovery after a kill may take long; the owner is at it
_POLL_SECONDS = 0.02


@dataclass
class _Running:
    """A server that this process runs, and for how many."""

    engine: Engine
    lock: int
    users: int


_RUNNING: dict[Path, _Running] = {}
_GUARD = threading.RLock()


def acquire(folder: GraphFolder) -> Ports:
    """Return the ports of the folder's server, which this process starts if nobody runs it.

    Every call must be followed by one of `release`.

    Raises:
        StoreUnavailableError: the server does not come up.
    """
    deadline = time.monotonic() + _START_SECONDS
    while True:
        with _GUARD:
            ports = _own(folder)
        if ports is None:
            ports = _others(folder)
        if ports is not None:
            return ports
        if time.monotonic() > deadline:
            raise StoreUnavailableError(
                f"the graph {folder.path} is locked by another process that does not open it: "
                "end that process"
            )
        time.sleep(_POLL_SECONDS)


def release(folder: GraphFolder) -> None:
    """Let go of the folder's server; the last of this process' users stops it."""
    with _GUARD:
        running = _RUNNING.get(folder.path)
        if running is None:
            return
        running.users -= 1
        if running.users <= 0:
            _stop(folder, running)


def is_current(folder: GraphFolder, ports: Ports) -> bool:
    """Whether a server runs the folder still: one that is about to stop says so before it does."""
    try:
        return _others(folder) == ports
    except (ValueError, KeyError):
        return False


def is_own(folder: GraphFolder) -> bool:
    """Whether this process runs the folder's server."""
    return folder.path in _RUNNING


def _own(folder: GraphFolder) -> Ports | None:
    running = _RUNNING.get(folder.path)
    if running is None:
        lock = _try_lock(folder)
        if lock is None:
            return None
        try:
            running = _RUNNING[folder.path] = _Running(_begin(folder), lock, 0)
        except BaseException:
            os.close(lock)
            raise
    running.users += 1
    return running.engine.ports


def _begin(folder: GraphFolder) -> Engine:
    with said_plainly(folder.path):
        folder.endpoint.unlink(missing_ok=True)
    engine = Engine(folder)
    with said_plainly(folder.path):
        write_private(folder.endpoint, asdict(engine.ports) | {"pid": os.getpid()})
    return engine


def _stop(folder: GraphFolder, running: _Running) -> None:
    del _RUNNING[folder.path]
    folder.endpoint.unlink(missing_ok=True)
    try:
        running.engine.stop()
    finally:
        os.close(running.lock)


def _try_lock(folder: GraphFolder) -> int | None:
    with said_plainly(folder.path):
        lock = os.open(folder.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock


def _others(folder: GraphFolder) -> Ports | None:
    try:
        kept = json.loads(folder.endpoint.read_text())
        return Ports(bolt=kept["bolt"], http=kept["http"])
    except FileNotFoundError:
        return None  # its owner is starting it, or has just gone


def _stop_all() -> None:
    with _GUARD:
        for path, running in list(_RUNNING.items()):
            _stop(GraphFolder(path), running)


def _forget_in_child() -> None:
    """A forked child holds copies of its parent's locks, and must not keep them alive."""
    for running in _RUNNING.values():
        os.close(running.lock)
    _RUNNING.clear()


atexit.register(_stop_all)
os.register_at_fork(after_in_child=_forget_in_child)
