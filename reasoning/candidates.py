"""Candidate generation for link prediction: which claims could be proposed, and their scores."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kg import Entity, RelationPattern, Snapshot, UsageError
from reasoning.arrays import Bools, Ints
from reasoning.network import Network
from reasoning.scorers import DEFAULT_SCORER, SCORERS, MakeScorer, Scorer, Scores

# Each start costs some hundredths of a second, so all pairs of this many take minutes.
MAX_STARTS = 20_000
# Differences behind this decimal are rounding; equal scores are ordered by id.
_DECIMALS = 12


@dataclass(frozen=True)
class Candidate:
    """A claim that could be proposed: `subject` and `object` are rows of the snapshot."""

    pattern: RelationPattern
    subject: int
    object: int
    score: float
    n_contributions: int


class Candidates:
    """All claims of some patterns that a snapshot does not hold, with their scores.

    Args:
        snapshot: the graph.
        patterns: predicates and pairs of types, as `Domain.patterns` gives them.
        make_scorer: makes the scorer of each predicate.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        patterns: Sequence[RelationPattern],
        make_scorer: MakeScorer = SCORERS[DEFAULT_SCORER],
    ) -> None:
        self.snapshot = snapshot
        self.patterns = patterns
        self.network = Network.of_snapshot(snapshot)
        self._make_scorer = make_scorer
        self._scorers: dict[str, Scorer] = {}

    def scorer(self, predicate: str) -> Scorer:
        """Return the scorer of a relation."""
        if predicate not in self._scorers:
            self._scorers[predicate] = self._make_scorer(self.network, predicate)
        return self._scorers[predicate]

    @cached_property
    def _rows(self) -> dict[str, Ints]:
        types = np.array(self.snapshot.types)
        return {name: np.flatnonzero(types == name) for name in set(self.snapshot.types)}

    def around(self, entity: Entity, relation: str) -> list[Candidate]:
        """Return every candidate with one entity that anything speaks for or against, best first.

        Raises:
            UsageError: the entity's type stands at neither end of the relation.
        """
        row = self.snapshot.row_of[entity.id]
        roles = [
            (pattern, at_subject)
            for pattern in self.patterns
            for at_subject in self._ends(pattern, entity.type)
        ]
        if not roles:
            fitting = sorted({t for p in self.patterns for t in (p.subject_type, p.object_type)})
            raise UsageError(
                f"{entity.name} ({entity.id}) is a {entity.type}; {relation} takes a "
                + " or a ".join(fitting)
            )
        found = []
        for pattern, at_subject in roles:
            scores, ends = self._from(row, pattern, at_subject=at_subject)
            found += [
                self._candidate(row, end, pattern, scores, at_subject=at_subject)
                for end in ends.tolist()
            ]
        return sorted(found, key=self.rank_key)

    def best_pairs(self, top: int, relation: str) -> list[Candidate]:
        """Return the best candidates of the whole graph; starts from the smaller side.

        Raises:
            UsageError: both sides are too large to try every pair.
        """
        best: list[Candidate] = []
        for pattern in self.patterns:
            sides = (self._of_type(pattern.subject_type), self._of_type(pattern.object_type))
            at_subject = len(sides[0]) <= len(sides[1])
            starts = sides[0] if at_subject else sides[1]
            starts = starts[self.network.degree[starts] > 0]
            if len(starts) > MAX_STARTS:
                raise UsageError(
                    f"{relation} could join {len(sides[0])} {pattern.subject_type} and "
                    f"{len(sides[1])} {pattern.object_type} entities, too many to try every pair; "
                    "name one of them"
                )
            found = self._best_from_each(starts, pattern, top, at_subject=at_subject)
            best = heapq.nsmallest(top, itertools.chain(best, found), key=self.rank_key)
        return best

    def rank_key(self, candidate: Candidate) -> tuple[float, str, str, str]:
        """Return what candidates are sorted by: score, then ids."""
        ids = self.snapshot.entity_ids
        return (
            -round(candidate.score, _DECIMALS),
            ids[candidate.subject],
            ids[candidate.object],
            candidate.pattern.predicate,
        )

    def _of_type(self, name: str) -> Ints:
        return self._rows.get(name, np.zeros(0, dtype=np.int64))

    def _ends(self, pattern: RelationPattern, type_: str) -> Iterator[bool]:
        """Yield True where a type can stand at the subject's end, False at the object's."""
        if pattern.subject_type == type_:
            yield True
        if pattern.object_type == type_ and not self._is_unordered(pattern):
            yield False

    def _is_unordered(self, pattern: RelationPattern) -> bool:
        """Whether subject and object could as well change places."""
        symmetric = self.snapshot.domain.relations[pattern.predicate].symmetric
        return symmetric and pattern.subject_type == pattern.object_type

    def _best_from_each(
        self, starts: Ints, pattern: RelationPattern, top: int, *, at_subject: bool
    ) -> Iterator[Candidate]:
        """Yield the best candidates of each start; none beyond them can be among the best of all.

        Within one type a symmetric claim is met from both its ends; it counts from the first.
        """
        one_type = self._is_unordered(pattern)
        for start in starts.tolist():
            scores, ends = self._from(start, pattern, at_subject=at_subject)
            if one_type:
                ends = ends[ends > start]
            # Rows are in the order of the ids, so equal scores stay in that order.
            order = np.argsort(-scores.total[ends].round(_DECIMALS), kind="stable")[:top]
            for end in ends[order].tolist():
                yield self._candidate(start, end, pattern, scores, at_subject=at_subject)

    def _from(
        self, start: int, pattern: RelationPattern, *, at_subject: bool
    ) -> tuple[Scores, Ints]:
        """Return the scores from one node, and the rows with which it makes a candidate."""
        scores = self.scorer(pattern.predicate).from_node(start)
        other = self._of_type(pattern.object_type if at_subject else pattern.subject_type)
        held = self._held_with(start, pattern, at_subject=at_subject)
        return scores, other[(scores.n_contributions[other] > 0) & ~held[other]]

    def _candidate(
        self, start: int, end: int, pattern: RelationPattern, scores: Scores, *, at_subject: bool
    ) -> Candidate:
        subject, object_ = (start, end) if at_subject else (end, start)
        if self._is_unordered(pattern):
            # Rows are in the order of the ids, which is how such a claim is stored.
            subject, object_ = min(start, end), max(start, end)
        score, count = float(scores.total[end]), int(scores.n_contributions[end])
        return Candidate(pattern, subject, object_, score, count)

    def _held_with(self, start: int, pattern: RelationPattern, *, at_subject: bool) -> Bools:
        """Return (N,): with which nodes the graph holds this claim already, and the start."""
        held = np.zeros(len(self.network.node_types), dtype=np.bool_)
        held[self.network.neighbours(start, pattern.predicate, as_subject=at_subject)] = True
        held[start] = True
        return held
