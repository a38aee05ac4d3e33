"""The interface of a check: a batch of hypotheses in, one finding for each out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Protocol

from kg import Claim, Domain, Entity, Finding, Graph, Polarity, Snapshot
from kg.asking import (
    AnyEvidence,
    CuratedEvidence,
    StoredClaim,
    claims_in,
    error_rates,
    evidence_for,
    strength,
)

EvidenceOf = dict[Claim, list[AnyEvidence]]


@dataclass(frozen=True)
class Case:
    """A hypothesis to be checked.

    Args:
        domain: the schema that the graph keeps; None if it keeps none.
        relation: the relation as it was asked for, which may be an alias (TREATS).
        subject: one end, in the direction in which the claim would be stored.
        predicate: the relationship type.
        object: the other end.
        held: all claims between the two ends, in both directions.
    """

    domain: Domain | None
    relation: str
    subject: Entity
    predicate: str
    object: Entity
    held: Sequence[StoredClaim]

    @classmethod
    def of(
        cls,
        snapshot: Snapshot,
        domain: Domain | None,
        relation: str,
        subject: Entity,
        predicate: str,
        object_: Entity,
    ) -> Case:
        """Build a case with what a snapshot holds directly between its ends."""
        held = claims_in(snapshot, subject.id, object_.id)
        return cls(domain, relation, subject, predicate, object_, held)

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


@dataclass(frozen=True)
class Batch:
    """Hypotheses that are checked together, so that what speaks of all is read at once.

    Args:
        graph: where their evidence is.
        snapshot: the claims of the same graph, in the time that counts.
        cases: the hypotheses.
    """

    graph: Graph
    snapshot: Snapshot
    cases: Sequence[Case]

    def evidence(
        self,
        claims: Iterable[StoredClaim],
        polarity: Polarity,
        limit: int,
        *,
        retracted: bool = True,
    ) -> EvidenceOf:
        """Return the best evidence of some claims, of the snapshot's time."""
        wanted = dict.fromkeys(claim.claim for claim in claims)
        if not wanted:
            return {}
        return evidence_for(
            self.graph,
            wanted,
            limit,
            polarity,
            frame=self.snapshot.window,
            retracted=retracted,
        )

    def strength(self, evidence: Sequence[AnyEvidence]) -> float:
        """Return how likely it is that some of the evidence is right, whatever it says."""
        return strength(evidence, self._error_rates) if evidence else 0.0

    @cached_property
    def _error_rates(self) -> dict[str, float]:
        return error_rates(self.graph)


class Check(Protocol):
    """Compares hypotheses with what experts know; a small class, one file each."""

    name: ClassVar[str]

    def __call__(self, batch: Batch) -> list[Finding]:
        """Return what the check says of each case: `unknown` if it cannot run, with the reason."""
        ...


def cited(evidence: AnyEvidence) -> str:
    """Return evidence with its place.

    A sentence reads `pmid:1 [10:42] It lowers viscosity`, a row of a curated source
    `Hetionet 1.0 (CC0), edges.sif.gz line 12`.
    """
    if isinstance(evidence, CuratedEvidence):
        return evidence.place
    return f"{evidence.paper} [{evidence.start}:{evidence.end}] {evidence.quote}"
