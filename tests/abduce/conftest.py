"""The command line, run in this process, and small graphs to ask."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from abduce.cli.main import main


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended: its exit code and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Standard output as `--json` writes it: one JSON object a line, and nothing else."""
        return [json.loads(line) for line in self.out.splitlines()]


RunAbduce = Callable[..., Done]


@pytest.fixture
def run_abduce(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> RunAbduce:
    """Run `abduce` with these arguments, in an empty folder and with no setting of ours."""
    for variable in ("GRAPH", "USER", "PASSWORD", "PACK", "DEVICE", "DATA"):
        monkeypatch.delenv(f"ABDUCE_{variable}", raising=False)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> Done:
        monkeypatch.setattr(sys, "argv", ["abduce", *map(str, arguments)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capfd.readouterr()
        code = ended.value.code
        return Done(code if isinstance(code, int) else int(code is not None), out, err)

    return run
