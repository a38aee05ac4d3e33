"""`abduce build`."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import abduce

if TYPE_CHECKING:
    from tests.abduce.conftest import RunAbduce

SAMPLES = Path(__file__).parent.parent.parent / "samples" / "abstracts.jsonl"
KEYS = {
    "papers", "passages", "mentions", "entities", "claims", "evidence", "failed", "seconds",
    "papers_per_second",
}  # fmt: skip
BUILD = ["build", "papers.jsonl", "--pack", "biomedicine", "--graph", "graph"]
COUNT = "MATCH (p:Paper) RETURN count(p) AS papers"


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """Four of the sample abstracts, in a file."""
    lines = SAMPLES.read_text(encoding="utf-8").splitlines(keepends=True)
    path = tmp_path / "papers.jsonl"
    path.write_text("".join(lines[:4]), encoding="utf-8")
    return path


def dump(folder: Path) -> list[str]:
    """The whole graph in a folder."""
    with abduce.open_graph(folder) as graph:
        return graph.dump()


@pytest.mark.usefixtures("papers")
def test_the_summary_counts_what_the_graph_holds(run_abduce: RunAbduce) -> None:
    """`build --json` prints one object with the fixed keys, and its counts are the graph's."""
    done = run_abduce(*BUILD, "--json")
    assert done.code == 0, done.err
    (summary,) = done.rows
    assert set(summary) >= KEYS
    assert (summary["papers"], summary["failed"]) == (4, [])
    count = "MATCH (n) WHERE n:Entity OR n:Evidence RETURN labels(n) AS labels, count(n) AS n"
    counted = run_abduce("query", count, "--graph", "graph", "--json").rows
    for label, key in (("Entity", "entities"), ("Evidence", "evidence")):
        assert sum(row["n"] for row in counted if label in row["labels"]) == summary[key] > 0


@pytest.mark.usefixtures("papers")
def test_twice_and_fresh_give_the_same_graph(run_abduce: RunAbduce, tmp_path: Path) -> None:
    """The same papers built again, and built afresh, give the same graph."""
    assert run_abduce(*BUILD).code == 0
    once = dump(tmp_path / "graph")
    assert run_abduce(*BUILD).code == 0
    assert dump(tmp_path / "graph") == once
    assert run_abduce(*BUILD, "--fresh").code == 0
    assert dump(tmp_path / "graph") == once


@pytest.mark.usefixtures("papers")
def test_limit_reads_so_many_and_no_more(run_abduce: RunAbduce) -> None:
    """`--limit N` reads N papers."""
    assert run_abduce(*BUILD, "--limit", "2", "--json").rows[0]["papers"] == 2
    assert run_abduce("query", COUNT, "--graph", "graph", "--json").rows == [{"papers": 2}]


def test_bad_input_is_listed_and_the_rest_is_built(
    run_abduce: RunAbduce, papers: Path, tmp_path: Path
) -> None:
    """Whatever cannot be read is listed with its place and reason; the rest is built; code 1."""
    folder = tmp_path / "folder"
    folder.mkdir()
    bad = bad_files(folder)
    (folder / "good.jsonl").write_bytes(papers.read_bytes())
    done = run_abduce("build", "folder", "--pack", "biomedicine", "--graph", "graph", "--json")
    assert done.code == 1
    (summary,) = done.rows
    listed = {Path(failure["path"]).name: failure["reason"] for failure in summary["failed"]}
    assert set(listed) == bad
    assert all(listed.values())
    assert all(name in done.err for name in bad)
    assert summary["papers"] >= 4
    first = json.loads(papers.read_text(encoding="utf-8").splitlines()[0])["id"]
    query = ["query", "MATCH (p:Paper {id: $id}) RETURN p.text AS text", "--param", f"id={first}"]
    assert run_abduce(*query, "--graph", "graph", "--json").code == 0


def bad_files(folder: Path) -> set[str]:
    """Write one file of each kind of bad input, and return their names."""
    again = {"id": "pmid:1", "title": "Two texts", "abstract": "One text of aspirin."}
    other = {**again, "abstract": "Another text of aspirin."}
    files = {
        "empty.txt": b"",
        "noise.txt": bytes(range(256)) * 40,
        "broken.xml": b"<article><front></article>",
        "entity.xml": b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]><article>&e;'
        b"</article>",
        "cut.jsonl.gz": gzip.compress(json.dumps(again).encode() * 200)[:60],
        "lines.jsonl": b"this is no JSON\n",
        "twice.jsonl": f"{json.dumps(again)}\n{json.dumps(other)}\n".encode(),
        "surrogate.jsonl": b'{"id": "pmid:2", "title": "t", "abstract": "x \\ud800 y"}\n',
        "long.txt": b"aspirin " * 1_100_000,
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    if os.geteuid() != 0:  # root may read everything
        (folder / "closed.txt").write_text("closed", encoding="utf-8")
        (folder / "closed.txt").chmod(0)
        files["closed.txt"] = b""
    return set(files)


def test_nothing_to_read_ends_with_1_and_says_so(run_abduce: RunAbduce, tmp_path: Path) -> None:
    """A build that yields nothing says so loudly, names the file, and ends with 1."""
    (tmp_path / "empty.txt").touch()
    build = ["build", "empty.txt", "nowhere.txt", "--pack", "biomedicine", "--graph", "graph"]
    done = run_abduce(*build)
    assert done.code == 1
    assert "nothing came of it" in done.err
    assert "empty.txt" in done.err
    assert "nowhere.txt" in done.err


@pytest.mark.usefixtures("papers")
def test_an_unknown_pack_ends_with_2_before_anything_is_made(
    run_abduce: RunAbduce, tmp_path: Path
) -> None:
    """An unknown pack is wrong use; the nearest is named, and no graph is made."""
    done = run_abduce("build", "papers.jsonl", "--pack", "biomedicin", "--graph", "graph")
    assert done.code == 2
    assert "biomedicine" in done.err
    assert not (tmp_path / "graph").exists()


@pytest.mark.usefixtures("papers")
def test_killed_and_run_again_is_as_if_never_killed(run_abduce: RunAbduce, tmp_path: Path) -> None:
    """A build that is killed and run again gives the graph of one that was not."""
    lines = SAMPLES.read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "papers.jsonl").write_text("".join(lines[:30]), encoding="utf-8")
    command = [sys.executable, "-m", "abduce", *BUILD[:-1], "killed"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None and not list(tmp_path.glob("killed/shards/*")):
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
    assert run_abduce(*BUILD[:-1], "killed").code == 0
    assert run_abduce(*BUILD).code == 0
    assert dump(tmp_path / "killed") == dump(tmp_path / "graph")
