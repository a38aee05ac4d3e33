"""How a graph is opened: a folder, or the address of a server."""

from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr

from kg.store.access import Access, Login, refuse_address
from kg.store.connection import Connection
from kg.store.graph import Graph


def open_graph(
    where: str | Path,
    *,
    user: str | None = None,
    password: SecretStr | str | None = None,
    create: bool = False,
    database: str | None = None,
    read_user: str | None = None,
    read_password: SecretStr | str | None = None,
    ca_certificate: str | Path | None = None,
    who: str | None = None,
) -> Graph:
    """Open a graph; use it as a context manager, or close it.

    Args:
        where: a folder (the embedded store) or the Bolt address of a server.
        user: the user on a server; "neo4j" if only a password is given.
        password: the password on a server. A folder keeps its own.
        create: make the folder a graph if there is none yet.
        database: the database on a server, if not its default one.
        read_user: the user on a server for everything that only reads, if not the same one.
        read_password: that user's password.
        ca_certificate: a PEM file with the certificate that signed the server's, where that is
            not one which this machine trusts anyway; the address is then `bolt+s` or `neo4j+s`.
        who: the name of who changes the graph, for its log; None for the login name.

    Raises:
        GraphNotFoundError: there is no graph in that folder, or no such database.
        StoreUnavailableError: no server answers, within ten seconds, or none that can be trusted.
        AuthenticationError: the server refused the user or the password.
        UsageError: `where` is an address of another kind.
    """
    if isinstance(where, str) and "://" in where:
        access = Access(
            login=Login(user, _secret(password)),
            reader=Login(read_user, _secret(read_password)),
            database=database,
            ca_certificate=None if ca_certificate is None else Path(ca_certificate),
        )
        connection = _remote(where, access)
        return Graph(connection.address, connection, who=who)
    refuse_address(str(where))
    return Graph(str(where), _embedded(Path(where), create=create), who=who)


# The driver takes half a second to import; whoever opens no graph does not wait for it.


def _remote(url: str, access: Access) -> Connection:
    from kg.store.remote import RemoteConnection

    return RemoteConnection(url, access)


def _embedded(where: Path, *, create: bool) -> Connection:
    from kg.store.embedded import open_embedded

    return open_embedded(where, create=create)


def _secret(password: SecretStr | str | None) -> SecretStr | None:
    return SecretStr(password) if isinstance(password, str) else password
