"""Exact path counts against plain enumeration."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reasoning.claim_table import ClaimTable
from reasoning.network import Metaedge, Network
from reasoning.path_counts import Metapath, path_counts
from tests.reasoning.random_networks import DOMAIN, all_paths, networks


def _enumerated(network: Network, start: int, end: int, damping: float) -> dict[Metapath, float]:
    """Degree-weighted path counts from the definition, one path at a time."""

    def degree(node: int, metaedge: Metaedge) -> int:
        return sum(
            network.source[h] == node and network.metaedges[network.metaedge[h]] == metaedge
            for h in range(len(network.source))
        )

    counts: dict[Metapath, float] = {}
    for path in all_paths(network, start, end, 4):
        metapath = tuple(network.metaedges[network.metaedge[h]] for h in path)
        product = 1.0
        for half_edge, step in zip(path, metapath, strict=True):
            product *= degree(int(network.source[half_edge]), step) ** -damping
            product *= degree(int(network.target[half_edge]), step.inverse) ** -damping
        counts[metapath] = counts.get(metapath, 0.0) + product
    return counts


@settings(max_examples=40, deadline=None)
@given(networks(), st.data(), st.sampled_from([0.0, 0.4]))
def test_counts_equal_enumeration(network: Network, data: st.DataObject, damping: float) -> None:
    """Counts of every metapath up to length 4 equal those of all simple paths, one by one."""
    node = st.integers(0, len(network.node_types) - 1)
    start, end = data.draw(node), data.draw(node)
    counts = path_counts(network, [start], [end], damping=damping)
    found = {metapath: float(table[0, 0]) for metapath, table in counts.values.items()}
    assert found == pytest.approx(_enumerated(network, start, end, damping), rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(networks())
def test_both_sides_count_the_same(network: Network) -> None:
    """Walking from the targets, when they are fewer, gives what walking from the sources gives."""
    nodes = list(range(len(network.node_types)))
    back = path_counts(network, nodes, [0])
    for metapath, table in path_counts(network, [0], nodes).values.items():
        inverse = tuple(step.inverse for step in reversed(metapath))
        assert back.values[inverse][:, 0] == pytest.approx(table[0], rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(networks(), st.data())
def test_tested_claim_is_left_out_exactly(network: Network, data: st.DataObject) -> None:
    """Leaving a claim out gives the counts and degrees of the graph in which it was never made."""
    if not len(network.claims):
        return
    row = data.draw(st.integers(0, len(network.claims) - 1))
    claims = network.claims
    ends = (int(claims.subject[row]), int(claims.object[row]))
    mask = np.arange(len(claims)) != row
    never_made = Network.of(network.node_types, claims.where(mask), DOMAIN)
    left_out = network.without((ends[0], claims.predicate[row], ends[1]), DOMAIN)
    expected = path_counts(never_made, [ends[0]], [ends[1]]).values
    found = path_counts(left_out, [ends[0]], [ends[1]]).values
    assert {m: v.tolist() for m, v in found.items()} == {m: v.tolist() for m, v in expected.items()}
    assert left_out.degree[ends[0]] == network.degree[ends[0]] - 1
    assert left_out.degree[ends[1]] == network.degree[ends[1]] - 1


@settings(max_examples=40, deadline=None)
@given(networks())
def test_unweighted_counts_equal_networkx(network: Network) -> None:
    """With damping 0, the counts add up to the number of simple paths that networkx lists."""
    graph: nx.MultiGraph[int] = nx.MultiGraph()
    graph.add_nodes_from(range(len(network.node_types)))
    graph.add_edges_from(zip(network.claims.subject, network.claims.object, strict=True))
    last = len(network.node_types) - 1
    listed = sum(1 for _ in nx.all_simple_edge_paths(graph, 0, last, cutoff=4)) if last else 0
    counts = path_counts(network, [0], [last], damping=0.0)
    assert sum(float(table[0, 0]) for table in counts.values.values()) == listed


def test_himmelstein_example() -> None:
    """The path-degree product of the 2015 paper's kind of example comes out by hand."""
    # a0 - b2 - c4 and a0 - b3 - c4, and b3 has a second A: one specific, one less specific way.
    claims = ClaimTable.of(
        subject=np.array([0, 0, 1, 2, 3]),
        object_=np.array([2, 3, 3, 4, 4]),
        predicate=("LINK",) * 5,
        belief=np.ones(5),
    )
    network = Network.of("AABBC", claims, DOMAIN)
    step = Metaedge("LINK", "A", "B", "both"), Metaedge("LINK", "B", "C", "both")
    counts = path_counts(network, [0], [4]).values
    specific, shared = 2**-0.4 * 2**-0.4, 2**-0.4 * 2**-0.4 * 2**-0.4
    assert counts[step][0, 0] == pytest.approx(specific + shared)


def test_length_out_of_range_is_refused() -> None:
    """Lengths beyond the closed form raise instead of giving walks for paths."""
    network = Network.of("AB", ClaimTable.of(np.array([0]), np.array([1]), ("LINK",), np.ones(1)))
    with pytest.raises(ValueError, match="from 1 to 4"):
        path_counts(network, [0], [1], max_length=5)
