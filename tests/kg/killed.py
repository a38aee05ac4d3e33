"""Programs that are killed in the middle of what they do, however quick or slow the machine is."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
# A program calls `progress` after each of its steps. It is killed soon after one of them, and goes
# on until then, but not past the step `last`: there it waits for its end.
PROGRESS = """
import sys, time

last = int(sys.argv.pop())

def progress(done, _):
    print(done, flush=True)
    if done >= last:
        time.sleep(3600)
"""


def kill_in_the_middle(
    program: str, arguments: tuple[str, ...], *, after: int, last: int, wait: float
) -> None:
    """Run a program, and kill it with SIGKILL some seconds after it has said `after` or more.

    Args:
        program: its source; it gives `progress` to what it runs.
        arguments: what it is given.
        after: the least number of done things after which it is killed.
        last: with so many done it goes no further, so that it is not over before it is killed.
        wait: how many seconds it may still go on.
    """
    command = [sys.executable, "-c", PROGRESS + program, *arguments, str(last)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if int(line) >= after:
                break
        time.sleep(wait)
        process.kill()
    assert process.returncode == -9
