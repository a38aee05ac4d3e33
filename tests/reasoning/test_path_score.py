"""The score against enumeration, its decomposition, and what moves it."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reasoning.layer import Sign
from reasoning.network import HalfEdge, Network
from reasoning.path_counts import path_counts
from reasoning.scorers.best_paths import best_paths
from reasoning.scorers.path_score import LENGTH_DAMPING, PathScore
from tests.reasoning.random_networks import all_paths, edges, networks
from tests.reasoning.random_networks import network as network_of

_SIGNS: st.SearchStrategy[Sign] = st.sampled_from([-1, 0, 1])


def _indirect(network: Network, start: int, end: int) -> list[tuple[HalfEdge, ...]]:
    return [tuple(path) for path in all_paths(network, start, end, 4) if len(path) > 1]


@settings(max_examples=60, deadline=None)
@given(networks(), _SIGNS)
def test_score_is_the_sum_of_its_paths(network: Network, sign: Sign) -> None:
    """The closed-form score of every pair equals the contributions of its simple paths, added."""
    score = PathScore(network, sign)
    for start in range(len(network.node_types)):
        scores = score.from_node(start)
        for end in range(len(network.node_types)):
            paths = _indirect(network, start, end)
            total = sum(score.contribution(path) for path in paths)
            assert scores.total[end] == pytest.approx(total, rel=1e-9, abs=1e-12)
            assert scores.n_contributions[end] == len(paths)


@settings(max_examples=60, deadline=None)
@given(networks(), _SIGNS)
def test_best_paths_are_all_paths_in_order(network: Network, sign: Sign) -> None:
    """The search yields each path of a pair once, the largest contribution first."""
    score = PathScore(network, sign)
    end = len(network.node_types) - 1
    found = list(best_paths(score, 0, end))
    assert sorted(path for _, path in found) == sorted(_indirect(network, 0, end))
    sizes = [abs(contribution) for contribution, _ in found]
    assert all(after <= before * (1 + 1e-12) for before, after in itertools.pairwise(sizes))
    assert sum(contribution for contribution, _ in found) == pytest.approx(
        float(score.from_node(0).total[end]), rel=1e-9, abs=1e-12
    )


@settings(max_examples=40, deadline=None)
@given(networks(), _SIGNS)
def test_score_is_the_same_from_both_ends(network: Network, sign: Sign) -> None:
    """A pair has one score, whichever of its ends the walk starts from."""
    score = PathScore(network, sign)
    last = len(network.node_types) - 1
    there, back = score.from_node(0).total[last], score.from_node(last).total[0]
    assert there == pytest.approx(back, rel=1e-9, abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(networks())
def test_unsigned_score_adds_up_path_counts(network: Network) -> None:
    """For certain claims and a relation without sign, the score is the damped sum of DWPCs."""
    network = network_of(network.node_types, [(*claim[:3], 1.0) for claim in edges(network)])
    nodes = range(len(network.node_types))
    expected = np.zeros(len(network.node_types))
    for metapath, table in path_counts(network, [0], nodes).values.items():
        if len(metapath) > 1:
            expected += table[0] * LENGTH_DAMPING ** (len(metapath) - 2)
    assert PathScore(network, 0).from_node(0).total == pytest.approx(expected, rel=1e-9, abs=1e-12)


def _chain(first: str, second: str, beliefs: tuple[float, float] = (0.9, 0.9)) -> Network:
    """The network 0 -first- 1 -second- 2."""
    return network_of("ABC", [(0, first, 1, beliefs[0]), (1, second, 2, beliefs[1])])


def test_signs_of_a_path_multiply() -> None:
    """What lowers that which raises speaks for lowering, and against raising."""
    chain = _chain("LOWERS", "RAISES")
    assert PathScore(chain, -1).from_node(0).total[2] > 0
    assert PathScore(chain, 1).from_node(0).total[2] < 0
    assert PathScore(_chain("LOWERS", "LOWERS"), 1).from_node(0).total[2] > 0


def test_unsigned_step_counts_less() -> None:
    """A path with an unsigned step speaks for either sign, half as loud as a signed one."""
    signed = PathScore(_chain("LOWERS", "RAISES"), -1).from_node(0).total[2]
    for sign in (-1, 1):
        vague = PathScore(_chain("LOWERS", "LINK"), sign).from_node(0).total[2]
        assert vague == pytest.approx(signed / 2)


def test_hub_between_says_less() -> None:
    """The same path through an intermediate with more claims contributes less."""
    ends = ((0, 1), (1, 5), (0, 2), (2, 5), (2, 3), (2, 4))
    network = network_of("ABBCCC", [(s, "LINK", o, 0.9) for s, o in ends])
    (specific, first), (shared, _) = list(best_paths(PathScore(network, 0), 0, 5))
    assert first[0].target == 1
    assert shared < specific


def test_belief_scales_a_path() -> None:
    """Claims that are believed half as much contribute half as much."""
    sure, unsure = _chain("LINK", "LINK", (0.8, 1.0)), _chain("LINK", "LINK", (0.4, 1.0))
    scores = [PathScore(network, 0).from_node(0).total[2] for network in (sure, unsure)]
    assert scores[0] == pytest.approx(2 * scores[1])


def test_direct_claims_are_left_to_the_checks() -> None:
    """A claim between the two ends themselves adds nothing to the score."""
    network = network_of("AB", [(0, "LINK", 1, 1.0)])
    scores = PathScore(network, 0).from_node(0)
    assert (scores.total[1], scores.n_contributions[1]) == (0.0, 0)
