"""Settings: flags over the environment over `abduce.toml`, and where a password may stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from abduce.settings import chosen_pack, read_connection, read_settings, shards_folder
from kg import UsageError


def test_a_flag_beats_the_environment_beats_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A flag stands over the environment, which stands over `abduce.toml`."""
    (tmp_path / "abduce.toml").write_text('graph = "file"\npack = "file"\n', encoding="utf-8")
    assert read_settings().graph == "file"
    monkeypatch.setenv("ABDUCE_GRAPH", "environment")
    assert read_settings().graph == "environment"
    assert read_settings(graph="flag").graph == "flag"
    assert chosen_pack(None) == "file"
    assert chosen_pack("flag") == "flag"


def test_no_graph_named_anywhere_is_wrong_use() -> None:
    """Without a graph in flag, environment or file, the error says the three places."""
    with pytest.raises(UsageError, match=r"--graph .* ABDUCE_GRAPH.* abduce\.toml") as caught:
        read_connection()
    assert caught.value.exit_code == 2


def test_no_pack_named_anywhere_is_wrong_use() -> None:
    """Without a pack in flag, environment or file, the error says the three places."""
    with pytest.raises(UsageError, match=r"--pack, set ABDUCE_PACK.* abduce\.toml"):
        chosen_pack(None)


@pytest.mark.parametrize(
    ("address", "where", "user", "password"),
    [
        ("bolt://host:7687", "bolt://host:7687", None, None),
        ("bolt://me@host", "bolt://host", "me", None),
        ("neo4j+s://me:p%40ss:w@host/x", "neo4j+s://host/x", "me", "p@ss:w"),
        ("bolt://me:mine@[::1]:7687", "bolt://[::1]:7687", "me", "mine"),
        ("folder/of@mine", "folder/of@mine", None, None),
    ],
)
def test_user_and_password_are_taken_out_of_an_address(
    address: str, where: str, user: str | None, password: str | None
) -> None:
    """What is shown as the graph's place never holds the password that the address had."""
    connection = read_connection(address)
    assert (connection.where, connection.user, connection.secret) == (where, user, password)


@pytest.mark.parametrize(
    "address",
    ["bolt://me:swordfish@[::1", "bolt://me:sword/fish@host", "bolt://me:swordfish@host:port",
     "bolt://:swordfish@", "bolt://"],
)  # fmt: skip
def test_an_address_that_cannot_be_read_is_wrong_use(address: str) -> None:
    """An address of no known form is refused, and its password is not in the message."""
    with pytest.raises(UsageError, match="bolt://host:port") as caught:
        read_connection(address)
    assert "fish" not in str(caught.value)


def test_the_environment_names_user_and_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """ABDUCE_USER and ABDUCE_PASSWORD stand in for flags; a flag or an address beats them."""
    monkeypatch.setenv("ABDUCE_GRAPH", "bolt://host")
    monkeypatch.setenv("ABDUCE_USER", "neo4j")
    monkeypatch.setenv("ABDUCE_PASSWORD", "from the environment")
    connection = read_connection()
    assert (connection.user, connection.secret) == ("neo4j", "from the environment")
    assert read_connection(user="other").user == "other"
    connection = read_connection("bolt://me:mine@host")
    assert (connection.user, connection.secret) == ("me", "mine")


def test_a_password_is_never_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither the text of settings nor an error about them holds the password."""
    monkeypatch.setenv("ABDUCE_PASSWORD", "swordfish")
    assert "swordfish" not in f"{read_settings()!r} {read_connection('bolt://host')!r}"
    monkeypatch.delenv("ABDUCE_PASSWORD")
    (tmp_path / "abduce.toml").write_text('password = ["swordfish"]\n', encoding="utf-8")
    with pytest.raises(UsageError, match="password") as caught:
        read_settings()
    assert "swordfish" not in str(caught.value)


@pytest.mark.parametrize("text", ["graph = ", 'device = "gpu"\n', 'grahp = "folder"\n', "\xff"])
def test_a_wrong_settings_file_is_wrong_use(tmp_path: Path, text: str) -> None:
    """A file that is not TOML, a wrong value and an unknown name are errors that name the file."""
    (tmp_path / "abduce.toml").write_text(text, encoding="latin-1")
    with pytest.raises(UsageError, match=r"abduce\.toml"):
        read_settings()


def test_shards_of_a_folder_lie_in_it_and_those_of_servers_apart() -> None:
    """Shards lie beside an embedded graph; two servers do not share a folder of shards."""
    assert shards_folder("graphs/mine") == Path("graphs/mine/shards")
    one, other = shards_folder("bolt://one:7687"), shards_folder("bolt://other:7687")
    assert one != other
    assert one.is_absolute()
