"""A disk that is full is told, loses nothing, and the load is completed when there is space."""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kg.written import library, shard
from tests.servers import ROOT

PAPERS = 300
# Between what an empty graph takes (8 MB) and what this one does (29 MB).
DISK = "22m"
LARGEST_FILE = 8_000_000
FILL = (sys.executable, "-m", "tests.kg.faults.filling")
ON_A_SMALL_DISK = """
mount -t tmpfs -o size="$1" tmpfs "$2" || exit 90
shift
folder=$1; shift
"$@"; echo "ended with $?"
mount -o remount,size=1g "$folder" || exit 91
"$@"
"""


@pytest.fixture(scope="module")
def shards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Shards of papers with long texts."""
    papers = []
    for written in library(PAPERS):
        text = f"{written.paper.text} {written.paper.id} {'x' * 50_000}"
        paper = written.paper.model_copy(update={"text": text})
        papers.append(dataclasses.replace(written, paper=paper))
    return shard(tmp_path_factory.mktemp("large") / "shards", papers)


@pytest.fixture(scope="module")
def clean(shards: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The fingerprint of the graph that one undisturbed load gives."""
    done = _run(*FILL, tmp_path_factory.mktemp("clean") / "graph", shards, 0)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def _run(*command: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        list(map(str, command)), capture_output=True, text=True, check=False, cwd=ROOT
    )


def test_a_small_disk(shards: Path, clean: str, tmp_path: Path) -> None:
    """On a file system of 22 MB the error says that the disk is full; with more space, all is well.

    The file system is a mount of its own, for which the kernel must allow user namespaces.
    """
    own_mounts = ("unshare", "--map-root-user", "--mount")
    if shutil.which("unshare") is None or _run(*own_mounts, "true").returncode:
        pytest.skip("no private mounts here: test_files_that_may_not_grow alone shows what happens")
    script = ("sh", "-c", ON_A_SMALL_DISK, "sh", DISK, tmp_path)
    done = _run(*own_mounts, *script, *FILL, tmp_path / "graph", shards, 0)
    assert "ended with 1\n" in done.stdout
    assert "MB left: free some and run it again" in done.stderr
    assert done.stdout.splitlines()[-1] == clean
    assert done.returncode == 0


def test_files_that_may_not_grow(shards: Path, clean: str, tmp_path: Path) -> None:
    """Where the system refuses to let a file grow, an error of ours ends the load, half done.

    This is what can be had of a full disk on any machine.
    """
    failed = _run(*FILL, tmp_path / "graph", shards, LARGEST_FILE)
    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr
    done = _run(*FILL, tmp_path / "graph", shards, 0)
    assert (done.returncode, done.stdout.strip()) == (0, clean)
