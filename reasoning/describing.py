"""From a scored candidate to a hypothesis: its best paths, their sentences, the checks."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from kg import (
    Claim,
    Domain,
    Entity,
    Finding,
    Graph,
    Hypothesis,
    Path,
    PathEdge,
    Polarity,
    Quote,
    Snapshot,
    hypothesis_id,
    stored_domains,
)
from kg.asking import AnyEvidence, CuratedEvidence, claims_in, evidence_for
from reasoning.best_paths import HalfEdges, best_paths
from reasoning.checks import Case, run_checks
from reasoning.path_score import PathScore
from reasoning.verdict import verdict

# Paths that are shown of a hypothesis, and how many are searched for one that speaks against.
SHOWN_PATHS = 5
_SEARCHED_PATHS = 200
_SENTENCES = 2
# Fewer known claims than this neither train nor calibrate a model.
FEW_KNOWN = 50
_DECIMALS = 12

Scored = tuple[float, HalfEdges]


class Describer:
    """Makes hypotheses of one graph.

    Args:
        graph: where claims, sentences and schema are read.
        snapshot: the same graph as arrays.
        relation: the relation as it was asked for.
    """

    def __init__(self, graph: Graph, snapshot: Snapshot, relation: str) -> None:
        self.graph = graph
        self.snapshot = snapshot
        self.relation = relation
        self.schema: Domain | None = snapshot.domain if stored_domains(graph) else None

    def entity(self, row: int) -> Entity:
        """Return the entity of a row of the snapshot."""
        snapshot = self.snapshot
        return Entity(
            id=snapshot.entity_ids[row], name=snapshot.names[row], type=snapshot.types[row]
        )

    def hypothesis(
        self,
        subject: int,
        predicate: str,
        object_: int,
        score: PathScore,
        *,
        total: float,
        n_known: int,
        further: Iterable[Finding] = (),
    ) -> Hypothesis:
        """Describe one candidate.

        Args:
            subject: row of the subject.
            predicate: the relationship type.
            object_: row of the object.
            score: what its paths are scored with.
            total: its score.
            n_known: how many claims of this kind the graph holds.
            further: findings that are not those of the checks.
        """
        ends = (self.entity(subject), self.entity(object_))
        findings = (*self._check(ends[0], predicate, ends[1]), *further)
        return Hypothesis(
            id=hypothesis_id(ends[0].id, predicate, ends[1].id, **self._time),
            subject=ends[0],
            predicate=predicate,
            object=ends[1],
            reading=self.snapshot.domain.reading(predicate, ends[0].type, ends[1].type),
            score=round(total, _DECIMALS),
            probability=None,
            probability_reason=why_no_probability(n_known),
            verdict=verdict(findings),
            findings=findings,
            paths=self._paths(score, subject, object_),
            **self._time,
        )

    @property
    def _time(self) -> dict[str, str]:
        frame = self.snapshot.window
        return {} if frame is None else {"as_of": frame.as_of, "since": frame.since}

    def _check(self, subject: Entity, predicate: str, object_: Entity) -> tuple[Finding, ...]:
        case = Case(
            graph=self.graph,
            domain=self.schema,
            relation=self.relation,
            subject=subject,
            predicate=predicate,
            object=object_,
            held=claims_in(self.snapshot, subject.id, object_.id),
            frame=self.snapshot.window,
        )
        return run_checks(case)

    def _paths(self, score: PathScore, subject: int, object_: int) -> tuple[Path, ...]:
        shown = _to_show(score, best_paths(score, subject, object_))
        ids = self.snapshot.entity_ids
        network = score.network
        claims = {h: network.claim_at(h, ids) for _, path in shown for h in path}
        quotes = evidence_for(
            self.graph,
            claims.values(),
            _SENTENCES,
            Polarity.SUPPORTS,
            frame=self.snapshot.window,
            retracted=False,
        )
        return tuple(
            Path(
                nodes=tuple(
                    self.entity(row) for row in (subject, *(int(network.target[h]) for h in path))
                ),
                edges=tuple(self._edge(score, h, claims[h]) for h in path),
                contribution=contribution,
                quotes=tuple(_quoted(quotes[claims[h]]) for h in path),
            )
            for contribution, path in shown
        )

    def _edge(self, score: PathScore, half_edge: int, claim: Claim) -> PathEdge:
        claims, row = score.network.claims, int(score.network.claim[half_edge])
        types = self.snapshot.types
        return PathEdge(
            subject=claim.subject,
            predicate=claim.predicate,
            object=claim.object,
            reading=self.snapshot.domain.reading(
                claim.predicate, types[claims.subject[row]], types[claims.object[row]]
            ),
            belief=float(claims.belief[row]),
        )


def why_no_probability(n_known: int) -> str:
    """Return in plain words why a score has no probability beside it."""
    if n_known < FEW_KNOWN:
        return (
            f"no calibrated model: fewer than {FEW_KNOWN} known edges of this kind in the graph "
            f"({n_known}) to train and calibrate one; the score only orders candidates"
        )
    return "no calibrated model has been trained on this graph; the score only orders candidates"


def _to_show(score: PathScore, paths: Iterable[Scored]) -> list[Scored]:
    """Choose the best paths that differ in a node, and the best one that speaks against."""
    shown: dict[tuple[int, ...], Scored] = {}
    for contribution, path in itertools.islice(paths, _SEARCHED_PATHS):
        nodes = tuple(int(score.network.target[h]) for h in path)
        full = len(shown) >= SHOWN_PATHS
        if full and any(weight < 0 for weight, _ in shown.values()):
            break
        if nodes not in shown and (not full or contribution < 0):
            shown[nodes] = (contribution, path)
    return list(shown.values())


def _quoted(evidence: Iterable[AnyEvidence]) -> tuple[Quote | CuratedEvidence, ...]:
    return tuple(
        item
        if isinstance(item, CuratedEvidence)
        else Quote(paper=item.paper, start=item.start, end=item.end, text=item.quote)
        for item in evidence
    )
