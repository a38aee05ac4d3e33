"""Small random networks with every oddity that a graph of claims can have, and brute force."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from hypothesis import strategies as st

from kg import Domain, parse_domain
from reasoning.claim_table import ClaimTable
from reasoning.network import Network

# Three relations: symmetric and signed, symmetric and unsigned, directed and signed.
DOMAIN: Domain = parse_domain("""
name = "random"
version = "1"
[types.A]
[types.B]
[types.C]
[relations.LINK]
signatures = [{ subject = "A", object = "B", reading = "is linked to" }]
[relations.LOWERS]
sign = -1
opposite = "RAISES"
signatures = [{ subject = "A", object = "B", reading = "lowers" }]
[relations.RAISES]
sign = 1
symmetric = false
signatures = [{ subject = "A", object = "B", reading = "raises" }]
""")
_PREDICATES = ("LINK", "LOWERS", "RAISES", "UNKNOWN_TO_THE_SCHEMA")


@st.composite
def networks(draw: st.DrawFn, max_nodes: int = 7, max_claims: int = 12) -> Network:
    """Networks with self-types, loops, parallel claims, claims both ways, and lone nodes."""
    types = tuple(draw(st.lists(st.sampled_from("ABC"), min_size=2, max_size=max_nodes)))
    node = st.integers(0, len(types) - 1)
    row = st.tuples(node, st.sampled_from(_PREDICATES), node, st.floats(0.05, 1.0))
    # The store holds one edge for a claim.
    rows = draw(st.lists(row, max_size=max_claims, unique_by=lambda claim: claim[:3]))
    claims = ClaimTable.of(
        subject=np.array([claim[0] for claim in rows], dtype=np.int64),
        object_=np.array([claim[2] for claim in rows], dtype=np.int64),
        predicate=tuple(claim[1] for claim in rows),
        belief=np.array([claim[3] for claim in rows], dtype=np.float64),
    )
    return Network.of(types, claims, DOMAIN)


def all_paths(network: Network, start: int, end: int, max_length: int) -> Iterator[list[int]]:
    """Every path as the list of its half-edges, by plain search: no node twice."""
    leaving: dict[int, list[int]] = {}
    for half_edge, node in enumerate(network.source):
        leaving.setdefault(int(node), []).append(half_edge)

    def search(node: int, seen: frozenset[int], path: list[int]) -> Iterator[list[int]]:
        if node == end:
            yield path
        elif len(path) < max_length:
            for half_edge in leaving.get(node, ()):
                after = int(network.target[half_edge])
                if after not in seen:
                    yield from search(after, seen | {after}, [*path, half_edge])

    if start != end:
        yield from search(start, frozenset({start}), [])
