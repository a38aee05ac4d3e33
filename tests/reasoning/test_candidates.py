"""Which claims are candidates, and that the best of a whole graph are the best around each node."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import Entity, Snapshot
from kg.snapshot import EdgeArrays, entity_table
from reasoning.candidates import Candidates
from reasoning.network import Network
from tests.reasoning.random_networks import DOMAIN, Row, claim_arrays, edges, networks

_RELATIONS = ("LINK", "LOWERS", "RAISES")


def _snapshot(network: Network, denied: Row | None = None) -> Snapshot:
    """The snapshot of a network; the claim `denied` has denials only."""
    ids = tuple(f"x:{number:03}" for number in range(len(network.node_types)))
    n_papers = np.zeros(len(ids), dtype=np.int32)
    claims = claim_arrays(len(ids), edges(network), denied)
    nothing = EdgeArrays.of(len(ids), np.zeros(0, np.int32), np.zeros(0, np.int32))
    entities = entity_table(ids, ids, network.node_types)
    return Snapshot.of(entities, n_papers, claims, nothing, DOMAIN)


def _entity(snapshot: Snapshot, row: int) -> Entity:
    return Entity(id=snapshot.entity_ids[row], name=snapshot.names[row], type=snapshot.types[row])


@settings(max_examples=50, deadline=None)
@given(networks(), st.sampled_from(_RELATIONS), st.integers(1, 6))
def test_best_pairs_are_the_best_around_every_entity(
    network: Network, relation: str, top: int
) -> None:
    """The whole graph's best are the first of all candidates around all entities, sorted."""
    snapshot = _snapshot(network)
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
    claims = edges(network)
    denied = data.draw(st.sampled_from(claims)) if claims else None
    candidates = Candidates(_snapshot(network, denied), DOMAIN.patterns(relation))
    held = {(claim[1], claim[0], claim[2]) for claim in claims if claim != denied}
    symmetric = DOMAIN.relations[relation].symmetric
    assert candidates.network.n_claims == len(held)
    for candidate in candidates.best_pairs(100, relation):
        ends = (candidate.subject, candidate.object)
        assert (relation, *ends) not in held
        assert not (symmetric and (relation, *reversed(ends)) in held)
        assert candidate.n_contributions > 0
