"""Claims between numbered entities, as parallel columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from kg import Snapshot
from reasoning.arrays import Bools, Floats, Ints


@dataclass(frozen=True, eq=False)
class ClaimTable:
    """Claims between numbered entities, as parallel columns; `of` takes the relations' names.

    Args:
        subject: (C,) row of the subject among the entities.
        object: (C,) row of the object.
        relation: (C,) place of the relation in `relations`.
        belief: (C,) probabilities in [0, 1].
        relations: names of relations, sorted, none twice.
    """

    subject: Ints
    object: Ints
    relation: Ints
    belief: Floats
    relations: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.relation)

    @classmethod
    def of(cls, subject: Ints, object_: Ints, predicate: Sequence[str], belief: Floats) -> Self:
        """Build from columns, with the name of each claim's relation in `predicate`."""
        names = tuple(sorted(set(predicate)))
        place = {name: at for at, name in enumerate(names)}
        relation = np.array([place[name] for name in predicate], dtype=np.int64)
        return cls(subject, object_, relation, belief, names)

    @classmethod
    def supported(cls, snapshot: Snapshot) -> Self:
        """Return the claims of a snapshot that some evidence supports."""
        names = tuple(sorted(snapshot.claims))
        arrays = [snapshot.claims[name] for name in names]
        kept = [np.flatnonzero(a.n_support > 0) for a in arrays]
        each = list(zip(arrays, kept, strict=True))
        return cls(
            _joined(a.subject[rows] for a, rows in each).astype(np.int64),
            _joined(a.object[rows] for a, rows in each).astype(np.int64),
            np.repeat(np.arange(len(names)), [len(rows) for rows in kept]),
            _joined(a.belief[rows] for a, rows in each),
            names,
        )

    @cached_property
    def predicate(self) -> tuple[str, ...]:
        """(C,) names of the relations; for few claims, since each is a Python object."""
        return tuple(self.relations[at] for at in self.relation.tolist())

    def where(self, rows: Bools) -> ClaimTable:
        """Return the claims at which a (C,) mask is true."""
        columns = (self.subject[rows], self.object[rows], self.relation[rows], self.belief[rows])
        return ClaimTable(*columns, self.relations)

    def place(self, predicate: str) -> int:
        """Return the place of a relation in `relations`; -1 if no claim is of it."""
        return self.relations.index(predicate) if predicate in self.relations else -1


def _joined(parts: Iterable[np.ndarray]) -> np.ndarray:
    return np.concatenate([np.zeros(0), *parts])
