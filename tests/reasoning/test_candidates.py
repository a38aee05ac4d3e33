"""Which claims are candidates, and that the best of a whole graph are the best around each node."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import Entity, Snapshot
from kg.snapshot import ClaimArrays, EdgeArrays, entity_table
from reasoning.candidates import Candidates
from reasoning.network import Network
from tests.reasoning.random_networks import DOMAIN, networks

_RELATIONS = ("LINK", "LOWERS", "RAISES")


def _snapshot(network: Network, denied: int) -> Snapshot:
    """The snapshot of a network; the claim of row `denied` has denials only."""
    claims = network.claims
    rows: dict[str, list[int]] = defaultdict(list)
    for row in np.lexsort((claims.object, claims.subject)).tolist():
        rows[claims.predicate[row]].append(row)
    ids = tuple(f"x:{number:03}" for number in range(len(network.node_types)))

    def arrays(at: list[int]) -> ClaimArrays:
        support = np.array([row != denied for row in at], dtype=np.int32)
        zeros = np.zeros(len(at), dtype=np.int32)
        subject, object_ = claims.subject[at].astype(np.int32), claims.object[at].astype(np.int32)
        counts = (support, 1 - support, zeros, zeros, zeros, zeros)
        return ClaimArrays.from_columns(len(ids), subject, object_, claims.belief[at], counts)

    n_papers = np.zeros(len(ids), dtype=np.int32)
    by_predicate = {name: arrays(at) for name, at in sorted(rows.items())}
    nothing = EdgeArrays.of(len(ids), np.zeros(0, np.int32), np.zeros(0, np.int32))
    entities = entity_table(ids, ids, network.node_types)
    return Snapshot.of(entities, n_papers, by_predicate, nothing, DOMAIN)


def _entity(snapshot: Snapshot, row: int) -> Entity:
    return Entity(id=snapshot.entity_ids[row], name=snapshot.names[row], type=snapshot.types[row])


@settings(max_examples=50, deadline=None)
@given(networks(), st.sampled_from(_RELATIONS), st.integers(1, 6))
def test_best_pairs_are_the_best_around_every_entity(
    network: Network, relation: str, top: int
) -> None:
    """The whole graph's best are the first of all candidates around all entities, sorted."""
    snapshot = _snapshot(network, denied=-1)
    candidates = Candidates(snapshot, DOMAIN.patterns(relation))
    fitting = {"A", "B"} & set(snapshot.types)
    around = {
        candidate
        for row, type_ in enumerate(snapshot.types)
        if type_ in fitting
        for candidate in candidates.around(_entity(snapshot, row), relation)
    }
    keys = sorted({candidates.rank_key(candidate) for candidate in around})
    best = [candidates.rank_key(candidate) for candidate in candidates.best_pairs(top, relation)]
    assert best == keys[:top]


@settings(max_examples=50, deadline=None)
@given(networks(), st.sampled_from(_RELATIONS), st.data())
def test_held_claims_are_no_candidates_and_denied_ones_are_no_edges(
    network: Network, relation: str, data: st.DataObject
) -> None:
    """What some paper supports is not proposed; what papers only deny is not walked."""
    claims = network.claims
    n_claims = len(claims)
    denied = data.draw(st.integers(0, n_claims - 1)) if n_claims else -1
    snapshot = _snapshot(network, denied)
    candidates = Candidates(snapshot, DOMAIN.patterns(relation))
    held = {
        (name, int(subject), int(object_))
        for row, (name, subject, object_) in enumerate(
            zip(claims.predicate, claims.subject, claims.object, strict=True)
        )
        if row != denied
    }
    symmetric = DOMAIN.relations[relation].symmetric
    assert len(candidates.network.claims) == len(held)
    for candidate in candidates.best_pairs(100, relation):
        ends = (candidate.subject, candidate.object)
        assert (relation, *ends) not in held
        assert not (symmetric and (relation, *reversed(ends)) in held)
        assert candidate.n_paths > 0
