"""`abduce` itself: its help, its exit codes, and what becomes of errors."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from abduce.cli.commands import load_command
from abduce.verbs import GROUPS, VERBS, command_summaries

if TYPE_CHECKING:
    from abduce.verbs import Verb
    from tests.abduce.conftest import RunAbduce

COMMANDS = sorted(command_summaries())
SUB_COMMANDS = [f"{group} {name}" for group in GROUPS for name in load_command(group).commands]


def test_every_command_is_in_the_help(run_abduce: RunAbduce) -> None:
    """`abduce --help` lists every command, each with its summary, and ends with 0."""
    done = run_abduce("--help")
    assert done.code == 0
    assert set(COMMANDS) <= set(re.findall(r"[a-z0-9]+", done.out))
    told = " ".join(re.sub(r"[^\w ;:,.`-]", " ", done.out).split())
    for summary in command_summaries().values():
        assert " ".join(re.sub(r"[^\w ;:,.`-]", " ", summary).split()) in told


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_test_and_a_help(run_abduce: RunAbduce, command: str) -> None:
    """Each command has a test file of its own, a help with its first sentence, and --json."""
    assert (Path(__file__).parent / f"test_{command}.py").is_file()
    assert run_abduce(command, "--help").code == 0


@pytest.mark.parametrize("command", sorted({*COMMANDS, *SUB_COMMANDS} - {*GROUPS, "neo4j stop"}))
def test_every_command_prints_json(run_abduce: RunAbduce, command: str) -> None:
    """Each command that prints a result has a help of its own, and --json."""
    done = run_abduce(*command.split(), "--help")
    assert (done.code, "--json" in done.out) == (0, True)


@pytest.mark.parametrize(
    "verb", [verb for verb in VERBS.values() if verb.command], ids=lambda v: v.name
)
def test_a_command_is_made_from_its_verb(run_abduce: RunAbduce, verb: Verb) -> None:
    """The help of a command begins with the verb's summary; commands and table agree."""
    assert verb.command in {*COMMANDS, *SUB_COMMANDS}
    words = re.findall(r"\w+", run_abduce(*verb.command.split(), "--help").out)
    summary = re.findall(r"\w+", verb.summary)
    assert words[words.index(summary[0]) :][: len(summary)] == summary


@pytest.mark.parametrize(
    "arguments", [[], ["no-such-command"], ["query"], ["propose", "--top", "0"], ["build", "--odd"]]
)
def test_wrong_use_ends_with_2(run_abduce: RunAbduce, arguments: list[str]) -> None:
    """No command, an unknown one, a missing argument, a wrong value and an unknown flag: 2."""
    assert run_abduce(*arguments).code == 2


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("abduce pro", "propose"), ("abduce resolve undo-", "undo-distinct"),
     ("abduce load --for", "--format"), ("abduce resolve undo --nev", "--never")],
)  # fmt: skip
def test_a_shell_can_complete(typed: str, offered: str) -> None:
    """Commands, those of a group, and the flags of both are completed."""
    asked = {"COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" "))}
    done = subprocess.run(
        [sys.executable, "-c", "from abduce.cli.main import app; app(prog_name='abduce')"],
        env={**os.environ, "_ABDUCE_COMPLETE": "complete_bash", **asked},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [offered]


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


def test_ctrl_c_ends_with_130_and_no_traceback() -> None:
    """Ctrl-C in the middle of a command ends it with 130 and a message, without a traceback."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"bolt://127.0.0.1:{mute.getsockname()[1]}"
        command = [sys.executable, "-m", "abduce", "query", "RETURN 1", "--graph", address]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
            connection, _ = mute.accept()
            with connection:
                process.send_signal(signal.SIGINT)
                _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "interrupted" in err
    assert "Traceback" not in err


def test_ctrl_c_counts_whatever_fails_behind_it(
    run_abduce: RunAbduce, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error that comes up while Ctrl-C ends a command, as of a driver, is not what is told."""

    def cut_off(*_: object, **__: object) -> None:
        try:
            raise KeyboardInterrupt  # noqa: TRY301
        except KeyboardInterrupt:
            raise BufferError("cannot be re-sized")  # noqa: B904  (as a driver does)

    monkeypatch.setattr("abduce.open_graph", cut_off)
    done = run_abduce("query", "RETURN 1 AS one", "--graph", "nowhere")
    assert (done.code, "interrupted" in done.err) == (130, True)
