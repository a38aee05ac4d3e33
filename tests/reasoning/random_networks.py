"""Small random networks with every oddity that a graph of claims can have, and brute force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from hypothesis import strategies as st

from kg import Domain, parse_domain
from kg.snapshot import ClaimArrays
from kg.snapshot.arrays import MEASURES, STRUCTURE
from reasoning.network import HalfEdge, Network

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
Row = tuple[int, str, int, float]
"""A claim: subject, predicate, object, belief."""

_PREDICATES = ("LINK", "LOWERS", "RAISES", "UNKNOWN_TO_THE_SCHEMA")


@st.composite
def networks(draw: st.DrawFn, max_nodes: int = 7, max_claims: int = 12) -> Network:
    """Networks with self-types, loops, parallel claims, claims both ways, and lone nodes."""
    types = tuple(draw(st.lists(st.sampled_from("ABC"), min_size=2, max_size=max_nodes)))
    node = st.integers(0, len(types) - 1)
    row = st.tuples(node, st.sampled_from(_PREDICATES), node, st.floats(0.05, 1.0))
    # The store holds one edge for a claim.
    rows = draw(st.lists(row, max_size=max_claims, unique_by=lambda claim: claim[:3]))
    return network(types, rows)


def network(types: Sequence[str], rows: Iterable[Row], denied: Row | None = None) -> Network:
    """The network of some claims; one of them may have denials only."""
    return Network.of(types, claim_arrays(len(types), rows, denied), DOMAIN)


def claim_arrays(
    n_entities: int, rows: Iterable[Row], denied: Row | None = None
) -> dict[str, ClaimArrays]:
    """The claims of each predicate as a snapshot has them: in arrays that nobody may change."""
    by_predicate: dict[str, list[Row]] = {}
    for row in rows:
        by_predicate.setdefault(row[1], []).append(row)
    arrays = {}
    for predicate, of_it in sorted(by_predicate.items()):
        subjects, _, objects, beliefs = zip(*of_it, strict=True)
        support = [int(row != denied) for row in of_it]
        zeros = [0] * len(of_it)
        counts = (support, [1 - n for n in support], zeros, zeros, zeros, zeros)
        arrays[predicate] = ClaimArrays.from_columns(n_entities, subjects, objects, beliefs, counts)
        for name in (*STRUCTURE, *MEASURES):
            getattr(arrays[predicate], name).flags.writeable = False
    return arrays


def edges(network: Network) -> list[Row]:
    """The claims that are edges of a network, by predicate, subject and object."""
    return [
        (int(arrays.subject[row]), layer.predicate, int(arrays.object[row]), float(belief))
        for layer in network.layers
        for arrays in (layer.arrays,)
        for row, belief in enumerate(arrays.belief)
        if layer.is_edge is None or layer.is_edge[row]
    ]


def all_paths(network: Network, start: int, end: int, max_length: int) -> Iterator[list[HalfEdge]]:
    """Every path as the list of its half-edges, by plain search: no node twice."""

    def search(node: int, seen: frozenset[int], path: list[HalfEdge]) -> Iterator[list[HalfEdge]]:
        if node == end:
            yield path
        elif len(path) < max_length:
            for half_edge in network.half_edges(node):
                after = half_edge.target
                if after not in seen:
                    yield from search(after, seen | {after}, [*path, half_edge])

    if start != end:
        yield from search(start, frozenset({start}), [])
