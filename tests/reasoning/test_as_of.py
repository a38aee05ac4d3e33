"""Proposing and checking as if it were then: what was said later plays no part."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kg import Graph, Hypothesis, Snapshot, UnknownNameError, UsageError, Verdict, open_graph
from kg.asking import CuratedEvidence
from kg.loading.curated import load_curated
from reasoning import check, explain, explanation_text, propose
from tests.kg.loading.curated.sources import fact, source
from tests.reasoning.literature import SWANSON, Said, entity_id, load

EARLY = [replace(said, date="1985") for said in SWANSON]
FOUND = Said("fish oil", "NEGATIVE_CORRELATION", "Raynaud", date="1989")
LATER = [
    FOUND,
    Said("gout", "POSITIVE_CORRELATION", "Raynaud", date="1991-03"),
    Said("magnesium", "NEGATIVE_CORRELATION", "Raynaud", date="1990"),
]


@pytest.fixture
def both(graph: Graph, tmp_path: Path) -> Graph:
    """What was said by 1985, and what came later."""
    load(graph, tmp_path / "both", [*EARLY, *LATER, Said("caffeine", "ASSOCIATION", "gout")])
    return graph


def plain(hypotheses: list[Hypothesis]) -> list[Hypothesis]:
    """Hypotheses without the time that they are of, and the id that goes with it."""
    unnamed = {"id": "", "as_of": "", "since": ""}
    return [hypothesis.model_copy(update=unnamed) for hypothesis in hypotheses]


def test_proposed_as_then(both: Graph, tmp_path: Path) -> None:
    """As of 1985 the proposals are, to the last quote, those of a graph that ended there."""
    seen: list[Snapshot] = []
    then = propose(both, "TREATS", entity="Raynaud", as_of="1985", on_snapshot=seen.append)
    with open_graph(tmp_path / "then", create=True) as other:
        load(other, tmp_path / "early", EARLY)
        alone = propose(other, "TREATS", entity="Raynaud")
    assert plain(then) == plain(alone)
    assert then[0].subject.name == "fish oil"
    assert then[0].verdict is Verdict.NOVEL
    assert seen[0].left_out.papers == 1
    now = propose(both, "TREATS", entity="Raynaud")
    assert "fish oil" not in [hypothesis.subject.name for hypothesis in now]


def test_checked_as_then(both: Graph) -> None:
    """What became known later was novel then; both hypotheses are kept, under ids of their own."""
    then = check(both, "fish oil", "TREATS", "Raynaud", as_of="1988")
    now = check(both, "fish oil", "TREATS", "Raynaud")
    assert (then.verdict, now.verdict) == (Verdict.NOVEL, Verdict.KNOWN)
    assert then.id != now.id
    assert explain(both, then.id) == then
    assert explain(both, now.id) == now
    assert "from what was said as of 1988 alone" in explanation_text(then)
    assert "alone" not in explanation_text(now)


def test_since(both: Graph) -> None:
    """Since 1989 only what was said then counts: nothing leads from olive oil to Raynaud."""
    late = check(both, "fish oil", "TREATS", "Raynaud", since="1989")
    assert late.verdict is Verdict.KNOWN
    assert late.paths == ()
    with pytest.raises(UsageError, match=r"olive oil .* but nothing said since 1989 names it"):
        check(both, "olive oil", "TREATS", "Raynaud", since="1989")


def test_not_known_then(both: Graph) -> None:
    """An entity that nobody had named by then is an error that says so, not an empty answer."""
    with pytest.raises(UsageError, match=r"magnesium .* but nothing said as of 1985 names it"):
        propose(both, "TREATS", entity="magnesium", as_of="1985")
    with pytest.raises(UnknownNameError):
        propose(both, "TREATS", entity="selenium", as_of="1985")


def test_rows_behind_a_path(graph: Graph, tmp_path: Path) -> None:
    """A step of a path that rests on a curated row shows its source, version, licence and row."""
    load(graph, tmp_path / "s", [said for said in SWANSON if said.object != "blood viscosity"])
    ends = entity_id("fish oil"), entity_id("blood viscosity")
    claims = [fact(ends[0], "NEGATIVE_CORRELATION", ends[1], "line 12")]
    load_curated(graph, source(facts=claims, name="oils", version="2016", domain=None))
    found = propose(graph, "TREATS", entity="Raynaud")[0]
    rows = [
        quote
        for path in found.paths
        for quotes in path.quotes
        for quote in quotes
        if isinstance(quote, CuratedEvidence)
    ]
    assert rows[0].place == "oils 2016 (CC0-1.0), line 12"
    assert "a row of oils 2016 (CC0-1.0), line 12" in explanation_text(found)
    assert explain(graph, found.id) == found


def test_a_row_that_denies(graph: Graph, tmp_path: Path) -> None:
    """A curated row that denies a claim contradicts it, and is cited."""
    load(graph, tmp_path / "s", SWANSON)
    ends = entity_id("fish oil"), entity_id("Raynaud")
    denial = [fact(ends[0], "NEGATIVE_CORRELATION", ends[1], "line 3", denied=True)]
    load_curated(graph, source(facts=denial, name="trials", domain=None))
    found = check(graph, "fish oil", "TREATS", "Raynaud")
    assert found.verdict is Verdict.CONTRADICTED
    sources = [place for finding in found.findings for place in finding.sources]
    assert "trials 1 (CC0-1.0), line 3" in sources


def test_a_row_that_makes_it_known(graph: Graph, tmp_path: Path) -> None:
    """A curated row that supports a claim makes it known, and is cited."""
    load(graph, tmp_path / "s", SWANSON)
    ends = entity_id("fish oil"), entity_id("Raynaud")
    row = [fact(ends[0], "NEGATIVE_CORRELATION", ends[1], "line 3")]
    load_curated(graph, source(facts=row, name="trials", domain=None))
    found = check(graph, "fish oil", "TREATS", "Raynaud")
    assert found.verdict is Verdict.KNOWN
    (known,) = [finding for finding in found.findings if finding.check == "already_known"]
    assert known.sources == ("trials 1 (CC0-1.0), line 3",)
