"""How a graph is opened: a folder, or the address of a server."""

from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr

from kg.store.connection import Connection
from kg.store.graph import Graph


def open_graph(
    where: str | Path,
    *,
    user: str | None = None,
    password: SecretStr | str | None = None,
    create: bool = False,
    database: str | None = None,
) -> Graph:
    """Open a graph; use it as a context manager, or close it.

    Args:
        where: a folder (the embedded store) or the Bolt address of a server.
        user: the user on a server; "neo4j" if only a password is given.
        password: the password on a server. A folder keeps its own.
        create: make the folder a graph if there is none yet.
        database: the database on a server, if not its default one.

    Raises:
        GraphNotFoundError: there is no graph in that folder, or no such database.
        StoreUnavailableError: no server answers, within ten seconds.
        AuthenticationError: the server refused the user or the password.
        UsageError: `where` is an address of another kind.
    """
    if isinstance(where, str) and "://" in where:
        secret = password.get_secret_value() if isinstance(password, SecretStr) else password
        connection = _remote(where, user, secret, database)
        return Graph(connection.address, connection)
    return Graph(str(where), _embedded(Path(where), create=create))


# The driver takes half a second to import; whoever opens no graph does not wait for it.


def _remote(url: str, user: str | None, password: str | None, database: str | None) -> Connection:
    from kg.store.remote import RemoteConnection

    return RemoteConnection(url, user, password, database)


def _embedded(where: Path, *, create: bool) -> Connection:
    from kg.store.embedded import open_embedded

    return open_embedded(where, create=create)
