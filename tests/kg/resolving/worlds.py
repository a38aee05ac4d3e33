"""Made-up worlds of papers, terms, curated rows and merges, for property tests."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from kg.contributions.properties import StoredTerm
from tests.kg.resolving.world import Decided, Row, Said, World, entities, root, type_of

CHEMICALS = ["x:A1", "x:A2", "y:A3"]
DISEASES = ["x:B1", "x:B2", "y:B3", "y:B4"]
EVERY = [*CHEMICALS, *DISEASES]


def _said(draw: st.DrawFn, at: int) -> Said:
    predicate = draw(st.sampled_from(["TREATS", "RESEMBLES", "RESEMBLES", "CAUSES"]))
    first = draw(st.sampled_from(CHEMICALS if predicate == "TREATS" else DISEASES))
    second = draw(st.sampled_from([d for d in DISEASES if d != first]))
    if predicate == "RESEMBLES":
        first, second = sorted((first, second))
    return Said(
        paper=draw(st.sampled_from(["pmid:1", "pmid:2", "pmid:3"])),
        subject=first,
        predicate=predicate,
        object=second,
        polarity=draw(st.sampled_from(["supports", "denies"])),
        confidence=draw(st.sampled_from([0.3, 0.8])),
        pack=draw(st.sampled_from(["pack@1", "other@2"])),
        at=at,
    )


def _term(draw: st.DrawFn, id_: str, version: str) -> StoredTerm:
    alike = [other for other in EVERY if type_of(other) == type_of(id_) and other < id_]
    return StoredTerm(
        id=id_,
        type=type_of(id_),
        name=draw(st.sampled_from(["one", "two", "three"])),
        parents=tuple(draw(st.lists(st.sampled_from(alike), max_size=2, unique=True)))
        if alike
        else (),
        source=version,
        retired=draw(st.sampled_from([False, False, True])),
    )


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Papers, terms and curated rows about few entities, so that much meets."""
    rows = [_said(draw, 0) for _ in range(draw(st.integers(0, 5)))]
    terms = {
        (id_, source): _term(draw, id_, source)
        for id_ in draw(st.lists(st.sampled_from(EVERY), max_size=4))
        for source in draw(st.lists(st.sampled_from(["onto@1", "voc@2"]), max_size=2))
    }
    said = tuple(_said(draw, at) for at in range(draw(st.integers(0, 8))))
    world = World(
        said=said,
        mentions=tuple(
            draw(
                st.lists(
                    st.tuples(
                        st.sampled_from(["pmid:1", "pmid:2", "pmid:4"]),
                        st.sampled_from(EVERY),
                        st.sampled_from(["migraine", "Migraine", "pain"]),
                    ),
                    max_size=5,
                )
            )
        ),
        terms=tuple(terms.values()),
        rows=tuple(
            Row(s.subject, s.predicate, s.object, f"line {n}", s.polarity, "d" * (n % 2))
            for n, s in enumerate(rows)
        ),
        dates={"pmid:1": "1990", "pmid:2": "1999-01"},
        retracted=frozenset({"pmid:2"}),
    )
    ends = [id_ for id_ in entities(world) if type_of(id_) == "Disease"]
    if len(ends) > 1:
        pairs = st.tuples(st.sampled_from(ends), st.sampled_from(ends))
        world = replace(world, hypotheses=tuple(set(draw(st.lists(pairs, max_size=2)))))
    return world


def possible_merges(world: World) -> list[Decided]:
    """All merges that a world allows beside those that it has."""
    ids = entities(world)
    gone = {merge.absorbed for merge in world.merges}
    return [
        Decided(one, other)
        for one in ids
        for other in ids
        if one not in gone and type_of(one) == type_of(other) and root(world, other) != one
    ]
