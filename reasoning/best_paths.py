"""The paths of a score, the heaviest first, without listing them all."""

from __future__ import annotations

import heapq
from collections.abc import Iterator

import numpy as np

from reasoning.arrays import Floats
from reasoning.path_score import LENGTH_DAMPING, MAX_STEPS, MIN_STEPS, PathScore

HalfEdges = tuple[int, ...]


def best_paths(score: PathScore, start: int, end: int) -> Iterator[tuple[float, HalfEdges]]:
    """Yield (contribution, half-edges) of every path of a score, largest absolute value first.

    Best-first search (A*, Hart et al. 1968, https://doi.org/10.1109/TSSC.1968.300136). What a
    path can still become is bounded by the heaviest walk of the steps that are left, so the
    first path that comes off the heap complete is the best of all. All contributions of a pair
    add up to its score; paths of equal weight come in the order of their half-edges.
    """
    if start == end:
        return
    bounds = _heaviest_walks(score, end)
    network, weights = score.network, score.half_edge_weights
    # (minus the bound, half-edges, length of the path in the end, weight so far, nodes)
    heap: list[tuple[float, HalfEdges, int, float, tuple[int, ...]]] = []
    for length in range(MIN_STEPS, MAX_STEPS + 1):
        damped = LENGTH_DAMPING ** (length - MIN_STEPS)
        _push(heap, damped * bounds[length][start], ((), length, damped, (start,)))
    while heap:
        _, path, length, weight, nodes = heapq.heappop(heap)
        if length == 0:
            yield weight, path
            continue
        node, left = nodes[-1], length - len(path) - 1
        for half_edge in range(network.first[node], network.first[node + 1]):
            after = int(network.target[half_edge])
            if after in nodes or (after == end) != (left == 0):
                continue
            longer = (*path, half_edge)
            if left == 0:
                contribution = score.contribution(longer)
                # A length of 0 marks a complete path, which waits for its turn.
                _push(heap, abs(contribution), (longer, 0, contribution, ()))
            else:
                so_far = weight * float(weights[half_edge])
                bound = so_far * bounds[left][after]
                _push(heap, bound, (longer, length, so_far, (*nodes, after)))


def _push(
    heap: list[tuple[float, HalfEdges, int, float, tuple[int, ...]]],
    bound: float,
    item: tuple[HalfEdges, int, float, tuple[int, ...]],
) -> None:
    if bound > 0:
        heapq.heappush(heap, (-float(bound), *item))


def _heaviest_walks(score: PathScore, end: int) -> list[Floats]:
    """Return for k = 0 to 4 steps (N,): the largest product of weights of a walk to `end`."""
    network = score.network
    heaviest = np.zeros(len(network.node_types))
    heaviest[end] = 1.0
    walks = [heaviest]
    for _ in range(MAX_STEPS):
        reached = np.zeros(len(network.node_types))
        np.maximum.at(reached, network.source, score.half_edge_weights * walks[-1][network.target])
        walks.append(reached)
    return walks
