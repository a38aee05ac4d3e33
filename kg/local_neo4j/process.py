"""The process of a server: whether it lives, whether it listens, how it ends."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import time
from pathlib import Path

from kg.errors import StoreError

HOST = "127.0.0.1"
POLL_SECONDS = 0.1
_STOP_SECONDS = 60.0
_KILL_SECONDS = 10.0


def end(pid: int) -> None:
    """End a process: asked first, then killed.

    Raises:
        StoreError: it does not end.
    """
    for order, patience in ((signal.SIGTERM, _STOP_SECONDS), (signal.SIGKILL, _KILL_SECONDS)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, order)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if not _alive(pid):
                return
            time.sleep(POLL_SECONDS)
    raise StoreError(f"Neo4j, process {pid}, does not end")


def runs_with(pid: int, argument: str) -> bool:
    """Whether the process has that argument: its number may be another process' by now."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return False
    return argument in command.split("\0")


def listens(port: int) -> bool:
    """Whether somebody takes connections at a port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex((HOST, port)) == 0


def is_free(port: int) -> bool:
    """Whether a server may be started at a port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as Neo4j does
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Return a port of this machine that is free now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _alive(pid: int) -> bool:
    with contextlib.suppress(ChildProcessError):  # not our child: started by an earlier command
        os.waitpid(pid, os.WNOHANG)
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
