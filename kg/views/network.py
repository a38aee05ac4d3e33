"""The networkx view of a snapshot, for the algorithms that live there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg.views.snapshot import NO_YEAR, ClaimArrays, Snapshot

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
        for row in range(len(arrays)):
            subject = snapshot.entity_ids[arrays.subject[row]]
            object_ = snapshot.entity_ids[arrays.object[row]]
            view.add_edge(subject, object_, key=predicate, **_attributes(predicate, arrays, row))
    return view


def _attributes(predicate: str, arrays: ClaimArrays, row: int) -> dict[str, Any]:
    attributes: dict[str, Any] = {"predicate": predicate, "belief": float(arrays.belief[row])}
    for name in _COUNTS:
        attributes[name] = int(getattr(arrays, name)[row])
    for name in _YEARS:
        year = int(getattr(arrays, name)[row])
        if year != NO_YEAR:
            attributes[name] = year
    return attributes
