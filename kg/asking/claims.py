"""Edge look-up: the claims between two entities of a graph or a snapshot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from kg.models import Claim, Model, Probability
from kg.snapshot.arrays import NO_YEAR, ClaimArrays
from kg.snapshot.snapshot import Snapshot
from kg.store.graph import Graph

Direction = Literal["forward", "backward"]

_BETWEEN = """
MATCH (a:Entity {id: $a})-[c]->(b:Entity {id: $b}) WHERE c.claim_id IS NOT NULL
RETURN type(c) AS predicate, properties(c) AS claim
"""


class StoredClaim(Model):
    """A claim edge: what the graph holds of a claim.

    `direction` is seen from the pair that was asked for: `forward` where the claim's subject was
    named first. `n_support` and `n_deny` count pieces of evidence, `n_papers` papers; the years
    are those of the first and last dated paper.
    """

    subject: str
    predicate: str
    object: str
    direction: Direction
    belief: Probability
    n_support: int = 0
    n_deny: int = 0
    n_papers: int = 0
    first_year: int | None = None
    last_year: int | None = None
    curated: bool = False

    @property
    def claim(self) -> Claim:
        """The claim itself."""
        return Claim(subject=self.subject, predicate=self.predicate, object=self.object)


def claims_between(graph: Graph, subject_id: str, object_id: str) -> list[StoredClaim]:
    """Return every claim between two entities, in both directions.

    Sorted: forward first, then the most believed, then by predicate.
    """
    found = _between(graph, subject_id, object_id, "forward")
    if subject_id != object_id:
        found += _between(graph, object_id, subject_id, "backward")
    return sorted(found, key=_forward_and_believed)


def claims_in(snapshot: Snapshot, subject_id: str, object_id: str) -> list[StoredClaim]:
    """Return every claim between two entities of a snapshot, as `claims_between` does.

    Raises:
        UnknownNameError: the snapshot holds no entity of that id.
    """
    ends = (snapshot.row(subject_id), snapshot.row(object_id))
    ways: tuple[tuple[int, int, Direction], ...] = (
        (*ends, "forward"),
        (*ends[::-1], "backward"),
    )
    found = [
        _in_arrays(snapshot, predicate, edge, direction)
        for predicate, arrays in snapshot.claims.items()
        for subject, object_, direction in ways
        for edge in _edges(arrays, subject, object_)
    ]
    return sorted(found, key=_forward_and_believed)


def _between(graph: Graph, start: str, end: str, direction: Direction) -> list[StoredClaim]:
    fields = StoredClaim.model_fields
    return [
        StoredClaim(
            subject=start,
            predicate=row["predicate"],
            object=end,
            direction=direction,
            **{name: value for name, value in row["claim"].items() if name in fields},
        )
        for row in graph.read(_BETWEEN, a=start, b=end)
    ]


def _edges(arrays: ClaimArrays, subject: int, object_: int) -> Sequence[int]:
    first, last = int(arrays.indptr[subject]), int(arrays.indptr[subject + 1])
    edge = first + int(np.searchsorted(arrays.object[first:last], object_))
    return (edge,) if edge < last and arrays.object[edge] == object_ else ()


def _in_arrays(snapshot: Snapshot, predicate: str, edge: int, direction: Direction) -> StoredClaim:
    arrays = snapshot.claims[predicate]
    ((subject, object_),) = snapshot.ends(predicate, [edge])
    years = (int(arrays.first_year[edge]), int(arrays.last_year[edge]))
    return StoredClaim(
        subject=subject,
        predicate=predicate,
        object=object_,
        direction=direction,
        belief=float(arrays.belief[edge]),
        n_support=int(arrays.n_support[edge]),
        n_deny=int(arrays.n_deny[edge]),
        n_papers=int(arrays.n_papers[edge]),
        first_year=None if years[0] == NO_YEAR else years[0],
        last_year=None if years[1] == NO_YEAR else years[1],
        curated=bool(arrays.curated[edge]),
    )


def _forward_and_believed(claim: StoredClaim) -> tuple[bool, float, str]:
    return (claim.direction != "forward", -claim.belief, claim.predicate)
