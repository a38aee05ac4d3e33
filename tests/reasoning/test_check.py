"""Checking one claim: names, directions, verdicts, and the tested edge left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import Graph, UnknownNameError, Verdict
from reasoning import check, explain, propose
from tests.reasoning.literature import SWANSON, Said, entity_id, load

_KNOWN = Said("fish oil", "NEGATIVE_CORRELATION", "Raynaud")


def test_novel_claim_scores_as_proposed(embedded_graph: Graph, tmp_path: Path) -> None:
    """A claim that the graph does not hold has the score and paths with which it is proposed."""
    load(embedded_graph, tmp_path / "shards", SWANSON)
    proposed = propose(embedded_graph, "TREATS", entity="Raynaud", top=1)[0]
    checked = check(embedded_graph, "fish oil", "TREATS", "Raynaud")
    assert checked.verdict is Verdict.NOVEL
    assert checked.id == proposed.id
    assert checked.score == pytest.approx(proposed.score)
    assert [path.nodes for path in checked.paths] == [path.nodes for path in proposed.paths]
    assert explain(embedded_graph, checked.id) == checked


def test_known_claim_is_scored_without_itself(embedded_graph: Graph, tmp_path: Path) -> None:
    """A claim that the graph holds is known, and scores as if no paper had ever made it."""
    with_claim = [*SWANSON, _KNOWN]
    load(embedded_graph, tmp_path / "without", SWANSON)
    novel = check(embedded_graph, "fish oil", "TREATS", "Raynaud")
    load(embedded_graph, tmp_path / "with", with_claim)
    known = check(embedded_graph, "fish oil", "TREATS", "Raynaud")
    assert (novel.verdict, known.verdict) == (Verdict.NOVEL, Verdict.KNOWN)
    assert known.score == pytest.approx(novel.score)
    # The same hypothesis is seen to have come true.
    assert explain(embedded_graph, novel.id).verdict is Verdict.KNOWN


def test_names_ids_and_directions(embedded_graph: Graph, tmp_path: Path) -> None:
    """Ends are found by id or spelling; a relation without direction is asked from either end."""
    load(embedded_graph, tmp_path / "shards", SWANSON)
    by_name = check(embedded_graph, "Fish-oil", "negative_correlation", "raynaud's")
    by_id = check(
        embedded_graph, entity_id("Raynaud"), "NEGATIVE_CORRELATION", entity_id("fish oil")
    )
    assert by_name == by_id
    assert (by_id.subject.name, by_id.object.name) == ("fish oil", "Raynaud")


def test_alias_keeps_its_direction(embedded_graph: Graph, tmp_path: Path) -> None:
    """A disease does not treat a compound, although the relation has no direction of its own."""
    load(embedded_graph, tmp_path / "shards", SWANSON)
    assert check(embedded_graph, "Raynaud", "TREATS", "fish oil").verdict is Verdict.INVALID
    assert check(embedded_graph, "PTGIS", "TREATS", "Raynaud").verdict is Verdict.INVALID
    assert check(embedded_graph, "gout", "ASSOCIATION", "gout").verdict is Verdict.INVALID


def test_graph_without_a_schema_is_unknown(embedded_graph: Graph, tmp_path: Path) -> None:
    """Where no schema says what may be, nothing is called novel or fine."""
    load(embedded_graph, tmp_path / "shards", SWANSON, schema=False)
    found = check(embedded_graph, "fish oil", "NEGATIVE_CORRELATION", "Raynaud")
    assert found.verdict is Verdict.UNKNOWN
    assert found.score > 0


def test_unknown_names_are_refused(embedded_graph: Graph, tmp_path: Path) -> None:
    """A name that the graph does not have is named, with its nearest."""
    load(embedded_graph, tmp_path / "shards", SWANSON)
    with pytest.raises(UnknownNameError, match="fish oil"):
        check(embedded_graph, "fish oils", "TREATS", "Raynaud")
    with pytest.raises(UnknownNameError, match="relation"):
        check(embedded_graph, "fish oil", "CURES_COMPLETELY", "Raynaud")
    with pytest.raises(UnknownNameError, match="hypothesis"):
        explain(embedded_graph, "hypothesis:none")
