"""The folder of a Neo4j on this machine: its files, its password, its process.

lib-VERSION/    the jars
java-for-LINE/  a Java, where none is here that the line supports
line            the line whose data is here
password        of the user neo4j, random (mode 0600)
running.json    process and port, while it runs
conf/ data/ logs/ ...   Neo4j's own
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import functools
import json
import os
import secrets
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from kg.errors import StoreError, StoreUnavailableError, UsageError
from kg.local_neo4j.install import Say, install_jars
from kg.local_neo4j.java import find_java
from kg.local_neo4j.lines import LINES, Line, find_line
from kg.local_neo4j.process import (
    HOST,
    POLL_SECONDS,
    end,
    free_port,
    is_free,
    listens,
    runs_with,
)

USER = "neo4j"
# What stands in the folder of a Neo4j from its first moment on.
_NAMES = {"conf", "data", "line", "lock", "password", "running.json"}
_NAME_STARTS = ("lib-", "java-for-")
_ADMIN = "org.neo4j.server.startup.Neo4jAdminCommand"
_START_SECONDS = 300.0  # ten on an idle machine
_HEAP = "512m"
_SETTINGS = {
    "server.default_listen_address": HOST,
    "server.http.enabled": "false",
    "server.https.enabled": "false",
    "server.memory.heap.initial_size": _HEAP,
    "server.memory.heap.max_size": _HEAP,
    "server.memory.pagecache.size": "128m",
    "dbms.usage_report.enabled": "false",
    "dbms.security.allow_csv_import_from_file_urls": "false",
}


@dataclass(frozen=True)
class Running:
    """A Neo4j that answers."""

    pid: int
    port: int

    @property
    def url(self) -> str:
        """Its Bolt address."""
        return f"bolt://{HOST}:{self.port}"


class Neo4jHome:
    """A Neo4j on this machine, in a folder of its own.

    Args:
        path: the folder; made when needed.
        libraries: the folder for the jars, if several homes are to share them.
        say: told in a line what takes long.
        version: the line ("2026", "5.26") or its version ("2026.08.1", "5.26.30"); default: the
            line whose data the folder holds, else the newest.
        settings: settings of neo4j.conf, over those that are needed here.

    Raises:
        UnknownNameError: there is no such line.
        UsageError: the folder holds the data of another line.
    """

    def __init__(
        self,
        path: Path,
        libraries: Path | None = None,
        say: Say = lambda _: None,
        version: str | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.path = path.resolve()
        self.line = _line_of(self.path, version)
        self._libraries = (libraries or self.path).resolve()
        self.jars = self._libraries / f"lib-{self.line.version}"
        self._settings = dict(settings or {})
        self._say = say
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def password_file(self) -> Path:
        """Where the password of the user neo4j is kept."""
        return self.path / "password"

    @property
    def password(self) -> SecretStr:
        """The password of the user neo4j; the first call makes it.

        Raises:
            StoreError: the file that keeps it cannot be read or written.
        """
        with self._said_plainly():
            self._make()
            with contextlib.suppress(FileExistsError):
                made = os.open(self.password_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(made, "w") as opened:
                    # Not token_urlsafe: neo4j-admin takes one with a "-" in front for an option.
                    opened.write(secrets.token_hex(24))
            return SecretStr(self.password_file.read_text())

    def install(self) -> None:
        """Fetch what is needed to start; nothing to do the second time.

        Raises:
            StoreError: the jars or a Java cannot be fetched, or the disk is full.
            MissingExtraError: a package is not installed; says which.
        """
        with self._said_plainly():
            self._make()
            install_jars(self.line, self.jars, self._say)
            self._find_java()

    def running(self) -> Running | None:
        """Return the process of this home, if it runs."""
        try:
            kept = json.loads((self.path / "running.json").read_text())
            found = Running(pid=int(kept["pid"]), port=int(kept["port"]))
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None
        return found if runs_with(found.pid, f"--home-dir={self.path}") else None

    def start(self, port: int | None = None) -> Running:
        """Start Neo4j on loopback and wait until it answers; nothing to do if it runs.

        Args:
            port: of Bolt; default: a free one.

        Raises:
            StoreUnavailableError: the port is taken, or it did not come up; says what its log says.
            StoreError: its folder cannot be used, or what it needs cannot be fetched.
            MissingExtraError: a package is not installed; says which.
        """
        self.install()
        with self._said_plainly(), self._alone():
            return self.running() or self._start(port or free_port())

    def stop(self) -> bool:
        """Stop Neo4j; False if it did not run.

        Raises:
            StoreError: it does not end.
        """
        with self._said_plainly(), self._alone():
            running = self.running()
            if running is None:
                self._reap()
                return False
            end(running.pid)
            self._reap()
            self._forget()
            return True

    def _start(self, port: int) -> Running:
        self._reap()
        if not is_free(port):
            raise StoreUnavailableError(
                f"port {port} of {HOST} is taken by another program: give another one (--port)"
            )
        self._configure(port)
        password = self.password
        self._set_password(password)
        (self.path / "line").write_text(self.line.name)
        log = self.path / "logs" / "console.log"
        self._say(f"starting Neo4j {self.line.version} at bolt://{HOST}:{port} ...")
        with log.open("w") as console:
            process = subprocess.Popen(  # noqa: S603  (our own command)
                self._command(self.line.server, f"-Xms{_HEAP}", f"-Xmx{_HEAP}"),
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C in our terminal is not meant for it
                env=self._environment(),
            )
        self._process = process
        running = Running(process.pid, port)
        try:
            (self.path / "running.json").write_text(json.dumps({"pid": process.pid, "port": port}))
            _wait(process, running, password, log)
        except BaseException:
            end(process.pid)
            self._reap()
            self._forget()
            raise
        return running

    def _configure(self, port: int) -> None:
        for name in ("conf", "data", "logs", "run", "plugins", "import"):
            (self.path / name).mkdir(parents=True, exist_ok=True)
        address = f"{HOST}:{port}"
        bolt = dict.fromkeys(
            ("server.bolt.listen_address", "server.bolt.advertised_address"), address
        )
        every = _SETTINGS | bolt | self._settings
        lines = ["# Written anew at every start."]
        lines += [f"{name}={value}" for name, value in every.items()]
        (self.path / "conf" / "neo4j.conf").write_text("\n".join(lines) + "\n")

    def _set_password(self, password: SecretStr) -> None:
        if (self.path / "data" / "databases" / "system").exists():
            return  # it has started before, with this password
        # In a file, since every user of the machine can read a command's arguments.
        arguments = self.path / "run" / "password.args"
        descriptor = os.open(arguments, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(password.get_secret_value())
            done = subprocess.run(  # noqa: S603  (our own command)
                [*self._java(_ADMIN), "dbms", "set-initial-password", f"@{arguments}"],
                check=False,
                capture_output=True,
                text=True,
                env=self._environment(),
            )
        finally:
            arguments.unlink()
        if done.returncode:
            raise StoreUnavailableError(f"Neo4j did not take its password: {done.stderr[-500:]}")

    def _command(self, main: str, *options: str) -> list[str]:
        conf = self.path / "conf"
        return [*self._java(main, *options), f"--home-dir={self.path}", f"--config-dir={conf}"]

    def _java(self, main: str, *options: str) -> list[str]:
        quiet = ("--enable-native-access=ALL-UNNAMED", "-Djava.awt.headless=true")
        return [self._find_java(), *quiet, *options, "-cp", f"{self.jars}/*", main]

    @functools.cache  # noqa: B019  (a home lives as long as its program)
    def _find_java(self) -> str:
        return find_java(self.line, self._libraries, self._say)

    def _environment(self) -> dict[str, str]:
        ours = {"NEO4J_HOME": str(self.path), "NEO4J_CONF": str(self.path / "conf")}
        return {**os.environ, **ours}

    def _reap(self) -> None:
        """Take note of the end of the process that this object began, if it began one."""
        if self._process is not None:
            self._process.wait()
            self._process = None

    def _make(self) -> None:
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        names = {entry.name for entry in self.path.iterdir()}
        ours = _NAMES & names or any(name.startswith(_NAME_STARTS) for name in names)
        if names and not ours:
            raise UsageError(
                f"{self.path} holds something else, {min(names)} for one: "
                "give an empty folder, or one that is not there yet (--home)"
            )

    def _forget(self) -> None:
        (self.path / "running.json").unlink(missing_ok=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._make()
        with (self.path / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @contextmanager
    def _said_plainly(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            what = f"{error.strerror} ({error.filename})" if error.filename else str(error)
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                what = "the disk is full: free some, and run it again"
            raise StoreError(f"Neo4j's folder {self.path} cannot be used: {what}") from error


def _line_of(path: Path, version: str | None) -> Line:
    kept = path / "line"
    wanted = find_line(version) if version else None
    if not kept.is_file():
        return wanted or LINES[0]
    held = find_line(kept.read_text().strip())
    if wanted and wanted != held:
        raise UsageError(
            f"{path} holds the data of Neo4j {held.name}, which {wanted.name} cannot take over: "
            f"give another folder, or leave the line out"
        )
    return held


def _wait(
    process: subprocess.Popen[bytes], running: Running, password: SecretStr, log: Path
) -> None:
    from kg.store.bolt import open_driver  # the driver takes half a second to import

    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        if listens(running.port):
            try:
                secret = password.get_secret_value()
                open_driver(running.url, USER, secret, running.url).close()
            except StoreUnavailableError:
                pass  # the port is open before the database is
            else:
                return
        time.sleep(POLL_SECONDS)
    ended = process.poll()
    how = f"did not answer in {_START_SECONDS:.0f} s" if ended is None else f"ended with {ended}"
    said = log.read_text(errors="replace")[-2000:].strip()
    raise StoreUnavailableError(f"Neo4j {how}; see {log.parent}, {log.name} ends with: {said}")
