"""`abduce resolve`: what it prints, how it ends, and what it leaves behind."""

from __future__ import annotations

from pathlib import Path

import abduce
from kg.curated_models import Source, Term
from kg.loading.curated import load_curated
from kg.sources import CuratedSource
from tests.abduce.conftest import FISH_OIL, RAYNAUD, RunAbduce

TERMS = [
    Term(id="DOID:2", type="Disease", name="Raynaud's disease"),
    Term(id="CHEBI:9", type="Chemical", name="fish oils"),
]


def _with_terms(folder: Path) -> Path:
    with abduce.open_graph(folder) as graph:
        source = Source(name="onto", version="1")
        load_curated(graph, CuratedSource(source, None, lambda: iter(TERMS), lambda: iter(())))
    return folder


def test_resolve(run_abduce: RunAbduce, small_graph: Path) -> None:
    """It merges what is sure, lists what is similar, and says the same as JSON; then nothing."""
    graph = _with_terms(small_graph)
    dry = run_abduce("resolve", "--graph", graph, "--dry-run", "--json")
    done = run_abduce("resolve", "run", "--graph", graph, "--json")
    assert (dry.code, done.code) == (0, 0)
    assert {**dry.rows[0], "dry_run": False} == done.rows[0]
    assert [(m["absorbed"], m["into"]) for m in done.rows[0]["merges"]] == [(RAYNAUD, "DOID:2")]
    listed = run_abduce("resolve", "merges", "--graph", graph, "--json")
    assert [row["rule"] for row in listed.rows] == ["name"]
    again = run_abduce("resolve", "--graph", graph)
    assert again.code == 0
    assert "merged      0" in again.out
    candidates = run_abduce("resolve", "candidates", "--graph", graph, "--json")
    assert [(c["absorbed"], c["into"]) for c in candidates.rows] == [(FISH_OIL, "CHEBI:9")]


def test_a_persons_decision(run_abduce: RunAbduce, small_graph: Path) -> None:
    """A person merges by name, finds the merge with the reason, and takes it back for good."""
    graph = _with_terms(small_graph)
    with abduce.open_graph(graph) as opened:
        before = opened.dump()
    why = ("--why", "the same stuff")
    merged = run_abduce(
        "resolve", "merge", "fish oil", "fish oils", *why, "--graph", graph, "--json"
    )
    assert merged.rows == [
        {
            "absorbed": FISH_OIL,
            "into": "CHEBI:9",
            "type": "Chemical",
            "rule": "person",
            "why": "the same stuff",
        }
    ]
    undone = run_abduce("resolve", "undo", FISH_OIL, "--graph", graph)
    assert undone.code == 0
    with abduce.open_graph(graph) as opened:
        assert opened.dump() == before
    run_abduce("resolve", "--graph", graph)
    shown = f"merge:{RAYNAUD}"  # the id of its node, as a question shows it
    assert run_abduce("resolve", "undo", shown, "--never", "--graph", graph).code == 0
    kept = run_abduce("resolve", "--graph", graph, "--json")
    assert (kept.rows[0]["merged"], kept.rows[0]["kept_apart"]) == (0, 1)


def test_two_that_are_not_one(run_abduce: RunAbduce, small_graph: Path) -> None:
    """What a person says is not one thing is not asked about again."""
    graph = _with_terms(small_graph)
    asked = ("resolve", "candidates", "--graph", graph, "--json")
    assert len(run_abduce(*asked).rows) == 1
    why = ("--why", "another one")
    apart = run_abduce(
        "resolve", "distinct", "fish oil", "fish oils", *why, "--graph", graph, "--json"
    )
    assert apart.rows == [{"one": "CHEBI:9", "other": FISH_OIL, "why": "another one"}]
    assert run_abduce(*asked).rows == []
    listed = run_abduce("resolve", "list-distinct", "--graph", graph, "--json")
    assert listed.rows == apart.rows


def test_two_that_may_be_one_after_all(run_abduce: RunAbduce, small_graph: Path) -> None:
    """What was kept distinct can be taken back, by name: it is asked about again."""
    graph = _with_terms(small_graph)
    place = ("--graph", graph, "--json")
    asked = run_abduce("resolve", "candidates", *place).rows
    apart = run_abduce("resolve", "distinct", "fish oil", "fish oils", *place)
    undone = run_abduce("resolve", "undo-distinct", "fish oils", "fish oil", *place)
    assert (undone.code, undone.rows) == (0, [{**apart.rows[0], "why": ""}])
    assert run_abduce("resolve", "candidates", *place).rows == asked
    assert run_abduce("resolve", "list-distinct", *place).code == 1


def test_wrong_use(run_abduce: RunAbduce, small_graph: Path) -> None:
    """Two things at once, an unknown name, two types, no such merge: told, with exit code 2."""
    for arguments, said in [
        (("--dry-run", "candidates"), "unexpected extra argument"),
        (("--never",), "No such option"),
        (("--why", "so"), "No such option"),
        (("undo", FISH_OIL, "--why", "so"), "give it with --never"),
        (("merge", "fish oil", FISH_OIL), "are one entity already"),
        (("distinct", "fish oil", FISH_OIL), "are one entity already"),
        (("distinct", "fish oil", "fish soup"), "no entity is called 'fish soup'"),
        (("merge", "fish oil", "fish soup"), "no entity is called 'fish soup'"),
        (("merge", "fish oil", "Raynaud disease"), "different types"),
        (("undo-distinct", "fish oil", "Raynaud disease"), "nothing keeps"),
        (("distinct", "a", "b", "--dry-run"), "No such option"),
        (("undo", "nothing"), "no merge is called 'nothing'"),
        (("undistinct", "a", "b"), "No such command 'undistinct'"),
    ]:
        done = run_abduce("resolve", *arguments, "--graph", small_graph)
        assert done.code == 2
        assert said in " ".join(done.err.replace("│", " ").split())


def test_nothing_to_list(run_abduce: RunAbduce, small_graph: Path, tmp_path: Path) -> None:
    """No merge, no candidate, no entity: it says so and ends with 1."""
    assert run_abduce("resolve", "merges", "--graph", small_graph).code == 1
    assert run_abduce("resolve", "candidates", "--graph", small_graph).code == 1
    with abduce.open_graph(tmp_path / "empty", create=True):
        pass
    done = run_abduce("resolve", "--graph", tmp_path / "empty")
    assert (done.code, "no entity" in done.err) == (1, True)
