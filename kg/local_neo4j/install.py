"""Fetches Neo4j's jars from Maven repositories.

Where Maven is installed it is asked first, since it follows the machine's own settings (mirrors,
proxies). Otherwise, or when it fails, `jgo` resolves them in Python.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

from kg.errors import MissingExtraError, StoreError
from kg.local_neo4j.lines import Line

ARTIFACTS = (
    ("org.neo4j.app", "neo4j-server"),
    ("org.neo4j", "neo4j"),
    ("org.neo4j", "neo4j-import-tool"),
)
_COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
_SECONDS = 1200
_TIMEOUT = 120
_DOWNLOADING_SECONDS = 5  # a file that has grown since may still be another process' download

Say = Callable[[str], None]


def install_jars(line: Line, target: Path, say: Say) -> None:
    """Put the jars of a line of Neo4j into a folder: all of them, or none.

    There is nothing to do if they are there.

    Raises:
        StoreError: they cannot be fetched; says what each way said.
        MissingExtraError: neither Maven nor `jgo` is installed.
    """
    if target.is_dir():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    say(f"fetching Neo4j {line.version} (about 150 MB the first time) ...")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".jars-") as folder:
        draft = Path(folder) / "lib"
        draft.mkdir()
        _fetch(line, draft, say)
        if not any(draft.glob("neo4j-server-*.jar")):
            raise StoreError(
                f"fetching Neo4j {line.version} gave no server: remove {target.parent}"
            )
        with contextlib.suppress(OSError):  # another process was quicker
            draft.rename(target)
    if not target.is_dir():
        raise StoreError(f"Neo4j's jars could not be put into {target}")


def _fetch(line: Line, draft: Path, say: Say) -> None:
    refused: list[str] = []
    for way in (fetch_with_maven, fetch_with_jgo):
        try:
            way(line, draft)
        except StoreError as error:
            refused.append(str(error))
            say(str(error))
        else:
            return
    raise StoreError(f"Neo4j {line.version} cannot be fetched: " + "; ".join(refused))


def fetch_with_maven(line: Line, draft: Path) -> None:
    """Let Maven copy the jars into a folder.

    Raises:
        StoreError: Maven is not installed, or says no.
    """
    maven = shutil.which("mvn")
    if maven is None:
        raise StoreError("Maven is not installed (not needed: jgo does the same)")
    pom = draft.parent / "pom.xml"
    pom.write_text(_pom(line), encoding="utf-8")
    command = [maven, "-B", "-q", "-f", str(pom), _COPY, f"-DoutputDirectory={draft}"]
    done = subprocess.run(  # noqa: S603  (a command of ours, no user's text in it)
        [*command, "-DincludeScope=runtime"],
        check=False,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        raise StoreError(f"Maven could not fetch Neo4j: {reason(done.stdout + done.stderr)}")


def fetch_with_jgo(line: Line, draft: Path) -> None:
    """Let `jgo` resolve the jars in Python, and link them into a folder.

    Raises:
        StoreError: they cannot be resolved or downloaded.
        MissingExtraError: `jgo` is not installed.
    """
    try:
        import requests
        from jgo.config import GlobalSettings
        from jgo.constants import MAVEN_CENTRAL_URL
        from jgo.env import EnvironmentBuilder, LinkStrategy
        from jgo.maven import MavenContext
    except ImportError:
        raise MissingExtraError("jgo", "fetching Neo4j", "neo4j") from None
    settings = GlobalSettings.load()
    remove_broken(Path(settings.repo_cache))
    context = MavenContext(
        repo_cache=settings.repo_cache,
        remote_repos={"central": MAVEN_CENTRAL_URL, **settings.repositories},
        timeout=_TIMEOUT,
    )
    builder = EnvironmentBuilder(
        context=context, cache_dir=draft.parent / "jgo", link_strategy=LinkStrategy.AUTO
    )
    try:
        environment = builder.from_endpoint("+".join(_coordinates(line)))
    except (requests.RequestException, RuntimeError, ValueError, AssertionError) as error:
        raise StoreError(f"jgo could not fetch Neo4j: {error}") from error
    for jar in Path(environment.path).rglob("*.jar"):
        _link(jar, draft / jar.name)


def remove_broken(cache: Path) -> None:
    """Remove jars that a killed download left half-written: jgo would leave them out for ever."""
    for jar in cache.rglob("*.jar"):
        written = time.time() - jar.stat().st_mtime
        if written > _DOWNLOADING_SECONDS and not zipfile.is_zipfile(jar):
            jar.unlink(missing_ok=True)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source.resolve(), target)
    except OSError:  # another disk
        shutil.copyfile(source, target)


def _coordinates(line: Line) -> list[str]:
    return [f"{group}:{artifact}:{line.version}" for group, artifact in ARTIFACTS]


def _pom(line: Line) -> str:
    dependencies = "".join(
        f"<dependency><groupId>{escape(group)}</groupId><artifactId>{escape(artifact)}"
        f"</artifactId><version>{line.version}</version></dependency>"
        for group, artifact in ARTIFACTS
    )
    return (
        "<project><modelVersion>4.0.0</modelVersion><groupId>abduce</groupId>"
        "<artifactId>neo4j-home</artifactId><version>1</version><packaging>pom</packaging>"
        f"<dependencies>{dependencies}</dependencies></project>"
    )


def reason(text: str) -> str:
    """Return the line of a program's output that says why it failed."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    told = [line for line in lines if "ERROR" in line]
    return (told or lines or ["it gave no reason"])[0]
