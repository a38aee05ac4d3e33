"""Graphs for tests: on the embedded store, and on both lines of Neo4j."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import extraction  # noqa: F401 - says how OpenMP waits, before a test loads torch
from kg import Graph, open_graph
from kg.local_neo4j import Neo4jHome
from tests.servers import JARS, SETTINGS, Neo4jAddress, neo4j_server

Folders = pytest.TempPathFactory

# Whether a test passes depends on the code alone, not on luck, nor on how busy the machine is.
# Who looks for counterexamples: pytest --hypothesis-profile=search.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", unhurried, derandomize=True, database=None)
settings.register_profile("search", unhurried, max_examples=1000)
settings.load_profile("same")

# What is shown to people is compared: it is as wide, and as plain, as where there is no terminal.
for name in ("COLUMNS", "LINES", "FORCE_COLOR", "PY_COLORS", "GITHUB_ACTIONS", "TTY_COMPATIBLE"):
    os.environ.pop(name, None)

# A shell's background jobs ignore Ctrl-C, and so would the programs that are sent it here.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Snapshots of graphs on servers are kept in a folder of this run, not in the user's cache."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kg.snapshot.cache.user_cache_dir", lambda name: str(folder / name))
        yield


@pytest.fixture(scope="session")
def neo4j_address(tmp_path_factory: Folders) -> Iterator[Neo4jAddress]:
    """A real Neo4j of the 2026 line; it is emptied again and again.

    It is the one at ABDUCE_TEST_NEO4J (with ABDUCE_TEST_USER and ABDUCE_TEST_PASSWORD), else one
    that is started when the first test asks for it.
    """
    with _server("2026", "ABDUCE_TEST_NEO4J", "ABDUCE_TEST_PASSWORD", tmp_path_factory) as found:
        yield found


@pytest.fixture(scope="session")
def neo4j_lts_address(tmp_path_factory: Folders) -> Iterator[Neo4jAddress]:
    """A real Neo4j of the 5.26 line, or the one at ABDUCE_TEST_LTS, ABDUCE_TEST_LTS_PASSWORD."""
    with _server("5.26", "ABDUCE_TEST_LTS", "ABDUCE_TEST_LTS_PASSWORD", tmp_path_factory) as found:
        yield found


@pytest.fixture
def neo4j_graph(neo4j_address: Neo4jAddress) -> Iterator[Graph]:
    """An empty graph in Neo4j; it may have a schema already, since dropping one takes long."""
    with _emptied(neo4j_address) as graph:
        yield graph


@pytest.fixture
def neo4j_lts_graph(neo4j_lts_address: Neo4jAddress) -> Iterator[Graph]:
    """An empty graph in Neo4j 5.26; it may have a schema already."""
    with _emptied(neo4j_lts_address) as graph:
        yield graph


@pytest.fixture
def embedded_graph(tmp_path: Path) -> Iterator[Graph]:
    """An empty graph without a schema, in a folder of its own."""
    with open_graph(tmp_path / "graph", create=True) as graph:
        yield graph


@pytest.fixture(params=["embedded", "neo4j"])
def graph(request: pytest.FixtureRequest) -> Graph:
    """An empty graph: once on the embedded store, once on Neo4j."""
    return _asked_for(request)


@pytest.fixture(params=["embedded", "neo4j", "neo4j_lts"])
def every_graph(request: pytest.FixtureRequest) -> Graph:
    """An empty graph: on the embedded store, on Neo4j, and on Neo4j 5.26."""
    return _asked_for(request)


def _asked_for(request: pytest.FixtureRequest) -> Graph:
    found = request.getfixturevalue(f"{request.param}_graph")
    assert isinstance(found, Graph)
    return found


@contextmanager
def _server(line: str, url: str, password: str, folders: Folders) -> Iterator[Neo4jAddress]:
    if given := os.environ.get(url):
        user = os.environ.get("ABDUCE_TEST_USER", "neo4j")
        yield Neo4jAddress(given, user, os.environ[password])
        return
    folder = folders.mktemp("neo4j")
    home = Neo4jHome(folder, libraries=JARS, version=line, settings=SETTINGS)
    with neo4j_server(home) as address:
        yield address


@contextmanager
def _emptied(address: Neo4jAddress) -> Iterator[Graph]:
    with open_graph(address.url, user=address.user, password=address.password) as graph:
        graph.clear()
        yield graph
