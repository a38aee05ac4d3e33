"""Entry point of the command line, `abduce`; errors become messages here alone."""

from __future__ import annotations

import sys
from importlib.metadata import version
from typing import Annotated

import typer

from abduce.cli.commands import Commands

INTERRUPTED = 130  # what typer ends with after Ctrl-C
_STOPPED = "interrupted; what was done is kept, and the same command goes on from there"

app = typer.Typer(
    name="abduce",
    cls=Commands,
    help="Papers become a graph of what they claim; its gaps become checked hypotheses.",
    epilog="Exit codes: 0 done; 1 failures, which are listed, or nothing found; 2 wrong use.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # a plain traceback shows no values, so no password
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"abduce {version('abduce')}")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command line; an error of ours becomes a message and its exit code."""
    try:
        app()
    except SystemExit as ended:
        if ended.code == INTERRUPTED:
            _say(_STOPPED)
        raise
    except Exception as error:
        from kg import AbduceError

        if _follows_interrupt(error):
            _say(_STOPPED)
            sys.exit(INTERRUPTED)
        if not isinstance(error, AbduceError):
            raise
        _say(str(error))
        sys.exit(error.exit_code)


def _follows_interrupt(error: BaseException) -> bool:
    """Whether an error came up while Ctrl-C was on its way out: a driver that is cut off fails."""
    before = error.__cause__ or error.__context__
    return isinstance(error, KeyboardInterrupt) or bool(before and _follows_interrupt(before))


def _say(message: str) -> None:
    from abduce.cli.console import say

    say(f"abduce: {message}")
