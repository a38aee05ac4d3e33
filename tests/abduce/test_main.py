"""`abduce` itself: its help, its exit codes, and what becomes of errors."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from abduce.cli.main import app

if TYPE_CHECKING:
    from tests.abduce.conftest import RunAbduce

COMMANDS = sorted(
    command.callback.__name__ for command in app.registered_commands if command.callback
)


def test_every_command_is_in_the_help(run_abduce: RunAbduce) -> None:
    """`abduce --help` lists every registered command, and ends with 0."""
    done = run_abduce("--help")
    assert done.code == 0
    assert set(COMMANDS) <= set(re.findall(r"[a-z]+", done.out))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_test_and_a_help(run_abduce: RunAbduce, command: str) -> None:
    """Each command has a test file of its own, a help with its first sentence, and --json."""
    assert (Path(__file__).parent / f"test_{command}.py").is_file()
    done = run_abduce(command, "--help")
    assert done.code == 0
    assert "--json" in done.out


@pytest.mark.parametrize(
    "arguments", [[], ["no-such-command"], ["query"], ["propose", "--top", "0"], ["build", "--odd"]]
)
def test_wrong_use_ends_with_2(run_abduce: RunAbduce, arguments: list[str]) -> None:
    """No command, an unknown one, a missing argument, a wrong value and an unknown flag: 2."""
    assert run_abduce(*arguments).code == 2


def test_the_version_is_the_packages(run_abduce: RunAbduce) -> None:
    """`abduce --version` prints the version of the installed package."""
    assert re.fullmatch(r"abduce \d+\.\d+\.\d+\S*\n", run_abduce("--version").out)


def test_an_error_of_ours_is_a_message(run_abduce: RunAbduce) -> None:
    """An error of ours is one message on standard error, with no traceback."""
    done = run_abduce("query", "RETURN 1 AS one", "--graph", "nowhere")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("abduce: ")
    assert "Traceback" not in done.err


def test_any_other_error_keeps_its_traceback(
    run_abduce: RunAbduce, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error that is not ours is not swallowed."""
    monkeypatch.setattr("abduce.open_graph", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run_abduce("query", "RETURN 1 AS one", "--graph", "nowhere")


def test_ctrl_c_ends_with_130_and_no_traceback(tmp_path: Path) -> None:
    """Ctrl-C in the middle of a command ends it with 130 and a message, without a traceback."""
    query = "UNWIND range(1, 4000000000) AS n WITH n WHERE n < 0 RETURN count(n) AS n"
    create = "RETURN 1 AS one"
    command = [sys.executable, "-m", "abduce"]
    environment = {**os.environ, "ABDUCE_GRAPH": str(tmp_path / "graph")}
    code = "import abduce; abduce.open_graph(create=True).close()"
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    subprocess.run([*command, "query", create], env=environment, check=True, capture_output=True)
    with subprocess.Popen(
        [*command, "query", query], env=environment, stderr=subprocess.PIPE, text=True
    ) as process:
        time.sleep(3)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "interrupted" in err
    assert "Traceback" not in err
