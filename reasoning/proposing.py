"""Link prediction: proposing claims that a graph does not hold."""

from __future__ import annotations

from collections.abc import Callable

from kg import Entity, Graph, Hypothesis, Snapshot, UsageError, graph_domain
from kg.asking import store_hypotheses
from reasoning.candidates import Candidate, Candidates
from reasoning.degree_prior import DegreePrior
from reasoning.describing import Describer, Scored
from reasoning.resolving import resolve_entity, resolve_relation, row_of, shown_snapshot


def propose(
    graph: Graph,
    relation: str,
    *,
    entity: str | None = None,
    top: int = 10,
    as_of: str | None = None,
    since: str | None = None,
    on_snapshot: Callable[[Snapshot], None] | None = None,
) -> list[Hypothesis]:
    """Return the best claims of a relation that a graph does not hold, and store them in it.

    Args:
        graph: whose claims to reason over.
        relation: a relationship type, or an alias (TREATS); see `kg.Domain.patterns`.
        entity: id, name or synonym of one end, at whichever end its type fits; None for the best
            pairs of the whole graph.
        top: how many, at most.
        as_of: reason as if it were then: only over what papers and sources said by the end of
            this year, month or day (`kg.take_snapshot`). Such a hypothesis has an id of its own.
        since: only over what they have said since.
        on_snapshot: called with what is reasoned over, which says what was left out.

    Every claim that is not in the graph is a candidate if a path of 2 to 4 claims joins its ends.
    One that is in it only because a paper denies it is a candidate as well, and the verdict says
    so. Ranked by `reasoning.scorers.path_score`; equal scores by id. The last finding of each says
    what rank its number of claims alone would give it, since well-studied entities come easily.

    Raises:
        UnknownNameError: no relation or entity has that name.
        UsageError: the entity's type does not fit the relation, or it was not known in that
            time; the graph is empty; `top` is below 1; there are too many pairs to try; a date
            is none.
    """
    if top < 1:
        raise UsageError(f"top is {top}; at least 1 hypothesis can be asked for")
    domain = graph_domain(graph)
    relation = resolve_relation(domain, relation)
    patterns = domain.patterns(relation)
    # Before the snapshot, which takes longer than finding out that a name is unknown.
    end = None if entity is None else resolve_entity(graph, entity, patterns)
    snapshot = shown_snapshot(graph, as_of, since, on_snapshot)
    if end is not None:
        row_of(snapshot, end)
    candidates = Candidates(snapshot, snapshot.domain.patterns(relation))
    best, prior = _ranked(candidates, relation, end, top)
    scored = [_scored(candidates, prior, candidate) for candidate in best]
    hypotheses = Describer(graph, snapshot, relation).hypotheses(scored)
    store_hypotheses(graph, hypotheses)
    return hypotheses


def _ranked(
    candidates: Candidates, relation: str, end: Entity | None, top: int
) -> tuple[list[Candidate], DegreePrior]:
    """Return the best candidates, and what their ranks would be by their numbers of claims."""
    network, names = candidates.network, candidates.snapshot.names
    if end is None:
        return candidates.best_pairs(top, relation), DegreePrior(network, names)
    every = candidates.around(end, relation)
    return every[:top], DegreePrior(network, names, every)


def _scored(candidates: Candidates, prior: DegreePrior, candidate: Candidate) -> Scored:
    predicate = candidate.pattern.predicate
    return Scored(
        candidate.subject,
        predicate,
        candidate.object,
        candidates.scorer(predicate),
        candidate.score,
        candidates.network.count(candidate.pattern),
        (prior.finding(candidate.subject, candidate.object),),
    )
