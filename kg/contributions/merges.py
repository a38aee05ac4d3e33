"""Merges as facts: which id was merged into which, and where each id leads now.

A merge is kept as it was decided: `absorbed` into `named`. Where a chain of them leads (`into`,
the root) follows from all of them, so merging and undoing come to the same, in whatever order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from pydantic import model_validator

from kg.errors import UsageError
from kg.models import Model


class Merge(Model):
    """One thing that had two ids; a node of the graph.

    `into` is the id of the entity that stands for both now. It is the root of a chain; where the
    merge itself named another id, which was merged later or before, that one is `direct`.
    """

    absorbed: str
    into: str
    type: str
    rule: str
    why: str
    direct: str = ""

    @model_validator(mode="before")
    @classmethod
    def _without_id(cls, properties: Any) -> Any:
        """Take the properties of a node, whose id follows from the rest."""
        if isinstance(properties, dict):
            return {name: value for name, value in properties.items() if name != "id"}
        return properties

    @property
    def id(self) -> str:
        """The id of its node."""
        return merge_node_id(self.absorbed)

    @property
    def named(self) -> str:
        """The id that the merge itself was made into."""
        return self.direct or self.into


class Move(NamedTuple):
    """What an id as read leads to, before and after."""

    before: str
    after: str


def merge_node_id(absorbed: str) -> str:
    """Return the id of the node that keeps the merge of an id."""
    return f"merge:{absorbed}"


class Forest:
    """Merges, while some are added and some are taken back.

    Args:
        merges: those that the graph holds of the entities in question: all of each tree.
    """

    def __init__(self, merges: Iterable[Merge]) -> None:
        self._before = {merge.absorbed: merge for merge in merges}
        self._named = {id_: merge.named for id_, merge in self._before.items()}
        self._facts = dict(self._before)

    def root(self, id_: str) -> str:
        """Return the id of the entity that stands for an id."""
        return _root(id_, self._named)

    def join(self, merge: Merge) -> None:
        """Add a merge; what it names may be merged already, or become so later.

        Raises:
            UsageError: the id is merged already, or both lead to one entity.
        """
        known = self._facts.get(merge.absorbed)
        if known is not None:
            raise UsageError(
                f"{merge.absorbed} is merged into {self.root(known.named)} already "
                f"({known.rule}: {known.why}); undo that first, or merge {self.root(known.named)}"
            )
        if self.root(merge.named) == merge.absorbed:
            raise UsageError(f"{merge.absorbed} and {merge.named} are one entity already")
        self._named[merge.absorbed] = merge.named
        self._facts[merge.absorbed] = merge

    def split(self, absorbed: str) -> Merge:
        """Take the merge of an id back, and return it."""
        del self._named[absorbed]
        return self._facts.pop(absorbed)

    def moves(self) -> dict[str, Move]:
        """Return every id that leads elsewhere now."""
        before = {id_: merge.named for id_, merge in self._before.items()}
        every = before.keys() | self._named.keys()
        moved = {id_: Move(_root(id_, before), self.root(id_)) for id_ in every}
        return {id_: move for id_, move in moved.items() if move.before != move.after}

    def changed(self) -> list[Merge]:
        """Return the merges to write: those that are new, and those that lead elsewhere now."""
        after = {id_: self._led(merge) for id_, merge in self._facts.items()}
        return [merge for id_, merge in sorted(after.items()) if self._before.get(id_) != merge]

    def gone(self) -> list[str]:
        """Return the ids whose merge was taken back."""
        return sorted(self._before.keys() - self._facts.keys())

    def absorbed_by(self, root: str) -> set[str]:
        """Return the ids that lead to an entity, but for its own."""
        return {id_ for id_ in self._named if self.root(id_) == root}

    def _led(self, merge: Merge) -> Merge:
        root, named = self.root(merge.named), self._named[merge.absorbed]
        return merge.model_copy(update={"into": root, "direct": "" if named == root else named})


def _root(id_: str, named: Mapping[str, str]) -> str:
    while id_ in named:
        id_ = named[id_]
    return id_
