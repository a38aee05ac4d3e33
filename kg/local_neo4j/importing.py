"""Fills a Neo4j that is stopped from the files of `abduce export --format neo4j-admin`."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from kg.archive.folder import Manifest, parse_manifest, read_manifest
from kg.errors import StoreError, UsageError
from kg.local_neo4j.home import USER, Neo4jHome, Running
from kg.local_neo4j.process import free_port
from kg.store.graph import Graph
from kg.store.names import valid_property
from kg.store.names import valid_relationship_type as valid_type
from kg.store.open import open_graph
from kg.versions import become_another, exclusive_write

if TYPE_CHECKING:  # Arrow's CSV takes a moment to import
    from kg.archive.neo4j_admin import Afterwards

DATABASE = "neo4j"
_ADMIN = "org.neo4j.server.startup.Neo4jAdminCommand"
_LOG = "import.log"
_AT_ONCE = 10_000
_SHOWN = 1500
# The command starts a Java of its own, which has its heap and options from here alone.
_JAVA = {"HEAP_SIZE": "1g", "JDK_JAVA_OPTIONS": "--add-opens=java.base/java.nio=ALL-UNNAMED"}


def import_files(
    home: Neo4jHome, folder: Path | str, *, overwrite: bool = False, port: int | None = None
) -> Running:
    """Fill a home's database with an export, start it, and make sure that all of it is there.

    Args:
        home: a Neo4j that is stopped.
        folder: what `export_graph` wrote as neo4j-admin.
        overwrite: replace what the database holds; without it, it is a new one.
        port: of Bolt; default: a free one.

    Returns:
        the running server. The graph in it is the one that was exported.

    Raises:
        UsageError: the home runs, or holds a database and `overwrite` is not given.
        UnreadableFileError: this is no such export, or its files have changed.
        StoreError: the import tool, or the server, said no; says what.
        MissingExtraError: a package is not installed; says which.
    """
    run_import(home, folder, overwrite=overwrite)
    running = home.start(port)
    with open_graph(running.url, user=USER, password=home.password) as graph:
        finish_import(graph, folder)
    return running


def run_import(home: Neo4jHome, folder: Path | str, *, overwrite: bool = False) -> None:
    """Run `neo4j-admin database import full` on a home that is stopped.

    Raises:
        UsageError: the home runs, or holds a database and `overwrite` is not given.
        UnreadableFileError: this is no such export, or its files have changed.
        StoreError: the import tool said no; says what.
    """
    from kg.archive.neo4j_admin import arguments, read_details

    files = Path(folder).resolve()
    details = read_details(files, read_manifest(files))
    if home.running() is not None:
        raise UsageError(f"the Neo4j of {home.path} runs, and files go into one that is stopped")
    if not overwrite and (home.path / "data" / "databases" / DATABASE).exists():
        raise UsageError(
            f"{home.path} holds a database {DATABASE} already: give a new folder, or say that it "
            "may be overwritten"
        )
    home.install()
    home._configure(free_port())  # noqa: SLF001  (this room's own)
    command = [*home._java(_ADMIN), "database", "import", "full", DATABASE]  # noqa: SLF001
    command += arguments(details, f"{files}{os.sep}")
    command += ["--overwrite-destination=true"] if overwrite else []
    log = home.path / "logs" / _LOG
    # By itself the tool leaves it in the folder in which the user happens to be.
    command += [f"--report-file={log.with_suffix('.report')}"]
    with log.open("w", encoding="utf-8") as output:
        done = subprocess.run(  # noqa: S603  (our own command)
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=home._environment() | _JAVA,  # noqa: SLF001
        )
    if done.returncode:
        said = log.read_text(encoding="utf-8", errors="replace")[-_SHOWN:].strip()
        raise StoreError(f"neo4j-admin could not import {folder}; {log} ends with: {said}")


def finish_import(graph: Graph, folder: Path | str) -> None:
    """Give an imported graph its schema and what CSV cannot say, and count it.

    Raises:
        UnreadableFileError: this is no such export.
        StoreError: the graph does not hold what was exported.
    """
    from kg.archive.neo4j_admin import afterwards, read_details

    manifest = parse_manifest(Path(folder))
    details = read_details(Path(folder), manifest)
    types = {table.labels[1] for table in details.tables if len(table.labels) > 1}
    # The full-text index last: it is filled at once, and need not follow each node that is set.
    graph.ensure_schema(sorted(types), search=False)
    for after in afterwards(details):
        _set(graph, after, valid_property(details.odd_name))
    graph.ensure_schema(())
    _refuse_other(graph, manifest)
    exclusive_write(graph, become_another)


def _set(graph: Graph, after: Afterwards, odd: str) -> None:
    v = after.variable
    sets = ", ".join(f"{v}.{valid_property(n)} = $values.{n}" for n in after.properties)
    statement = (
        f"MATCH {after.pattern} WHERE {v}.{odd} = $number WITH {v} LIMIT {_AT_ONCE} "
        f"SET {sets} REMOVE {v}.{odd} RETURN count({v}) AS n"
    )
    while graph.write(statement, number=after.number, values=after.properties)[0]["n"]:
        pass


def _refuse_other(graph: Graph, manifest: Manifest) -> None:
    # Neo4j keeps these counts; to count by type over all edges would look at each of them.
    counted = {type_: _count(graph, f"()-[x:{valid_type(type_)}]->()") for type_ in manifest.edges}
    held, all_edges = _count(graph, "(x)"), _count(graph, "()-[x]->()")
    nodes, edges = sum(manifest.nodes.values()), sum(manifest.edges.values())
    if (held, all_edges) != (nodes, edges) or counted != manifest.edges:
        raise StoreError(
            f"{graph.where} holds {held} nodes and {all_edges} edges ({counted}) after the import, "
            f"and {nodes} and {manifest.edges} were exported: remove the home and import again"
        )


def _count(graph: Graph, pattern: str) -> int:
    return int(graph.read(f"MATCH {pattern} RETURN count(x) AS n")[0]["n"])
