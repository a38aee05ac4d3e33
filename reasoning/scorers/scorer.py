"""Link prediction: what a scorer says of pairs of entities, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from reasoning.arrays import Floats, Ints
from reasoning.network import Network


@dataclass(frozen=True, eq=False)
class Scores:
    """What one node is to every other.

    Args:
        total: (N,) scores; 0 where nothing contributes.
        n_contributions: (N,) how many contributions each score is the sum of.
    """

    total: Floats
    n_contributions: Ints


@dataclass(frozen=True, slots=True)
class Step:
    """A claim as part of a contribution; `target` is the node to which it leads on.

    Nodes are rows of the snapshot; subject and object are those of the claim as it is stored.
    """

    target: int
    subject: int
    predicate: str
    object: int
    belief: float


@dataclass(frozen=True, slots=True)
class Contribution:
    """An additive part of a score: a chain of claims from one end to the other."""

    weight: float
    steps: tuple[Step, ...]

    @property
    def nodes(self) -> tuple[int, ...]:
        """The nodes after the first."""
        return tuple(step.target for step in self.steps)


class Scorer(Protocol):
    """Scores every pair of a network as ends of a claim of one relation; see `SCORERS`.

    A pair has the same score from both ends, and its contributions add up to it. What is
    proposed, checked and explained knows a scorer by these two methods alone.
    """

    def from_node(self, start: int) -> Scores:
        """Return the scores between one node and every other; 0 for itself."""
        ...

    def contributions(self, start: int, end: int) -> Iterator[Contribution]:
        """Yield the contributions to the score of a pair, the largest absolute weight first."""
        ...


MakeScorer: TypeAlias = Callable[[Network, str], Scorer]
"""Makes the scorer of a network for a relation of its schema."""
