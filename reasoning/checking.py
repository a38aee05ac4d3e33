"""Hypothesis testing by hand: checking one claim that somebody has in mind."""

from __future__ import annotations

from collections.abc import Callable

from kg import Domain, Entity, Graph, Hypothesis, Snapshot, graph_domain
from kg.asking import store_hypotheses
from reasoning.degree_prior import DegreePrior
from reasoning.describing import Describer, Scored
from reasoning.network import Network
from reasoning.resolving import resolve_entity, resolve_relation, row_of, shown_snapshot
from reasoning.scorers import DEFAULT_SCORER, SCORERS


def check(
    graph: Graph,
    subject: str,
    predicate: str,
    object: str,  # noqa: A002
    *,
    as_of: str | None = None,
    since: str | None = None,
    on_snapshot: Callable[[Snapshot], None] | None = None,
) -> Hypothesis:
    """Return a claim as a hypothesis: its score, its paths, and what every check says of it.

    Args:
        graph: what to check it against.
        subject: id, name or synonym of an entity.
        predicate: a relationship type, or an alias (TREATS).
        object: id, name or synonym of an entity.
        as_of: against what papers and sources said by the end of this year, month or day.
        since: against what they have said since.
        on_snapshot: called with what it is checked against, which says what was left out.

    The score is what the graph would give it if the claim itself had never been made: where the
    graph holds it, that edge is left out, degrees included. A relation without a direction of
    its own may be named from either end; an alias keeps the direction in which it reads.

    The result is stored, so that `explain` finds it. If the graph holds the claim, it is stored
    with the verdict `known`, and so a hypothesis that was novel once is seen to have come true.

    Raises:
        UnknownNameError: no relation or entity has that name.
        UsageError: the graph is empty, an entity was not known in that time, a date is none.
    """
    domain = graph_domain(graph)
    relation = resolve_relation(domain, predicate)
    patterns = domain.patterns(relation)
    ends = [resolve_entity(graph, text, patterns) for text in (subject, object)]
    name, first, second = _as_stored(domain, relation, ends[0], ends[1])
    snapshot = shown_snapshot(graph, as_of, since, on_snapshot)
    by_id = {end.id: end for end in ends}
    rows = (row_of(snapshot, by_id[first]), row_of(snapshot, by_id[second]))
    whole = Network.of_snapshot(snapshot)
    network = whole.without(rows[0], name, rows[1])
    scorer = SCORERS[DEFAULT_SCORER](network, name)
    scored = Scored(
        subject=rows[0],
        predicate=name,
        object=rows[1],
        scorer=scorer,
        score=float(scorer.from_node(rows[0]).total[rows[1]]),
        n_known=sum(whole.count(pattern) for pattern in patterns if pattern.predicate == name),
        further=(DegreePrior(network, snapshot.names).finding(*rows),),
    )
    (hypothesis,) = Describer(graph, snapshot, relation).hypotheses([scored])
    store_hypotheses(graph, [hypothesis])
    return hypothesis


def _as_stored(
    domain: Domain, relation: str, subject: Entity, object_: Entity
) -> tuple[str, str, str]:
    """Return (predicate, subject id, object id) of a claim as the graph would store it."""
    patterns = domain.patterns(relation)
    types = (subject.type, object_.type)
    fitting = [p for p in patterns if (p.subject_type, p.object_type) == types]
    name = (fitting or list(patterns))[0].predicate
    if fitting or relation in domain.relations:
        ids = domain.orient(name, (subject.id, subject.type), (object_.id, object_.type))
        return (name, *ids)
    return (name, subject.id, object_.id)
