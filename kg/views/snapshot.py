"""The snapshot: all entities and claims of a graph as arrays, sorted, with a version."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from kg.domain import Domain
from kg.domains import graph_domain
from kg.store.graph import Graph

Int32s = npt.NDArray[np.int32]
Float64s = npt.NDArray[np.float64]

NO_YEAR = 0

_ENTITIES = """
MATCH (e:Entity) RETURN e.id AS id, e.name AS name,
[label IN labels(e) WHERE label <> 'Entity'][0] AS type, e.n_papers AS n_papers
"""
_CLAIMS = """
MATCH (s:Entity)-[c]->(o:Entity) WHERE c.claim_id IS NOT NULL
RETURN type(c) AS predicate, s.id AS subject, o.id AS object, c.belief AS belief,
c.n_support AS n_support, c.n_deny AS n_deny, c.n_papers AS n_papers,
c.first_year AS first_year, c.last_year AS last_year
"""


@dataclass(frozen=True, eq=False)
class ClaimArrays:
    """All claims of one predicate, as parallel arrays sorted by (subject, object).

    `subject` and `object` are rows of the snapshot's entities. A year is `NO_YEAR` where no
    paper has a date.
    """

    subject: Int32s  # (C,)
    object: Int32s  # (C,)
    belief: Float64s  # (C,), in [0, 1]
    n_support: Int32s  # (C,)
    n_deny: Int32s  # (C,)
    n_papers: Int32s  # (C,)
    first_year: Int32s  # (C,)
    last_year: Int32s  # (C,)

    def __len__(self) -> int:
        return len(self.subject)


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A graph at one moment; entities are sorted by id, predicates by name.

    Args:
        entity_ids: (N,) ids.
        names: (N,) names.
        types: (N,) labels.
        n_papers: (N,) how many papers mention each entity.
        claims: predicate to its claims.
        domain: the schema of the graph.
        version: SHA-256 of the content in hex; two snapshots with equal versions are equal.
    """

    entity_ids: tuple[str, ...]
    names: tuple[str, ...]
    types: tuple[str, ...]
    n_papers: Int32s
    claims: Mapping[str, ClaimArrays]
    domain: Domain
    version: str

    @cached_property
    def row_of(self) -> dict[str, int]:
        """From an entity's id to its row."""
        return {id_: row for row, id_ in enumerate(self.entity_ids)}

    @property
    def n_claims(self) -> int:
        """The number of claims of all predicates."""
        return sum(len(arrays) for arrays in self.claims.values())


def take_snapshot(graph: Graph) -> Snapshot:
    """Read all entities and claims of a graph; the same graph gives the same arrays.

    Hypotheses and ontology edges are no claims and are left out. About 100 bytes a claim are
    held while it reads.

    Raises:
        UsageError: the graph holds no claim.
    """
    domain = graph_domain(graph)
    entities = sorted(graph.stream(_ENTITIES), key=lambda row: str(row["id"]))
    ids = tuple(row["id"] for row in entities)
    claims = _claims(graph.stream(_CLAIMS), {id_: row for row, id_ in enumerate(ids)})
    names = tuple(row["name"] or row["id"] for row in entities)
    types = tuple(row["type"] or "Entity" for row in entities)
    n_papers = np.array([row["n_papers"] or 0 for row in entities], dtype=np.int32)
    version = _version((*ids, *names, *types), n_papers, claims, domain)
    return Snapshot(ids, names, types, n_papers, claims, domain, version)


def _claims(rows: Iterable[dict[str, Any]], row_of: Mapping[str, int]) -> dict[str, ClaimArrays]:
    by_predicate: dict[str, list[tuple[float, ...]]] = defaultdict(list)
    for row in rows:
        by_predicate[row["predicate"]].append(
            (
                row_of[row["subject"]],
                row_of[row["object"]],
                row["belief"],
                row["n_support"] or 0,
                row["n_deny"] or 0,
                row["n_papers"] or 0,
                row["first_year"] or NO_YEAR,
                row["last_year"] or NO_YEAR,
            )
        )
    return {predicate: _arrays(by_predicate[predicate]) for predicate in sorted(by_predicate)}


def _arrays(rows: list[tuple[float, ...]]) -> ClaimArrays:
    rows.sort()
    subject, object_, belief, *counts = zip(*rows, strict=True)
    return ClaimArrays(
        np.array(subject, dtype=np.int32),
        np.array(object_, dtype=np.int32),
        np.array(belief, dtype=np.float64),
        *(np.array(column, dtype=np.int32) for column in counts),
    )


def _version(
    texts: Iterable[str], n_papers: Int32s, claims: Mapping[str, ClaimArrays], domain: Domain
) -> str:
    digest = hashlib.sha256()
    for part in _parts(texts, n_papers, claims, domain):
        # The length before each part keeps ("ab", "c") and ("a", "bc") apart.
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.hexdigest()


def _parts(
    texts: Iterable[str], n_papers: Int32s, claims: Mapping[str, ClaimArrays], domain: Domain
) -> Iterator[bytes]:
    yield domain.model_dump_json().encode()
    for text in texts:
        yield text.encode()
    yield n_papers.tobytes()
    for predicate, arrays in claims.items():
        yield predicate.encode()
        for array in vars(arrays).values():
            yield array.tobytes()
