"""Building a graph from files: twice, killed, fresh, and on both servers."""

from pathlib import Path

import pytest

import extraction.chunks
from extraction import build
from kg import Graph, UsageError, open_graph
from tests.extraction.pipeline_corpus import PACK, run_until_killed, write_corpus


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nine sample abstracts."""
    return write_corpus(tmp_path_factory.mktemp("corpus") / "papers.jsonl", 9)


@pytest.fixture(scope="module")
def clean(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The dump of the graph that one clean run gives."""
    folder = tmp_path_factory.mktemp("clean")
    with open_graph(folder / "graph", create=True) as graph:
        summary = build([corpus], PACK, graph, folder / "shards", device="cpu")
        assert summary.failed == ()
        assert summary.papers == 9
        counts = graph.counts()
        assert counts.nodes["Evidence"] == summary.evidence > 0
        assert counts.nodes["Entity"] == summary.entities > 0
        return graph.dump()


def test_building_twice_changes_nothing(
    graph: Graph, corpus: Path, tmp_path: Path, clean: list[str]
) -> None:
    """On either server, a second build leaves the graph of one clean run."""
    first = build([corpus], PACK, graph, tmp_path / "shards", device="cpu")
    assert graph.dump() == clean
    second = build([corpus], PACK, graph, tmp_path / "shards", device="cpu")
    assert graph.dump() == clean
    assert (second.papers, second.resumed) == (9, 9)
    assert (second.entities, second.claims) == (first.entities, first.claims)


def test_killed_and_run_again_gives_the_same_graph(
    corpus: Path, tmp_path: Path, clean: list[str]
) -> None:
    """After SIGKILL at random moments the next run ends with the graph of one clean run."""
    run_until_killed(2, "build", corpus, tmp_path / "graph" / "shards", tmp_path / "graph")
    with open_graph(tmp_path / "graph") as graph:
        assert graph.dump() == clean


def test_a_half_read_corpus_is_read_on(
    embedded_graph: Graph,
    corpus: Path,
    tmp_path: Path,
    clean: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """First a part and then the whole, in other chunks, is the graph of one clean run."""
    monkeypatch.setattr(extraction.chunks, "MAX_CHUNK", 3)
    part = build([corpus], PACK, embedded_graph, tmp_path / "shards", limit=4, device="cpu")
    assert part.papers == 4
    whole = build([corpus], PACK, embedded_graph, tmp_path / "shards", device="cpu")
    assert (whole.papers, whole.resumed) == (9, 3)
    assert embedded_graph.dump() == clean


def test_fresh_forgets_graph_and_shards(
    embedded_graph: Graph, corpus: Path, tmp_path: Path, clean: list[str]
) -> None:
    """With `fresh` nothing of other papers is left, and everything is read again."""
    other = tmp_path / "other.txt"
    other.write_text("Old news\n\nCaffeine causes headache.\n")
    build([other], PACK, embedded_graph, tmp_path / "shards", device="cpu")
    summary = build([corpus], PACK, embedded_graph, tmp_path / "shards", fresh=True, device="cpu")
    assert summary.resumed == 0
    assert embedded_graph.dump() == clean


def test_fresh_empties_nothing_where_nothing_can_be_read(
    embedded_graph: Graph, corpus: Path, tmp_path: Path
) -> None:
    """A wrong path or a wrong limit with `fresh` leaves graph and shards as they were."""
    build([corpus], PACK, embedded_graph, tmp_path / "shards", limit=1, device="cpu")
    before = embedded_graph.dump()
    build([tmp_path / "amiss"], PACK, embedded_graph, tmp_path / "shards", fresh=True)
    with pytest.raises(UsageError):
        build([corpus], PACK, embedded_graph, tmp_path / "shards", limit=0, fresh=True)
    with pytest.raises(UsageError, match="list of paths"):
        build(str(corpus), PACK, embedded_graph, tmp_path / "shards", fresh=True)
    assert embedded_graph.dump() == before


def test_nothing_to_read_says_so(embedded_graph: Graph, tmp_path: Path) -> None:
    """A folder without papers gives a summary of zeros that lists why."""
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "noise.bin").write_bytes(b"\x00\xff" * 100)
    summary = build([tmp_path / "papers"], PACK, embedded_graph, tmp_path / "shards")
    assert (summary.papers, summary.claims) == (0, 0)
    assert len(summary.failed) == 1
