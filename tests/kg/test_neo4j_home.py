"""A real Neo4j on this machine, started and stopped by `python -m kg.neo4j_home`."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg import Neo4jHome, StoreError, StoreUnavailableError, open_graph
from kg.neo4j_home import Running

ROOT = Path(__file__).parents[2]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Neo4jHome]:
    """A home of its own that shares the jars; nothing is left running."""
    path = tmp_path / "home"
    sharing = Neo4jHome(path, libraries=ROOT / ".neo4j")
    sharing.install()
    (path / sharing.jars.name).symlink_to(sharing.jars)
    made = Neo4jHome(path)
    yield made
    made.stop()


def _run(home: Neo4jHome, what: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kg.neo4j_home", what, "--home", str(home.path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )


def test_start_status_stop_and_start_again(home: Neo4jHome) -> None:
    """One command starts it for its owner alone, a second finds it, and a stop loses nothing."""
    assert _run(home, "status").returncode == 1
    started = _run(home, "start")
    assert started.returncode == 0, started.stderr
    running = home.running()
    assert running is not None
    assert running.url in started.stdout
    assert home.start() == running
    assert _run(home, "status").stdout == started.stdout
    password = home.password.get_secret_value()
    assert password not in started.stdout + started.stderr
    _check_private(home, running, password)
    with open_graph(running.url, user="neo4j", password=password) as graph:
        graph.merge_nodes(["Paper"], [{"id": "pmid:1"}])
    assert _run(home, "stop").returncode == 0
    assert home.running() is None
    assert _run(home, "stop").returncode == 0
    again = home.start()
    with open_graph(again.url, user="neo4j", password=password) as graph:
        assert graph.counts().nodes == {"Paper": 1}


def test_ctrl_c_while_it_starts_leaves_nothing_running(home: Neo4jHome) -> None:
    """An interrupted start ends what it began, and the next start succeeds."""
    begun = subprocess.Popen(
        [sys.executable, "-m", "kg.neo4j_home", "start", "--home", str(home.path)],
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        start_new_session=True,
    )
    while home.running() is None:
        assert begun.poll() is None
        time.sleep(0.05)
    os.killpg(begun.pid, signal.SIGINT)
    assert "interrupted" in begun.communicate()[1]
    assert begun.returncode == 130
    assert home.running() is None


def test_a_number_that_is_another_process_by_now_is_not_believed(home: Neo4jHome) -> None:
    """A file left by a killed server does not make another process Neo4j."""
    home.path.joinpath("running.json").write_text(f'{{"pid": {os.getpid()}, "port": 1}}')
    assert home.running() is None
    assert home.stop() is False


def test_a_server_that_does_not_come_up_says_why(home: Neo4jHome) -> None:
    """A start on a port that is taken ends with an error that shows where the log is."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(StoreUnavailableError, match=str(home.path / "logs")):
            home.start(port=taken.getsockname()[1])
    assert home.running() is None


def test_a_folder_that_cannot_be_used_is_told(home: Neo4jHome) -> None:
    """What stands in the way of a start is named."""
    (home.path / "data").write_text("not a folder")
    with pytest.raises(StoreError, match="data"):
        home.start()
    assert home.running() is None
    (home.path / "data").unlink()


def _check_private(home: Neo4jHome, running: Running, password: str) -> None:
    assert stat.S_IMODE(home.path.stat().st_mode) == 0o700
    assert stat.S_IMODE((home.path / "password").stat().st_mode) == 0o600
    assert _listeners(running.pid) == {"127.0.0.1"}
    assert password not in Path(f"/proc/{running.pid}/cmdline").read_bytes().decode()


def _listeners(pid: int) -> set[str]:
    inodes = {
        str(descriptor.readlink()).removeprefix("socket:[").removesuffix("]")
        for descriptor in Path(f"/proc/{pid}/fd").iterdir()
    }
    found = set()
    for name in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{name}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in inodes:
                found.add(_address(fields[1].partition(":")[0]))
    return found


def _address(shown: str) -> str:
    """Return the IPv4 address of the kernel's form, also where it is mapped into IPv6."""
    if shown[:24] not in ("", "0000000000000000FFFF0000"):
        return shown
    last = bytes.fromhex(shown[-8:])[::-1]
    return ".".join(str(byte) for byte in last)
