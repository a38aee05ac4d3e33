"""Which claims could be proposed, and how well each is supported by paths."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kg import Domain, Entity, RelationPattern, Snapshot, UsageError
from reasoning.arrays import Bools, Ints
from reasoning.network import Network
from reasoning.path_score import PathScore, Sign

# Each start costs some milliseconds, so all pairs of this many take minutes.
MAX_STARTS = 50_000
# Differences behind this decimal are rounding; equal scores are ordered by id.
_DECIMALS = 12


@dataclass(frozen=True)
class Candidate:
    """A claim that could be proposed: `subject` and `object` are rows of the snapshot."""

    pattern: RelationPattern
    subject: int
    object: int
    score: float
    n_paths: int


class Candidates:
    """All claims of some patterns that a snapshot does not hold, scored by their paths.

    Args:
        snapshot: the graph.
        patterns: predicates and pairs of types, as `Domain.patterns` gives them.
    """

    def __init__(self, snapshot: Snapshot, patterns: Sequence[RelationPattern]) -> None:
        self.snapshot = snapshot
        self.patterns = patterns
        self.network = Network.of_snapshot(snapshot)
        self._scores: dict[Sign, PathScore] = {}

    def score(self, predicate: str) -> PathScore:
        """Return the path score that fits a relation's sign."""
        sign = self._domain.relations[predicate].sign
        if sign not in self._scores:
            self._scores[sign] = PathScore(self.network, sign)
        return self._scores[sign]

    @property
    def _domain(self) -> Domain:
        return self.snapshot.domain

    @cached_property
    def _rows(self) -> dict[str, Ints]:
        types = np.array(self.snapshot.types)
        return {name: np.flatnonzero(types == name) for name in set(self.snapshot.types)}

    def around(self, entity: Entity, relation: str) -> list[Candidate]:
        """Return every candidate with one entity that some path reaches, best first.

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
        found = (
            candidate
            for pattern, at_subject in roles
            for candidate in self._from(row, pattern, at_subject=at_subject)
        )
        return sorted(found, key=self.rank_key)

    def best_pairs(self, top: int, relation: str) -> list[Candidate]:
        """Return the best candidates of the whole graph; walks from the smaller side.

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
            found = self._all_from(starts, pattern, at_subject=at_subject)
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
        one_role = pattern.subject_type == pattern.object_type and self._symmetric(pattern)
        if pattern.object_type == type_ and not one_role:
            yield False

    def _symmetric(self, pattern: RelationPattern) -> bool:
        return self._domain.relations[pattern.predicate].symmetric

    def _all_from(
        self, starts: Ints, pattern: RelationPattern, *, at_subject: bool
    ) -> Iterator[Candidate]:
        for start in starts.tolist():
            for candidate in self._from(start, pattern, at_subject=at_subject):
                # Within one type a symmetric claim is met from both ends; it counts from one.
                if start == (candidate.subject if at_subject else candidate.object):
                    yield candidate

    def _from(
        self, start: int, pattern: RelationPattern, *, at_subject: bool
    ) -> Iterator[Candidate]:
        scores = self.score(pattern.predicate).from_node(start)
        other = self._of_type(pattern.object_type if at_subject else pattern.subject_type)
        held = self._held_with(start, pattern, at_subject=at_subject)
        for end in other[(scores.n_paths[other] > 0) & ~held[other]]:
            subject, object_ = (start, int(end)) if at_subject else (int(end), start)
            if pattern.subject_type == pattern.object_type and self._symmetric(pattern):
                # Rows are in the order of the ids, which is how such a claim is stored.
                subject, object_ = min(subject, object_), max(subject, object_)
            yield Candidate(
                pattern, subject, object_, float(scores.total[end]), int(scores.n_paths[end])
            )

    def _held_with(self, start: int, pattern: RelationPattern, *, at_subject: bool) -> Bools:
        """Return (N,): with which nodes the graph holds this claim already, and the start."""
        network = self.network
        leaving = np.arange(network.first[start], network.first[start + 1])
        steps = [network.metaedges[index] for index in network.metaedge[leaving]]
        forward = "forward" if at_subject else "backward"
        same = np.array(
            [s.predicate == pattern.predicate and s.direction in ("both", forward) for s in steps],
            dtype=np.bool_,
        )
        held = np.zeros(len(network.node_types), dtype=np.bool_)
        held[network.target[leaving[same]]] = True
        held[start] = True
        return held
