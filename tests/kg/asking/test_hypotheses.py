"""Hypotheses in a graph: kept, read again, and never taken for claims."""

from __future__ import annotations

import pytest

from kg import (
    Entity,
    Finding,
    FindingStatus,
    Hypothesis,
    Path,
    PathEdge,
    Quote,
    UnknownNameError,
    Verdict,
    hypothesis_id,
    mint_entity_id,
    take_snapshot,
)
from kg.asking import claims_between, read_hypothesis, store_hypotheses
from tests.kg.conftest import Load
from tests.kg.written import LOWERS, RAISES, one_claim

MAGNESIUM = mint_entity_id("Chemical", "magnesium")
RAYNAUD = mint_entity_id("Disease", "Raynaud's disease")


def hypothesis(score: float = 0.5, probability: float | None = 0.25) -> Hypothesis:
    """A hypothesis with a path, a quote and a finding."""
    ends = (
        Entity(id=MAGNESIUM, name="magnesium", type="Chemical", synonyms=("Mg",)),
        Entity(id=RAYNAUD, name="Raynaud's disease", type="Disease"),
    )
    edge = PathEdge(
        subject=MAGNESIUM, predicate=LOWERS, object=RAYNAUD, reading="lowers", belief=0.75
    )
    quote = Quote(paper="pmid:1", start=3, end=9, text='a "β" \\ \n')
    return Hypothesis(
        id=hypothesis_id(MAGNESIUM, LOWERS, RAYNAUD),
        subject=ends[0],
        predicate=LOWERS,
        object=ends[1],
        reading="lowers or treats",
        score=score,
        probability=probability,
        probability_reason="" if probability else "nothing calibrates it",
        verdict=Verdict.NOVEL,
        findings=(
            Finding(check="known", status=FindingStatus.FINE, message="no edge", sources=("a",)),
        ),
        paths=(Path(nodes=ends, edges=(edge,), contribution=0.5, quotes=((quote,),)),),
    )


def test_hypothesis_comes_back(load: Load) -> None:
    """A hypothesis is read as it was stored; stored again it is one node with the new values."""
    graph = load([one_claim("pmid:1"), one_claim("pmid:2", ("Chemical", "magnesium"), RAISES)])
    store_hypotheses(graph, [hypothesis()])
    assert read_hypothesis(graph, hypothesis().id) == hypothesis()
    again = hypothesis(score=0.75, probability=None)
    store_hypotheses(graph, [again, again])
    assert read_hypothesis(graph, again.id) == again
    (row,) = graph.read(
        "MATCH (s)<-[:SUBJECT]-(h:Hypothesis)-[:OBJECT]->(o) "
        "RETURN s.id AS s, o.id AS o, h.probability AS p, h.verdict AS verdict"
    )
    assert row == {"s": MAGNESIUM, "o": RAYNAUD, "p": None, "verdict": "novel"}


def test_unknown_hypothesis(load: Load) -> None:
    """An id that no hypothesis has is an error that names the nearest one."""
    graph = load([one_claim("pmid:1"), one_claim("pmid:2", ("Chemical", "magnesium"), RAISES)])
    store_hypotheses(graph, [hypothesis()])
    with pytest.raises(UnknownNameError) as error:
        read_hypothesis(graph, hypothesis().id[:-2])
    assert error.value.nearest == (hypothesis().id,)


def test_hypotheses_are_no_claims(load: Load) -> None:
    """A stored hypothesis changes neither the snapshot nor the claims between its ends."""
    graph = load([one_claim("pmid:1"), one_claim("pmid:2", ("Chemical", "magnesium"), RAISES)])
    before = take_snapshot(graph).version
    claims = claims_between(graph, MAGNESIUM, RAYNAUD)
    store_hypotheses(graph, [hypothesis()])
    assert take_snapshot(graph).version == before
    assert claims_between(graph, MAGNESIUM, RAYNAUD) == claims
