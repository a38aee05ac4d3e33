"""The snapshot: all entities and claims of a graph as arrays, sorted, with a version."""

from __future__ import annotations

import bisect
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

import numpy as np
import pyarrow as pa

from kg.domain import Domain
from kg.errors import UnknownNameError
from kg.models import Model
from kg.snapshot.arrays import MEASURES, ClaimArrays, EdgeArrays, Int32s, Int64s
from kg.snapshot.neighbourhood import Neighbourhood, walk
from kg.snapshot.window import Window

ENTITIES = pa.schema(
    [
        ("id", pa.large_string()),
        ("name", pa.large_string()),
        ("type", pa.dictionary(pa.int32(), pa.string())),
    ]
)


class LeftOut(Model):
    """What a window left out because its date is missing or too coarse to tell.

    Attributes:
        papers: how many papers.
        sources: the curated sources, each as name and version.
    """

    papers: int = 0
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A graph at one moment; entities are sorted by id, predicates by name.

    Args:
        entities: (N rows) `id`, `name` and `type`.
        n_papers: (N,) how many papers mention each entity.
        claims: predicate to its claims.
        is_a: the edges of ontologies, from a kind to what it is a kind of.
        domain: the schema of the graph.
        version: SHA-256 of all of this in hex; two snapshots with equal versions are equal.
        window: what time it is of; None for all that the graph holds.
        left_out: what the window left out for want of a date.
    """

    entities: pa.Table
    n_papers: Int32s
    claims: Mapping[str, ClaimArrays]
    is_a: EdgeArrays
    domain: Domain
    version: str
    window: Window | None = None
    left_out: LeftOut = field(default_factory=LeftOut)

    @classmethod
    def of(
        cls,
        entities: pa.Table,
        n_papers: Int32s,
        claims: Mapping[str, ClaimArrays],
        is_a: EdgeArrays,
        domain: Domain,
        window: Window | None = None,
        left_out: LeftOut | None = None,
    ) -> Self:
        """Build a snapshot and work out its version."""
        version = _version(entities, n_papers, claims, is_a, domain)
        left = left_out or LeftOut()
        return cls(entities, n_papers, claims, is_a, domain, version, window, left)

    @cached_property
    def entity_ids(self) -> tuple[str, ...]:
        """(N,) ids."""
        return tuple(self.entities["id"].to_pylist())

    @cached_property
    def names(self) -> tuple[str, ...]:
        """(N,) names."""
        return tuple(self.entities["name"].to_pylist())

    @cached_property
    def types(self) -> tuple[str, ...]:
        """(N,) labels."""
        return tuple(self.entities["type"].to_pylist())

    @cached_property
    def row_of(self) -> dict[str, int]:
        """From an entity's id to its row."""
        return {id_: row for row, id_ in enumerate(self.entity_ids)}

    @property
    def n_claims(self) -> int:
        """The number of claims of all predicates."""
        return sum(len(arrays) for arrays in self.claims.values())

    def row(self, entity: str) -> int:
        """Return the row of an entity, without reading the ids of all others.

        Raises:
            UnknownNameError: the snapshot holds no entity of that id.
        """
        ids = self.entities["id"]
        row = bisect.bisect_left(range(len(ids)), entity, key=lambda at: str(ids[at]))
        if row == len(ids) or str(ids[row]) != entity:
            when = f" {self.window}" if self.window else ""
            raise UnknownNameError("entity", entity, (), f"the snapshot{when} has none of that id")
        return row

    def neighbourhood(
        self, entity: str, steps: int = 1, predicates: Iterable[str] | None = None
    ) -> Neighbourhood:
        """Return the entities within some steps of one, and the claims that lead to them.

        Args:
            entity: its id.
            steps: how far; a claim can be walked in both directions.
            predicates: only claims of these; None for all.

        Raises:
            UnknownNameError: the snapshot holds no entity or no claim of that name.
        """
        chosen = self.claims if predicates is None else {p: self._of(p) for p in predicates}
        return walk(chosen, len(self.entities), self.row(entity), steps)

    def ends(self, predicate: str, edges: Sequence[int] | Int64s) -> list[tuple[str, str]]:
        """Return (subject id, object id) of some claims, by their places in the arrays.

        Raises:
            UnknownNameError: the snapshot holds no claim of that predicate.
        """
        arrays, ids = self._of(predicate), self.entities["id"]
        at = np.asarray(edges, dtype=np.int64)
        ends = zip(arrays.subjects(at).tolist(), arrays.object[at].tolist(), strict=True)
        return [(str(ids[subject]), str(ids[object_])) for subject, object_ in ends]

    def _of(self, predicate: str) -> ClaimArrays:
        if predicate not in self.claims:
            raise UnknownNameError("relation", predicate, tuple(self.claims))
        return self.claims[predicate]


def entity_table(ids: Sequence[str], names: Sequence[str], types: Sequence[str]) -> pa.Table:
    """Return parallel columns, sorted by id, as the entities of a snapshot."""
    arrays = (pa.array(ids), pa.array(names), pa.array(types, pa.string()).dictionary_encode())
    columns = [array.cast(column.type) for array, column in zip(arrays, ENTITIES, strict=True)]
    return pa.table(columns, schema=ENTITIES)


def _version(
    entities: pa.Table,
    n_papers: Int32s,
    claims: Mapping[str, ClaimArrays],
    is_a: EdgeArrays,
    domain: Domain,
) -> str:
    digest = hashlib.sha256()
    for part in _parts(entities, n_papers, claims, is_a, domain):
        # The length before each part keeps ("ab", "c") and ("a", "bc") apart.
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.hexdigest()


def _parts(
    entities: pa.Table,
    n_papers: Int32s,
    claims: Mapping[str, ClaimArrays],
    is_a: EdgeArrays,
    domain: Domain,
) -> Iterator[bytes]:
    yield domain.model_dump_json().encode()
    for name in entities.column_names:
        texts: list[str] = entities[name].to_pylist()
        yield np.array([len(text) for text in texts], dtype="<i8").tobytes()
        yield "".join(texts).encode()
    yield n_papers.tobytes()
    for predicate, arrays in claims.items():
        yield predicate.encode()
        for name in ("indptr", "object", *MEASURES):
            yield np.ascontiguousarray(getattr(arrays, name)).tobytes()
    yield is_a.indptr.tobytes()
    yield is_a.object.tobytes()
