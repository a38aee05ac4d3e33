"""Walking the arrays of a snapshot: the same as walking the claims one by one."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import Snapshot, UnknownNameError, UsageError
from kg.asking import claims_in
from kg.snapshot import ClaimArrays, EdgeArrays, entity_table
from tests.kg.written import DOMAIN, LOWERS, RAISES

Triple = tuple[int, str, int]


def made_of(claims: list[Triple], n: int) -> Snapshot:
    """A snapshot of n entities with these claims, in whatever order; belief is a half."""
    rows: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for subject, predicate, object_ in claims:
        rows[predicate].append((subject, object_))
    ids = [f"x:{number:03}" for number in range(n)]
    arrays = {}
    for name in sorted(rows):
        starts = [ends[0] for ends in rows[name]]
        targets = [ends[1] for ends in rows[name]]
        ones = [1] * len(starts)
        half = [0.5] * len(starts)
        arrays[name] = ClaimArrays.from_columns(n, starts, targets, half, [ones] * 6)
    nothing = np.zeros(0, np.int32)
    no_edges = EdgeArrays.of(n, nothing, nothing)
    counts = np.zeros(n, np.int32)
    return Snapshot.of(entity_table(ids, ids, ["Gene"] * n), counts, arrays, no_edges, DOMAIN)


def one_by_one(claims: set[Triple], start: int, steps: int) -> tuple[dict[int, int], set[Triple]]:
    """Distances and walked claims, found by looking at every claim in every step."""
    distance, walked = {start: 0}, set[Triple]()
    for step in range(1, steps + 1):
        inner = {node for node in distance if distance[node] == step - 1}
        for claim in claims:
            if claim[0] in inner or claim[2] in inner:
                walked.add(claim)
                for end in (claim[0], claim[2]):
                    distance.setdefault(end, step)
    return distance, walked


@settings(max_examples=200, deadline=None)
@given(st.data(), st.integers(1, 14), st.integers(0, 4), st.sampled_from([0.0, 0.1, 1.0]))
def test_walked_as_one_by_one(data: st.DataObject, n: int, steps: int, share: float) -> None:
    """Entities, distances and claims are those of a walk claim by claim, whichever way is taken."""
    node = st.integers(0, n - 1)
    triple = st.tuples(node, st.sampled_from([LOWERS, RAISES]), node)
    claims = {t for t in data.draw(st.sets(triple, max_size=40)) if t[0] != t[2]}
    start = data.draw(node)
    snapshot = made_of(sorted(claims), n)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kg.snapshot.neighbourhood._SCANNED_SHARE", share)
        found = snapshot.neighbourhood(f"x:{start:03}", steps)
    distance, walked = one_by_one(claims, start, steps)
    assert dict(zip(found.rows.tolist(), found.distance.tolist(), strict=True)) == distance
    seen = [
        (int(snapshot.claims[name].subject[edge]), name, int(snapshot.claims[name].object[edge]))
        for name, edges in found.claims.items()
        for edge in edges
    ]
    assert set(seen) == walked
    assert len(seen) == len(walked) == found.n_claims
    assert found.rows.tolist() == sorted(found.rows.tolist())


@settings(max_examples=100, deadline=None)
@given(st.data(), st.integers(2, 10))
def test_arrays_in_both_directions(data: st.DataObject, n: int) -> None:
    """`indptr` and `in_indptr` give the claims that leave and that enter; none is lost or alike."""
    node = st.integers(0, n - 1)
    claims = data.draw(st.lists(st.tuples(node, node), unique=True, min_size=1, max_size=30))
    arrays = made_of([(s, LOWERS, o) for s, o in claims], n).claims[LOWERS]
    wanted = sorted((s, o) for s, o in claims if s != o)
    assert list(zip(arrays.subject.tolist(), arrays.object.tolist(), strict=True)) == wanted
    edges = np.arange(len(arrays))
    assert arrays.subjects(edges).tolist() == [s for s, _ in wanted]
    for row in range(n):
        leaving = arrays.object[arrays.indptr[row] : arrays.indptr[row + 1]].tolist()
        assert leaving == [o for s, o in wanted if s == row]
        entering = arrays.in_edge[arrays.in_indptr[row] : arrays.in_indptr[row + 1]]
        assert arrays.subject[entering].tolist() == [s for s, o in wanted if o == row]


def test_only_some_relations() -> None:
    """Where relations are named, others are not walked; one that is not there is an error."""
    snapshot = made_of([(0, LOWERS, 1), (0, RAISES, 2), (1, LOWERS, 3)], 5)
    found = snapshot.neighbourhood("x:000", 2, predicates=[LOWERS])
    assert found.rows.tolist() == [0, 1, 3]
    with pytest.raises(UnknownNameError, match="NEGATIVE_CORRELATIONS"):
        snapshot.neighbourhood("x:000", 2, predicates=[LOWERS + "S"])


def test_wrong_use() -> None:
    """An id that is not there, or steps below zero, are errors; no steps are the entity alone."""
    snapshot = made_of([(0, LOWERS, 1)], 3)
    for absent in ("x:999", "", "x:0001", "a"):
        with pytest.raises(UnknownNameError):
            snapshot.neighbourhood(absent)
    with pytest.raises(UsageError, match="steps is -1"):
        snapshot.neighbourhood("x:000", -1)
    alone = snapshot.neighbourhood("x:000", 0)
    assert (alone.rows.tolist(), alone.n_claims, len(alone)) == ([0], 0, 1)


def test_claims_between_two() -> None:
    """The claims between two entities are found in the arrays, in both directions."""
    snapshot = made_of([(0, LOWERS, 1), (1, LOWERS, 0), (0, RAISES, 2), (0, LOWERS, 4)], 5)
    found = claims_in(snapshot, "x:000", "x:001")
    assert [(c.subject, c.predicate, c.object, c.direction) for c in found] == [
        ("x:000", LOWERS, "x:001", "forward"),
        ("x:001", LOWERS, "x:000", "backward"),
    ]
    assert (found[0].belief, found[0].n_support, found[0].curated) == (0.5, 1, True)
    assert claims_in(snapshot, "x:001", "x:003") == []
