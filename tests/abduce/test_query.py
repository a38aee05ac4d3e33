"""`abduce query`."""

from __future__ import annotations

import socket
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import abduce
from kg.versions import graph_version

if TYPE_CHECKING:
    from tests.abduce.conftest import RunAbduce

NAMES = "MATCH (e:Entity) RETURN e.id AS id, e.name AS name ORDER BY id"
SECONDS = 30.0  # ten, and what a busy machine takes on top
# A name that a terminal would obey, and that rich would take for markup.
ODD_NAME = "[red]\x1b[31mβ"


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An embedded graph with two entities."""
    folder = tmp_path_factory.mktemp("query") / "graph"
    with abduce.open_graph(folder, create=True) as opened:
        opened.ensure_schema(["Chemical"])
        rows = [{"id": "A:1", "name": "fish oil"}, {"id": "A:2", "name": ODD_NAME}]
        opened.merge_nodes(("Entity", "Chemical"), rows)
    return folder


def test_json_is_one_object_a_row_and_nothing_else(run_abduce: RunAbduce, graph: Path) -> None:
    """`--json` prints one JSON object a row on standard output, and nothing else there."""
    done = run_abduce("query", NAMES, "--graph", graph, "--json")
    assert (done.code, done.err) == (0, "")
    assert done.rows == [{"id": "A:1", "name": "fish oil"}, {"id": "A:2", "name": ODD_NAME}]


def test_a_table_shows_what_is_there(run_abduce: RunAbduce, graph: Path) -> None:
    """The table shows names as they are, with no sign in it that a terminal obeys."""
    done = run_abduce("query", NAMES, "--graph", graph)
    lines = [line.split(maxsplit=1) for line in map(str.rstrip, done.out.splitlines())]
    assert lines == [["id", "name"], ["A:1", "fish oil"], ["A:2", "[red]\\x1b[31mβ"]]


def test_nothing_is_cut_off(run_abduce: RunAbduce, graph: Path) -> None:
    """What does not fit a table of 80 columns is folded; every letter is there."""
    long = "abcdefghij" * 30
    done = run_abduce(
        "query", "RETURN $long AS long, 1 AS one", "--param", f"long={long}", "--graph", graph
    )
    assert max(map(len, done.out.splitlines())) <= 80
    assert "".join(done.out.split()) == f"long{long}one1"


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ("x=7", 7),
        ("x=[1, 2]", [1, 2]),
        ("x=fish oil", "fish oil"),
        ('x="7"', "7"),
        ("x=a=b", "a=b"),
    ],
)
def test_a_parameter_is_json_or_text(
    run_abduce: RunAbduce, graph: Path, given: str, value: object
) -> None:
    """`--param k=v` takes v as JSON where it is JSON, and as text where it is not."""
    done = run_abduce("query", "RETURN $x AS x", "--param", given, "--graph", graph, "--json")
    assert done.rows == [{"x": value}]


def test_a_parameter_may_have_any_name(run_abduce: RunAbduce, graph: Path) -> None:
    """A parameter may be called like an argument of the function that it goes through."""
    names = ("cypher", "self", "graph", "parameters")
    flags = [part for name in names for part in ("--param", f"{name}=1")]
    query = "RETURN " + " + ".join(f"${name}" for name in names) + " AS sum"
    assert run_abduce("query", query, *flags, "--graph", graph, "--json").rows == [{"sum": 4}]


@pytest.mark.parametrize("given", ["x", "=7"])
def test_a_parameter_without_a_name_is_wrong_use(
    run_abduce: RunAbduce, graph: Path, given: str
) -> None:
    """A parameter that has not the form k=v is refused, with the form that is expected."""
    done = run_abduce("query", "RETURN 1 AS x", "--param", given, "--graph", graph)
    assert done.code == 2
    assert "NAME=VALUE" in done.err


def test_no_rows_end_with_1_and_say_so(run_abduce: RunAbduce, graph: Path) -> None:
    """A query that finds nothing says so on standard error and ends with 1."""
    done = run_abduce("query", "MATCH (n:Nothing) RETURN n", "--graph", graph, "--json")
    assert (done.code, done.out) == (1, "")
    assert "nothing found" in done.err


def test_a_wrong_query_ends_with_2_and_shows_the_place(run_abduce: RunAbduce, graph: Path) -> None:
    """A query that is not Cypher is an error that says where, and ends with 2."""
    done = run_abduce("query", "MATCH (n RETURN n", "--graph", graph)
    assert (done.code, done.out) == (2, "")
    assert "line 1" in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    "cypher",
    [
        "CREATE (:Entity {id: 'A:3'})",
        "MERGE (:Entity {id: 'A:3'})",
        "MATCH (e:Entity) SET e.name = 'x'",
        "MATCH (e:Entity) REMOVE e.name",
        "MATCH (e:Entity) DETACH DELETE e",
        "MATCH (e:Entity) CALL { WITH e SET e.name = 'x' } RETURN count(*) AS n",
        "mAtCh (e:Entity) /* only a look */ sEt\n e.name = 'x' RETURN e",
        "CREATE INDEX odd FOR (e:Entity) ON (e.odd)",
        "LOAD CSV FROM 'file:///x.csv' AS row CREATE (:Entity {id: row[0]})",
    ],
)
@pytest.mark.usefixtures("place")
def test_a_write_is_refused(run_abduce: RunAbduce, cypher: str) -> None:
    """A query that writes is refused with 2 and changes nothing, in a folder and on Neo4j."""
    with abduce.open_graph() as opened:
        opened.ensure_schema(["Chemical"])
        opened.merge_nodes(("Entity", "Chemical"), [{"id": "A:1", "name": "fish oil"}])
        before = opened.dump()
    done = run_abduce("query", cypher, "--json")
    assert (done.code, done.out) == (2, "")
    with abduce.open_graph() as opened:
        assert opened.dump() == before


@pytest.mark.usefixtures("place")
def test_write_allows_a_write(run_abduce: RunAbduce) -> None:
    """`--write` lets a query write, and no rows are then no failure."""
    assert run_abduce("query", "MERGE (:Paper {id: 'pmid:1'})", "--write").code == 0
    done = run_abduce("query", "MATCH (p:Paper) RETURN p.id AS id", "--json")
    assert done.rows == [{"id": "pmid:1"}]


def test_an_unknown_graph_ends_with_2_and_names_the_nearest(
    run_abduce: RunAbduce, graph: Path
) -> None:
    """A folder without a graph is refused; graphs beside it with a like name are named."""
    done = run_abduce("query", NAMES, "--graph", graph.parent / "grap")
    assert done.code == 2
    assert str(graph.name) in done.err
    assert not (graph.parent / "grap").exists()


def test_a_server_that_is_away_is_named_without_its_password(run_abduce: RunAbduce) -> None:
    """A server that does not answer: within ten seconds, its address, never the password."""
    began = time.monotonic()
    done = run_abduce("query", NAMES, "--graph", "bolt://neo4j:swordfish@127.0.0.1:1")
    assert time.monotonic() - began < SECONDS
    assert done.code == 1
    assert "127.0.0.1:1" in done.err
    assert "swordfish" not in done.err + done.out


def test_a_server_that_says_nothing_is_away(run_abduce: RunAbduce) -> None:
    """A server that takes the connection and says nothing is away: within ten seconds."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"bolt://127.0.0.1:{mute.getsockname()[1]}"
        began = time.monotonic()
        done = run_abduce("query", NAMES, "--graph", address)
    assert time.monotonic() - began < SECONDS
    assert done.code == 1
    assert address in done.err


def test_the_graph_may_come_from_the_environment(
    run_abduce: RunAbduce, graph: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ABDUCE_GRAPH stands in for --graph."""
    monkeypatch.setenv("ABDUCE_GRAPH", str(graph))
    assert run_abduce("query", "RETURN 1 AS one", "--json").rows == [{"one": 1}]


def test_numbers_that_json_does_not_have_are_words(run_abduce: RunAbduce, graph: Path) -> None:
    """NaN and infinity come as strings, because JSON has no such numbers."""
    cypher = "RETURN 0.0 / 0.0 AS none, 1.0 / 0.0 AS much"
    done = run_abduce("query", cypher, "--graph", graph, "--json")
    assert done.rows == [{"none": "NaN", "much": "Infinity"}]


PAIRS = "MATCH (a:N), (b:N), (c:N), (d:N), (e:N), (f:N), (g:N), (h:N) RETURN "


@pytest.mark.usefixtures("place")
def test_a_query_that_takes_too_long_is_stopped(
    run_abduce: RunAbduce, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--timeout`, else ABDUCE_QUERY_TIMEOUT, stops reading and writing with 1, and says so."""
    with abduce.open_graph() as opened:
        opened.write("UNWIND range(1, 20) AS i CREATE (:N {id: toString(i)})")
    done = run_abduce("query", PAIRS + "sum(size(a.id + h.id)) AS n", "--timeout", "0.5")
    assert (done.code, done.out) == (1, "")
    assert "0.5 s" in done.err
    assert "--timeout" in done.err
    monkeypatch.setenv("ABDUCE_QUERY_TIMEOUT", "0.5")
    # It writes one node, at the end: many may fill the memory of a server before the time is up.
    writing = PAIRS.replace("RETURN", "WITH") + "sum(size(a.id + h.id)) AS n CREATE (:M {n: n})"
    done = run_abduce("query", writing, "--write")
    assert done.code == 1
    assert "0.5 s" in done.err
    assert run_abduce("query", "MATCH (m:M) RETURN m").code == 1


@pytest.mark.usefixtures("place")
def test_too_many_rows_are_cut_and_it_is_said(
    run_abduce: RunAbduce, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--limit`, else ABDUCE_QUERY_LIMIT, cuts the rows, says so on standard error, ends with 1."""
    every = "UNWIND range(1, 10) AS i RETURN i"
    done = run_abduce("query", every, "--limit", "4", "--json")
    assert done.code == 1
    assert done.rows == [{"i": i} for i in range(1, 5)]
    assert "more than 4 rows" in done.err
    assert run_abduce("query", every, "--limit", "10").err == ""
    monkeypatch.setenv("ABDUCE_QUERY_LIMIT", "3")
    done = run_abduce("query", every)
    assert done.code == 1
    assert done.out.split() == ["i", "1", "2", "3"]


@pytest.mark.usefixtures("place")
def test_a_write_counts_as_a_change(run_abduce: RunAbduce) -> None:
    """A write counts the graph's version up and is a run of its own; one that fails does neither.

    A new index changes nothing that the graph holds, and counts nothing.
    """
    write = ("query", "MERGE (:Paper {id: 'pmid:1'})", "--write")
    with abduce.open_graph() as opened:
        before = graph_version(opened)
        assert run_abduce(*write).code == 0
        assert graph_version(opened) == before + 1
        assert run_abduce("query", "MERGE (:Paper {id: 'pmid:2' RETURN 1", "--write").code == 2
        assert graph_version(opened) == before + 1
        index = "CREATE INDEX paper_x IF NOT EXISTS FOR (p:Paper) ON (p.x)"
        assert run_abduce("query", index, "--write").code == 0
        assert run_abduce(*write).code == 0
        assert abduce.runs(opened, limit=1)[0].command == "query"


@pytest.mark.usefixtures("place")
def test_a_wrong_write_shows_the_place(run_abduce: RunAbduce) -> None:
    """A write that is not Cypher shows line and column, and the line itself."""
    done = run_abduce("query", "// a note\nMERGE (:Paper {id: 'pmid:2' SET", "--write")
    assert done.code == 2
    assert "line 2, column 29" in done.err
    assert "MERGE (:Paper" in done.err


@pytest.mark.parametrize(
    "flag",
    [
        ("--timeout", "0"),
        ("--timeout", "-1"),
        ("--timeout", "inf"),
        ("--timeout", "1e300"),
        ("--limit", "0"),
        ("--limit", "1" + "0" * 30),
    ],
)
def test_a_limit_of_nothing_is_wrong_use(
    run_abduce: RunAbduce, graph: Path, flag: tuple[str, str]
) -> None:
    """A limit that lets nothing through, or that no server can keep, is wrong use."""
    assert run_abduce("query", NAMES, *flag, "--graph", graph).code == 2
