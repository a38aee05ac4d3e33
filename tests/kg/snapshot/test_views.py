"""What those who reason see of a graph: entities, claims, hypotheses, arrays; on both servers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest

from kg import (
    Certainty,
    Claim,
    Entity,
    Evidence,
    Finding,
    FindingStatus,
    Graph,
    Hypothesis,
    PathEdge,
    Polarity,
    Quote,
    UnknownNameError,
    UsageError,
    Verdict,
    find_entity,
    graph_domain,
    hypothesis_id,
    load_shards,
    mint_entity_id,
    take_snapshot,
)
from kg import Path as GraphPath
from kg.asking import AnyEvidence, claims_between, evidence_for, read_hypothesis, store_hypotheses
from kg.snapshot import to_networkx
from tests.kg.written import DOMAIN, LOWERS, RAISES, Written, library, one_claim, shard

FISH_OIL = mint_entity_id("Chemical", "fish oil")
RAYNAUD = mint_entity_id("Disease", "Raynaud's disease")
MAGNESIUM = mint_entity_id("Chemical", "magnesium")

Load = Callable[..., Graph]


@pytest.fixture
def load(graph: Graph, tmp_path: Path) -> Load:
    """Fill the graph with papers."""

    def fill(papers: list[Written], domain: str | None = None) -> Graph:
        folder = tmp_path / "shards"
        shard(folder, papers) if domain is None else shard(folder, papers, domain=domain)
        load_shards(graph, [folder])
        return graph

    return fill


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
        paths=(GraphPath(nodes=ends, edges=(edge,), contribution=0.5, quotes=((quote,),)),),
    )


def test_find_by_any_name(load: Load) -> None:
    """An entity is found by id, name, synonym, and by these in another case and punctuation."""
    spellings = ["fish oil", "fish oil", "Fish-Oil"]
    graph = load([one_claim(f"pmid:{n}", ("Chemical", s)) for n, s in enumerate(spellings)])
    expected = Entity(id=FISH_OIL, name="fish oil", type="Chemical", synonyms=("Fish-Oil",))
    for text in (FISH_OIL, "fish oil", " fish oil ", "Fish-Oil", "FISH  OIL", "fish_oil"):
        assert find_entity(graph, text) == expected, text


def test_find_the_most_mentioned(load: Load) -> None:
    """Where several entities have a name, the one of most papers is meant, or that of a type."""
    papers = [one_claim("pmid:1", ("Gene", "CAT"), LOWERS, ("Disease", "gout"))]
    papers += [one_claim(f"pmid:{n}", ("Species", "CAT")) for n in (2, 3)]
    graph = load(papers)
    assert find_entity(graph, "CAT").type == "Species"
    assert find_entity(graph, "cat").type == "Species"
    assert find_entity(graph, "cat", types=["Gene", "Disease"]).type == "Gene"
    with pytest.raises(UnknownNameError):
        find_entity(graph, "cat", types=["Disease"])


@pytest.mark.parametrize("slip", ["fish oils", "fissh oil", "raynauds diseas", "Reynaud disease"])
def test_unknown_entity(load: Load, slip: str) -> None:
    """A name that no entity has is an error that names the nearest ones."""
    graph = load([one_claim("pmid:1")])
    with pytest.raises(UnknownNameError) as error:
        find_entity(graph, slip)
    expected = "fish oil" if "oil" in slip else "Raynaud's disease"
    assert error.value.nearest[0] == expected
    assert expected in str(error.value)


@pytest.mark.parametrize("text", ["", "   ", "'", "\u0000", "{x: 1}", "🐟"])
def test_unknown_oddity(load: Load, text: str) -> None:
    """Text without a letter is an unknown name like any other."""
    with pytest.raises(UnknownNameError):
        find_entity(load([one_claim("pmid:1")]), text)


def test_claims_both_ways(load: Load) -> None:
    """All claims between two entities are returned with their direction, and no other edge."""
    ends = ("Gene", "PTGIS"), ("Gene", "TNF")
    graph = load(
        [
            one_claim("pmid:1", ends[0], RAISES, ends[1]),
            one_claim("pmid:2", ends[0], "BIND", ends[1], confidence=0.5),
            one_claim("pmid:3", ends[1], LOWERS, ends[0], polarity=Polarity.DENIES),
            one_claim("pmid:4", ends[0], RAISES, ("Disease", "gout")),
        ]
    )
    first, second = (mint_entity_id(*end) for end in ends)
    found = [
        (c.predicate, c.direction, c.n_support, c.n_deny)
        for c in claims_between(graph, first, second)
    ]
    assert found == [
        (RAISES, "forward", 1, 0), ("BIND", "forward", 1, 0), (LOWERS, "backward", 0, 1),
    ]  # fmt: skip
    claim = claims_between(graph, second, first)[0]
    assert (claim.predicate, claim.direction, claim.belief) == (LOWERS, "forward", 0.0)
    assert claim.first_year == 1986
    assert claims_between(graph, first, "MESH:none") == []


def papers(evidence: Iterable[AnyEvidence]) -> list[str]:
    """The papers of sentences, in their order."""
    return [item.paper for item in evidence if isinstance(item, Evidence)]


def test_best_evidence_first(load: Load) -> None:
    """Evidence comes best first: stated before hedged, then by confidence; as much as asked."""
    graph = load(
        [
            one_claim("pmid:1", confidence=0.7),
            one_claim("pmid:2", confidence=0.99, certainty=Certainty.HEDGED),
            one_claim("pmid:3", confidence=0.9),
            one_claim("pmid:4", confidence=0.8, polarity=Polarity.DENIES),
        ]
    )
    claim = Claim(subject=FISH_OIL, predicate=LOWERS, object=RAYNAUD)
    absent = Claim(subject=RAYNAUD, predicate=LOWERS, object=FISH_OIL)
    found = evidence_for(graph, [claim, absent], limit=9)
    assert papers(found[claim]) == ["pmid:3", "pmid:4", "pmid:1", "pmid:2"]
    assert found[claim][0] == one_claim("pmid:3", confidence=0.9).evidence[0]
    assert found[absent] == []
    assert papers(evidence_for(graph, [claim], limit=1)[claim]) == ["pmid:3"]
    denied = evidence_for(graph, [claim], polarity=Polarity.DENIES)[claim]
    assert papers(denied) == ["pmid:4"]


def test_one_sentence_once(load: Load) -> None:
    """A sentence that two packs read is shown once, as the surer one read it."""
    papers = [one_claim("pmid:1", confidence=0.7), one_claim("pmid:1", confidence=0.8, pack="b@1")]
    claim = Claim(subject=FISH_OIL, predicate=LOWERS, object=RAYNAUD)
    (item,) = evidence_for(load(papers), [claim])[claim]
    assert isinstance(item, Evidence)
    assert item.pack == "b@1"


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


def test_snapshot_holds_the_graph(load: Load) -> None:
    """The arrays of a snapshot are the entities and claims of the graph, sorted."""
    graph = load(library(50))
    snapshot = take_snapshot(graph)
    assert list(snapshot.entity_ids) == sorted(snapshot.entity_ids)
    rows = graph.read(
        "MATCH (s:Entity)-[r]->(o:Entity) RETURN s.id AS s, type(r) AS p, o.id AS o, "
        "r.belief AS belief, r.n_support AS n, r.n_deny AS d, r.first_year AS year"
    )
    found = {
        (snapshot.entity_ids[s], predicate, snapshot.entity_ids[o]): (b, n, d, y or None)
        for predicate, arrays in snapshot.claims.items()
        for s, o, b, n, d, y in zip(
            arrays.subject, arrays.object, arrays.belief,
            arrays.n_support, arrays.n_deny, arrays.first_year, strict=True,
        )
    }  # fmt: skip
    assert found == {
        (row["s"], row["p"], row["o"]): (row["belief"], row["n"], row["d"], row["year"])
        for row in rows
    }
    assert snapshot.domain == DOMAIN
    for arrays in snapshot.claims.values():
        assert arrays.subject.dtype == np.int32
        assert arrays.belief.dtype == np.float64
        order = np.lexsort((arrays.object, arrays.subject))
        assert (order == np.arange(len(arrays))).all()


def test_snapshot_is_the_same_on_both(
    embedded_graph: Graph, neo4j_graph: Graph, tmp_path: Path
) -> None:
    """The same shards give the same snapshot on both servers, version and all."""
    folder = shard(tmp_path / "s", library(50))
    for graph in (embedded_graph, neo4j_graph):
        load_shards(graph, [folder])
    first, second = take_snapshot(embedded_graph), take_snapshot(neo4j_graph)
    assert first.version == second.version
    assert first.entity_ids == second.entity_ids


def test_version_follows_the_content(embedded_graph: Graph, tmp_path: Path) -> None:
    """One more paper is another version; a second look is the same one."""
    load_shards(embedded_graph, [shard(tmp_path / "s", library(10))])
    first = take_snapshot(embedded_graph).version
    assert take_snapshot(embedded_graph).version == first
    load_shards(embedded_graph, [shard(tmp_path / "s", [one_claim("pmid:99")], "b")])
    assert take_snapshot(embedded_graph).version != first


def test_networkx_view(embedded_graph: Graph, tmp_path: Path) -> None:
    """The networkx view has the entities as nodes and the claims as edges keyed by predicate."""
    load_shards(embedded_graph, [shard(tmp_path / "s", library(30))])
    snapshot = take_snapshot(embedded_graph)
    view = to_networkx(snapshot)
    assert sorted(view.nodes) == list(snapshot.entity_ids)
    assert view.number_of_edges() == snapshot.n_claims
    for subject, object_, predicate, claim in view.edges(keys=True, data=True):
        (stored,) = [
            c
            for c in claims_between(embedded_graph, subject, object_)
            if c.predicate == predicate and c.direction == "forward"
        ]
        assert claim["belief"] == stored.belief
        assert claim.get("first_year") == stored.first_year
    node = view.nodes[FISH_OIL]
    assert (node["name"], node["type"]) == ("fish oil", "Chemical")


def test_graph_without_schema(load: Load) -> None:
    """A graph that keeps no schema has the types and signatures of its claims, directed."""
    domain = graph_domain(load([one_claim("pmid:1")], ""))
    assert set(domain.types) == {"Chemical", "Disease"}
    assert domain.signature(LOWERS, "Chemical", "Disease") is not None
    assert domain.signature(LOWERS, "Disease", "Chemical") is None
    assert domain.relations[LOWERS].symmetric is False


def test_empty_graph(graph: Graph) -> None:
    """A graph without a claim has no schema and no snapshot, and the error says what fills it."""
    with pytest.raises(UsageError, match="abduce build"):
        take_snapshot(graph)
