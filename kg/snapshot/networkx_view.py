"""The networkx view of a snapshot, for the algorithms that live there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kg.snapshot.arrays import NO_YEAR, ClaimArrays
from kg.snapshot.snapshot import Snapshot

if TYPE_CHECKING:
    import networkx as nx

_COUNTS = ("n_support", "n_deny", "n_papers")
_YEARS = ("first_year", "last_year")


def to_networkx(snapshot: Snapshot) -> nx.MultiDiGraph[str]:
    """Return a snapshot as a networkx graph.

    Nodes are entity ids with `name`, `type` and `n_papers`; edges are claims, keyed by their
    predicate, with `predicate`, `belief`, `n_support`, `n_deny`, `n_papers`, and `first_year` and
    `last_year` where a paper has a date. The graph's own attributes are `version` and `domain`
    (the name).
    """
    import networkx as nx  # here, because it takes a quarter of a second

    view: nx.MultiDiGraph[str] = nx.MultiDiGraph(
        version=snapshot.version, domain=snapshot.domain.name
    )
    columns = zip(
        snapshot.entity_ids, snapshot.names, snapshot.types, snapshot.n_papers.tolist(), strict=True
    )
    for id_, name, type_, n_papers in columns:
        view.add_node(id_, name=name, type=type_, n_papers=n_papers)
    for predicate, arrays in snapshot.claims.items():
        for subject, object_, attributes in _edges(arrays):
            ends = snapshot.entity_ids[subject], snapshot.entity_ids[object_]
            view.add_edge(*ends, key=predicate, predicate=predicate, **attributes)
    return view


def _edges(arrays: ClaimArrays) -> Iterator[tuple[int, int, dict[str, Any]]]:
    names = ("belief", *_COUNTS, *_YEARS)
    ends = zip(arrays.subject.tolist(), arrays.object.tolist(), strict=True)
    columns = zip(*(getattr(arrays, name).tolist() for name in names), strict=True)
    for (subject, object_), values in zip(ends, columns, strict=True):
        attributes = dict(zip(names, values, strict=True))
        unknown = [name for name in _YEARS if attributes[name] == NO_YEAR]
        yield subject, object_, {k: v for k, v in attributes.items() if k not in unknown}
