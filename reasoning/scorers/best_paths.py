"""Best-first search (A*) for the paths of a score, the heaviest first, without listing them all."""

from __future__ import annotations

import functools
import heapq
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from reasoning.arrays import Floats
from reasoning.network import HalfEdge

if TYPE_CHECKING:
    from reasoning.scorers.path_score import PathScore

Path = tuple[HalfEdge, ...]
_Item = tuple[float, Path, int, float, tuple[int, ...]]


def best_paths(score: PathScore, start: int, end: int) -> Iterator[tuple[float, Path]]:
    """Yield (contribution, half-edges) of every path of a score, largest absolute value first.

    Best-first search (Hart et al. 1968, https://doi.org/10.1109/TSSC.1968.300136). What a
    path can still become is bounded by the heaviest walk of the steps that are left, so the
    first path that comes off the heap complete is the best of all. All contributions of a pair
    add up to its score; paths of equal weight come in the order of their half-edges.
    """
    if start == end:
        return
    bounds = _heaviest_walks(score, end)
    leaving = functools.cache(score.network.half_edges)
    # (minus the bound, half-edges, length of the path in the end, weight so far, nodes)
    heap: list[_Item] = []
    for length, damped in score.by_length.items():
        _push(heap, damped * bounds[length][start], ((), length, damped, (start,)))
    while heap:
        _, path, length, weight, nodes = heapq.heappop(heap)
        if length == 0:
            yield weight, path
            continue
        left = length - len(path) - 1
        for half_edge in leaving(nodes[-1]):
            after = half_edge.target
            if after in nodes or (after == end) != (left == 0):
                continue
            longer = (*path, half_edge)
            if left == 0:
                contribution = score.contribution(longer)
                # A length of 0 marks a complete path, which waits for its turn.
                _push(heap, abs(contribution), (longer, 0, contribution, ()))
            else:
                so_far = weight * float(score.weights[half_edge.layer][half_edge.claim])
                bound = so_far * bounds[left][after]
                _push(heap, bound, (longer, length, so_far, (*nodes, after)))


def _push(heap: list[_Item], bound: float, item: tuple[Path, int, float, tuple[int, ...]]) -> None:
    if bound > 0:
        heapq.heappush(heap, (-float(bound), *item))


def _heaviest_walks(score: PathScore, end: int) -> list[Floats]:
    """Return for k = 0 to 4 steps (N,): the largest product of weights of a walk to `end`."""
    network = score.network
    heaviest = np.zeros(len(network.node_types))
    heaviest[end] = 1.0
    walks = [heaviest]
    for _ in range(max(score.by_length)):
        reached = np.zeros(len(network.node_types))
        # A claim that is no edge weighs nothing.
        for layer, weights in zip(network.layers, score.weights, strict=True):
            subject, object_ = layer.arrays.subject, layer.arrays.object
            np.maximum.at(reached, subject, weights * walks[-1][object_])
            np.maximum.at(reached, object_, weights * walks[-1][subject])
        walks.append(reached)
    return walks
