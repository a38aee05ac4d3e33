"""Graphs for tests: each test that takes `graph` runs on the embedded store and on Neo4j."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import extraction  # noqa: F401 - says how OpenMP waits, before a test loads torch
from kg import Graph, Neo4jHome, open_graph

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Neo4jAddress:
    """Where the tests' Neo4j answers, and to whom."""

    url: str
    user: str
    password: str = field(repr=False)


@pytest.fixture(scope="session")
def neo4j_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neo4jAddress]:
    """A real Neo4j: the one at ABDUCE_TEST_NEO4J, else one that is started for these tests.

    With ABDUCE_TEST_NEO4J, ABDUCE_TEST_USER and ABDUCE_TEST_PASSWORD say who may use it. It is
    emptied again and again.
    """
    given = os.environ.get("ABDUCE_TEST_NEO4J")
    if given:
        user = os.environ.get("ABDUCE_TEST_USER", "neo4j")
        yield Neo4jAddress(given, user, os.environ["ABDUCE_TEST_PASSWORD"])
        return
    home = Neo4jHome(tmp_path_factory.mktemp("neo4j"), libraries=ROOT / ".neo4j")
    # A run that is terminated takes its Neo4j with it, as one that is interrupted does.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    running = home.start()
    try:
        yield Neo4jAddress(running.url, "neo4j", home.password.get_secret_value())
    finally:
        home.stop()
        signal.signal(signal.SIGTERM, before)


@pytest.fixture
def neo4j_graph(neo4j_address: Neo4jAddress) -> Iterator[Graph]:
    """An empty graph in Neo4j; it may have a schema already, since dropping one takes long."""
    with open_graph(
        neo4j_address.url, user=neo4j_address.user, password=neo4j_address.password
    ) as graph:
        graph.clear()
        yield graph


@pytest.fixture
def embedded_graph(tmp_path: Path) -> Iterator[Graph]:
    """An empty graph without a schema, in a folder of its own."""
    with open_graph(tmp_path / "graph", create=True) as graph:
        yield graph


@pytest.fixture(params=["embedded", "neo4j"])
def graph(request: pytest.FixtureRequest) -> Graph:
    """An empty graph: once on the embedded store, once on Neo4j."""
    found = request.getfixturevalue(f"{request.param}_graph")
    assert isinstance(found, Graph)
    return found
