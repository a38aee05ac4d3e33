"""The way of a fact into the graph is short enough to be followed with a finger.

A visit is a stay in one file: calls that take or return what is followed, one after the other.
Errors, models, ids, the store, the log and the version are tools by the way, and are not counted.
"""

from __future__ import annotations

import ast
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import kg
from kg import Graph, claim_id, evidence_id, load_shards
from kg.curated_models import Fact, Source, Term
from kg.loading.curated import load_curated
from kg.sources import CuratedSource
from tests.kg.written import one_claim, shard

ROOT = Path(kg.__file__).parent
TOOLS = ("store/", "runs/", "errors", "gc_", "identifiers", "models", "prefetch", "versions")
MOST_VISITS, MOST_FILES = 14, 9


def _holds(value: Any, followed: str, depth: int = 0) -> bool:
    """Whether a value is what is followed, or a container that has it."""
    if isinstance(value, str):
        return value == followed
    if depth > 6 or not isinstance(value, (dict, list, tuple, set, frozenset)):
        return False
    inner = [*value.items()] if isinstance(value, dict) else [*value]
    return any(_holds(item, followed, depth + 1) for item in inner)


def _visits(act: Callable[[], object], followed: str) -> list[str]:
    """The files that something passes through while an act is traced, in order."""
    visits: list[str] = []

    def trace(frame: FrameType, event: str, returned: Any) -> None:
        path = Path(frame.f_code.co_filename)
        if event not in ("call", "return") or ROOT not in path.parents:
            return
        file = path.relative_to(ROOT).as_posix()
        taken = {name: value for name, value in frame.f_locals.items() if name != "self"}
        if file.startswith(TOOLS) or not _holds(returned if event == "return" else taken, followed):
            return
        if not visits or visits[-1] != file:
            visits.append(file)

    threading.setprofile(trace)
    sys.setprofile(trace)
    try:
        act()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    return visits


def _check(visits: list[str]) -> None:
    assert 3 < len(visits) <= MOST_VISITS, visits
    assert len(set(visits)) <= MOST_FILES, visits


def test_the_way_of_a_sentence(embedded_graph: Graph, tmp_path: Path) -> None:
    """From a shard to the graph a sentence makes 14 visits to 9 files at most."""
    written = one_claim("pmid:1", ("Chemical", "caffeine"), "TREATS", ("Disease", "migraine"))
    (said,) = written.evidence
    claim = claim_id(said.subject, said.predicate, said.object)
    id_ = evidence_id(claim, said.paper, said.start, said.end, said.pack)
    folder = shard(tmp_path / "s", [written])
    visits = _visits(lambda: load_shards(embedded_graph, [folder]), id_)
    assert visits[-1].startswith("contributions/")
    _check(visits)


def test_the_way_of_a_curated_row(embedded_graph: Graph) -> None:
    """From its source to an edge a curated row makes 14 visits to 9 files at most."""
    terms = [Term(id="X:1", type="Chemical"), Term(id="X:2", type="Disease")]
    facts = [Fact(subject="X:1", predicate="TREATS", object="X:2", row="the row")]
    source = CuratedSource(
        Source(name="s", version="1"), None, lambda: iter(terms), lambda: iter(facts)
    )
    visits = _visits(lambda: load_curated(embedded_graph, source), "the row")
    assert "contributions/new_claims.py" in visits
    _check(visits)


def test_contributions_call_nobody_who_makes_deltas() -> None:
    """The algebra imports none of the rooms that make deltas, so nothing is called back up."""
    above = (
        "kg.loading",
        "kg.resolving",
        "kg.forgetting",
        "kg.sources",
        "kg.asking",
        "kg.snapshot",
    )
    for path in (ROOT / "contributions").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert not (node.module or "").startswith(above), path
