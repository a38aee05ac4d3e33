"""Does the graph hold this claim, or one that says nearly the same?"""

from __future__ import annotations

from typing import ClassVar

from kg import Finding, FindingStatus, Polarity
from kg.asking import StoredClaim
from reasoning.checks.check import Case, cited
from reasoning.checks.generality import more_general, more_specific

# A claim is known from here on: more likely than not, given its evidence.
KNOWN_BELIEF = 0.5
_SENTENCES = 3


class AlreadyKnown:
    """Known where the claim is believed; supported where something weaker speaks for it.

    Weaker is: the claim itself, from evidence that leaves it less likely than not (hedged, or
    read with little confidence); a more general relation between the two (ASSOCIATION); or a
    more specific one.
    """

    name: ClassVar[str] = "already_known"

    def __call__(self, case: Case) -> Finding:
        """Look at the claims between the two ends that some evidence supports."""
        itself = [c for c in case.held_as(case.predicate) if c.n_support]
        if itself:
            best = max(itself, key=lambda claim: claim.belief)
            known = best.belief >= KNOWN_BELIEF
            how = "the graph holds it" if known else "the graph holds it, but weakly"
            status = FindingStatus.KNOWN if known else FindingStatus.SUPPORTED
            return self._finding(case, status, how, best)
        related = (
            (more_general(case.domain, case.predicate), "a more general claim is held"),
            (more_specific(case.domain, case.predicate), "a more specific claim is held"),
        )
        for predicates, how in related:
            held = [c for c in case.held_as(*predicates) if c.n_support]
            if held:
                best = max(held, key=lambda claim: (claim.belief, claim.predicate))
                return self._finding(case, FindingStatus.SUPPORTED, how, best)
        return Finding(
            check=self.name,
            status=FindingStatus.FINE,
            message=f"nothing in the graph says that {case.in_words()}",
        )

    def _finding(self, case: Case, status: FindingStatus, how: str, claim: StoredClaim) -> Finding:
        return Finding(
            check=self.name,
            status=status,
            message=f"{how}: {case.in_words(claim)} (belief {claim.belief:.2f}, "
            f"{claim.n_support} for and {claim.n_deny} against)",
            sources=tuple(map(cited, case.evidence(claim, Polarity.SUPPORTS, _SENTENCES))),
        )
