"""Proposing claims that a graph does not hold."""

from __future__ import annotations

from collections.abc import Callable

from kg import Graph, Hypothesis, Snapshot, UsageError, graph_domain, store_hypotheses
from reasoning.candidates import Candidates
from reasoning.degree_prior import DegreePrior
from reasoning.describing import Describer
from reasoning.frozen import row_of, taken
from reasoning.resolving import resolve_entity, resolve_relation


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
    so. Ranked by `reasoning.path_score`; equal scores by id. The last finding of each says what
    rank its number of claims alone would give it, since well-studied entities come easily.

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
    snapshot = taken(graph, as_of, since, on_snapshot)
    patterns = snapshot.domain.patterns(relation)
    if end is not None:
        row_of(snapshot, end)
    candidates = Candidates(snapshot, patterns)
    if end is None:
        best = candidates.best_pairs(top, relation)
        prior = DegreePrior(candidates.network, snapshot.names)
    else:
        every = candidates.around(end, relation)
        best = every[:top]
        prior = DegreePrior(candidates.network, snapshot.names, every)
    describer = Describer(graph, snapshot, relation)
    hypotheses = [
        describer.hypothesis(
            candidate.subject,
            candidate.pattern.predicate,
            candidate.object,
            candidates.score(candidate.pattern.predicate),
            total=candidate.score,
            n_known=candidates.network.count(candidate.pattern),
            further=(prior.finding(candidate.subject, candidate.object),),
        )
        for candidate in best
    ]
    store_hypotheses(graph, hypotheses)
    return hypotheses
