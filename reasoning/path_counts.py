"""Degree-weighted path counts: Himmelstein & Baranzini 2015, exact, for every metapath.

https://doi.org/10.1371/journal.pcbi.1004259: the degree-weighted path count of two nodes along a
metapath is the sum, over its paths (no node twice), of the path-degree product: every degree
along the path to the power of minus the damping.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from reasoning.arrays import Floats, Ints, Matrix
from reasoning.network import Metaedge, Network
from reasoning.simple_paths import StepsAfterStart, row_times

DAMPING = 0.4
MAX_LENGTH = 4
Metapath = tuple[Metaedge, ...]


@dataclass(frozen=True, eq=False)
class PathCounts:
    """Degree-weighted path counts between some sources and some targets.

    `values[metapath]` is (S, T), in the order of `sources` (S,) and `targets` (T,); a metapath
    along which no source reaches any target is absent.
    """

    sources: Ints
    targets: Ints
    values: dict[Metapath, Floats]


def path_counts(
    network: Network,
    sources: Sequence[int],
    targets: Sequence[int],
    *,
    max_length: int = MAX_LENGTH,
    damping: float = DAMPING,
) -> PathCounts:
    """Count the paths of up to `max_length` steps (4 at most) from each source to each target.

    It walks from the smaller side. To leave a tested claim out, count in `network.without(claim)`:
    the degrees of its ends are then lower too, as if it had never been made.
    """
    if not 1 <= max_length <= MAX_LENGTH:
        msg = f"max_length is {max_length}; exact counts go from 1 to {MAX_LENGTH} steps"
        raise ValueError(msg)
    walk_back = len(targets) < len(sources)
    starts, ends = (targets, sources) if walk_back else (sources, targets)
    weighted = step_matrices(network, network.path_degree_factors(damping))
    unit = step_matrices(network, np.ones(len(network.source)))
    rows: dict[Metapath, dict[int, Floats]] = {}
    for row, start in enumerate(starts):
        for metapath, counts in _from_start(network, weighted, unit, start, max_length):
            if counts[ends].any():
                rows.setdefault(metapath, {})[row] = counts[ends]
    values = {}
    for metapath, found in rows.items():
        table = np.zeros((len(starts), len(ends)))
        table[list(found)] = list(found.values())
        values[_inverse(metapath) if walk_back else metapath] = table.T if walk_back else table
    return PathCounts(
        np.asarray(sources, dtype=np.int64),
        np.asarray(targets, dtype=np.int64),
        dict(sorted(values.items())),
    )


def step_matrices(network: Network, weights: Floats) -> list[Matrix]:
    """Return an (N, N) matrix for each metaedge, from (H,) weights of the half-edges."""
    shape = (len(network.node_types), len(network.node_types))
    matrices = []
    for index in range(len(network.metaedges)):
        at = np.flatnonzero(network.metaedge == index)
        ends = (network.source[at], network.target[at])
        matrices.append(sparse.csr_array((weights[at], ends), shape=shape))
    return matrices


def _from_start(
    network: Network, weighted: list[Matrix], unit: list[Matrix], start: int, max_length: int
) -> Iterator[tuple[Metapath, Floats]]:
    """Yield each metapath that leaves one node, with (N,) counts to every other node."""
    steps = network.metaedges
    following = [
        [j for j, next_ in enumerate(steps) if next_.source == before.target] for before in steps
    ]
    after, after_unit = StepsAfterStart(weighted, start), StepsAfterStart(unit, start)
    start_type = network.node_types[start]
    walked: list[tuple[tuple[int, ...], Floats]] = [
        ((i,), unit[i][[start]].toarray()[0])
        for i, step in enumerate(steps)
        if step.source == start_type
    ]
    while walked:
        path, walks = walked.pop()
        if not walks.any():
            continue
        # Whole numbers are counted exactly, so they tell a small sum from a rounding error.
        head, rest = path[0], path[1:]
        number = after_unit.path_sums(unit[head][[start]].toarray()[0], rest)
        if number.any():
            first = weighted[head][[start]].toarray()[0]
            counts = after.path_sums(first, rest)
            yield tuple(steps[i] for i in path), np.where(number > 0, counts, 0.0)
        if len(path) < max_length:
            walked.extend(
                ((*path, j), row_times(walks, after_unit.matrices[j])) for j in following[path[-1]]
            )


def _inverse(metapath: Metapath) -> Metapath:
    return tuple(step.inverse for step in reversed(metapath))
