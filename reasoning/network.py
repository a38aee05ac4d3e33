"""The claims of a snapshot as a network that can be walked in both directions.

A claim that at least one source supports is an edge; one that is only denied is not. Each edge
is two half-edges, one for each direction in which it may be walked, and each half-edge belongs
to a metaedge: predicate, type of the node that it leaves, type of the node that it enters, and
direction. A symmetric relation has no direction of its own, as in Himmelstein & Baranzini 2015
(https://doi.org/10.1371/journal.pcbi.1004259), so within one type it is one metaedge.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Self

import numpy as np

from kg import Claim, Domain, RelationPattern, Snapshot
from reasoning.arrays import Bools, Floats, Ints

Direction = Literal["forward", "backward", "both"]
_REVERSED: dict[Direction, Direction] = {
    "forward": "backward",
    "backward": "forward",
    "both": "both",
}


@dataclass(frozen=True, slots=True, order=True)
class Metaedge:
    """A step between two types: `source -predicate- target`, walked in `direction`."""

    predicate: str
    source: str
    target: str
    direction: Direction

    @property
    def inverse(self) -> Metaedge:
        """The same step walked the other way."""
        return Metaedge(self.predicate, self.target, self.source, _REVERSED[self.direction])

    def __str__(self) -> str:
        arrow = {"forward": "{}-{}->{}", "backward": "{}<-{}-{}", "both": "{}-{}-{}"}
        return arrow[self.direction].format(self.source, self.predicate, self.target)


@dataclass(frozen=True)
class ClaimTable:
    """Claims between numbered entities, as parallel columns.

    Args:
        subject: (C,) row of the subject among the entities.
        object: (C,) row of the object.
        predicate: (C,) names of the relations.
        belief: (C,) probabilities in [0, 1].
    """

    subject: Ints
    object: Ints
    predicate: tuple[str, ...]
    belief: Floats

    def __len__(self) -> int:
        return len(self.predicate)

    def where(self, mask: Bools) -> ClaimTable:
        """Return the claims at which a (C,) mask is true."""
        rows = np.flatnonzero(mask)
        return ClaimTable(
            self.subject[rows],
            self.object[rows],
            tuple(self.predicate[row] for row in rows),
            self.belief[rows],
        )


@dataclass(frozen=True, eq=False)
class Network:
    """A graph of typed nodes and of claims that can be walked in both directions.

    Half-edges are sorted by (source, target, metaedge); half-edge h leaves `source[h]` and enters
    `target[h]` along claim `claim[h]`.

    Args:
        node_types: type of each of the N nodes.
        claims: the C claims that are edges: no loops, no two alike.
        metaedges: the M metaedges, sorted.
        source: (H,) with H = 2C.
        target: (H,).
        claim: (H,) row in `claims`.
        metaedge: (H,) index in `metaedges`.
        inverse: (M,) index of each metaedge's inverse.
        signs: (C,) +1, -1 or 0: the sign of the claim's relation.
    """

    node_types: tuple[str, ...]
    claims: ClaimTable
    metaedges: tuple[Metaedge, ...]
    source: Ints
    target: Ints
    claim: Ints
    metaedge: Ints
    inverse: Ints
    signs: Floats

    @classmethod
    def of(
        cls, node_types: Iterable[str], claims: ClaimTable, domain: Domain | None = None
    ) -> Self:
        """Build the network of some claims; relations that `domain` lacks are directed, unsigned.

        Loops are left out, since no path can use one. Of two claims that are the same edge (a
        symmetric relation stored in both directions) the one that is believed more stays.
        """
        types = tuple(node_types)
        relations = {} if domain is None else domain.relations
        symmetric = np.array(
            [p in relations and relations[p].symmetric for p in claims.predicate], dtype=np.bool_
        )
        keep = _distinct_edges(claims, symmetric)
        claims, symmetric = claims.where(keep), symmetric[keep]
        signs = [relations[p].sign if p in relations else 0 for p in claims.predicate]
        steps = [
            Metaedge(p, types[s], types[o], "both" if both else "forward")
            for p, s, o, both in zip(
                claims.predicate, claims.subject, claims.object, symmetric, strict=True
            )
        ]
        metaedges = tuple(sorted({*steps, *(step.inverse for step in steps)}))
        number = {metaedge: index for index, metaedge in enumerate(metaedges)}
        forward = np.array([number[step] for step in steps], dtype=np.int64)
        inverse = np.array([number[step.inverse] for step in metaedges], dtype=np.int64)
        source = np.concatenate([claims.subject, claims.object])
        target = np.concatenate([claims.object, claims.subject])
        metaedge = np.concatenate([forward, inverse[forward]])
        order = np.lexsort((metaedge, target, source))
        return cls(
            node_types=types,
            claims=claims,
            metaedges=metaedges,
            source=source[order],
            target=target[order],
            claim=np.tile(np.arange(len(claims)), 2)[order],
            metaedge=metaedge[order],
            inverse=inverse,
            signs=np.array(signs, dtype=np.float64),
        )

    @classmethod
    def of_snapshot(cls, snapshot: Snapshot) -> Self:
        """Build the network of the claims of a snapshot that some evidence supports."""
        kept = {
            name: np.flatnonzero(arrays.n_support > 0) for name, arrays in snapshot.claims.items()
        }
        nobody, nothing = np.zeros(0, dtype=np.int64), np.zeros(0)
        claims = ClaimTable(
            np.concatenate([nobody, *(snapshot.claims[n].subject[kept[n]] for n in kept)]),
            np.concatenate([nobody, *(snapshot.claims[n].object[kept[n]] for n in kept)]),
            tuple(name for name, rows in kept.items() for _ in rows),
            np.concatenate([nothing, *(snapshot.claims[n].belief[kept[n]] for n in kept)]),
        )
        return cls.of(snapshot.types, claims, snapshot.domain)

    @cached_property
    def first(self) -> Ints:
        """(N + 1,): the half-edges that leave node n are `first[n]` to `first[n + 1]`."""
        return np.searchsorted(self.source, np.arange(len(self.node_types) + 1))

    @cached_property
    def degree(self) -> Ints:
        """(N,): how many claims each node stands in."""
        return np.diff(self.first)

    def path_degree_factors(self, damping: float) -> Floats:
        """Return (H,): what each half-edge gives to the path-degree product of a path.

        (d_source * d_target) ** -damping, where d counts the claims of the half-edge's metaedge
        at the node that it leaves, and of the inverse metaedge at the node that it enters
        (Himmelstein & Baranzini 2015, "path-degree product").
        """
        count = len(self.metaedges)
        leaving = self.source * count + self.metaedge
        entering = self.target * count + self.inverse[self.metaedge]
        degrees = np.bincount(leaving, minlength=len(self.node_types) * count)
        product: Floats = (degrees[leaving] * degrees[entering]).astype(np.float64)
        return product**-damping

    def without(self, claim: tuple[int, str, int], domain: Domain | None) -> Network:
        """Return the network as if one claim had never been made, degrees included.

        `claim` is (subject, predicate, object); a symmetric relation matches in either direction.
        """
        subject, predicate, object_ = claim
        relation = None if domain is None else domain.relations.get(predicate)
        same = np.array([name == predicate for name in self.claims.predicate], dtype=np.bool_)
        hit = (self.claims.subject == subject) & (self.claims.object == object_)
        if relation is not None and relation.symmetric:
            hit |= (self.claims.subject == object_) & (self.claims.object == subject)
        return Network.of(self.node_types, self.claims.where(~(same & hit)), domain)

    def count(self, pattern: RelationPattern) -> int:
        """Return how many claims of one relation join entities of its two types."""
        wanted = (pattern.predicate, pattern.subject_type, pattern.object_type)
        claims, types = self.claims, self.node_types
        ends = zip(claims.predicate, claims.subject, claims.object, strict=True)
        return sum((name, types[s], types[o]) == wanted for name, s, o in ends)

    def claim_at(self, half_edge: int, ids: tuple[str, ...]) -> Claim:
        """Return the claim of a half-edge, as it is stored, with the entities' ids."""
        row = int(self.claim[half_edge])
        return Claim(
            subject=ids[self.claims.subject[row]],
            predicate=self.claims.predicate[row],
            object=ids[self.claims.object[row]],
        )


def _distinct_edges(claims: ClaimTable, symmetric: Bools) -> Bools:
    best: dict[tuple[str, int, int], int] = {}
    for row, predicate in enumerate(claims.predicate):
        ends = (int(claims.subject[row]), int(claims.object[row]))
        if ends[0] == ends[1]:
            continue
        key = (predicate, *(sorted(ends) if symmetric[row] else ends))
        if key not in best or claims.belief[row] > claims.belief[best[key]]:
            best[key] = row
    keep = np.zeros(len(claims), dtype=np.bool_)
    keep[list(best.values())] = True
    return keep
