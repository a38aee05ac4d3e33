"""The snapshot: the entities and claims of a graph as arrays, the same on both servers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kg import Graph, UsageError, graph_domain, load_shards, mint_entity_id, take_snapshot
from kg.asking import claims_between
from kg.snapshot import to_networkx
from tests.kg.conftest import Load
from tests.kg.written import DOMAIN, LOWERS, library, one_claim, shard

FISH_OIL = mint_entity_id("Chemical", "fish oil")


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
