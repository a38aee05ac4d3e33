"""ArcadeDB inside this process, with its Bolt server on a free loopback port."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from kg.errors import StoreUnavailableError
from kg.store.embedded.folder import GraphFolder, Secrets, said_plainly

HOST = "127.0.0.1"
DATABASE = "graph"
WRITER = "root"
READER = "reader"
PARSER = "parser"

# ArcadeDB neither answers a larger message nor hangs up: none may be sent.
MESSAGE_BYTES = 64 * 2**20

_STARTS = 5
# The passwords are random and 256 bits long, so many rounds would add nothing but a slower login.
_HASH_ROUNDS = 1024
_EVERYTHING = ["createRecord", "readRecord", "updateRecord", "deleteRecord"]
_ADMINISTER = ["updateSecurity", "updateSchema", "updateDatabaseSettings"]
# The engine reads these once in a process, when its library is loaded. Its heap holds the page
# cache; half of the machine's memory, its own default, is too much beside a model.
_ENGINE_SETTINGS = (
    "-Xmx768m",
    "-Darcadedb.opencypher.loadCsv.allowFileUrls=false",
    "-Darcadedb.opencypher.loadCsv.allowRemoteUrls=false",
    "-Darcadedb.txWalFlush=1",
    # Its own default is 4; what has waited for half a minute is refused.
    "-Darcadedb.queryMaxConcurrent=32",
)


@dataclass(frozen=True)
class Ports:
    """Where a server listens on loopback."""

    bolt: int
    http: int


_LOADED_IN: list[int] = []  # the processes that started an engine, the first of them first


class Engine:
    """A running server; `ports` is where it listens."""

    def __init__(self, folder: GraphFolder) -> None:
        _refuse_after_fork(folder)
        with said_plainly(folder.path):
            _write_users(folder, folder.secrets())
        self._server, self.ports = _start(folder)
        database = self._server.create_database(DATABASE)
        # A commit is on the disk before it is acknowledged, also after a power cut.
        database.set_wal_flush("yes_nometadata")

    def stop(self) -> None:
        """Stop the server; what was committed is on the disk already."""
        self._server.stop()


def _refuse_after_fork(folder: GraphFolder) -> None:
    """A forked child has the engine's memory without its threads, and would wait for ever."""
    _LOADED_IN.append(os.getpid())
    if _LOADED_IN[0] != os.getpid():
        raise StoreUnavailableError(
            f"the graph {folder.path} cannot be run by a process that was forked from one that "
            "ran a graph: start worker processes with the method 'spawn'"
        )


def _start(folder: GraphFolder) -> tuple[Any, Ports]:
    import arcadedb  # a quarter of a second, and only the process that runs it needs it

    failure: Exception | None = None
    for _ in range(_STARTS):  # a port that was free may be taken a moment later
        bolt, http = _free_ports(2)
        settings = {
            "server_plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
            "host": HOST,
            "bolt_port": bolt,
            # HTTP cannot be switched off: it gets a port of its own and the same users.
            "http_port": http,
            "bolt_defaultDatabase": DATABASE,
            "bolt_maxMessageSize": MESSAGE_BYTES,
            # "production" keeps the reasons of errors from the client.
            "mode": "development",
        }
        try:
            with _environment(folder):
                server = arcadedb.create_server(str(folder.engine), None, settings)
                server.start()
        except arcadedb.ArcadeDBError as error:
            failure = error
        else:
            return server, Ports(bolt, http)
    raise StoreUnavailableError(f"the graph {folder.path} cannot be opened: {failure}")


@contextmanager
def _environment(folder: GraphFolder) -> Iterator[None]:
    """Set what the engine's library reads when it is loaded; what a user has set stays."""
    given = os.environ.get("ARCADEDB_NATIVE_ISOLATE_ARGS", "")
    wanted = {
        "ARCADEDB_LOG_CONSOLE": "0",  # it would print to standard output
        "ARCADEDB_LOG_DIR": str(folder.log),
        "ARCADEDB_NATIVE_ISOLATE_ARGS": " ".join([*_ENGINE_SETTINGS, given]).strip(),
    }
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _write_users(folder: GraphFolder, passwords: Secrets) -> None:
    """Write ArcadeDB's users and groups, so that a reader is refused every write by the server."""
    config = folder.engine / "config"
    config.mkdir(mode=0o700, parents=True, exist_ok=True)
    groups = {
        "admin": _group(_ADMINISTER, _EVERYTHING),
        "reader": _group([], ["readRecord"]),
        PARSER: _group([], []),
        "*": _group([], []),
    }
    (config / "server-groups.json").write_text(
        json.dumps({"databases": {"*": {"groups": groups}}, "version": 2})
    )
    users = [
        _user(WRITER, passwords.writer, {"*": ["admin"]}),
        _user(READER, passwords.reader, {DATABASE: ["reader"]}),
        _user(PARSER, passwords.reader, {DATABASE: [PARSER]}),
    ]
    (config / "server-users.jsonl").write_text("".join(line + "\n" for line in users))


def _group(access: list[str], records: list[str]) -> dict[str, Any]:
    return {
        "resultSetLimit": -1,
        "readTimeout": -1,
        "access": access,
        "types": {"*": {"access": records}},
    }


def _user(name: str, password: str, databases: dict[str, list[str]]) -> str:
    salt = base64.b64encode(secrets.token_bytes(32)).decode("ascii")
    key = hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), _HASH_ROUNDS)
    hashed = base64.b64encode(key).decode("ascii")
    return json.dumps(
        {
            "name": name,
            "databases": databases,
            "password": f"PBKDF2WithHmacSHA256${_HASH_ROUNDS}${salt}${hashed}",
        }
    )


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for opened in sockets:
            opened.bind((HOST, 0))
        return [opened.getsockname()[1] for opened in sockets]
    finally:
        for opened in sockets:
            opened.close()
