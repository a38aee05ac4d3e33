"""A heterogeneous network (hetnet): a view of a snapshot that can be walked in both directions.

A claim that at least one source supports is an edge; one that is only denied is not. Each edge
is two half-edges, one for each direction in which it may be walked, and each half-edge belongs
to a metaedge: predicate, type of the node that it leaves, type of the node that it enters, and
direction. A symmetric relation has no direction of its own, as in Himmelstein & Baranzini 2015
(https://doi.org/10.1371/journal.pcbi.1004259), so within one type it is one metaedge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, NamedTuple, Self

import numpy as np

from kg import Domain, RelationPattern, Snapshot
from kg.snapshot import ClaimArrays
from reasoning.arrays import Floats, Int32s, Ints
from reasoning.layer import Layer

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


class HalfEdge(NamedTuple):
    """An edge walked in one direction; those that leave a node sort by their first two fields.

    Args:
        target: the node that it enters.
        metaedge: place among the network's metaedges.
        layer: place among the network's layers.
        claim: row in the arrays of that layer.
    """

    target: int
    metaedge: int
    layer: int
    claim: int


@dataclass(frozen=True, eq=False)
class Network:
    """A graph of N typed nodes and of the layers that join them; it holds no copy of a claim.

    Args:
        node_types: type of each node.
        layers: the edges of each predicate, sorted by predicate.
        domain: the schema, which says what is symmetric; relations that it lacks are directed.
    """

    node_types: tuple[str, ...]
    layers: tuple[Layer, ...]
    domain: Domain | None

    @classmethod
    def of(
        cls, node_types: Sequence[str], claims: Mapping[str, ClaimArrays], domain: Domain | None
    ) -> Self:
        """Build the network of some claims between numbered nodes."""
        known = {} if domain is None else domain.relations
        layers = tuple(Layer.of(name, claims[name], known.get(name)) for name in sorted(claims))
        return cls(tuple(node_types), layers, domain)

    @classmethod
    def of_snapshot(cls, snapshot: Snapshot) -> Self:
        """Build the network of the claims of a snapshot."""
        return cls.of(snapshot.types, snapshot.claims, snapshot.domain)

    @property
    def n_claims(self) -> int:
        """The number of edges of all layers."""
        return sum(map(len, self.layers))

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The types that there are, sorted."""
        return tuple(sorted(set(self.node_types)))

    @cached_property
    def place_of(self) -> dict[str, int]:
        """From a type to its place in `labels`."""
        return {label: at for at, label in enumerate(self.labels)}

    @cached_property
    def type_of(self) -> Int32s:
        """(N,): the place of each node's type in `labels`."""
        return np.array([self.place_of[type_] for type_ in self.node_types], dtype=np.int32)

    @cached_property
    def type_pairs(self) -> tuple[dict[tuple[int, int], int], ...]:
        """For each layer, how many edges join which types, as places in `labels`."""
        count, found = len(self.labels), []
        for layer in self.layers:
            edges = layer.edges()
            pairs = self.subject_types(layer)[edges] * count + self.object_types(layer)[edges]
            numbers = np.bincount(pairs)
            present = np.flatnonzero(numbers).tolist()
            found.append({divmod(pair, count): int(numbers[pair]) for pair in present})
        return tuple(found)

    @cached_property
    def metaedges(self) -> tuple[Metaedge, ...]:
        """The M metaedges, sorted."""
        steps = {
            self.forward_step(layer, source, target)
            for layer, pairs in zip(self.layers, self.type_pairs, strict=True)
            for source, target in pairs
        }
        return tuple(sorted({*steps, *(step.inverse for step in steps)}))

    def forward_step(self, layer: Layer, source: int, target: int) -> Metaedge:
        """Return the metaedge of a layer's edges between two types, from subject to object."""
        direction: Direction = "both" if layer.symmetric else "forward"
        return Metaedge(layer.predicate, self.labels[source], self.labels[target], direction)

    @cached_property
    def degree(self) -> Ints:
        """(N,): how many edges each node stands in."""
        size = len(self.node_types)
        degree = np.zeros(size, dtype=np.int64)
        for layer in self.layers:
            if layer.is_edge is None:
                degree += np.diff(layer.arrays.indptr) + np.diff(layer.arrays.in_indptr)
            else:
                for ends in (layer.arrays.subject, layer.arrays.object):
                    degree += np.bincount(ends[layer.is_edge], minlength=size)
        return degree

    def subject_types(self, layer: Layer) -> Int32s:
        """Return (C,) places in `labels`: the types of the subjects of a layer's claims."""
        return np.repeat(self.type_of, np.diff(layer.arrays.indptr))

    def object_types(self, layer: Layer) -> Int32s:
        """Return (C,) places in `labels`: the types of the objects of a layer's claims."""
        return self.type_of[layer.arrays.object]

    def half_edges(self, node: int) -> list[HalfEdge]:
        """Return the half-edges that leave a node, in no order."""
        return [half for layer in range(len(self.layers)) for half in self._leaving(layer, node)]

    def _leaving(self, number: int, node: int) -> Iterator[HalfEdge]:
        layer = self.layers[number]
        out, back = layer.leaving(node), layer.entering(node)
        forward, backward = self._steps[number]
        own = self.type_of[node]
        for edges, targets, steps in (
            (out, layer.arrays.object[out], forward[own]),
            (back, layer.arrays.subjects(back), backward[own]),
        ):
            columns = (targets.tolist(), steps[self.type_of[targets]].tolist(), edges.tolist())
            for target, step, edge in zip(*columns, strict=True):
                yield HalfEdge(target, step, number, edge)

    @cached_property
    def _steps(self) -> list[tuple[Int32s, Int32s]]:
        """For each layer two (types, types) tables of metaedges: of its edges, and backwards."""
        place = {step: at for at, step in enumerate(self.metaedges)}
        tables = []
        for layer, pairs in zip(self.layers, self.type_pairs, strict=True):
            forward = np.full((len(self.labels),) * 2, -1, dtype=np.int32)
            backward = forward.copy()
            for source, target in pairs:
                step = self.forward_step(layer, source, target)
                forward[source, target] = place[step]
                backward[target, source] = place[step.inverse]
            tables.append((forward, backward))
        return tables

    def path_degree_factors(self, damping: float) -> list[Floats]:
        """Return (C,) for each layer: what each edge gives to the path-degree product of a path.

        (d_source * d_target) ** -damping, where d counts the edges of the half-edge's metaedge
        at the node that it leaves, and of the inverse metaedge at the node that it enters
        (Himmelstein & Baranzini 2015, "path-degree product"); the same in both directions, and 0
        for a claim that is no edge.
        """
        return [
            self._path_degree_factors(layer, pairs, damping)
            for layer, pairs in zip(self.layers, self.type_pairs, strict=True)
        ]

    def _path_degree_factors(
        self, layer: Layer, pairs: Iterable[tuple[int, int]], damping: float
    ) -> Floats:
        edges = layer.edges()
        # A number for each type of this layer, since a column for each of all would be too large.
        ends = sorted({end for pair in pairs for end in pair})
        number = np.zeros(len(self.labels), dtype=np.int64)
        number[ends] = np.arange(len(ends))
        leaving, entering = (
            nodes[edges].astype(np.int64) * len(ends) + number[types[edges]]
            for nodes, types in (
                (layer.arrays.subject, self.object_types(layer)),
                (layer.arrays.object, self.subject_types(layer)),
            )
        )
        size = len(self.node_types) * len(ends)
        out, into = np.bincount(leaving, minlength=size), np.bincount(entering, minlength=size)
        if layer.symmetric:
            out += into
            into = out
        factors = np.zeros(len(layer.arrays))
        factors[edges] = (out[leaving] * into[entering]).astype(np.float64) ** -damping
        return factors

    def without(self, subject: int, predicate: str, object_: int) -> Network:
        """Return the network as if one claim had never been made, degrees included.

        A symmetric relation matches in either direction.
        """
        layers = (
            layer.without(subject, object_) if layer.predicate == predicate else layer
            for layer in self.layers
        )
        return replace(self, layers=tuple(layers))

    def neighbours(self, node: int, predicate: str, *, as_subject: bool) -> Int32s:
        """Return what a node is joined with as subject or as object; if symmetric, as either."""
        found: list[Int32s] = [np.zeros(0, dtype=np.int32)]
        for layer in self.layers:
            if layer.predicate == predicate and (as_subject or layer.symmetric):
                found.append(layer.arrays.object[layer.leaving(node)])
            if layer.predicate == predicate and (not as_subject or layer.symmetric):
                found.append(layer.arrays.subjects(layer.entering(node)))
        return np.concatenate(found)

    def count(self, pattern: RelationPattern) -> int:
        """Return how many claims of one relation join entities of its two types."""
        ends = tuple(self.place_of.get(t, -1) for t in (pattern.subject_type, pattern.object_type))
        return sum(
            number
            for layer, pairs in zip(self.layers, self.type_pairs, strict=True)
            for pair, number in pairs.items()
            if layer.predicate == pattern.predicate and pair == ends
        )
