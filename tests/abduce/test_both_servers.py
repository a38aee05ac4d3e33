"""The same commands on a folder and on a Neo4j server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from kg import Graph
    from tests.abduce.conftest import RunAbduce

CLAIMS = """MATCH (s:Entity)-[c]->(o:Entity) WHERE c.claim_id IS NOT NULL
RETURN s.name AS s, type(c) AS p, o.name AS o, c.belief AS belief, c.n_support AS n
ORDER BY s, p, o"""


@pytest.mark.usefixtures("place")
def test_a_graph_is_loaded_asked_and_reasoned_on(run_abduce: RunAbduce, shards: Path) -> None:
    """Load, query, propose, check and explain give the same on both servers."""
    assert run_abduce("load", shards, "--json").code == 0
    claims = run_abduce("query", CLAIMS, "--json").rows
    assert len(claims) == 8
    assert {"s": "fish oil", "o": "blood viscosity", "n": 2}.items() <= claims[1].items()
    proposed = run_abduce("propose", "Raynaud disease", "--relation", "TREATS", "--json").rows
    assert proposed[0]["subject"]["name"] == "fish oil"
    checked = run_abduce("check", "fish oil", "TREATS", "Raynaud disease", "--json").rows
    assert [row["verdict"] for row in checked] == ["novel"]
    explained = run_abduce("explain", proposed[0]["id"], "--json").rows
    assert explained[0]["paths"] == proposed[0]["paths"]


def test_no_command_shows_the_password(
    run_abduce: RunAbduce, neo4j_graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A password that the server refuses is in no message, and the exit code is 1."""
    monkeypatch.setenv("ABDUCE_PASSWORD", "swordfish")
    done = run_abduce("query", "RETURN 1 AS one", "--graph", neo4j_graph.where)
    assert (done.code, done.out) == (1, "")
    assert "swordfish" not in done.err
    assert neo4j_graph.where in done.err
