"""The contract of a scorer: a pair has one score, which splits into chains of claims."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reasoning.arrays import Floats
from reasoning.network import Network
from reasoning.scorers import DEFAULT_SCORER, SCORERS
from tests.reasoning.random_networks import DOMAIN, edges, networks
from tests.reasoning.random_networks import network as network_of

_NAMES = pytest.mark.parametrize("name", sorted(SCORERS))
_RELATIONS = st.sampled_from(sorted(DOMAIN.relations))


def _close(value: float | Floats) -> object:
    return pytest.approx(value, rel=1e-9, abs=1e-12)


def test_every_scorer_has_an_oracle() -> None:
    """Beside this suite, which runs for each registered scorer, each has tests of its own."""
    files = {path.stem for path in Path(__file__).parent.glob("test_*.py")}
    assert {f"test_{name}" for name in SCORERS} <= files
    assert DEFAULT_SCORER in SCORERS


@_NAMES
@settings(max_examples=40, deadline=None)
@given(network=networks(), relation=_RELATIONS)
def test_one_score_a_pair(name: str, network: Network, relation: str) -> None:
    """Scores are finite, the same from both ends and each time, and nothing between one node."""
    size = len(network.node_types)
    rows = [SCORERS[name](network, relation).from_node(node) for node in range(size)]
    total = np.array([row.total for row in rows])
    number = np.array([row.n_contributions for row in rows])
    assert total.shape == number.shape == (size, size)
    assert np.isfinite(total).all()
    assert (number >= 0).all()
    assert not total[number == 0].any()
    assert not number.diagonal().any()
    assert total == _close(total.T)
    assert (number == number.T).all()
    again = SCORERS[name](network, relation)
    assert all((again.from_node(node).total == total[node]).all() for node in range(size))


@_NAMES
@settings(max_examples=40, deadline=None)
@given(network=networks(), relation=_RELATIONS)
def test_contributions_add_up(name: str, network: Network, relation: str) -> None:
    """The contributions of a pair come in order, are as many as is said, and sum to its score."""
    scorer = SCORERS[name](network, relation)
    for start in range(len(network.node_types)):
        scores = scorer.from_node(start)
        for end in range(len(network.node_types)):
            weights = [part.weight for part in scorer.contributions(start, end)]
            assert len(weights) == scores.n_contributions[end]
            assert sum(weights) == _close(scores.total[end])
            sizes = map(abs, weights)
            assert all(b <= a * (1 + 1e-12) for a, b in itertools.pairwise(sizes))


@_NAMES
@settings(max_examples=40, deadline=None)
@given(network=networks(), relation=_RELATIONS)
def test_contributions_are_chains_of_claims(name: str, network: Network, relation: str) -> None:
    """Each contribution leads from one end to the other along claims that the network holds."""
    scorer, held = SCORERS[name](network, relation), set(edges(network))
    last = len(network.node_types) - 1
    found = list(scorer.contributions(0, last))
    for part in found:
        here = 0
        for step in part.steps:
            assert (step.subject, step.predicate, step.object, step.belief) in held
            assert {here, step.target} == {step.subject, step.object}
            here = step.target
        assert part.nodes[-1] == here == last
    assert len(set(found)) == len(found)


@_NAMES
@settings(max_examples=40, deadline=None)
@given(network=networks(), relation=_RELATIONS, data=st.data())
def test_a_claim_left_out_plays_no_part(
    name: str, network: Network, relation: str, data: st.DataObject
) -> None:
    """Without a claim, scores and contributions are those of a graph in which nobody made it."""
    claims = edges(network)
    if not claims:
        return
    claim = data.draw(st.sampled_from(claims))
    never_made = network_of(network.node_types, [other for other in claims if other != claim])
    there, expected = (
        SCORERS[name](either, relation) for either in (network.without(*claim[:3]), never_made)
    )
    start, end = claim[0], claim[2]
    assert there.from_node(start).total == _close(expected.from_node(start).total)
    found = [(part.weight, part.nodes) for part in there.contributions(start, end)]
    assert found == [(part.weight, part.nodes) for part in expected.contributions(start, end)]
