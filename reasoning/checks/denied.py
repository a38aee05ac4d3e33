"""Does a paper deny this claim, or claim the opposite?"""

from __future__ import annotations

from typing import ClassVar

from kg import Finding, FindingStatus, Polarity
from kg.asking import AnyEvidence, StoredClaim, error_rates, strength
from reasoning.checks.check import Case, cited
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

    def __call__(self, case: Case) -> Finding:
        """Weigh the strongest contradiction against the support of the claim itself."""
        own = case.held_as(case.predicate)
        support = max((_support(case, claim) for claim in own), default=0.0)
        against = self._contradictions(case)
        if against:
            weight, how, evidence = max(against, key=lambda item: item[0])
            outweighs = weight > support
            return Finding(
                check=self.name,
                status=FindingStatus.CONTRADICTED if outweighs else FindingStatus.FINE,
                message=f"{how} ({'strong' if weight >= _STRONG else 'weak'}: belief "
                f"{weight:.2f}, against {support:.2f} for it)",
                sources=tuple(cited(item) for item in evidence[:_SENTENCES]),
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

    def _contradictions(self, case: Case) -> list[tuple[float, str, list[AnyEvidence]]]:
        """Return (belief, words, evidence) of all that speaks against the claim."""
        found = []
        for claim in case.held_as(case.predicate, *more_general(case.domain, case.predicate)):
            denying = _evidence(case, claim, Polarity.DENIES) if claim.n_deny else []
            weight = _strength(case, denying)
            # A general claim that is both supported and denied speaks against on balance only.
            if denying and (claim.predicate == case.predicate or weight > _support(case, claim)):
                found.append((weight, f"denied: {case.in_words(claim)}", denying))
        for claim in case.held_as(*_opposites(case)):
            if claim.n_support and claim.belief > 0:
                supporting = _evidence(case, claim, Polarity.SUPPORTS)
                found.append((claim.belief, f"the opposite: {case.in_words(claim)}", supporting))
        return found


def _opposites(case: Case) -> tuple[str, ...]:
    relation = None if case.domain is None else case.domain.relations.get(case.predicate)
    return (relation.opposite,) if relation is not None and relation.opposite else ()


def _evidence(case: Case, claim: StoredClaim, polarity: Polarity) -> list[AnyEvidence]:
    return case.evidence(claim, polarity, _ALL, retracted=False)


def _support(case: Case, claim: StoredClaim) -> float:
    supporting = _evidence(case, claim, Polarity.SUPPORTS) if claim.n_support else []
    return max(_strength(case, supporting), claim.belief)


def _strength(case: Case, evidence: list[AnyEvidence]) -> float:
    """Return how likely it is that some of the evidence is right, whatever it says."""
    return strength(evidence, error_rates(case.graph)) if evidence else 0.0
