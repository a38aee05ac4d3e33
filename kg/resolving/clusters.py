"""Which entities are one thing, while rules say so one after the other."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from kg.resolving.entity_index import EntityIndex


class Clusters:
    """Sets of ids that stand for one thing (union-find), with those that must stay apart.

    Args:
        things: the entities; what is merged in the graph is one cluster already.
        apart: pairs of ids that are not one thing.
    """

    def __init__(self, things: EntityIndex, apart: Iterable[frozenset[str]] = ()) -> None:
        self._things = things
        self._above: dict[str, str] = {}
        self._members = {thing.id: {thing.id, *thing.absorbed} for thing in things}
        self._apart: dict[str, set[str]] = {}
        for pair in apart:
            for one in pair:
                self._apart.setdefault(one, set()).update(pair - {one})

    def of(self, id_: str) -> str:
        """Return what names the cluster of an id; for an id that stands for no entity, itself."""
        found = self._things[id_].id if id_ in self._things else id_
        while found in self._above:
            found = self._above[found]
        return found

    def members(self, id_: str) -> Collection[str]:
        """Return all ids of a cluster, merged ones too."""
        return self._members[self.of(id_)]

    def are_apart(self, one: str, other: str) -> bool:
        """Whether somebody has said that something in one cluster is not the other."""
        if not self._apart or self.of(one) == self.of(other):
            return False  # somebody may have merged them all the same
        others = set(self.members(other))
        return any(self._apart.get(id_, set()) & others for id_ in self.members(one))

    def join(self, one: str, other: str) -> bool:
        """Make two clusters one; False if they are one already."""
        keep, drop = sorted((self.of(one), self.of(other)))
        if keep == drop:
            return False
        self._above[drop] = keep
        self._members[keep] |= self._members.pop(drop)
        return True
