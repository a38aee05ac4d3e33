"""Which labels and relationship types a load may use, and the schema that they need."""

from __future__ import annotations

from collections.abc import Iterable

from kg.domain import Domain
from kg.errors import PropertyError
from kg.graph_schema import LABELS, RELATIONSHIPS
from kg.store.graph import Graph
from kg.store.names import valid_label, valid_relationship_type


class SchemaNames:
    """The labels and relationship types of a graph, and those that a load adds to it.

    No name can be both, in any spelling of case (ArcadeDB keeps both in one place), and neither
    can be one of those that the graph itself uses.

    Args:
        graph: what is loaded into; None for a graph that holds nothing and is on no server.
    """

    def __init__(self, graph: Graph | None) -> None:
        self._graph = graph
        self._labels: set[str] = set()
        self._relationships: set[str] = set()
        self._pending = True
        self._asked = False

    def allow(self, domain: Domain, *, stored: bool) -> None:
        """Take the names of a domain schema, which has checked them itself.

        Args:
            domain: the schema.
            stored: whether the graph keeps it, and so has the indexes that it needs already.
        """
        self._labels.update(domain.types)
        self._relationships.update(domain.relations)
        self._pending = not stored

    def label(self, name: str | None) -> str:
        """Return the name if an entity may have it as its type.

        Raises:
            PropertyError: it has another form, or stands for something else.
        """
        if name in self._labels:
            return name
        name = valid_label(name or "")
        self._learn()
        if name in LABELS or _is_among(name, (*self._relationships, *RELATIONSHIPS)):
            raise PropertyError(f"{name!r} cannot be an entity type: the graph uses the name")
        self._labels.add(name)
        self._pending = True
        return name

    def relationship(self, name: str | None) -> str:
        """Return the name if a claim may have it as its predicate.

        Raises:
            PropertyError: it has another form, or stands for something else.
        """
        if name in self._relationships:
            return name
        name = valid_relationship_type(name or "")
        self._learn()
        if name in RELATIONSHIPS or _is_among(name, (*self._labels, *LABELS)):
            raise PropertyError(f"{name!r} cannot be a predicate: the graph uses the name")
        self._relationships.add(name)
        return name

    def ensure_schema(self, *, search: bool = True) -> None:
        """Give the graph the constraints and indexes of all names so far, if any is new.

        `search` is that of `Graph.ensure_schema`.
        """
        # Before the labels are read: another thread may learn one meanwhile.
        pending, self._pending = self._pending, False
        if pending and self._graph is not None:
            self._graph.ensure_schema(sorted(self._labels.copy()), search=search)

    def _learn(self) -> None:
        """Ask the graph which names it uses already; a name of no schema is rare, so only then."""
        if not self._asked and self._graph is not None:
            counts = self._graph.counts()
            self._labels.update(set(counts.nodes) - set(LABELS))
            self._relationships.update(set(counts.relationships) - set(RELATIONSHIPS))
            self._asked = True


def _is_among(name: str, names: Iterable[str]) -> bool:
    return name.casefold() in {other.casefold() for other in names}
