"""The claims of a snapshot as a network that can be walked in both directions.

A claim that at least one source supports is an edge; one that is only denied is not. Each edge
is two half-edges, one for each direction in which it may be walked, and each half-edge belongs
to a metaedge: predicate, type of the node that it leaves, type of the node that it enters, and
direction. A symmetric relation has no direction of its own, as in Himmelstein & Baranzini 2015
(https://doi.org/10.1371/journal.pcbi.1004259), so within one type it is one metaedge.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Self

import numpy as np

from kg import Claim, Domain, RelationPattern, Snapshot
from reasoning.arrays import Bools, Floats, Ints
from reasoning.claim_table import ClaimTable

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
        known = {} if domain is None else domain.relations
        relations = [known.get(name) for name in claims.relations]
        symmetric = np.array([r is not None and r.symmetric for r in relations], dtype=np.bool_)
        signs = np.array([0 if r is None else r.sign for r in relations], dtype=np.float64)
        claims = claims.where(_distinct_edges(claims, symmetric, len(types)))
        metaedges, forward, inverse = _metaedges(types, claims, symmetric)
        source = np.concatenate([claims.subject, claims.object])
        target = np.concatenate([claims.object, claims.subject])
        metaedge = np.concatenate([forward, inverse[forward]])
        # One key, since sorting by one column is several times as fast as by three.
        order = np.argsort(
            (source * len(types) + target) * len(metaedges) + metaedge, kind="stable"
        )
        return cls(
            node_types=types,
            claims=claims,
            metaedges=metaedges,
            source=source[order],
            target=target[order],
            claim=np.tile(np.arange(len(claims)), 2)[order],
            metaedge=metaedge[order],
            inverse=inverse,
            signs=signs[claims.relation],
        )

    @classmethod
    def of_snapshot(cls, snapshot: Snapshot) -> Self:
        """Build the network of the claims of a snapshot that some evidence supports."""
        return cls.of(snapshot.types, ClaimTable.supported(snapshot), snapshot.domain)

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
        same = self.claims.relation == self.claims.place(predicate)
        hit = (self.claims.subject == subject) & (self.claims.object == object_)
        if relation is not None and relation.symmetric:
            hit |= (self.claims.subject == object_) & (self.claims.object == subject)
        return Network.of(self.node_types, self.claims.where(~(same & hit)), domain)

    def count(self, pattern: RelationPattern) -> int:
        """Return how many claims of one relation join entities of its two types."""
        claims, (subject, object_) = (
            self.claims,
            (
                np.array([type_ == end for type_ in self.node_types], dtype=np.bool_)
                for end in (pattern.subject_type, pattern.object_type)
            ),
        )
        at = claims.relation == claims.place(pattern.predicate)
        return int((subject[claims.subject[at]] & object_[claims.object[at]]).sum())

    def claim_at(self, half_edge: int, ids: tuple[str, ...]) -> Claim:
        """Return the claim of a half-edge, as it is stored, with the entities' ids."""
        row = int(self.claim[half_edge])
        return Claim(
            subject=ids[self.claims.subject[row]],
            predicate=self.claims.relations[self.claims.relation[row]],
            object=ids[self.claims.object[row]],
        )


def _distinct_edges(claims: ClaimTable, symmetric: Bools, n_nodes: int) -> Bools:
    """Return (C,): of claims that are the same edge, the first of those believed most; no loops."""
    subject, object_ = claims.subject, claims.object
    turned = symmetric[claims.relation] & (subject > object_)
    one, other = np.where(turned, object_, subject), np.where(turned, subject, object_)
    edge = (claims.relation * n_nodes + one) * n_nodes + other
    order = np.lexsort((-claims.belief, edge))
    best = order[np.diff(edge[order], prepend=-1) != 0]
    keep = np.zeros(len(claims), dtype=np.bool_)
    keep[best] = True
    return np.asarray(keep & (subject != object_))


def _metaedges(
    types: Sequence[str], claims: ClaimTable, symmetric: Bools
) -> tuple[tuple[Metaedge, ...], Ints, Ints]:
    """Return the metaedges, sorted; (C,) that of each claim as it is stored; (M,) the inverses."""
    labels, type_of = np.unique(np.array(types, dtype=np.str_), return_inverse=True)
    kind = (claims.relation * len(labels) + type_of[claims.subject]) * len(labels)
    kinds, kind_of = np.unique(kind + type_of[claims.object], return_inverse=True)
    steps = []
    for number in kinds.tolist():
        rest, target = divmod(number, len(labels))
        relation, source = divmod(rest, len(labels))
        direction: Direction = "both" if symmetric[relation] else "forward"
        ends = str(labels[source]), str(labels[target])
        steps.append(Metaedge(claims.relations[relation], *ends, direction))
    metaedges = tuple(sorted({*steps, *(step.inverse for step in steps)}))
    number_of = {metaedge: index for index, metaedge in enumerate(metaedges)}
    forward = np.array([number_of[step] for step in steps], dtype=np.int64)
    inverse = np.array([number_of[step.inverse] for step in metaedges], dtype=np.int64)
    return metaedges, forward[kind_of], inverse
