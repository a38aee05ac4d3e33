"""A Neo4j that dies in the middle of a load is told, and the load is completed when it is back."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from kg import StoreUnavailableError, open_graph
from kg.local_neo4j import Neo4jHome
from tests.kg.faults.loads import Place, run
from tests.servers import JARS, SETTINGS, neo4j_server


@pytest.mark.parametrize(
    ("line", "name"), [("2026", "papers"), ("2026", "replaced"), ("5.26", "papers")]
)
def test_a_server_that_dies_in_a_load(line: str, name: str, tmp_path: Path) -> None:
    """The error names the server; when it runs again, the same open graph completes the load."""
    with open_graph(tmp_path / "clean", create=True) as graph:
        run(name, graph, tmp_path, lambda *_: None)
        clean = graph.dump()
    home = Neo4jHome(tmp_path / "home", libraries=JARS, version=line, settings=SETTINGS)
    with neo4j_server(home) as address:
        place = Place(address.url, address.user, address.password)
        running = home.running()
        assert running is not None
        steps = 0

        def kill_in_the_middle(*_: object) -> None:
            nonlocal steps
            steps += 1
            if steps == 7:
                os.kill(running.pid, signal.SIGKILL)

        with place.open() as graph:
            with pytest.raises(StoreUnavailableError, match=str(running.port)) as caught:
                run(name, graph, tmp_path, kill_in_the_middle)
            assert "start it" in str(caught.value)
            home.stop()  # takes note that it is gone
            home.start(running.port)
            run(name, graph, tmp_path, lambda *_: None)
            assert graph.dump() == clean
