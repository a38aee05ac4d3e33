"""Credentials: as whom a server is used, and whom to trust there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import SecretStr

from kg.errors import UsageError

_LOGIN = re.compile(r"[^/\s]+:[^/\s]+@[^/\s]+")  # user:password@host
SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")


@dataclass(frozen=True)
class Login:
    """A user and the password; without a password, nobody in particular."""

    user: str | None = None
    password: SecretStr | None = None

    @property
    def is_given(self) -> bool:
        """Whether anybody is named."""
        return self.user is not None or self.password is not None


@dataclass(frozen=True)
class Access:
    """As whom to use a server, which of its databases, and whose certificates to trust.

    Args:
        login: the user that reads and writes.
        reader: the user for everything that only reads; default: the same one.
        database: the name of a database; default: the server's default one.
        ca_certificate: a PEM file with the certificate that signed the server's, where that is
            not one which this machine trusts anyway.
    """

    login: Login = Login()
    reader: Login = Login()
    database: str | None = None
    ca_certificate: Path | None = None


def split_address(url: str) -> SplitResult:
    """Return the parts of the address of a server.

    Raises:
        UsageError: it is an address of another kind; no password in it is shown.
    """
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES or not parts.hostname:
        shown = without_user(parts) if parts.hostname else f"{parts.scheme}://"
        raise UsageError(
            f"{shown!r} is no address of a graph: give a folder, or one of "
            + ", ".join(f"{scheme}://host:port" for scheme in SCHEMES)
        )
    return parts


def refuse_address(where: str) -> None:
    """Refuse the address of a server that was written without `//`, and is taken for a folder.

    Raises:
        UsageError: it is one; it is not shown, since it may hold a password.
    """
    begins_so = where.partition(":")[0].lower() in SCHEMES and ":" in where
    if begins_so or (_LOGIN.fullmatch(where) and not Path(where).exists()):
        raise UsageError(
            "what is given for a graph is no folder and looks like the address of a server without "
            "'//': write bolt://host:port, and the password into ABDUCE_PASSWORD"
        )


def without_user(parts: SplitResult) -> str:
    """Return the address as it may be shown: without user and password."""
    return f"{parts.scheme}://{host(parts)}"


def host(parts: SplitResult) -> str:
    """Return host and port."""
    return parts.netloc.rpartition("@")[2]


def login_of(parts: SplitResult, given: Login) -> Login:
    """Return the login that was given, filled up from the address."""
    user, password = given.user, given.password
    if user is None and parts.username:
        user = unquote(parts.username)
    if password is None and parts.password:
        password = SecretStr(unquote(parts.password))
    return Login(user, password)
