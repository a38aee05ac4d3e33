"""A graph that has lived moves with all that it remembers, and can be changed there as before."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import Graph, load_shards, open_graph
from kg.archive import RESTORED, restore
from kg.exporting import export_graph
from kg.forgetting import forget_source
from kg.loading.curated import load_curated
from kg.resolving import keep_distinct, list_distinct, list_merges, merge_entities, undo_merge
from tests.kg.loading.curated.sources import DISEASES, DRUGS, FACTS, source, whole
from tests.kg.written import library, shard


def live(graph: Graph, folder: Path) -> None:
    """Papers, a source in two versions (denials, a retired term), a merge, and two kept apart."""
    load_shards(graph, [shard(folder / "shards", library(5))])
    load_curated(graph, whole("1"))
    load_curated(graph, source([*DISEASES[:3], *DRUGS], FACTS[:-1], version="2"))
    merge_entities(graph, "D:2", "D:1", "by hand", "the same")
    keep_distinct(graph, "C:1", "C:2", "not the same")


@pytest.mark.parametrize("name", RESTORED)
def test_what_a_graph_remembers_moves_along(
    name: str, embedded_graph: Graph, tmp_path: Path
) -> None:
    """Merges, denials, retired terms and what is kept apart come back; merges can be undone."""
    live(embedded_graph, tmp_path)
    export_graph(embedded_graph, tmp_path / "out", name)
    with open_graph(tmp_path / "to", create=True) as other:
        restore(other, tmp_path / "out")
        assert other.dump() == embedded_graph.dump()
        assert [merge.absorbed for merge in list_merges(other)] == ["D:2"]
        assert len(list_distinct(other)) == 1
        retired = "MATCH (e:Entity) WHERE e.retired RETURN e.id AS id"
        assert other.read(retired) == embedded_graph.read(retired) == [{"id": "D:3"}]
        for graph in (embedded_graph, other):
            undo_merge(graph, "D:2")
            forget_source(graph, "drugs")
        assert other.dump() == embedded_graph.dump()
