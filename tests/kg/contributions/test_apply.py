"""Deltas are a commutative group, and the graph is a function of their sum."""

from __future__ import annotations

import random
from collections import defaultdict
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import Graph
from kg.contributions.apply import commit
from kg.contributions.cache import Cache
from kg.contributions.delta import Delta, Signed
from kg.contributions.merges import Merge
from kg.contributions.properties import Entry, StoredTerm
from kg.contributions.states import Mentions, PaperContribution, Sentence
from kg.curated_models import source_name
from kg.identifiers import claim_id, evidence_id
from tests.kg.resolving.world import Said, World, names, papers, type_of, write
from tests.kg.resolving.worlds import EVERY, possible_merges, worlds

SLOW: Any = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}
TYPES = {id_: type_of(id_) for id_ in EVERY}
# So that every entity is there, whatever else says something of it.
BASE = tuple(StoredTerm(id=id_, type=type_of(id_), name=id_, source="base@1") for id_ in EVERY)


def _sentence(said: Said) -> Sentence:
    claim = claim_id(said.subject, said.predicate, said.object)
    return Sentence(
        evidence_id(claim, said.paper, said.at, said.at + 1, said.pack),
        claim,
        said.paper,
        said.subject,
        said.predicate,
        said.object,
        said.polarity,
        "stated",
        said.confidence,
        said.at,
        said.at + 1,
        "",
        said.pack,
    )


def _papers(world: World) -> list[Delta]:
    """A delta for each paper."""
    evidence: dict[str, dict[str, Sentence]] = defaultdict(dict)
    for said in world.said:
        sentence = _sentence(said)
        evidence[said.paper][sentence.id] = sentence
    mentions: dict[str, dict[str, Mentions]] = defaultdict(dict)
    for (paper, read), forms in names(world).items():
        places = frozenset((at, at + 1) for at in range(len(forms)))
        mentions[paper][read] = Mentions(frozenset(forms), places)
    deltas = []
    for id_ in papers(world):
        row = {"id": id_, "date": world.dates.get(id_), "retracted": id_ in world.retracted}
        said_by = PaperContribution(row, mentions[id_], evidence[id_])
        deltas.append(Delta(papers=Signed({id_: said_by}), types=TYPES))
    return deltas


def _terms(terms: tuple[StoredTerm, ...]) -> list[Delta]:
    """A delta for each term."""
    return [
        Delta(
            terms=Signed({(source_name(term.source), term.id): term}),
            types=TYPES,
            hierarchy={term.id},
        )
        for term in terms
    ]


def _entries(world: World) -> list[Delta]:
    """A delta for each row of a curated source."""
    return [
        Delta(
            entries=Signed(
                {
                    (
                        (row.subject, row.predicate, row.object),
                        Entry("db@1", row.row, row.polarity, row.details),
                    ): True
                }
            ),
            types=TYPES,
        )
        for row in world.rows
    ]


def _merges(world: World) -> list[Delta]:
    """A delta for each merge."""
    return [
        Delta(
            merges=Signed(
                {
                    m.absorbed: Merge(
                        absorbed=m.absorbed,
                        into=m.into,
                        type=type_of(m.absorbed),
                        rule=m.rule,
                        why=m.why,
                    )
                }
            ),
            types=TYPES,
        )
        for m in world.merges
    ]


def _merged(world: World, rng: random.Random) -> World:
    """The world with some merges and without hypotheses, which no delta brings."""
    whole = World(world.said, world.mentions, (*BASE, *world.terms), world.rows, (), world.dates)
    for _ in range(rng.randint(0, 3)):
        if possible := possible_merges(whole):
            whole = whole.merged(*whole.merges, rng.choice(possible))
    return whole


def _apply(graph: Graph, cache: Cache, *deltas: Delta) -> None:
    for delta in deltas:
        commit(graph, cache, lambda _, delta=delta: (delta, None))  # type: ignore[misc]


def _check(graph: Graph, world: World, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311  (no secret)
    whole = _merged(world, rng)
    graph.clear()
    write(graph, whole)
    expected = graph.dump()
    graph.clear()
    write(graph, World())
    base = Delta()
    for delta in _terms(BASE):
        base += delta
    cache = Cache()
    _apply(graph, cache, base)
    before = graph.dump()
    deltas = [*_papers(whole), *_terms(world.terms), *_entries(whole), *_merges(whole)]
    rng.shuffle(deltas)
    _apply(graph, cache, *deltas)
    assert graph.dump() == expected
    rng.shuffle(deltas)
    _apply(graph, cache, *(-delta for delta in deltas))
    assert graph.dump() == before
    every = Delta()
    for delta in deltas:
        every += delta
    _apply(graph, cache, every)
    assert graph.dump() == expected
    _apply(graph, Cache(), -every)
    assert graph.dump() == before


@settings(max_examples=25, **SLOW)
@given(world=worlds(), seed=st.integers(0, 1000))
def test_deltas_embedded(embedded_graph: Graph, world: World, seed: int) -> None:
    """Deltas one by one in any order, or as one sum, give the oracle's graph; negated, nothing."""
    _check(embedded_graph, world, seed)


@settings(max_examples=8, **SLOW)
@given(world=worlds(), seed=st.integers(0, 1000))
def test_deltas_neo4j(neo4j_graph: Graph, world: World, seed: int) -> None:
    """Deltas one by one in any order, or as one sum, give the oracle's graph; negated, nothing."""
    _check(neo4j_graph, world, seed)


@given(world=worlds(), data=st.data())
def test_the_sum_of_deltas(world: World, data: st.DataObject) -> None:
    """The sum does not hang on the order, and a delta and its negation are nothing."""
    deltas = [*_papers(world), *_terms(world.terms), *_entries(world)]
    shuffled = data.draw(st.permutations(deltas))
    one, other = Delta(), Delta()
    for delta in deltas:
        one += delta
    for delta in shuffled:
        other += delta
    assert one == other
    nothing = one + -other
    assert not any((nothing.papers, nothing.terms, nothing.entries, nothing.merges))
