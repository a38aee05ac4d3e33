"""Explaining link predictions: from scored candidates to hypotheses with paths and findings."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg import (
    Claim,
    Domain,
    Entity,
    Finding,
    FindingStatus,
    Graph,
    Hypothesis,
    Path,
    PathEdge,
    Polarity,
    Quote,
    Snapshot,
    Verdict,
    hypothesis_id,
    stored_domains,
)
from kg.asking import AnyEvidence, CuratedEvidence, evidence_for
from reasoning.checks import Batch, Case, run_checks
from reasoning.scorers import Contribution, Scorer, Step

# Paths that are shown of a hypothesis, and how many are searched for one that speaks against.
SHOWN_PATHS = 5
_SEARCHED_PATHS = 200
_SENTENCES = 2
# Fewer known claims than this neither train nor calibrate a model.
FEW_KNOWN = 50
_DECIMALS = 12
# The first that any check says, wins.
_PRECEDENCE = (
    (FindingStatus.INVALID, Verdict.INVALID),
    (FindingStatus.CONTRADICTED, Verdict.CONTRADICTED),
    (FindingStatus.KNOWN, Verdict.KNOWN),
    (FindingStatus.SUPPORTED, Verdict.SUPPORTED),
    (FindingStatus.UNKNOWN, Verdict.UNKNOWN),
    (FindingStatus.FINE, Verdict.NOVEL),
)


@dataclass(frozen=True)
class Scored:
    """A candidate that is to become a hypothesis.

    Args:
        subject: row of the subject in the snapshot.
        predicate: the relationship type.
        object: row of the object.
        scorer: what gave the score.
        score: its score.
        n_known: how many claims of this kind the graph holds.
        further: findings that are not those of the checks.
    """

    subject: int
    predicate: str
    object: int
    scorer: Scorer
    score: float
    n_known: int
    further: tuple[Finding, ...] = ()


class Describer:
    """Makes hypotheses of one graph.

    Args:
        graph: where sentences and schema are read.
        snapshot: the same graph as arrays.
        relation: the relation as it was asked for.
    """

    def __init__(self, graph: Graph, snapshot: Snapshot, relation: str) -> None:
        self.graph = graph
        self.snapshot = snapshot
        self.relation = relation
        self.schema: Domain | None = snapshot.domain if stored_domains(graph) else None

    def hypotheses(self, candidates: Sequence[Scored]) -> list[Hypothesis]:
        """Describe candidates, in their order; what is cited for all of them is read at once."""
        cases = [self._case(candidate) for candidate in candidates]
        checked = run_checks(Batch(self.graph, self.snapshot, cases))
        shown = [_to_show(c.scorer.contributions(c.subject, c.object)) for c in candidates]
        quotes = self._quotes(itertools.chain.from_iterable(shown))
        return [
            self._hypothesis(candidate, case, findings, contributions, quotes)
            for candidate, case, findings, contributions in zip(
                candidates, cases, checked, shown, strict=True
            )
        ]

    def _case(self, candidate: Scored) -> Case:
        subject, object_ = self._entity(candidate.subject), self._entity(candidate.object)
        return Case.of(
            self.snapshot, self.schema, self.relation, subject, candidate.predicate, object_
        )

    def _hypothesis(
        self,
        candidate: Scored,
        case: Case,
        checked: tuple[Finding, ...],
        contributions: Iterable[Contribution],
        quotes: dict[Claim, list[AnyEvidence]],
    ) -> Hypothesis:
        ends = (case.subject, case.object)
        findings = (*checked, *candidate.further)
        return Hypothesis(
            id=hypothesis_id(ends[0].id, case.predicate, ends[1].id, **self._time),
            subject=ends[0],
            predicate=case.predicate,
            object=ends[1],
            reading=self.snapshot.domain.reading(case.predicate, ends[0].type, ends[1].type),
            score=round(candidate.score, _DECIMALS),
            probability=None,
            probability_reason=why_no_probability(candidate.n_known),
            verdict=verdict(findings),
            findings=findings,
            paths=tuple(self._path(case.subject, part, quotes) for part in contributions),
            **self._time,
        )

    @property
    def _time(self) -> dict[str, str]:
        frame = self.snapshot.window
        return {} if frame is None else {"as_of": frame.as_of, "since": frame.since}

    def _entity(self, row: int) -> Entity:
        snapshot = self.snapshot
        return Entity(
            id=snapshot.entity_ids[row], name=snapshot.names[row], type=snapshot.types[row]
        )

    def _claim(self, step: Step) -> Claim:
        ids = self.snapshot.entity_ids
        return Claim(subject=ids[step.subject], predicate=step.predicate, object=ids[step.object])

    def _quotes(self, contributions: Iterable[Contribution]) -> dict[Claim, list[AnyEvidence]]:
        return evidence_for(
            self.graph,
            dict.fromkeys(self._claim(step) for part in contributions for step in part.steps),
            _SENTENCES,
            Polarity.SUPPORTS,
            frame=self.snapshot.window,
            retracted=False,
        )

    def _path(
        self, start: Entity, part: Contribution, quotes: dict[Claim, list[AnyEvidence]]
    ) -> Path:
        return Path(
            nodes=(start, *map(self._entity, part.nodes)),
            edges=tuple(map(self._edge, part.steps)),
            contribution=part.weight,
            quotes=tuple(_quoted(quotes[self._claim(step)]) for step in part.steps),
        )

    def _edge(self, step: Step) -> PathEdge:
        types, domain = self.snapshot.types, self.snapshot.domain
        reading = domain.reading(step.predicate, types[step.subject], types[step.object])
        claim = self._claim(step)
        return PathEdge(**claim.model_dump(), reading=reading, belief=step.belief)


def verdict(findings: Iterable[Finding]) -> Verdict:
    """Return the verdict of some findings.

    - `invalid`: no such claim can be, so nothing else matters.
    - `contradicted`: what speaks against it directly outweighs what speaks for it directly; a
      check says that only after weighing both, so it stands above `known`.
    - `known`: the graph holds it, and believes it.
    - `supported`: the graph holds something weaker or more general that says the same.
    - `unknown`: nothing of the above, and a check could not run, so it may not be novel.
    - `novel`: every check ran, and nothing direct speaks for it or against it.

    Without any finding it is `unknown`.
    """
    said = {finding.status for finding in findings}
    return next((verdict for status, verdict in _PRECEDENCE if status in said), Verdict.UNKNOWN)


def why_no_probability(n_known: int) -> str:
    """Return in plain words why a score has no probability beside it."""
    if n_known < FEW_KNOWN:
        return (
            f"no calibrated model: fewer than {FEW_KNOWN} known edges of this kind in the graph "
            f"({n_known}) to train and calibrate one; the score only orders candidates"
        )
    return "no calibrated model has been trained on this graph; the score only orders candidates"


def _to_show(contributions: Iterable[Contribution]) -> list[Contribution]:
    """Choose the best ones that differ in a node, and the best one that speaks against."""
    shown: dict[tuple[int, ...], Contribution] = {}
    for part in itertools.islice(contributions, _SEARCHED_PATHS):
        full = len(shown) >= SHOWN_PATHS
        if full and any(other.weight < 0 for other in shown.values()):
            break
        if part.nodes not in shown and (not full or part.weight < 0):
            shown[part.nodes] = part
    return list(shown.values())


def _quoted(evidence: Iterable[AnyEvidence]) -> tuple[Quote | CuratedEvidence, ...]:
    return tuple(
        item
        if isinstance(item, CuratedEvidence)
        else Quote(paper=item.paper, start=item.start, end=item.end, text=item.quote)
        for item in evidence
    )
