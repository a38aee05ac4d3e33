"""`abduce neo4j`: a Neo4j on this machine, without Docker or Java."""

from __future__ import annotations

import shlex
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from abduce.cli.commands import flattened
from abduce.cli.options import Json
from abduce.verbs import GROUPS
from kg.sources import SourceOptions

if TYPE_CHECKING:
    from kg import Failure
    from kg.local_neo4j import Neo4jHome, Running

app = typer.Typer(
    name="neo4j",
    help=GROUPS["neo4j"],
    no_args_is_help=True,
    add_completion=False,
)
Home = Annotated[
    Path,
    typer.Option("--home", metavar="DIR", help="The folder that holds its programs and data."),
]
LineName = Annotated[
    Literal["2026", "5.26"] | None,
    typer.Option("--line", help="5.26 is LTS. Else the one that the folder holds, else 2026."),
]
Port = Annotated[
    int | None,
    typer.Option(
        "--port", min=1, max=65535, help="Of Bolt. Else 7687, or where it is taken a free one."
    ),
]
_HOME = Path(".neo4j")
_USUAL_PORT = 7687


@app.command()
def start(
    home: Home = _HOME, line: LineName = None, port: Port = None, as_json: Json = False
) -> None:
    """Start Neo4j on loopback, with a random password; the first time, fetch it."""
    from abduce.cli.console import say
    from kg.local_neo4j import Neo4jHome

    made = Neo4jHome(home, say=say, version=line)
    running = made.start(_usual(port))
    if port not in (None, running.port):
        say(f"it ran already, and stays at port {running.port}: to move it, stop it first")
    _show(made, running, as_json=as_json)


def import_(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH...",
            help="What `export --format neo4j-admin` wrote, or the files of a curated source.",
        ),
    ],
    options: SourceOptions,
    home: Home = _HOME,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace what the database holds.")
    ] = False,
    line: LineName = None,
    port: Port = None,
    as_json: Json = False,
) -> None:
    """Fill a Neo4j that is stopped from files, and start it: the fastest way in.

    A curated source goes into a graph of its own, as `load` would make it in an empty one.
    """
    from abduce.cli.console import list_failures, say
    from kg.archive import is_export
    from kg.loading.curated import write_import_files
    from kg.local_neo4j import Neo4jHome, import_files

    made = Neo4jHome(home, say=say, version=line)
    failed: tuple[Failure, ...] = ()
    with tempfile.TemporaryDirectory(prefix="abduce-import-") as scratch:
        folder = paths[0]
        if len(paths) > 1 or not is_export(folder):
            folder = Path(scratch) / "files"
            failed = write_import_files(paths, options, folder)
        running = import_files(made, folder, overwrite=overwrite, port=_usual(port))
    _show(made, running, as_json=as_json)
    list_failures(failed)
    if failed:
        raise typer.Exit(1)


app.command("import")(flattened(import_))


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


def _usual(port: int | None) -> int | None:
    """Return the port to use: the usual one if none is given and it is free."""
    from kg.local_neo4j import is_free

    return _USUAL_PORT if port is None and is_free(_USUAL_PORT) else port


def _existing(home: Path) -> Neo4jHome:
    from kg import UsageError
    from kg.local_neo4j import Neo4jHome

    if not home.is_dir():
        raise UsageError(
            f"{str(home)!r} is no folder of a Neo4j: give the one that it has (--home)"
        )
    return Neo4jHome(home)


def _show(home: Neo4jHome, running: Running, *, as_json: bool) -> None:
    from abduce.cli.console import print_json
    from kg.local_neo4j import USER

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
