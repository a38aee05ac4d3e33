"""The demo, run as `make demo` runs it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


def test_demo_finds_two_discoveries(tmp_path: Path) -> None:
    """From the papers alone, two discoveries or more come out among the first five candidates."""
    shutil.copytree(SAMPLES, tmp_path / "samples")
    done = subprocess.run(
        [sys.executable, "samples/demo.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "96 papers" in done.stdout
    assert " 0 failed" in " ".join(done.stdout.split())
    counted = re.search(r"^(\d) of (\d) discoveries came out", done.stdout, re.MULTILINE)
    assert counted is not None, done.stdout
    assert int(counted[1]) >= 2, done.stdout
    assert (tmp_path / ".demo" / "graph").is_dir()
