"""Proposing from hand-written papers, on both stores."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg import (
    Graph,
    Hypothesis,
    Polarity,
    Quote,
    UnknownNameError,
    UsageError,
    Verdict,
    open_graph,
)
from reasoning import explain, explanation_text, propose
from tests.reasoning.literature import SWANSON, Said, entity_id, load


@pytest.fixture(scope="module")
def swanson(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    """A graph of Swanson's first discovery."""
    folder = tmp_path_factory.mktemp("swanson")
    with open_graph(folder / "graph", create=True) as graph:
        load(graph, folder / "shards", SWANSON)
        yield graph


def _names(hypotheses: list[Hypothesis]) -> list[str]:
    return [hypothesis.subject.name for hypothesis in hypotheses]


def test_swanson_comes_out(swanson: Graph) -> None:
    """What two literatures imply together is proposed first; what is known is not proposed."""
    found = propose(swanson, "TREATS", entity="Raynaud")
    first = found[0]
    assert (first.subject.name, first.predicate) == ("fish oil", "NEGATIVE_CORRELATION")
    assert first.object.id == entity_id("Raynaud")
    assert first.verdict is Verdict.NOVEL
    assert first.probability is None
    assert "fewer than 50 known edges" in first.probability_reason
    assert "nifedipine" not in _names(found)
    assert {"olive oil", "caffeine", "prostacyclin"} <= set(_names(found))


def test_paths_carry_readings_and_sentences(swanson: Graph) -> None:
    """Each step of a path reads in words, as stored, with a sentence that stands in a paper."""
    path = propose(swanson, "TREATS", entity="Raynaud", top=1)[0].paths[0]
    assert [node.name for node in path.nodes][::2] == ["fish oil", "Raynaud"]
    assert [edge.reading for edge in path.edges] == ["lowers or treats", "occurs with"]
    assert path.contribution > 0
    for edge, quotes in zip(path.edges, path.quotes, strict=True):
        assert isinstance(quotes[0], Quote)
        rows = swanson.read("MATCH (p:Paper {id: $id}) RETURN p.text AS text", id=quotes[0].paper)
        assert rows[0]["text"][quotes[0].start : quotes[0].end] == quotes[0].text
        assert edge.predicate.lower() in quotes[0].text


def test_what_acts_the_other_way_speaks_against(swanson: Graph) -> None:
    """A compound that raises what marks a disease ranks below zero as its treatment."""
    by_name = {h.subject.name: h for h in propose(swanson, "TREATS", entity="Raynaud")}
    assert by_name["caffeine"].score < 0
    assert by_name["caffeine"].paths[0].contribution < 0
    causes = propose(swanson, "CAUSES", entity="Raynaud")
    assert _names(causes)[0] == "caffeine"


def test_entity_at_the_other_end(swanson: Graph) -> None:
    """The same pair has the same score and id when asked from its subject."""
    from_object = propose(swanson, "TREATS", entity="Raynaud")[0]
    from_subject = propose(swanson, "NEGATIVE_CORRELATION", entity=entity_id("fish oil"))
    same = next(h for h in from_subject if h.id == from_object.id)
    assert same.score == pytest.approx(from_object.score)
    assert same.object.name == "Raynaud"


def test_whole_graph(swanson: Graph) -> None:
    """Without an entity, the best pairs of the graph are those of its entities, merged."""
    pairs = propose(swanson, "TREATS", top=50)
    scores = [h.score for h in pairs]
    assert scores == sorted(scores, reverse=True)
    around = propose(swanson, "TREATS", entity="Raynaud", top=50)
    of_raynaud = [h.id for h in pairs if h.object.name == "Raynaud"]
    assert of_raynaud == [h.id for h in around]


def test_symmetric_relation_within_a_type(swanson: Graph) -> None:
    """A pair of one type is proposed once, in the order of the ids, whichever end is named."""
    pairs = [(h.subject.id, h.object.id) for h in propose(swanson, "COTREATMENT", top=100)]
    assert pairs
    assert len({frozenset(pair) for pair in pairs}) == len(pairs)
    assert all(subject < object_ for subject, object_ in pairs)
    one = propose(swanson, "COTREATMENT", entity="fish oil", top=100)
    assert {(h.subject.id, h.object.id) for h in one} == {
        pair for pair in pairs if entity_id("fish oil") in pair
    }


def test_claim_held_only_by_denial_is_a_candidate(embedded_graph: Graph, tmp_path: Path) -> None:
    """What papers only deny is proposed, and marked contradicted with the sentence."""
    denial = Said("fish oil", "NEGATIVE_CORRELATION", "Raynaud", Polarity.DENIES)
    load(embedded_graph, tmp_path / "shards", [*SWANSON, denial])
    first = propose(embedded_graph, "TREATS", entity="Raynaud")[0]
    assert first.subject.name == "fish oil"
    assert first.verdict is Verdict.CONTRADICTED
    assert any("denies" in source for f in first.findings for source in f.sources)


def test_same_answer_twice_and_stored(swanson: Graph) -> None:
    """Proposing again gives the same list, and every hypothesis can be explained by its id."""
    first = propose(swanson, "TREATS", entity="Raynaud")
    assert propose(swanson, "TREATS", entity="Raynaud") == first
    assert [explain(swanson, h.id) for h in first] == first
    ids = [h.id for h in first]
    stored = swanson.read("MATCH (h:Hypothesis) WHERE h.id IN $ids RETURN count(h) AS n", ids=ids)
    assert stored == [{"n": len(first)}]


def test_both_servers_propose_the_same(
    embedded_graph: Graph, neo4j_graph: Graph, tmp_path: Path
) -> None:
    """The same papers in either store give the same hypotheses, to the last character."""
    for graph in (embedded_graph, neo4j_graph):
        load(graph, tmp_path / "shards", SWANSON)
    for relation, entity in (("TREATS", "Raynaud"), ("ASSOCIATION", None), ("CAUSES", "caffeine")):
        embedded, neo4j = (
            propose(graph, relation, entity=entity, top=20)
            for graph in (embedded_graph, neo4j_graph)
        )
        assert embedded
        assert embedded == neo4j


def test_explanation_in_words(swanson: Graph) -> None:
    """An explanation names the claim, the paths, the sentences and the checks in plain words."""
    text = explanation_text(propose(swanson, "TREATS", entity="Raynaud")[0])
    assert text.startswith("fish oil lowers or treats Raynaud")
    assert "fish oil lowers or treats blood viscosity" in text
    assert "fish oil stated supports negative_correlation blood viscosity." in text
    assert "nothing in the graph denies" in text
    assert "by that alone it would rank" in text


def test_wrong_type_says_what_fits(swanson: Graph) -> None:
    """An entity whose type the relation does not join is refused with the types that fit."""
    with pytest.raises(UsageError, match=r"PTGIS .* is a Gene; TREATS takes a Chemical or a Dis"):
        propose(swanson, "TREATS", entity="PTGIS")


def test_unknown_names_have_the_nearest(swanson: Graph) -> None:
    """A relation or entity that does not exist is named with what looks like it."""
    with pytest.raises(UnknownNameError, match="TREATS"):
        propose(swanson, "TREAT", entity="Raynaud")
    with pytest.raises(UnknownNameError, match="Raynaud"):
        propose(swanson, "TREATS", entity="Raynauld")


def test_top_below_one_is_refused(swanson: Graph) -> None:
    """Asking for no hypothesis at all is wrong use."""
    with pytest.raises(UsageError, match="top is 0"):
        propose(swanson, "TREATS", top=0)


def test_scores_split_into_paths(swanson: Graph) -> None:
    """Where all paths of a hypothesis are shown, their contributions add up to its score."""
    for hypothesis in propose(swanson, "TREATS", entity="Raynaud"):
        if len(hypothesis.paths) < 5:
            total = sum(path.contribution for path in hypothesis.paths)
            assert total == pytest.approx(hypothesis.score)
