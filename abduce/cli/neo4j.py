"""`abduce neo4j`: a Neo4j on this machine, without Docker or Java."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from abduce.cli.options import Json

if TYPE_CHECKING:
    from kg import Neo4jHome
    from kg.neo4j_home import Running

app = typer.Typer(
    name="neo4j",
    help="Run a Neo4j on this machine, without Docker or Java.",
    no_args_is_help=True,
)
Home = Annotated[
    Path,
    typer.Option("--home", metavar="DIR", help="The folder that holds its programs and data."),
]
_HOME = Path(".neo4j")
_USUAL_PORT = 7687


@app.command()
def start(
    home: Home = _HOME,
    line: Annotated[
        Literal["2026", "5.26"] | None,
        typer.Option("--line", help="5.26 is LTS. Else the one that the folder holds, else 2026."),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            "--port", min=1, max=65535, help="Of Bolt. Else 7687, or where it is taken a free one."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Start Neo4j on loopback, with a random password; the first time, fetch it."""
    from abduce.cli.console import say
    from kg import Neo4jHome
    from kg.neo4j_home import is_free

    made = Neo4jHome(home, say=say, version=line)
    if port is None and is_free(_USUAL_PORT):
        port = _USUAL_PORT
    _show(made, made.start(port), as_json=as_json)


@app.command()
def stop(home: Home = _HOME) -> None:
    """Stop the Neo4j of a folder; its data stays."""
    from abduce.cli.console import say

    say("stopped" if _existing(home).stop() else f"no Neo4j runs in {home}")


@app.command()
def status(home: Home = _HOME, as_json: Json = False) -> None:
    """Show where the Neo4j of a folder answers; exit code 1 if it does not run."""
    from abduce.cli.console import say

    made = _existing(home)
    running = made.running()
    if running is None:
        say(f"no Neo4j runs in {home}: abduce neo4j start --home {shlex.quote(str(home))}")
        raise typer.Exit(1)
    _show(made, running, as_json=as_json)


def _existing(home: Path) -> Neo4jHome:
    from kg import Neo4jHome, UsageError

    if not home.is_dir():
        raise UsageError(
            f"{str(home)!r} is no folder of a Neo4j: give the one that it has (--home)"
        )
    return Neo4jHome(home)


def _show(home: Neo4jHome, running: Running, *, as_json: bool) -> None:
    from abduce.cli.console import print_json
    from kg.neo4j_home import USER

    if as_json:
        print_json(
            {
                "url": running.url,
                "user": USER,
                "password_file": str(home.password_file),
                "version": home.line.version,
                "pid": running.pid,
                "home": str(home.path),
            }
        )
        return
    secret = shlex.quote(str(home.password_file))
    typer.echo(
        f"Neo4j {home.line.version} answers at {running.url}, process {running.pid}. To use it:\n"
        f"export ABDUCE_GRAPH={running.url} ABDUCE_USER={USER} \\\n"
        f'  ABDUCE_PASSWORD="$(cat {secret})"'
    )
