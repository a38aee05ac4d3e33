"""The folder of a Neo4j on this machine: its files, its password, its process.

lib-VERSION/    the jars
password        of the user neo4j, random (mode 0600)
running.json    process and port, while it runs
conf/ data/ logs/ ...   Neo4j's own
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from kg.errors import StoreError, StoreUnavailableError
from kg.neo4j_home.install import VERSION, Say, find_java, install_jars

HOST = "127.0.0.1"
USER = "neo4j"
_SERVER = "org.neo4j.server.Neo4jCommunity"
_ADMIN = "org.neo4j.server.startup.Neo4jAdminCommand"
_START_SECONDS = 300.0  # ten on an idle machine
_STOP_SECONDS = 60.0
_POLL_SECONDS = 0.1
_SETTINGS = """\
# Written anew at every start by `python -m kg.neo4j_home start`.
server.default_listen_address={host}
server.bolt.listen_address={host}:{port}
server.bolt.advertised_address={host}:{port}
server.http.enabled=false
server.https.enabled=false
server.memory.heap.initial_size={heap}
server.memory.heap.max_size={heap}
server.memory.pagecache.size=128m
dbms.usage_report.enabled=false
dbms.security.allow_csv_import_from_file_urls=false
"""
_HEAP = "512m"


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
    """

    def __init__(
        self, path: Path, libraries: Path | None = None, say: Say = lambda _: None
    ) -> None:
        self.path = path.resolve()
        self.jars = (libraries or self.path).resolve() / f"lib-{VERSION}"
        self._say = say
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def password(self) -> SecretStr:
        """The password of the user neo4j; the first call makes it.

        Raises:
            StoreError: the file that keeps it cannot be read or written.
        """
        file = self.path / "password"
        try:
            self._make()
            with contextlib.suppress(FileExistsError):
                made = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(made, "w") as opened:
                    opened.write(secrets.token_urlsafe(24))
            return SecretStr(file.read_text())
        except OSError as error:
            raise StoreError(f"{file} cannot be used: {error.strerror}") from error

    def install(self) -> None:
        """Fetch what is needed to start; nothing to do the second time.

        Raises:
            StoreError: the jars cannot be fetched.
            MissingExtraError: a package is not installed; says which.
        """
        find_java()
        self._make()
        install_jars(self.jars, self._say)

    def running(self) -> Running | None:
        """Return the process of this home, if it runs."""
        try:
            kept = json.loads((self.path / "running.json").read_text())
            found = Running(pid=kept["pid"], port=kept["port"])
        except (FileNotFoundError, ValueError, KeyError):
            return None
        return found if self._is_ours(found.pid) else None

    def start(self, port: int | None = None) -> Running:
        """Start Neo4j on loopback and wait until it answers; nothing to do if it runs.

        Raises:
            StoreUnavailableError: it did not come up; says what its log says.
            StoreError: its folder cannot be used.
        """
        self.install()
        try:
            with self._alone():
                return self.running() or self._start(port or _free_port())
        except OSError as error:
            raise StoreError(
                f"Neo4j's folder {self.path} cannot be used: {error.strerror} ({error.filename})"
            ) from error

    def stop(self) -> bool:
        """Stop Neo4j; False if it did not run.

        Raises:
            StoreError: it does not end.
        """
        with self._alone():
            running = self.running()
            if running is None:
                self._reap()
                return False
            _end(running.pid)
            self._reap()
            self._forget()
            return True

    def _start(self, port: int) -> Running:
        self._reap()
        self._configure(port)
        password = self.password
        self._set_password(password)
        log = self.path / "logs" / "console.log"
        self._say(f"starting Neo4j {VERSION} at bolt://{HOST}:{port} ...")
        with log.open("w") as console:
            process = subprocess.Popen(  # noqa: S603  (our own command)
                self._command(_SERVER, f"-Xms{_HEAP}", f"-Xmx{_HEAP}"),
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
            _end(process.pid)
            self._reap()
            self._forget()
            raise
        return running

    def _configure(self, port: int) -> None:
        for name in ("conf", "data", "logs", "run", "plugins", "import"):
            (self.path / name).mkdir(parents=True, exist_ok=True)
        (self.path / "conf" / "neo4j.conf").write_text(
            _SETTINGS.format(host=HOST, port=port, heap=_HEAP)
        )

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
        return [find_java(), *quiet, *options, "-cp", f"{self.jars}/*", main]

    def _environment(self) -> dict[str, str]:
        ours = {"NEO4J_HOME": str(self.path), "NEO4J_CONF": str(self.path / "conf")}
        return {**os.environ, **ours}

    def _is_ours(self, pid: int) -> bool:
        # The number may be another process' by now.
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
        except OSError:
            return False
        return f"--home-dir={self.path}" in command.split("\0")

    def _reap(self) -> None:
        """Take note of the end of the process that this object began, if it began one."""
        if self._process is not None:
            self._process.wait()
            self._process = None

    def _make(self) -> None:
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)

    def _forget(self) -> None:
        (self.path / "running.json").unlink(missing_ok=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._make()
        with (self.path / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _wait(
    process: subprocess.Popen[bytes], running: Running, password: SecretStr, log: Path
) -> None:
    from kg.store.bolt import open_driver  # the driver takes half a second to import

    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        if _listens(running.port):
            try:
                secret = password.get_secret_value()
                open_driver(running.url, USER, secret, running.url).close()
            except StoreUnavailableError:
                pass  # the port is open before the database is
            else:
                return
        time.sleep(_POLL_SECONDS)
    ended = process.poll()
    how = f"did not answer in {_START_SECONDS:.0f} s" if ended is None else f"ended with {ended}"
    said = log.read_text(errors="replace")[-2000:].strip()
    raise StoreUnavailableError(f"Neo4j {how}; see {log.parent}, {log.name} ends with: {said}")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex((HOST, port)) == 0


def _end(pid: int) -> None:
    for order, patience in ((signal.SIGTERM, _STOP_SECONDS), (signal.SIGKILL, 10.0)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, order)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if not _alive(pid):
                return
            time.sleep(_POLL_SECONDS)
    raise StoreError(f"Neo4j, process {pid}, does not end")


def _alive(pid: int) -> bool:
    with contextlib.suppress(ChildProcessError):  # not our child: started by an earlier command
        os.waitpid(pid, os.WNOHANG)
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
