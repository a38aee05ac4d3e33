"""What a check is, and what it is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from kg import Claim, Domain, Entity, Finding, Graph, Polarity
from kg.asking import AnyEvidence, CuratedEvidence, StoredClaim, evidence_for
from kg.snapshot import Window


@dataclass(frozen=True)
class Case:
    """A hypothesis to be checked, with what the graph holds directly between its ends.

    Args:
        graph: where the claims and their evidence are.
        domain: the schema that the graph keeps; None if it keeps none.
        relation: the relation as it was asked for, which may be an alias (TREATS).
        subject: one end, in the direction in which the claim would be stored.
        predicate: the relationship type.
        object: the other end.
        held: all claims between the two ends, in both directions.
        frame: the time of which they are; None for all that the graph holds.
    """

    graph: Graph
    domain: Domain | None
    relation: str
    subject: Entity
    predicate: str
    object: Entity
    held: Sequence[StoredClaim]
    frame: Window | None = None

    @property
    def symmetric(self) -> bool:
        """Whether the claim means the same in both directions."""
        relation = None if self.domain is None else self.domain.relations.get(self.predicate)
        return relation is not None and relation.symmetric

    def held_as(self, *predicates: str) -> list[StoredClaim]:
        """Return the held claims of some relations that say something of this direction."""
        relations = {} if self.domain is None else self.domain.relations
        return [
            claim
            for claim in self.held
            if claim.predicate in predicates
            and (
                claim.direction == "forward"
                or (claim.predicate in relations and relations[claim.predicate].symmetric)
            )
        ]

    def in_words(self, claim: Claim | StoredClaim | None = None) -> str:
        """Return a claim between the two ends as a sentence; by default the hypothesis itself."""
        turned = claim is not None and claim.subject != self.subject.id
        subject, object_ = (self.object, self.subject) if turned else (self.subject, self.object)
        predicate = self.predicate if claim is None else claim.predicate
        reading = predicate.replace("_", " ").lower()
        if self.domain is not None:
            reading = self.domain.reading(predicate, subject.type, object_.type)
        return f"{subject.name} {reading} {object_.name}"

    def evidence(
        self, claim: StoredClaim, polarity: Polarity, limit: int, *, retracted: bool = True
    ) -> list[AnyEvidence]:
        """Return the best evidence of a claim of this case's time."""
        found = evidence_for(
            self.graph, [claim.claim], limit, polarity, frame=self.frame, retracted=retracted
        )
        return found[claim.claim]


class Check(Protocol):
    """Compares a hypothesis with what experts know; a small class, one file each."""

    name: ClassVar[str]

    def __call__(self, case: Case) -> Finding:
        """Return what the check says: `unknown` if it cannot run, with the reason."""
        ...


def cited(evidence: AnyEvidence) -> str:
    """Return evidence with its place.

    A sentence reads `pmid:1 [10:42] It lowers viscosity`, a row of a curated source
    `Hetionet 1.0 (CC0), edges.sif.gz line 12`.
    """
    if isinstance(evidence, CuratedEvidence):
        return evidence.place
    return f"{evidence.paper} [{evidence.start}:{evidence.end}] {evidence.quote}"
