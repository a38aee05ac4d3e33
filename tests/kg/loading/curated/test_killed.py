"""A load of a curated source that is killed, and two loads at once."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kg import Graph, StoreError, open_graph
from kg.curated_models import Fact, Term
from kg.loading.curated import load_curated
from kg.sources import CuratedSource
from tests.kg.killed import kill_in_the_middle
from tests.kg.loading.curated.sources import fact, source, term

# Few rows a transaction, so that there are many moments at which to be killed.
LOAD = """
from kg import open_graph
from kg.loading.curated import fact_loading, load_curated, term_loading
from tests.kg.loading.curated.test_killed import many

where, user, password, version = sys.argv[1:]
term_loading.TERMS, fact_loading.FACTS = 20, 40
with open_graph(where, user=user or None, password=password or None, create=True) as graph:
    load_curated(graph, many(version), on_progress=progress)
"""
ROWS = 100 + 1000
KILLS = 2


def many(version: str) -> CuratedSource:
    """A source of 100 terms and 1,000 facts; each version says something else of some of them."""
    rng = random.Random(version)  # noqa: S311  (no secret)
    terms: list[Term] = []
    for number in range(50):
        parents = [f"D:{rng.randrange(number)}"] if number else []
        terms.append(term(f"C:{number}", "Drug"))
        terms.append(term(f"D:{number}", name=f"name {rng.randrange(3)}", parents=parents))
    facts: list[Fact] = []
    for number in range(1000):
        ends = (f"C:{rng.randrange(50)}", f"D:{rng.randrange(50)}")
        denied = rng.random() < 0.1
        facts.append(fact(ends[0], "TREATS", ends[1], f"row {number}", denied=denied))
    return source(terms, facts, version=version)


@pytest.mark.parametrize("server", ["embedded", "neo4j"])
def test_killed_and_run_again(
    server: str, embedded_graph: Graph, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Killed in a first load, and in one of another version, the next run gives the same graph."""
    load_curated(embedded_graph, many("1"))
    # The embedded server lives in the process that is killed, and dies with it.
    address = (str(tmp_path / "killed"), "", "")
    if server == "neo4j":
        request.getfixturevalue("neo4j_graph")
        neo4j = request.getfixturevalue("neo4j_address")
        address = (neo4j.url, neo4j.user, neo4j.password)
    rng = random.Random()  # noqa: S311  (another moment in each run, and no secret)
    where, user, password = address
    for version in ("1", "2"):
        load_curated(embedded_graph, many(version))
        for _ in range(KILLS):
            kill_in_the_middle(
                LOAD,
                (*address, version),
                after=rng.randrange(1, ROWS - 200),
                last=ROWS - 100,
                wait=rng.uniform(0, 0.05),
            )
        with open_graph(where, user=user or None, password=password or None) as graph:
            (node,) = graph.read("MATCH (s:Source) RETURN s.loading AS loading")
            assert node["loading"] is not None
            load_curated(graph, many(version))
            assert graph.dump() == embedded_graph.dump()


def test_of_two_loads_of_a_source_the_later_one_stays(graph: Graph) -> None:
    """A load during which another one of the source begins stops; the other one's graph stays."""
    stopped: list[Exception] = []
    begun, other_begun = threading.Event(), threading.Event()

    def first() -> None:
        def wait(_done: int, _total: int | None) -> None:
            begun.set()
            other_begun.wait()

        try:
            load_curated(graph, many("1"), on_progress=wait)
        except StoreError as error:
            stopped.append(error)
        finally:
            begun.set()

    thread = threading.Thread(target=first)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kg.loading.curated.fact_loading.FACTS", 20)
        thread.start()
        try:
            begun.wait()
            load_curated(graph, many("2"), on_progress=lambda *_: other_begun.set())
        finally:
            other_begun.set()
            thread.join()
    assert "another load of the source 'drugs' began" in str(stopped[0])
    there = graph.dump()
    graph.clear()
    load_curated(graph, many("2"))
    assert _without_retired(there) == _without_retired(graph.dump())


def _without_retired(lines: list[str]) -> list[str]:
    """Both versions have the same terms, so nothing is retired; only the order may differ."""
    assert not any('"retired"' in line for line in lines)
    return sorted(lines)


@pytest.mark.parametrize("when", [lambda _: None, lambda _: time.sleep(0.2)])
def test_the_reading_ahead_ends_with_the_load(
    embedded_graph: Graph, when: Callable[[int], None]
) -> None:
    """When a load ends by an error in the middle, no thread of it goes on."""

    def stop(done: int, _total: int | None) -> None:
        when(done)
        if done > 100:
            raise KeyboardInterrupt

    before = set(threading.enumerate())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kg.loading.curated.fact_loading.FACTS", 20)
        with pytest.raises(KeyboardInterrupt):
            load_curated(embedded_graph, many("1"), on_progress=stop)
    assert set(threading.enumerate()) <= before


def test_an_error_in_a_source_ends_the_load(embedded_graph: Graph) -> None:
    """An error while the facts are read is the load's own, and what came before it is kept."""
    whole = many("1")

    def facts() -> object:
        for number, item in enumerate(whole.facts()):
            if number == 500:
                raise StoreError("torn")
            yield item

    torn = CuratedSource(whole.source, whole.domain, whole.terms, facts)  # type: ignore[arg-type]
    with pytest.raises(StoreError, match="torn"):
        load_curated(embedded_graph, torn)
    load_curated(embedded_graph, whole)
    again = embedded_graph.dump()
    embedded_graph.clear()
    load_curated(embedded_graph, whole)
    assert embedded_graph.dump() == again
