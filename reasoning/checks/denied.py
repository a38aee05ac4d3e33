"""Contradiction: does a paper or a source deny this claim, or claim the opposite?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kg import Finding, FindingStatus, Polarity
from kg.asking import AnyEvidence, StoredClaim
from reasoning.checks.check import Batch, Case, EvidenceOf, cited
from reasoning.checks.generality import more_general

# From here on, what speaks against is called strong: more likely than not.
_STRONG = 0.5
_SENTENCES = 3
_ALL = 1000


class Denied:
    """Contradicted where what speaks against the claim is believed more than what speaks for it.

    Three things speak against: evidence (sentences and rows of curated sources) that denies the
    claim; evidence that denies a more general one (no association at all); and evidence that
    supports the opposite relation. Each is weighed as evidence for a claim is (`kg.belief`), so a
    hedged denial is weak and the message says so, and a retracted paper weighs nothing. Where the
    support is stronger, the finding is fine, and still names what speaks against.
    """

    name: ClassVar[str] = "denied"

    def __call__(self, batch: Batch) -> list[Finding]:
        """Weigh the strongest contradiction against the support of the claim itself."""
        evidence = _Weighed.of(batch)
        return [self._finding(case, evidence) for case in batch.cases]

    def _finding(self, case: Case, evidence: _Weighed) -> Finding:
        own = case.held_as(case.predicate)
        support = max(map(evidence.support, own), default=0.0)
        against = _contradictions(case, evidence)
        if against:
            weight, how, found = max(against, key=lambda item: item[0])
            outweighs = weight > support
            return Finding(
                check=self.name,
                status=FindingStatus.CONTRADICTED if outweighs else FindingStatus.FINE,
                message=f"{how} ({'strong' if weight >= _STRONG else 'weak'}: belief "
                f"{weight:.2f}, against {support:.2f} for it)",
                sources=tuple(cited(item) for item in found[:_SENTENCES]),
            )
        if case.domain is None:
            return Finding(
                check=self.name,
                status=FindingStatus.UNKNOWN,
                message="nothing denies it, but the graph keeps no domain schema, so nothing "
                "says which relation is the opposite",
            )
        return Finding(
            check=self.name,
            status=FindingStatus.FINE,
            message=f"nothing in the graph denies that {case.in_words()}, or says the opposite",
        )


@dataclass(frozen=True)
class _Weighed:
    """What supports and what denies the claims that speak of a batch, retracted papers aside."""

    batch: Batch
    supporting: EvidenceOf
    denying: EvidenceOf

    @classmethod
    def of(cls, batch: Batch) -> _Weighed:
        """Read it, in one question each."""
        deniable = [claim for case in batch.cases for claim in _deniable(case)]
        opposite = [claim for case in batch.cases for claim in case.held_as(*_opposites(case))]
        supported = [claim for claim in (*deniable, *opposite) if claim.n_support]
        denied = [claim for claim in deniable if claim.n_deny]
        return cls(
            batch,
            batch.evidence(supported, Polarity.SUPPORTS, _ALL, retracted=False),
            batch.evidence(denied, Polarity.DENIES, _ALL, retracted=False),
        )

    def support(self, claim: StoredClaim) -> float:
        """Return the probability that what supports a claim is right."""
        return max(self.batch.strength(self.supporting.get(claim.claim, [])), claim.belief)


def _contradictions(case: Case, evidence: _Weighed) -> list[tuple[float, str, list[AnyEvidence]]]:
    """Return (belief, words, evidence) of all that speaks against the claim."""
    found = []
    for claim in _deniable(case):
        denying = evidence.denying.get(claim.claim, [])
        weight = evidence.batch.strength(denying)
        # A general claim that is both supported and denied speaks against on balance only.
        if denying and (claim.predicate == case.predicate or weight > evidence.support(claim)):
            found.append((weight, f"denied: {case.in_words(claim)}", denying))
    for claim in case.held_as(*_opposites(case)):
        if claim.n_support and claim.belief > 0:
            supporting = evidence.supporting[claim.claim]
            found.append((claim.belief, f"the opposite: {case.in_words(claim)}", supporting))
    return found


def _deniable(case: Case) -> list[StoredClaim]:
    """Return the claims whose denial denies the hypothesis: itself and more general ones."""
    return case.held_as(case.predicate, *more_general(case.domain, case.predicate))


def _opposites(case: Case) -> tuple[str, ...]:
    relation = None if case.domain is None else case.domain.relations.get(case.predicate)
    return (relation.opposite,) if relation is not None and relation.opposite else ()
