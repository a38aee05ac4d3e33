"""The same commands on a folder and on a Neo4j server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from abduce.cli.commands import load_command
from abduce.verbs import VERBS

if TYPE_CHECKING:
    from kg import Graph
    from tests.abduce.conftest import RunAbduce
    from tests.servers import Neo4jAddress

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


@pytest.mark.parametrize(
    "command",
    [v.command for v in VERBS.values() if v.command and v.access != "no graph"],
)
def test_every_command_on_a_graph_takes_a_database(command: str) -> None:
    """Whatever is given a graph can be given one of a server's databases."""
    name, *own = command.split()
    made = load_command(name)
    for part in own:
        made = made.commands[part]
    assert {"graph", "user", "database"} <= {parameter.name for parameter in made.params}


def test_a_database_that_is_not_there_is_wrong_use(
    run_abduce: RunAbduce,
    neo4j_graph: Graph,
    neo4j_address: Neo4jAddress,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The flag, or else the environment, says which database is asked."""
    monkeypatch.setenv("ABDUCE_GRAPH", neo4j_graph.where)
    monkeypatch.setenv("ABDUCE_USER", neo4j_address.user)
    monkeypatch.setenv("ABDUCE_PASSWORD", neo4j_address.password)
    asked = ("query", "RETURN 1 AS one", "--json")
    done = run_abduce(*asked, "--database", "nothing")
    assert (done.code, done.out) == (2, "")
    assert "nothing" in done.err
    monkeypatch.setenv("ABDUCE_DATABASE", "nothing")
    assert run_abduce(*asked).code == 2
    assert run_abduce(*asked, "--database", "neo4j").rows == [{"one": 1}]


def test_passwords_are_written_nowhere(
    run_abduce: RunAbduce,
    neo4j_graph: Graph,
    neo4j_address: Neo4jAddress,
    shards: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No output, no run in the graph, nothing else in it and no file holds a password."""
    host = neo4j_graph.where.removeprefix("bolt://")
    user, password = neo4j_address.user, neo4j_address.password
    monkeypatch.setenv("ABDUCE_GRAPH", f"bolt://{user}:{password}@{host}")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("ABDUCE_READ_USER", user)
    monkeypatch.setenv("ABDUCE_READ_PASSWORD", password)
    (tmp_path / "paper.txt").write_text("Fish oil\n\nFish oil lowers blood viscosity.")
    written = []
    for arguments in (
        ("load", shards),
        ("build", tmp_path / "paper.txt", "--pack", "biomedicine"),
        ("runs", "--json"),
        ("query", "MATCH (n) RETURN properties(n) AS p", "--json"),
        ("query", "MATCH ()-[r]->() RETURN properties(r) AS p", "--json"),
        ("query", "MATCH (n RETURN n"),
        ("propose", "Raynaud disease", "--relation", "TREATS"),
        ("check", "fish oil", "TREATS", "Raynaud disease"),
        ("forget", "pmid:1"),
    ):
        done = run_abduce(*arguments)
        assert done.out + done.err
        written.append(done.out + done.err)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    written += [path.read_bytes().decode("utf-8", "replace") for path in files]
    assert [text for text in written if password in text] == []
