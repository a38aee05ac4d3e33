"""Breadth-first search: the surroundings of an entity, over the arrays of a snapshot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from kg.errors import UsageError
from kg.snapshot.arrays import Bools, EdgeArrays, Int32s, Int64s

# Looking at every edge of a type costs about as much as following this share of them.
_SCANNED_SHARE = 0.1
_FAR = -1


@dataclass(frozen=True, eq=False)
class Neighbourhood:
    """The entities within some steps of one, and all claims that were walked to find them.

    A claim was walked if one of its ends is less than all steps away. `rows` are sorted, and so
    are the places of claims in their arrays.
    """

    rows: Int32s  # (M,), of the snapshot's entities, the one in the middle among them
    distance: Int32s  # (M,), in steps
    claims: Mapping[str, Int64s]  # by predicate: which of its claims, as indices of its arrays

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def n_claims(self) -> int:
        """The number of claims of all predicates."""
        return sum(len(edges) for edges in self.claims.values())


def walk(edges: Mapping[str, EdgeArrays], n_entities: int, start: int, steps: int) -> Neighbourhood:
    """Walk some steps from an entity along edges of some types, in both directions.

    Raises:
        UsageError: a negative number of steps.
    """
    if steps < 0:
        raise UsageError(f"steps is {steps}; a neighbourhood has 0 steps or more")
    distance = np.full(n_entities, _FAR, dtype=np.int32)
    distance[start] = 0
    walked: dict[str, list[Int64s]] = defaultdict(list)
    frontier = np.array([start])
    for step in range(1, steps + 1):
        reached = np.zeros(n_entities, dtype=np.bool_)
        inner = distance >= 0
        at_frontier = distance == step - 1
        for name, arrays in edges.items():
            found = _around(arrays, frontier, at_frontier, inner & ~at_frontier)
            if len(found):
                walked[name].append(found)
                reached[arrays.object[found]] = True
                reached[arrays.subjects(found)] = True
        frontier = np.flatnonzero(reached & ~inner)
        if not len(frontier):
            break
        distance[frontier] = step
    rows = np.flatnonzero(distance >= 0).astype(np.int32)
    claims = {name: _sorted(parts, len(edges[name])) for name, parts in walked.items()}
    return Neighbourhood(rows, distance[rows], claims)


def _around(arrays: EdgeArrays, frontier: Int64s, at_frontier: Bools, behind: Bools) -> Int64s:
    """Return the edges with an end in the frontier and none behind it, where they were walked."""
    degree = _degree(arrays.indptr, frontier) + _degree(arrays.in_indptr, frontier)
    if degree > _SCANNED_SHARE * len(arrays):
        touched = at_frontier[arrays.subject] | at_frontier[arrays.object]
        if behind.any():
            touched &= ~(behind[arrays.subject] | behind[arrays.object])
        return np.flatnonzero(touched)
    leaving = _ranges(arrays.indptr, frontier)
    leaving = leaving[~behind[arrays.object[leaving]]]
    entering = arrays.in_edge[_ranges(arrays.in_indptr, frontier)]
    # An edge within the frontier has been found from its other end.
    subject = arrays.subjects(entering)
    entering = entering[~(behind[subject] | at_frontier[subject])]
    return np.concatenate((leaving, entering))


def _degree(indptr: Int64s, rows: Int64s) -> int:
    return int((indptr[rows + 1] - indptr[rows]).sum())


def _ranges(indptr: Int64s, rows: Int64s) -> Int64s:
    """Return all numbers from `indptr[row]` up to `indptr[row + 1]`, for every row."""
    first, counts = indptr[rows], indptr[rows + 1] - indptr[rows]
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    numbers: Int64s = np.arange(total) + np.repeat(first - (ends - counts), counts)
    return numbers


def _sorted(parts: list[Int64s], count: int) -> Int64s:
    """Return indices below `count` that came in parts, none of them twice, in order."""
    if sum(map(len, parts)) < _SCANNED_SHARE * count:
        return np.sort(np.concatenate(parts))
    marked = np.zeros(count, dtype=np.bool_)
    for part in parts:
        marked[part] = True
    return np.flatnonzero(marked)
