"""Networks: what becomes of claims when they can be walked in both directions."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kg import RelationPattern
from reasoning.network import Metaedge, Network
from tests.reasoning.random_networks import DOMAIN, Row, claim_arrays, network

_PREDICATES = ("LINK", "LOWERS", "UNKNOWN_TO_THE_SCHEMA")
_ROWS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from(_PREDICATES),
        st.integers(0, 3),
        st.sampled_from((0.25, 0.5, 0.75)),
    ),
    max_size=14,
    unique_by=lambda row: row[:3],  # as in a snapshot
)


def _is_symmetric(predicate: str) -> bool:
    return predicate in DOMAIN.relations and DOMAIN.relations[predicate].symmetric


def _kept(rows: list[Row]) -> list[Row]:
    """The claims that are edges, one by one: no loops, the most believed of those alike."""
    best: dict[tuple[str, int, int], int] = {}
    rows = sorted(rows)
    for at, (subject, predicate, object_, belief) in enumerate(rows):
        turned = _is_symmetric(predicate) and object_ < subject
        edge = (predicate, object_, subject) if turned else (predicate, subject, object_)
        if subject != object_ and (edge not in best or belief > rows[best[edge]][3]):
            best[edge] = at
    return [rows[at] for at in sorted(best.values())]


@settings(max_examples=100, deadline=None)
@given(_ROWS, st.lists(st.sampled_from("ABC"), min_size=4, max_size=4))
def test_each_claim_is_two_half_edges(rows: list[Row], types: list[str]) -> None:
    """Claims that differ become two half-edges each, of metaedges that are each other's inverse."""
    built = network(types, rows)
    steps = [
        (*claim, Metaedge(claim[1], types[claim[0]], types[claim[2]], direction))
        for claim in _kept(rows)
        for direction in (("both" if _is_symmetric(claim[1]) else "forward"),)
    ]
    expected = [(s, o, step, belief) for s, _, o, belief, step in steps]
    expected += [(o, s, step.inverse, belief) for s, _, o, belief, step in steps]
    found = [
        (node, half.target, built.metaedges[half.metaedge], belief)
        for node in range(len(types))
        for half in sorted(built.half_edges(node))
        for belief in (built.layers[half.layer].arrays.belief[half.claim],)
    ]
    assert found == sorted(expected)
    assert [built.degree[node] for node in range(len(types))] == [
        len(built.half_edges(node)) for node in range(len(types))
    ]
    pattern = RelationPattern(
        predicate="LOWERS", subject_type="A", object_type="B", reading="lowers"
    )
    of_pattern = [s for s in steps if (s[1], types[s[0]], types[s[2]]) == ("LOWERS", "A", "B")]
    assert built.count(pattern) == len(of_pattern)


@settings(max_examples=60, deadline=None)
@given(_ROWS, st.lists(st.sampled_from("ABC"), min_size=4, max_size=4))
def test_the_arrays_are_the_snapshots_own(rows: list[Row], types: list[str]) -> None:
    """A network holds no copy of a claim, and leaving a claim out copies none either."""
    claims = claim_arrays(len(types), rows)
    built = Network.of(types, claims, DOMAIN)
    assert all(layer.arrays is claims[layer.predicate] for layer in built.layers)
    for subject, predicate, object_, _ in rows:
        left_out = built.without(subject, predicate, object_)
        assert all(layer.arrays is claims[layer.predicate] for layer in left_out.layers)
        assert object_ not in left_out.neighbours(subject, predicate, as_subject=True)
