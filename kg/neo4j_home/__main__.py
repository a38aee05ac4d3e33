"""`python -m kg.neo4j_home setup|start|stop|status`: what `make neo4j` calls."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from kg.errors import AbduceError
from kg.neo4j_home.home import USER, Neo4jHome, Running


def main(arguments: list[str] | None = None) -> int:
    """Do one of the four things and return the exit code: 0 done, 1 not so, 2 wrong use."""
    parser = argparse.ArgumentParser(prog="python -m kg.neo4j_home", description=__doc__)
    parser.add_argument("what", choices=("setup", "start", "stop", "status"))
    parser.add_argument("--home", type=Path, default=Path(".neo4j"), help="default: .neo4j")
    parser.add_argument("--port", type=int, default=None, help="of Bolt; default: a free one")
    given = parser.parse_args(arguments)
    home = Neo4jHome(given.home, say=_say)
    try:
        return _do(home, given.what, given.port)
    except AbduceError as error:
        _say(f"error: {error}")
        return error.exit_code
    except KeyboardInterrupt:
        _say("interrupted; nothing is left running")
        return 130


def _do(home: Neo4jHome, what: str, port: int | None) -> int:
    match what:
        case "setup":
            home.install()
            _say(f"Neo4j is in {home.jars}")
        case "start":
            _show(home, home.start(port))
        case "stop":
            _say("stopped" if home.stop() else "it did not run")
        case _:
            running = home.running()
            if running is None:
                _say(f"no Neo4j runs in {home.path}")
                return 1
            _show(home, running)
    return 0


def _show(home: Neo4jHome, running: Running) -> None:
    print(f"Neo4j answers at {running.url}, process {running.pid}. To use it:")  # noqa: T201
    print(f'export ABDUCE_GRAPH="{running.url}" ABDUCE_USER={USER} \\')  # noqa: T201
    print(f'  ABDUCE_PASSWORD="$(cat {home.path / "password"})"')  # noqa: T201


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
