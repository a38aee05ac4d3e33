"""Novelty: does the graph hold this claim, or one that says nearly the same?"""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from kg import Finding, FindingStatus, Polarity
from kg.asking import StoredClaim
from reasoning.checks.check import Batch, Case, EvidenceOf, cited
from reasoning.checks.generality import more_general, more_specific

# A claim is known from here on: more likely than not, given its evidence.
KNOWN_BELIEF = 0.5
_SENTENCES = 3


class _Best(NamedTuple):
    """The claim that says most for a case."""

    status: FindingStatus
    how: str
    claim: StoredClaim


class AlreadyKnown:
    """Known where the claim is believed; supported where something weaker speaks for it.

    Weaker is: the claim itself, from evidence that leaves it less likely than not (hedged, or
    read with little confidence); a more general relation between the two (ASSOCIATION); or a
    more specific one.
    """

    name: ClassVar[str] = "already_known"

    def __call__(self, batch: Batch) -> list[Finding]:
        """Look at the claims between the two ends that some evidence supports."""
        best = [_best(case) for case in batch.cases]
        claims = [found.claim for found in best if found]
        evidence = batch.evidence(claims, Polarity.SUPPORTS, _SENTENCES)
        return [
            self._finding(case, found, evidence)
            for case, found in zip(batch.cases, best, strict=True)
        ]

    def _finding(self, case: Case, best: _Best | None, evidence: EvidenceOf) -> Finding:
        if best is None:
            return Finding(
                check=self.name,
                status=FindingStatus.FINE,
                message=f"nothing in the graph says that {case.in_words()}",
            )
        claim = best.claim
        return Finding(
            check=self.name,
            status=best.status,
            message=f"{best.how}: {case.in_words(claim)} (belief {claim.belief:.2f}, "
            f"{claim.n_support} for and {claim.n_deny} against)",
            sources=tuple(map(cited, evidence[claim.claim])),
        )


def _best(case: Case) -> _Best | None:
    itself = [c for c in case.held_as(case.predicate) if c.n_support]
    if itself:
        best = max(itself, key=lambda claim: claim.belief)
        if best.belief >= KNOWN_BELIEF:
            return _Best(FindingStatus.KNOWN, "the graph holds it", best)
        return _Best(FindingStatus.SUPPORTED, "the graph holds it, but weakly", best)
    related = (
        (more_general(case.domain, case.predicate), "a more general claim is held"),
        (more_specific(case.domain, case.predicate), "a more specific claim is held"),
    )
    for predicates, how in related:
        held = [c for c in case.held_as(*predicates) if c.n_support]
        if held:
            best = max(held, key=lambda claim: (claim.belief, claim.predicate))
            return _Best(FindingStatus.SUPPORTED, how, best)
    return None
