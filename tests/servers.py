"""Neo4j servers for tests, which end when the tests end, however those end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from kg.local_neo4j import USER, Neo4jHome

ROOT = Path(__file__).parent.parent
JARS = ROOT / ".neo4j"
# Bolt's own wait at a stop, for connections that tests do not have.
SETTINGS = {"internal.dbms.bolt.netty_server_shutdown_quiet_period": "0"}

# Waits until the tests' end of the pipe closes, which the kernel does even after SIGKILL.
_WATCH = """
import os, signal, sys
from pathlib import Path
sys.stdin.read()
from kg.local_neo4j import Neo4jHome
running = Neo4jHome(Path(sys.argv[1])).running()
if running is not None:
    os.kill(running.pid, signal.SIGKILL)
"""


@dataclass(frozen=True)
class Neo4jAddress:
    """Where the tests' Neo4j answers, and to whom."""

    url: str
    user: str
    password: str = field(repr=False)


@contextmanager
def neo4j_server(home: Neo4jHome) -> Iterator[Neo4jAddress]:
    """Start a Neo4j that is killed at the end, also if this process is killed before."""
    with watched(home):
        running = home.start()
        yield Neo4jAddress(running.url, USER, home.password.get_secret_value())


@contextmanager
def watched(home: Neo4jHome) -> Iterator[None]:
    """Kill the Neo4j of a home when this ends, or when this process does."""
    with subprocess.Popen(
        [sys.executable, "-c", _WATCH, str(home.path)],
        stdin=subprocess.PIPE,
        cwd=ROOT,
        start_new_session=True,  # a signal that ends the tests is not meant for it
    ) as watcher:
        try:
            yield
        finally:
            kill(home)
            watcher.kill()


def kill(home: Neo4jHome) -> None:
    """Kill the Neo4j of a home, if it runs."""
    running = home.running()
    if running is not None:
        os.kill(running.pid, signal.SIGKILL)
    home.stop()
