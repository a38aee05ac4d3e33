"""Exact path counts against plain enumeration."""

from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reasoning.network import Metaedge, Network
from reasoning.path_counts import Metapath, path_counts
from tests.reasoning.random_networks import all_paths, edges, networks
from tests.reasoning.random_networks import network as network_of


def _enumerated(network: Network, start: int, end: int, damping: float) -> dict[Metapath, float]:
    """Degree-weighted path counts from the definition, one path at a time."""

    def degree(node: int, metaedge: Metaedge) -> int:
        return sum(network.metaedges[h.metaedge] == metaedge for h in network.half_edges(node))

    counts: dict[Metapath, float] = {}
    for path in all_paths(network, start, end, 4):
        metapath = tuple(network.metaedges[h.metaedge] for h in path)
        product, node = 1.0, start
        for half_edge, step in zip(path, metapath, strict=True):
            product *= degree(node, step) ** -damping
            node = half_edge.target
            product *= degree(node, step.inverse) ** -damping
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
    claims = edges(network)
    if not claims:
        return
    claim = data.draw(st.sampled_from(claims))
    ends = (claim[0], claim[2])
    never_made = network_of(network.node_types, [other for other in claims if other != claim])
    left_out = network.without(*claim[:3])
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
    graph.add_edges_from((subject, object_) for subject, _, object_, _ in edges(network))
    last = len(network.node_types) - 1
    listed = sum(1 for _ in nx.all_simple_edge_paths(graph, 0, last, cutoff=4)) if last else 0
    counts = path_counts(network, [0], [last], damping=0.0)
    assert sum(float(table[0, 0]) for table in counts.values.values()) == listed


def test_himmelstein_example() -> None:
    """The path-degree product of the 2015 paper's kind of example comes out by hand."""
    # a0 - b2 - c4 and a0 - b3 - c4, and b3 has a second A: one specific, one less specific way.
    claims = [(s, "LINK", o, 1.0) for s, o in ((0, 2), (0, 3), (1, 3), (2, 4), (3, 4))]
    network = network_of("AABBC", claims)
    step = Metaedge("LINK", "A", "B", "both"), Metaedge("LINK", "B", "C", "both")
    counts = path_counts(network, [0], [4]).values
    specific, shared = 2**-0.4 * 2**-0.4, 2**-0.4 * 2**-0.4 * 2**-0.4
    assert counts[step][0, 0] == pytest.approx(specific + shared)


def test_length_out_of_range_is_refused() -> None:
    """Lengths beyond the closed form raise instead of giving walks for paths."""
    network = network_of("AB", [(0, "LINK", 1, 1.0)])
    with pytest.raises(ValueError, match="from 1 to 4"):
        path_counts(network, [0], [1], max_length=5)
