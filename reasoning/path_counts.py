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
from reasoning.layer import Layer
from reasoning.network import Metaedge, Network
from reasoning.simple_paths import StepsAfterStart, row_times, with_entries

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

    It walks from the smaller side. To leave a tested claim out, count in `network.without(...)`:
    the degrees of its ends are then lower too, as if it had never been made.
    """
    if not 1 <= max_length <= MAX_LENGTH:
        msg = f"max_length is {max_length}; exact counts go from 1 to {MAX_LENGTH} steps"
        raise ValueError(msg)
    walk_back = len(targets) < len(sources)
    starts, ends = (targets, sources) if walk_back else (sources, targets)
    weighted = step_matrices(network, network.path_degree_factors(damping))
    unit = [with_entries(matrix, np.ones(matrix.nnz)) for matrix in weighted]
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


def step_matrices(network: Network, weights: Sequence[Floats]) -> list[Matrix]:
    """Return an (N, N) matrix for each metaedge, from the (C,) weights of each layer's edges."""
    matrices: dict[Metaedge, Matrix] = {}
    every = zip(network.layers, network.type_pairs, weights, strict=True)
    for layer, pairs, of_layer in every:
        for (source, target), forward in _by_types(network, layer, list(pairs), of_layer):
            step = network.forward_step(layer, source, target)
            backward = sparse.csr_array(forward.T)
            for way, matrix in ((step, forward), (step.inverse, backward)):
                # A step of a symmetric relation goes along edges that are stored either way.
                matrices[way] = matrices[way] + matrix if way in matrices else matrix
    return [matrices[step] for step in network.metaedges]


def _by_types(
    network: Network, layer: Layer, pairs: Sequence[tuple[int, int]], weights: Floats
) -> Iterator[tuple[tuple[int, int], Matrix]]:
    """Yield (N, N) matrices of a layer's edges for each pair of types that they join."""
    shape = (len(network.node_types),) * 2
    arrays = layer.arrays
    if layer.is_edge is None and len(pairs) == 1:
        yield pairs[0], sparse.csr_array((weights, arrays.object, arrays.indptr), shape=shape)
        return
    subject_types, object_types = network.subject_types(layer), network.object_types(layer)
    for source, target in pairs:
        chosen = (subject_types == source) & (object_types == target)
        if layer.is_edge is not None:
            chosen &= layer.is_edge
        indptr = np.concatenate([[0], np.cumsum(chosen)])[arrays.indptr]
        yield (
            (source, target),
            sparse.csr_array((weights[chosen], arrays.object[chosen], indptr), shape=shape),
        )


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
    first = {
        i: (_row(weighted[i], start), _row(unit[i], start))
        for i, step in enumerate(steps)
        if step.source == start_type
    }
    walked: list[tuple[tuple[int, ...], Floats]] = [((i,), ones) for i, (_, ones) in first.items()]
    while walked:
        path, walks = walked.pop()
        if not walks.any():
            continue
        # Whole numbers are counted exactly, so they tell a small sum from a rounding error.
        (head, ones), rest = first[path[0]], path[1:]
        number = after_unit.path_sums(ones, rest)
        if number.any():
            counts = after.path_sums(head, rest)
            yield tuple(steps[i] for i in path), np.where(number > 0, counts, 0.0)
        if len(path) < max_length:
            walked.extend(
                ((*path, j), row_times(walks, after_unit.matrices[j])) for j in following[path[-1]]
            )


def _row(matrix: Matrix, node: int) -> Floats:
    row: Floats = matrix[[node]].toarray()[0]
    return row


def _inverse(metapath: Metapath) -> Metapath:
    return tuple(step.inverse for step in reversed(metapath))
