"""Places for graphs whose loads are made to fail."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.kg.faults.loads import Place
from tests.servers import Neo4jAddress


@pytest.fixture(params=["embedded", "neo4j", "neo4j_lts"])
def new_place(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Place]:
    """Makes an empty graph, on each server in turn, and says where it is."""
    if request.param == "embedded":
        numbers = itertools.count()
        return lambda: Place(str(tmp_path / f"graph {next(numbers)}"))
    address: Neo4jAddress = request.getfixturevalue(f"{request.param}_address")
    place = Place(address.url, address.user, address.password)

    def emptied() -> Place:
        with place.open() as graph:
            graph.clear()
        return place

    return emptied
