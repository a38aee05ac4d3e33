"""Merging: the graph of one thing is the graph that had one id for it, and undoing restores it."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import Graph, UnknownNameError, UsageError
from kg.resolving import merge_entities, undo_merge
from kg.versions import graph_version
from tests.kg.resolving.world import Row, Said, World, write
from tests.kg.resolving.worlds import possible_merges, worlds


def _steps(world: World, seed: int) -> list[World]:
    """The world after each of some merges, and after each undoing of all of them."""
    rng = random.Random(seed)  # noqa: S311  (no secret)
    steps = [world]
    for _ in range(rng.randint(1, 4)):
        if possible := possible_merges(steps[-1]):
            steps.append(steps[-1].merged(*steps[-1].merges, rng.choice(possible)))
    while steps[-1].merges:
        left = list(steps[-1].merges)
        left.pop(rng.randrange(len(left)))
        steps.append(steps[-1].merged(*left))
    return steps


def _expected(graph: Graph, world: World) -> list[str]:
    graph.clear()
    write(graph, world)
    return graph.dump()


def _apply(graph: Graph, before: World, after: World) -> None:
    for merge in set(after.merges) - set(before.merges):
        merge_entities(graph, merge.absorbed, merge.into, merge.rule, merge.why)
    for merge in set(before.merges) - set(after.merges):
        undo_merge(graph, merge.absorbed)


def _walk(graph: Graph, world: World, seed: int) -> None:
    steps = _steps(world, seed)
    expected = [_expected(graph, step) for step in steps]
    assert _expected(graph, world) == expected[0]
    for before, after, dump in zip(steps, steps[1:], expected[1:], strict=False):
        _apply(graph, before, after)
        assert graph.dump() == dump
    assert graph.dump() == expected[0]


SLOW: Any = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}


@settings(max_examples=20, **SLOW)
@given(world=worlds(), seed=st.integers(0, 1000))
def test_any_merges_any_undoing_embedded(embedded_graph: Graph, world: World, seed: int) -> None:
    """After each merge and each undoing, in any order, the graph is that of the merges left."""
    _walk(embedded_graph, world, seed)


@settings(max_examples=8, **SLOW)
@given(world=worlds(), seed=st.integers(0, 1000))
def test_any_merges_any_undoing_neo4j(neo4j_graph: Graph, world: World, seed: int) -> None:
    """After each merge and each undoing, in any order, the graph is that of the merges left."""
    _walk(neo4j_graph, world, seed)


SMALL = World(
    said=(
        Said("pmid:1", "x:A1", "TREATS", "x:B1", at=0),
        Said("pmid:1", "x:A1", "TREATS", "x:B2", "denies", at=1),
        Said("pmid:3", "x:B1", "RESEMBLES", "x:B2", at=2),
        Said("pmid:3", "x:B1", "RESEMBLES", "y:B3", at=3),
    ),
    rows=(Row("x:B2", "CAUSES", "y:B3", "line 1"), Row("x:B1", "CAUSES", "y:B3", "line 2")),
)


def test_what_a_merge_does(graph: Graph) -> None:
    """Claims of both are one claim with the evidence of both; one between them is a loop."""
    write(graph, SMALL)
    merge = merge_entities(graph, "x:B1", "x:B2", "person", "the same")
    assert (merge.into, merge.type, merge.why) == ("x:B2", "Disease", "the same")
    claims = graph.read(
        "MATCH (s:Entity)-[c]->(o:Entity) WHERE c.claim_id IS NOT NULL RETURN s.id AS s, "
        "type(c) AS p, o.id AS o, c.n_support AS up, c.n_deny AS down, c.curated_reads AS reads "
        "ORDER BY p, s, o"
    )
    assert claims == [
        {
            "s": "x:B2", "p": "CAUSES", "o": "y:B3", "up": 2, "down": 0,
            "reads": ["", "x:B1\ty:B3"],
        },
        {"s": "x:B2", "p": "RESEMBLES", "o": "x:B2", "up": 1, "down": 0, "reads": None},
        {"s": "x:B2", "p": "RESEMBLES", "o": "y:B3", "up": 1, "down": 0, "reads": None},
        {"s": "x:A1", "p": "TREATS", "o": "x:B2", "up": 1, "down": 1, "reads": None},
    ]  # fmt: skip
    assert graph.read("MATCH (e:Entity {id: 'x:B1'}) RETURN e.id") == []


def test_a_symmetric_claim_turns(graph: Graph) -> None:
    """A symmetric claim is put in order again, and in its own order when the merge is undone."""
    write(graph, SMALL)
    before = graph.dump()
    merge_entities(graph, "y:B3", "x:B2", "person", "")
    assert graph.read(
        "MATCH (s)-[c:RESEMBLES]->(o) RETURN s.id AS s, o.id AS o, c.n_support AS n"
    ) == [{"s": "x:B1", "o": "x:B2", "n": 2}]
    undo_merge(graph, "y:B3")
    assert graph.dump() == before


def test_what_cannot_be_merged(graph: Graph) -> None:
    """Another type, an unknown id, one entity, one that is merged already: refused, no change."""
    write(graph, SMALL)
    merge_entities(graph, "x:B1", "x:B2", "person", "")
    before = graph.dump(), graph_version(graph)
    for absorbed, into, error, message in [
        ("x:A1", "x:B2", UsageError, "x:A1 is a Chemical and x:B2 is a Disease"),
        ("x:A1", "x:A9", UnknownNameError, "no entity is called 'x:A9'"),
        ("x:A9", "x:A1", UnknownNameError, "no entity is called 'x:A9'"),
        ("x:B1", "y:B3", UsageError, "x:B1 is merged into x:B2 already"),
        ("x:B2", "x:B1", UsageError, "are one entity already"),
        ("y:B3", "y:B3", UsageError, "are one entity already"),
    ]:
        with pytest.raises(error, match=message):
            merge_entities(graph, absorbed, into, "person", "")
    with pytest.raises(UnknownNameError, match="no merge is called 'x:B2'"):
        undo_merge(graph, "x:B2")
    assert (graph.dump(), graph_version(graph)) == before


def test_never_again(graph: Graph) -> None:
    """Undoing with `never` leaves the refusal as the one thing that was not there before."""
    write(graph, SMALL)
    before = graph.dump()
    merge_entities(graph, "x:B1", "x:B2", "name", "one name")
    undo_merge(graph, "x:B1", never=True, why="a subtype")
    (line,) = set(graph.dump()) - set(before)
    assert '"Distinct"' in line
    assert '"why": "a subtype"' in line
