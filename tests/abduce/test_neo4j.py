"""`abduce neo4j`: a real Neo4j, run by the command line for its owner alone."""

from __future__ import annotations

import json
import os
import shlex
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg import open_graph
from kg.local_neo4j import USER, Neo4jHome
from tests.abduce.conftest import RunAbduce
from tests.servers import JARS, ROOT, watched

ONTOLOGY = """format-version: 1.2

[Term]
id: X:1
name: one

[Term]
id: X:2
name: two
is_a: X:1
"""
ABDUCE = "from abduce.cli.main import main; main()"


@pytest.fixture(params=["2026", "5.26"])
def line(request: pytest.FixtureRequest) -> str:
    """Each line of Neo4j."""
    return str(request.param)


@pytest.fixture
def home(tmp_path: Path, line: str) -> Iterator[Neo4jHome]:
    """A folder with a space in its name, which has the programs already."""
    path = tmp_path / "my home"
    sharing = Neo4jHome(path, libraries=JARS, version=line)
    sharing.install()
    for kept in JARS.glob("*-*"):
        (path / kept.name).symlink_to(kept)
    with watched(sharing):
        yield Neo4jHome(path, version=line)


def test_started_used_and_stopped(home: Neo4jHome, line: str, run_abduce: RunAbduce) -> None:
    """A start prints lines for the shell that open the graph, and the password nowhere."""
    where = ("--home", str(home.path))
    assert run_abduce("neo4j", "status", *where).code == 1
    started = run_abduce("neo4j", "start", *where, "--line", line)
    assert started.code == 0, started.err
    password = home.password.get_secret_value()
    shown = run_abduce("neo4j", "status", *where)
    assert shown.out == started.out
    (facts,) = run_abduce("neo4j", "start", *where, "--json").rows
    assert facts["version"].startswith(line)
    again = run_abduce("neo4j", "start", *where, "--port", "1")
    assert again.out == started.out
    assert "to move it, stop it first" in again.err
    assert facts["url"] in started.out
    assert Path(facts["password_file"]).read_text() == password
    used = _in_shell(started.out.partition("\n")[2])
    assert json.loads(used.stdout) == {"one": 1}
    for written in (started.out, started.err, shown.err, used.stdout, used.stderr):
        assert password not in written
    _check_private(home, facts["pid"], password)
    assert run_abduce("neo4j", "stop", *where).code == 0
    assert home.running() is None
    assert "no Neo4j runs" in run_abduce("neo4j", "stop", *where).err


@pytest.mark.parametrize("line", ["2026"])
def test_ctrl_c_while_it_starts_leaves_nothing_running(home: Neo4jHome) -> None:
    """An interrupted start ends what it began, and says that the command may be given again."""
    begun = subprocess.Popen(
        [sys.executable, "-c", ABDUCE, "neo4j", "start", "--home", str(home.path)],
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


@pytest.mark.parametrize("line", ["2026"])
def test_a_port_that_is_taken_is_told(home: Neo4jHome, run_abduce: RunAbduce) -> None:
    """A port of another program is named, with the flag that gives another one."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = run_abduce("neo4j", "start", "--home", str(home.path), "--port", port)
    assert done.code == 1
    assert port in done.err
    assert "--port" in done.err


def test_a_folder_of_another_line_is_told(tmp_path: Path, run_abduce: RunAbduce) -> None:
    """Data of one line is not opened by another one, which could not give it back."""
    (tmp_path / "line").write_text("5.26")
    done = run_abduce("neo4j", "start", "--home", str(tmp_path), "--line", "2026")
    assert done.code == 2
    assert "5.26" in done.err


def test_what_is_no_home_is_told(tmp_path: Path, run_abduce: RunAbduce) -> None:
    """A folder that is not there is wrong use, and is not made."""
    for what in ("stop", "status"):
        done = run_abduce("neo4j", what, "--home", str(tmp_path / "absent"))
        assert done.code == 2
        assert "absent" in done.err
    assert not (tmp_path / "absent").exists()


def test_a_missing_package_comes_with_its_line(
    tmp_path: Path, run_abduce: RunAbduce, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without jgo and Maven nothing can be fetched, and the message says what to install."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "jgo.config", None)
    done = run_abduce("neo4j", "start", "--home", str(tmp_path / "home"))
    assert done.code == 1
    assert "pip install 'abduce[neo4j]'" in done.err


def test_import_a_curated_source(
    tmp_path: Path, run_abduce: RunAbduce, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A curated source becomes the graph of a new Neo4j, the one that a load makes of it."""
    (tmp_path / "x.obo").write_text(ONTOLOGY, encoding="utf-8")
    home = Neo4jHome(tmp_path / "home", libraries=JARS)
    monkeypatch.setattr("kg.local_neo4j.Neo4jHome", lambda *_, **__: home)
    words = [str(tmp_path / "x.obo"), "--source", "x", "--source-version", "1"]
    with watched(home):
        done = run_abduce("neo4j", "import", *words, "--home", str(home.path), "--json")
        assert done.code == 0, done.err
        url = json.loads(done.out)["url"]
        with open_graph(url, user=USER, password=home.password) as graph:
            imported = graph.dump()
    with open_graph(tmp_path / "graph", create=True) as graph:
        assert run_abduce("load", *words, "--graph", str(tmp_path / "graph")).code == 0
        assert imported == graph.dump()
    assert len(imported) > 3


def test_a_source_without_anything_is_not_imported(tmp_path: Path, run_abduce: RunAbduce) -> None:
    """A source of which nothing can be used ends with 1 before any Neo4j is made for it."""
    (tmp_path / "x.obo").write_text("format-version: 1.2\n", encoding="utf-8")
    done = run_abduce("neo4j", "import", str(tmp_path / "x.obo"), "--home", str(tmp_path / "home"))
    assert done.code == 1
    assert "no term and no fact of it can be used" in done.err
    assert not (tmp_path / "home" / "data").exists()


def _in_shell(exports: str) -> subprocess.CompletedProcess[str]:
    """Run a query in a shell that has run the lines which a start prints."""
    query = shlex.join([sys.executable, "-c", ABDUCE, "query", "RETURN 1 AS one", "--json"])
    return subprocess.run(
        ["bash", "-c", f"{exports}\n{query}"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )


def _check_private(home: Neo4jHome, pid: int, password: str) -> None:
    assert stat.S_IMODE(home.path.stat().st_mode) == 0o700
    assert stat.S_IMODE(home.password_file.stat().st_mode) == 0o600
    assert _listeners(pid) == {"127.0.0.1"}
    assert password not in Path(f"/proc/{pid}/cmdline").read_bytes().decode()
    for path in home.path.rglob("*"):
        if path.is_file() and path != home.password_file and path.suffix != ".jar":
            assert password.encode() not in path.read_bytes(), path


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
