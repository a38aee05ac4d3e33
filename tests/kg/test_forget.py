"""Forgetting: afterwards the graph is the one that never had it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import Graph, load_shards
from kg.forgetting import forget_papers
from kg.forgetting import papers as forgetting
from tests.kg.libraries import Reading, readings, shards

ANY = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def ids(kept: list[Reading]) -> set[str]:
    """The ids of the papers."""
    return {reading.written.paper.id for reading in kept}


@ANY
@given(st.data())
def test_load_and_forget(
    graph: Graph, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """For any sets of papers A and B: load A, load B, forget B is load A without B."""
    graph.clear()
    folder = tmp_path_factory.mktemp("sets")
    every = data.draw(readings())
    first = [reading for reading in every if reading.in_first]
    second = [reading for reading in every if reading.in_second]
    left = [reading for reading in first if reading.written.paper.id not in ids(second)]
    load_shards(graph, [shards(folder / "left", left)])
    expected = graph.dump()
    graph.clear()
    order = data.draw(st.permutations([("first", first), ("second", second)]))
    for name, part in order:
        load_shards(graph, [shards(folder / name, part)])
    batch = data.draw(st.sampled_from([1, 2, 200]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forgetting, "BATCH_PAPERS", batch)
        summary = forget_papers(graph, sorted(ids(second)))
    assert set(summary.forgotten) == ids(second)
    assert summary.unknown == ()
    assert graph.dump() == expected
