"""From relations between entities to evidence: quote, direction, polarity, certainty."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from kg import Domain, Evidence, Mention, Paper, Relation

if TYPE_CHECKING:
    from extraction.assertion import Assertion, Question, Span


def make_evidence(
    paper: Paper,
    mentions: Sequence[Mention],
    relations: Iterable[Relation],
    domain: Domain,
    assertion: Assertion,
    pack: str,
) -> tuple[Evidence, ...]:
    """Return the evidence for the relations of one paper, in their order.

    The quote of a piece of evidence is the sentence that carries the relation, letter by letter.
    A relation whose types have no signature in the domain, or whose ends are one entity, is no
    claim and is left out.
    """
    types = {mention.entity: mention.type for mention in mentions}
    claims = [_oriented(relation, types, domain) for relation in relations]
    kept = [relation for relation in claims if _is_claim(relation, types, domain)]
    statuses = assertion.assess_all([_question(paper, mentions, relation) for relation in kept])
    return tuple(
        Evidence(
            paper=paper.id,
            subject=relation.subject,
            predicate=relation.predicate,
            object=relation.object,
            polarity=status.polarity,
            certainty=status.certainty,
            confidence=relation.confidence,
            start=relation.start,
            end=relation.end,
            quote=paper.text[relation.start : relation.end],
            pack=pack,
        )
        for relation, status in zip(kept, statuses, strict=True)
    )


def _oriented(relation: Relation, types: dict[str, str], domain: Domain) -> Relation:
    ends = [(end, types.get(end, "")) for end in (relation.subject, relation.object)]
    subject, object_ = domain.orient(relation.predicate, ends[0], ends[1])
    return relation.model_copy(update={"subject": subject, "object": object_})


def _is_claim(relation: Relation, types: dict[str, str], domain: Domain) -> bool:
    subject, object_ = types.get(relation.subject, ""), types.get(relation.object, "")
    fits = domain.signature(relation.predicate, subject, object_) is not None
    return fits and relation.subject != relation.object


def _question(paper: Paper, mentions: Sequence[Mention], relation: Relation) -> Question:
    from extraction.assertion import Question

    inside = [m for m in mentions if relation.start <= m.start and m.end <= relation.end]

    def spans(entities: set[str]) -> tuple[Span, ...]:
        named = (mention for mention in inside if mention.entity in entities)
        return tuple((m.start - relation.start, m.end - relation.start) for m in named)

    return Question(
        sentence=paper.text[relation.start : relation.end],
        subject=spans({relation.subject}),
        object=spans({relation.object}),
        mentions=spans({mention.entity for mention in inside}),
    )
