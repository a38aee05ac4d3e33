"""Self-avoiding walks of up to four steps, counted by closed form: nothing is enumerated.

A path's weight is the product of its steps' weights, and the sum over all walks is a product of
matrices. Walks that come back to a node are taken out by inclusion and exclusion. With the
start taken out of the network after the first step, a walk start-a-b-c-t of four steps can
still repeat a node in three ways: a = c, b = t, a = t (loops are absent, so neighbours on a walk
differ). Of these only a = c and b = t can hold at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
from scipy import sparse

from reasoning.arrays import Bools, Floats, Ints, Matrix

_ROWS_AT_ONCE = 512


class StepsAfterStart:
    """The steps that a path can take once it has left its start.

    Args:
        matrices: (N, N) weights of each kind of step, without loops.
        start: the node that paths leave and may not enter again.
    """

    def __init__(self, matrices: Sequence[Matrix], start: int) -> None:
        self.matrices = [without_node(matrix, start) for matrix in matrices]
        # Metapaths share their pieces, so these are kept: {(out, back): (N,)} and
        # {(out, back, again): (N, N)}, by the numbers of the steps.
        self._returning: dict[tuple[int, int], Floats] = {}
        self._there_back_there: dict[tuple[int, int, int], Matrix] = {}

    def path_sums(self, first: Floats, rest: tuple[int, ...]) -> Floats:
        """Return (N,): the summed weight of the node-simple paths from the start to every node.

        Sums of whole numbers are exact; other sums carry the rounding of the subtractions.

        Args:
            first: (N,) weights of the first step, from the start to each node; 0 at the start.
            rest: the kinds of the further steps, three at most.
        """
        match rest:
            case ():
                return first
            case (second,):
                return row_times(first, self.matrices[second])
            case (second, third):
                walks = row_times(row_times(first, self.matrices[second]), self.matrices[third])
                return walks - first * self.returning(second, third)
            case (second, third, fourth):
                return self._four_steps(first, second, third, fourth)
            case _:
                msg = f"the closed form counts paths of up to 4 steps, not {len(rest) + 1}"
                raise ValueError(msg)

    def _four_steps(self, first: Floats, second: int, third: int, fourth: int) -> Floats:
        reached = row_times(first, self.matrices[second])
        last = self.matrices[fourth]
        walks = row_times(row_times(reached, self.matrices[third]), last)
        a_is_c = row_times(first * self.returning(second, third), last)
        b_is_t = reached * self.returning(third, fourth)
        a_is_t = first * self._triangles(second, third, fourth, np.flatnonzero(first))
        both = row_times(first, self._there_back_there_steps(second, third, fourth))
        return walks - a_is_c - b_is_t - a_is_t + both

    def returning(self, out: int, back: int) -> Floats:
        """Return (N,): the summed weight of the walks n-b-n, out by one step, back by another."""
        if (out, back) not in self._returning:
            product = self.matrices[out].multiply(self.matrices[back].T)
            self._returning[out, back] = product.sum(axis=1)
        return self._returning[out, back]

    def _there_back_there_steps(self, out: int, back: int, again: int) -> Matrix:
        key = (out, back, again)
        if key not in self._there_back_there:
            there_back = self.matrices[out].multiply(self.matrices[back].T)
            self._there_back_there[key] = sparse.csr_array(
                there_back.multiply(self.matrices[again])
            )
        return self._there_back_there[key]

    def _triangles(self, second: int, third: int, fourth: int, nodes: Ints) -> Floats:
        """Return (N,): the summed weight of the walks n-b-c-n for some nodes, else zero."""
        out, onwards = self.matrices[second], self.matrices[third]
        closing = sparse.csr_array(self.matrices[fourth].T)
        closed = np.zeros(out.shape[0])
        # In blocks: the two-step neighbourhoods of many nodes at once would not fit in memory.
        for start in range(0, len(nodes), _ROWS_AT_ONCE):
            block = nodes[start : start + _ROWS_AT_ONCE]
            closed[block] = (out[block] @ onwards).multiply(closing[block]).sum(axis=1)
        return closed


def row_times(vector: Floats, matrix: Matrix) -> Floats:
    """Return (N,): a row vector times a matrix."""
    return cast("Floats", vector @ matrix)


def with_entries(matrix: Matrix, entries: Floats) -> Matrix:
    """Return a matrix of the same structure (whose arrays it shares) with other entries."""
    return sparse.csr_array((entries, matrix.indices, matrix.indptr), shape=matrix.shape)


def without_node(matrix: Matrix, node: int) -> Matrix:
    """Return an (N, N) matrix with the row and the column of one node set to zero."""
    data = matrix.data.copy()
    data[matrix.indptr[node] : matrix.indptr[node + 1]] = 0.0
    data[matrix.indices == node] = 0.0
    return sparse.csr_array((data, matrix.indices, matrix.indptr), shape=matrix.shape)


class SymmetricPathSums:
    """Summed weights of the paths of 1 to 4 steps from any node, all steps by one matrix.

    What is the same for every start is computed once, so that a start costs a few products of
    the matrix with a vector. With x the start's row and the start taken out after the first
    step, the closed walks t-b-t lose x_t^2 and t-b-c-t lose 2 x_t (xW)_t.

    Args:
        matrix: (N, N) weights, symmetric, with an empty diagonal.
    """

    def __init__(self, matrix: Matrix) -> None:
        self.matrix = matrix
        # Squares of the entries, which `multiply` would first look up in both matrices.
        self._returning: Floats = with_entries(matrix, matrix.data**2).sum(axis=1)
        self._triangles: Floats = np.full(matrix.shape[0], np.nan)

    def from_node(self, start: int) -> Floats:
        """Return (4, N): in row k the sums over the node-simple paths of k + 1 steps."""
        first = self.matrix[[start]].toarray()[0]
        at_start = np.arange(len(first)) == start
        second = self._step(first, at_start)
        third = self._step(second, at_start)
        fourth = self._step(third, at_start)
        back = self._returning - first**2
        triangles = self._closed_triangles(np.flatnonzero(first)) - 2 * first * second
        a_is_c = self._step(first * back, at_start)
        b_is_t = second * back
        a_is_t = np.where(first != 0, first * triangles, 0.0)
        both = np.where(at_start, 0.0, self._there_back_there(first))
        sums = (first, second, third - first * back, fourth - a_is_c - b_is_t - a_is_t + both)
        return np.where(at_start, 0.0, np.array(sums))

    def _step(self, reached: Floats, at_start: Bools) -> Floats:
        return np.where(at_start, 0.0, row_times(reached, self.matrix))

    def _there_back_there(self, first: Floats) -> Floats:
        """Return (N,): the summed weight of the walks start-a-b-a-b, from the first steps."""
        nodes = np.flatnonzero(first)
        rows = self.matrix[nodes]
        return row_times(first[nodes], with_entries(rows, rows.data**3))

    def _closed_triangles(self, nodes: Ints) -> Floats:
        """Return (N,): the walks n-b-c-n in the whole network, right for `nodes` at least."""
        new = nodes[np.isnan(self._triangles[nodes])]
        for start in range(0, len(new), _ROWS_AT_ONCE):
            block = new[start : start + _ROWS_AT_ONCE]
            two_steps = self.matrix[block] @ self.matrix
            self._triangles[block] = two_steps.multiply(self.matrix[block]).sum(axis=1)
        return np.nan_to_num(self._triangles)
