"""Neo4j's own import takes the files that we write for it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import neo4j
import pytest

from kg import Graph, StoreError, UnreadableFileError, UsageError, load_shards, open_graph
from kg.archive import NodeRecord, restore
from kg.exporting import export_graph, export_records
from kg.local_neo4j import USER, Neo4jHome, import_files, run_import
from tests.kg.archive.graphs import change_manifest, everything, fill, odd_graph
from tests.kg.written import library, shard
from tests.servers import JARS, SETTINGS, watched


def test_neo4j_imports_our_files(embedded_graph: Graph, tmp_path: Path) -> None:
    """Whatever is in our files, neo4j-admin takes them and gives the graph that was exported."""
    fill(embedded_graph, odd_graph())
    load_shards(embedded_graph, [shard(tmp_path / "shards", library(20))])
    export_graph(embedded_graph, tmp_path / "out", "neo4j-admin")
    home = Neo4jHome(tmp_path / "home", libraries=JARS, version="2026", settings=SETTINGS)
    with watched(home):
        running = import_files(home, tmp_path / "out")
        with open_graph(running.url, user=USER, password=home.password) as graph:
            assert everything(graph) == everything(embedded_graph)
            constraints = graph.read("SHOW CONSTRAINTS YIELD labelsOrTypes AS labels")
            assert {"labels": ["Entity"]} in constraints
        with pytest.raises(UsageError, match="is stopped"):
            import_files(home, tmp_path / "out")
        home.stop()
        with pytest.raises(UsageError, match="holds a database neo4j already"):
            import_files(home, tmp_path / "out")


def test_the_lts_line_by_hand(embedded_graph: Graph, tmp_path: Path) -> None:
    """Packed files go into Neo4j 5.26, and schema.cypher as it stands does the rest."""
    fill(embedded_graph, odd_graph())
    export_graph(embedded_graph, tmp_path / "out", "neo4j-admin", compress=True)
    home = Neo4jHome(tmp_path / "home", libraries=JARS, version="5.26", settings=SETTINGS)
    with watched(home):
        run_import(home, tmp_path / "out")
        running = home.start()
        auth = (USER, home.password.get_secret_value())
        script = (tmp_path / "out" / "schema.cypher").read_text(encoding="utf-8")
        with neo4j.GraphDatabase.driver(running.url, auth=auth) as driver:
            for statement in script.split(";\n")[:-1]:
                with driver.session() as session:
                    session.run(statement).consume()
        with open_graph(running.url, user=USER, password=home.password) as graph:
            assert graph.dump() == embedded_graph.dump()


def test_files_that_neo4j_does_not_take(tmp_path: Path) -> None:
    """What the import tool says against our files, or what they are not, is told."""
    home = Neo4jHome(tmp_path / "home", libraries=JARS, settings=SETTINGS)
    export_records([NodeRecord(("Source",), {"id": "a"})], tmp_path / "other", "parquet")
    with pytest.raises(UnreadableFileError, match="--format neo4j-admin"):
        import_files(home, tmp_path / "other")
    export_records([NodeRecord(("Source",), {"id": "a", "n": 1})], tmp_path / "out", "neo4j-admin")
    rows = tmp_path / "out" / "nodes-Source.csv"
    rows.write_text(rows.read_text().replace(",1", ",one"))
    change_manifest(tmp_path / "out", {})
    with pytest.raises(StoreError, match="neo4j-admin could not import"):
        import_files(home, tmp_path / "out")


def test_the_command_line_for_people(tmp_path: Path) -> None:
    """import.sh is a shell script that calls neo4j-admin with every file that there is."""
    export_records(odd_graph(), tmp_path / "out", "neo4j-admin")
    script = tmp_path / "out" / "import.sh"
    subprocess.run(["sh", "-n", str(script)], check=True)
    seen = tmp_path / "seen"
    admin = tmp_path / "bin" / "neo4j-admin"
    admin.parent.mkdir()
    admin.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {seen}\n')
    admin.chmod(0o755)
    path = {"PATH": f"{admin.parent}:/usr/bin:/bin"}
    subprocess.run([str(script), "mine", "--verbose"], check=True, env=path)
    arguments = seen.read_text().splitlines()
    assert arguments[:4] == ["database", "import", "full", "mine"]
    assert arguments[-1] == "--verbose"
    named = {
        name
        for argument in arguments
        if argument.startswith(("--nodes=", "--relationships="))
        for name in argument.rpartition("=")[2].split(",")
    }
    assert named == {path.name for path in (tmp_path / "out").glob("*.csv")}


def test_what_neo4j_admin_wrote_goes_into_a_folder(tmp_path: Path) -> None:
    """The files for Neo4j are an export like any other: an embedded graph can be made of them."""
    export_records(odd_graph(), tmp_path / "out", "neo4j-admin", compress=True)
    with open_graph(tmp_path / "graph", create=True) as graph:
        summary = restore(graph, tmp_path / "out")
        assert graph.counts().relationships == summary.edges
