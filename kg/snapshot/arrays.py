"""Compressed sparse rows (CSR): the edges of each type as arrays, in both directions.

N is the number of entities, C of the edges of one type, R of the edges of all types. Rows are those
of the snapshot's entities.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]
Float64s = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Column = Sequence[float] | Int32s | Float64s

NO_YEAR = 0
_FEW = 100  # of fewer than one edge in so many, the subjects are looked up one by one


@dataclass(frozen=True, eq=False)
class EdgeArrays:
    """All edges of one type, sorted by (subject, object), no two alike, none to itself.

    The edges that leave entity e are those from `indptr[e]` to `indptr[e + 1]`. For the way back,
    `in_edge` lists the edges by (object, subject): those that enter e are `in_edge[i]` for i from
    `in_indptr[e]` to `in_indptr[e + 1]`.
    """

    indptr: Int64s  # (N + 1,)
    object: Int32s  # (C,)
    in_indptr: Int64s  # (N + 1,)
    in_edge: Int32s  # (C,), an index of `object`

    def __len__(self) -> int:
        return len(self.object)

    @cached_property
    def subject(self) -> Int32s:
        """(C,): the row from which each edge leaves."""
        return np.repeat(np.arange(len(self.indptr) - 1, dtype=np.int32), np.diff(self.indptr))

    def subjects(self, edges: Int32s | Int64s) -> Int32s:
        """Return the rows from which some edges leave, by their indices."""
        if "subject" in self.__dict__ or len(edges) * _FEW > len(self):
            return self.subject[edges]
        return (np.searchsorted(self.indptr, edges, side="right") - 1).astype(np.int32)

    @classmethod
    def of(cls, n_entities: int, subject: Int32s, object_: Int32s) -> Self:
        """Build the structure of edges that are sorted by (subject, object)."""
        return cls(*_structure(n_entities, subject, object_))


@dataclass(frozen=True, eq=False)
class ClaimArrays(EdgeArrays):
    """All claims of one predicate, with what the graph holds of each.

    A year is `NO_YEAR` where no paper has a date.
    """

    belief: Float64s  # (C,), in [0, 1]
    n_support: Int32s  # (C,)
    n_deny: Int32s  # (C,)
    n_papers: Int32s  # (C,)
    first_year: Int32s  # (C,)
    last_year: Int32s  # (C,)
    curated: Bools  # (C,): whether a curated source says something of it

    @classmethod
    def from_columns(
        cls,
        n_entities: int,
        subject: Column,
        object_: Column,
        belief: Column,
        counts: Iterable[Column],
    ) -> Self:
        """Build from parallel columns in any order; edges from an entity to itself are left out.

        Args:
            n_entities: N.
            subject: (C,).
            object_: (C,).
            belief: (C,).
            counts: the other columns, in the order of the fields.
        """
        ends = np.asarray(subject, dtype=np.int32), np.asarray(object_, dtype=np.int32)
        order = np.lexsort((ends[1], ends[0]))
        order = order[(ends[0] != ends[1])[order]]
        *numbers, curated = (np.asarray(column, dtype=np.int32)[order] for column in counts)
        measures = (np.asarray(belief, dtype=np.float64)[order], *numbers, curated.astype(np.bool_))
        structure = _structure(n_entities, ends[0][order], ends[1][order])
        return cls(*structure, **dict(zip(MEASURES, measures, strict=True)))


STRUCTURE = ("indptr", "object", "in_indptr", "in_edge")
MEASURES = ("belief", "n_support", "n_deny", "n_papers", "first_year", "last_year", "curated")


def _structure(
    n_entities: int, subject: Int32s, object_: Int32s
) -> tuple[Int64s, Int32s, Int64s, Int32s]:
    entering = np.argsort(object_, kind="stable").astype(np.int32)
    return (_indptr(n_entities, subject), object_, _indptr(n_entities, object_), entering)


def _indptr(n_entities: int, ends: Int32s) -> Int64s:
    counts = np.bincount(ends, minlength=n_entities)
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
