"""What people are told when a graph cannot be opened."""

from __future__ import annotations

import socket
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from kg import (
    AuthenticationError,
    GraphNotFoundError,
    StoreError,
    StoreUnavailableError,
    UsageError,
    open_graph,
)

SECONDS = 30.0  # ten, and what a busy machine takes on top
SECRET = "correct-horse-battery"  # noqa: S105  (what no message may show)


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of somebody who takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.fixture
def nobody() -> Iterator[int]:
    """A port at which nobody listens, nor comes to listen meanwhile."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


def _error_in_time(url: str, password: SecretStr | str | None) -> StoreError:
    begun = time.monotonic()
    with pytest.raises(StoreUnavailableError) as caught:
        open_graph(url, user="somebody", password=password)
    assert time.monotonic() - begun < SECONDS
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    return caught.value


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_a_server_that_is_away_is_told_with_its_address(scheme: str, nobody: int) -> None:
    """Within ten seconds, with the address, and never with the password."""
    error = _error_in_time(f"{scheme}://127.0.0.1:{nobody}", SecretStr(SECRET))
    assert f"{scheme}://127.0.0.1:{nobody}" in str(error)


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_a_server_that_says_nothing_is_told_in_time(scheme: str, silent: int) -> None:
    """Who accepts a connection and does not answer is given up within ten seconds."""
    error = _error_in_time(f"{scheme}://127.0.0.1:{silent}", SECRET)
    assert str(silent) in str(error)


def test_a_password_in_the_address_is_not_shown(nobody: int) -> None:
    """User information in the address is used and left out of every message."""
    error = _error_in_time(f"bolt://somebody:{SECRET}@127.0.0.1:{nobody}", None)
    assert "somebody" not in str(error)


def test_a_name_that_does_not_resolve_is_told() -> None:
    """A host that does not exist is a server that is away, however long the system looks for it."""
    with pytest.raises(StoreUnavailableError, match=r"no-such-host\.invalid"):
        open_graph("bolt://no-such-host.invalid:7687", user="somebody", password=SECRET)


def test_a_wrong_password_is_told_without_it(neo4j_address: Any) -> None:
    """The server's refusal is its own type of error, and names the address alone."""
    with pytest.raises(AuthenticationError) as caught:
        open_graph(neo4j_address.url, user=neo4j_address.user, password=SECRET)
    shown = "".join(traceback.format_exception(caught.value))
    assert SECRET not in shown
    assert neo4j_address.url in shown


def test_a_password_in_the_address_opens(neo4j_address: Any) -> None:
    """User and password may stand in the address, and the graph does not show them."""
    host = neo4j_address.url.removeprefix("bolt://")
    url = f"bolt://{neo4j_address.user}:{neo4j_address.password}@{host}"
    with open_graph(url) as graph:
        assert graph.read("RETURN 1 AS x") == [{"x": 1}]
        assert neo4j_address.password not in f"{graph.where}{graph!r}{graph.server}"


def test_an_unknown_database_is_told(neo4j_address: Any) -> None:
    """A database that the server does not have is a graph that is not found."""
    with (
        pytest.raises(GraphNotFoundError),
        open_graph(
            neo4j_address.url,
            user=neo4j_address.user,
            password=neo4j_address.password,
            database="nothing",
        ) as graph,
    ):
        graph.read("RETURN 1")


@pytest.mark.parametrize("where", ["http://127.0.0.1:7474", "bolt://", "postgres://x:y@host/db"])
def test_an_address_of_another_kind_is_told(where: str) -> None:
    """An address that is not Bolt's is wrong use, and says which are right."""
    with pytest.raises(UsageError, match="bolt://host:port") as caught:
        open_graph(where)
    assert "x:y" not in str(caught.value)


def test_an_unknown_folder_is_told_with_its_neighbours(tmp_path: Path) -> None:
    """A folder without a graph is an error that names graphs of nearly that name beside it."""
    open_graph(tmp_path / "migraine", create=True).close()
    (tmp_path / "migraines").mkdir()
    with pytest.raises(GraphNotFoundError, match="migraine") as caught:
        open_graph(tmp_path / "migrane")
    assert caught.value.nearest == (str(tmp_path / "migraine"),)
    assert not (tmp_path / "migrane").exists()


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    """No graph is made in a folder that is not empty, nor in place of a file."""
    (tmp_path / "papers.txt").write_text("text")
    for where in (tmp_path, tmp_path / "papers.txt"):
        with pytest.raises(GraphNotFoundError):
            open_graph(where)
        with pytest.raises(UsageError, match="empty"):
            open_graph(where, create=True)
    assert [path.name for path in tmp_path.iterdir()] == ["papers.txt"]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """What the system says about a folder is told with its place."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailableError, match="file"):
        open_graph(tmp_path / "file" / "graph", create=True)


def test_a_folder_of_another_form_is_told(tmp_path: Path) -> None:
    """A graph that a later Abduce wrote in another form is not touched."""
    where = tmp_path / "graph"
    open_graph(where, create=True).close()
    (where / "graph.json").write_text('{"form": 99}')
    with pytest.raises(StoreError, match="form 99"):
        open_graph(where)
