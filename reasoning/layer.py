"""A layer of a multilayer network: the claims of one predicate, in the arrays of the snapshot."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, Self

import numpy as np

from kg import RelationType
from kg.snapshot import ClaimArrays
from reasoning.arrays import Bools, Int32s, Ints

Sign = Literal[-1, 0, 1]


@dataclass(frozen=True, eq=False)
class Layer:
    """The claims of one predicate that are edges of a network; no array is copied.

    Args:
        predicate: the relation.
        arrays: its C claims as the snapshot has them (CSR).
        is_edge: (C,) which claims are edges; None if all are.
        symmetric: whether an edge has no direction of its own.
        sign: sign of the relation.
    """

    predicate: str
    arrays: ClaimArrays
    is_edge: Bools | None
    symmetric: bool
    sign: Sign

    @classmethod
    def of(cls, predicate: str, arrays: ClaimArrays, relation: RelationType | None) -> Self:
        """Build a layer; without a relation of the schema it is directed and unsigned.

        A claim without support is no edge. Of two claims that are the same edge (a symmetric
        relation stored in both directions) the one that is believed more is.
        """
        symmetric = relation is not None and relation.symmetric
        is_edge = arrays.n_support > 0
        if symmetric:
            is_edge[_weaker_mirrors(arrays, is_edge)] = False
        sign: Sign = 0 if relation is None else relation.sign
        return cls(predicate, arrays, None if is_edge.all() else is_edge, symmetric, sign)

    def __len__(self) -> int:
        """Return the number of edges."""
        return len(self.arrays) if self.is_edge is None else int(np.count_nonzero(self.is_edge))

    def edges(self) -> slice | Ints:
        """Return the rows of the claims that are edges, as an index of the arrays."""
        return slice(None) if self.is_edge is None else np.flatnonzero(self.is_edge)

    def leaving(self, node: int) -> Ints | Int32s:
        """Return the edges of which a node is the subject."""
        first, last = self.arrays.indptr[node : node + 2].tolist()
        return self._edges_among(np.arange(first, last))

    def entering(self, node: int) -> Ints | Int32s:
        """Return the edges of which a node is the object."""
        first, last = self.arrays.in_indptr[node : node + 2].tolist()
        return self._edges_among(self.arrays.in_edge[first:last])

    def without(self, subject: int, object_: int) -> Layer:
        """Return the layer without the claim of two nodes; if symmetric, in either direction."""
        hit = self._edges_between(subject, object_)
        if self.symmetric:
            hit = np.concatenate([hit, self._edges_between(object_, subject)])
        if not len(hit):
            return self
        kept = np.ones(len(self.arrays), np.bool_) if self.is_edge is None else self.is_edge.copy()
        kept[hit] = False
        return replace(self, is_edge=kept)

    def _edges_between(self, subject: int, object_: int) -> Ints | Int32s:
        edges = self.leaving(subject)
        between: Ints | Int32s = edges[self.arrays.object[edges] == object_]
        return between

    def _edges_among(self, claims: Ints | Int32s) -> Ints | Int32s:
        return claims if self.is_edge is None else claims[self.is_edge[claims]]


def _weaker_mirrors(arrays: ClaimArrays, is_edge: Bools) -> Int32s:
    """Return the edges whose mirror (object, subject) is an edge that is believed more.

    Of two that are believed the same it is the one whose subject has the larger row.
    """
    subject, object_ = arrays.subject.astype(np.int64), arrays.object
    size = len(arrays.indptr) - 1
    turned = np.flatnonzero(is_edge & (subject > object_)).astype(np.int32)
    place = subject * size + object_  # sorted, as the arrays are
    wanted = object_[turned].astype(np.int64) * size + subject[turned]
    mirror = np.minimum(np.searchsorted(place, wanted), max(len(place) - 1, 0)).astype(np.int32)
    both = (place[mirror] == wanted) & is_edge[mirror]
    turned, mirror = turned[both], mirror[both]
    weaker: Int32s = np.where(arrays.belief[turned] > arrays.belief[mirror], mirror, turned)
    return weaker
