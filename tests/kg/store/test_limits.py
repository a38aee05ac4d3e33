"""A query has a time limit, which the server keeps; on every server."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from kg import Graph, QueryError
from kg.errors import QueryTimeoutError, UsageError
from kg.store.embedded.command import post
from tests.servers import Neo4jAddress

# Eight nodes each with all others: it would take hours.
LONG = (
    "MATCH (a:N), (b:N), (c:N), (d:N), (e:N), (f:N), (g:N), (h:N) "
    "WHERE a.id + b.id + c.id + d.id + e.id + f.id + g.id + h.id = $none RETURN count(*) AS n"
)
# Neo4j looks for transactions that are over their time every two seconds; a busy machine is slow.
SLACK = 60.0


@pytest.fixture
def filled(every_graph: Graph) -> Graph:
    """A graph of twenty nodes."""
    every_graph.write("UNWIND range(1, 20) AS i CREATE (:N {id: toString(i)})")
    return every_graph


def running(graph: Graph) -> list[str]:
    """The texts of the slow queries that the server is at."""
    if graph.server.name == "Neo4j":
        return [
            row["text"]
            for row in graph.write("SHOW TRANSACTIONS YIELD currentQuery AS text RETURN text")
            if "(h:N)" in row["text"]
        ]
    connection: Any = graph._connection
    port, password = connection._attached.ports.http, connection._folder.secrets().reader
    listed = post("server", port, ("reader", password), {"command": "list queries"})["result"]
    return [query["text"] for query in listed if "(h:N)" in query["text"]]


def soon_idle(graph: Graph) -> bool:
    """Whether the server comes to be at no slow query, long before it would be done with one."""
    deadline = time.monotonic() + SLACK
    while time.monotonic() < deadline:
        if not running(graph):
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("seconds", [0, -1, math.nan, math.inf, 1e300])
def test_a_limit_that_is_none(embedded_graph: Graph, seconds: float) -> None:
    """A time limit that a server cannot keep, or would take for no limit at all, is refused."""
    with pytest.raises(UsageError, match="more than 0"):
        embedded_graph.within(seconds)


def test_the_server_stops_what_takes_too_long(filled: Graph) -> None:
    """A read that takes longer than it may is a typed error, and the server is not at it any more.

    Both the limit and what to do stand in the message.
    """
    began = time.monotonic()
    with pytest.raises(QueryTimeoutError, match=r"0\.5 s.*--timeout"):
        filled.within(0.5).read(LONG, none="")
    assert time.monotonic() - began < 0.5 + SLACK
    assert soon_idle(filled)


INTERRUPTED = """
import os, signal, sys
from kg import open_graph
signal.signal(signal.SIGINT, signal.default_int_handler)  # else a shell may have switched it off
url, user, query = sys.argv[1:]
with open_graph(url, user=user, password=os.environ["PASSWORD"]) as graph:
    for row in graph.stream(query, none=""):
        print(row)
"""


def test_one_interrupt_is_enough(neo4j_graph: Graph, neo4j_address: Neo4jAddress) -> None:
    """Ctrl-C ends a question that would take hours, here and on the server."""
    neo4j_graph.write("UNWIND range(1, 20) AS i CREATE (:N {id: toString(i)})")
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, neo4j_address.url, neo4j_address.user, LONG],
        env={**os.environ, "PASSWORD": neo4j_address.password},
        stderr=subprocess.PIPE,
        text=True,
    ) as asking:
        try:
            while not running(neo4j_graph):
                assert asking.poll() is None
                time.sleep(0.05)
            asking.send_signal(signal.SIGINT)
            assert "KeyboardInterrupt" in asking.communicate(timeout=SLACK)[1]
        finally:
            asking.kill()
    assert soon_idle(neo4j_graph)


def test_a_stream_has_the_limit_too(filled: Graph) -> None:
    """A stream that gives no row in time is stopped."""
    with pytest.raises(QueryTimeoutError):
        list(filled.within(0.5).stream(LONG, none=""))
    assert soon_idle(filled)


def test_a_write_that_takes_too_long_leaves_nothing(filled: Graph) -> None:
    """Of a transaction that is stopped, nothing is kept, not even its first statement."""

    def work(transaction: Any) -> None:
        transaction.run("CREATE (:N {id: 'new'})")
        transaction.run(LONG, none="")

    with pytest.raises(QueryTimeoutError):
        filled.within(0.5).transaction(work)
    assert filled.read("MATCH (n:N) RETURN count(n) AS n") == [{"n": 20}]


def test_what_is_quick_is_not_stopped(filled: Graph) -> None:
    """A query within its time gives its rows, one after the other and from several threads."""
    limited = filled.within(300)
    for number in range(20):
        assert limited.read("RETURN $x AS x", x=number) == [{"x": number}]
    rows: list[list[dict[str, Any]]] = []
    threads = [
        threading.Thread(
            target=lambda: rows.append(limited.read("MATCH (n:N) RETURN count(n) AS n"))
        )
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rows == [[{"n": 20}]] * 4


def test_the_limit_is_that_of_one_graph(filled: Graph) -> None:
    """A time limit holds for the graph that was asked for with it, and for no other."""
    limited = filled.within(0.01)
    slow = "MATCH (a:N), (b:N), (c:N), (d:N) RETURN count(*) AS n"
    with pytest.raises(QueryTimeoutError):
        limited.read(LONG, none="")
    for patient in (filled, limited.within(300)):
        assert patient.read(slow) == [{"n": 160000}]


def test_an_error_points_to_the_same_place(filled: Graph) -> None:
    """With a limit, an error shows line and column, and the query as it was written."""
    wrong = "// what\n /* is */ MATCH (n:N RETURN n"
    with pytest.raises(QueryError) as plain:
        filled.read(wrong)
    with pytest.raises(QueryError) as limited:
        filled.within(300).read(wrong)
    assert "line 2, column 22" in str(plain.value)
    assert str(limited.value) == str(plain.value)


def test_an_error_behind_a_delete_points_to_the_right_place(every_graph: Graph) -> None:
    """Where a query goes wrong is told of the query as it was written, on every server."""
    with pytest.raises(QueryError, match=r"line 1, column 22\)") as wrong:
        every_graph.write("MATCH (n:X) DELETE n RETRUN 1")
    assert str(wrong.value).splitlines()[-1].index("^") == 2 + 21


def test_who_leaves_takes_the_query_along(embedded_graph: Graph) -> None:
    """A stream that is left before its end is not gone on with by the server in a folder."""
    embedded_graph.write("UNWIND range(1, 20) AS i CREATE (:N {id: toString(i)})")
    rows = embedded_graph.within(300).stream(
        "MATCH (a:N), (b:N), (c:N), (d:N), (e:N), (f:N), (g:N), (h:N) RETURN a.id AS id"
    )
    assert next(rows)
    assert isinstance(rows, Iterator)
    rows.close()
    assert soon_idle(embedded_graph)


def test_what_only_counts_is_stopped_too(every_graph: Graph) -> None:
    """A query that touches no record has its limit as well, also while it is asked what it does."""
    counting = "UNWIND range(1, 4000000) AS x UNWIND range(1, 10000) AS y WITH x, y WHERE x % 9 = y"
    began = time.monotonic()
    with pytest.raises(QueryTimeoutError):
        every_graph.within(0.5).read(f"{counting} RETURN count(*) AS n")
    assert time.monotonic() - began < 1 + SLACK
    assert every_graph.read("RETURN 1 AS x") == [{"x": 1}]


def test_what_needs_too_much_memory_is_refused_once(every_graph: Graph) -> None:
    """A query that does not fit the server's memory is an error of the query, and not tried again.

    Neo4j calls it transient, as if it were a conflict that passes.
    """
    tries = 0

    def work(transaction: Any) -> None:
        nonlocal tries
        tries += 1
        transaction.run(
            "UNWIND range(1, 4000000) AS x UNWIND range(1, 10) AS y "
            "WITH collect('as many letters as ' + toString(x * y)) AS every RETURN size(every) AS n"
        )

    with pytest.raises(QueryError, match=r"memory|heap"):
        every_graph.within(300).transaction(work)
    assert tries == 1
    assert every_graph.read("RETURN 1 AS x") == [{"x": 1}]
