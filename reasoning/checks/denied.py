"""Does a paper deny this claim, or claim the opposite?"""

from __future__ import annotations

from typing import ClassVar

from kg import Evidence, Finding, FindingStatus, Polarity, StoredClaim, belief, evidence_for
from reasoning.checks.check import Case, cited
from reasoning.checks.generality import more_general

# From here on, what speaks against is called strong: more likely than not.
_STRONG = 0.5
_SENTENCES = 3
_EVERY_SENTENCE = 1000


class Denied:
    """Contradicted where what speaks against the claim is believed more than what speaks for it.

    Three things speak against: sentences that deny the claim; sentences that deny a more general
    one (no association at all); and sentences that support the opposite relation. Each is
    weighed as evidence for a claim is (`kg.belief`), so a hedged denial is weak and the message
    says so. Where the support is stronger, the finding is fine, and still names the sentences.
    """

    name: ClassVar[str] = "denied"

    def __call__(self, case: Case) -> Finding:
        """Weigh the strongest contradiction against the support of the claim itself."""
        own = case.held_as(case.predicate)
        support = max((_support(case, claim) for claim in own), default=0.0)
        against = self._contradictions(case)
        if against:
            strength, how, sentences = max(against, key=lambda item: item[0])
            outweighs = strength > support
            return Finding(
                check=self.name,
                status=FindingStatus.CONTRADICTED if outweighs else FindingStatus.FINE,
                message=f"{how} ({'strong' if strength >= _STRONG else 'weak'}: belief "
                f"{strength:.2f}, against {support:.2f} for it)",
                sources=tuple(cited(sentence) for sentence in sentences[:_SENTENCES]),
            )
        if case.domain is None:
            return Finding(
                check=self.name,
                status=FindingStatus.UNKNOWN,
                message="no sentence denies it, but the graph keeps no domain schema, so nothing "
                "says which relation is the opposite",
            )
        return Finding(
            check=self.name,
            status=FindingStatus.FINE,
            message=f"no paper in the graph denies that {case.in_words()}, or says the opposite",
        )

    def _contradictions(self, case: Case) -> list[tuple[float, str, list[Evidence]]]:
        """Return (belief, words, sentences) of all that speaks against the claim."""
        found = []
        for claim in case.held_as(case.predicate, *more_general(case.domain, case.predicate)):
            denying = _sentences(case, claim, Polarity.DENIES) if claim.n_deny else []
            strength = _strength(denying)
            # A general claim that is both supported and denied speaks against on balance only.
            if denying and (claim.predicate == case.predicate or strength > _support(case, claim)):
                found.append((strength, f"denied: {case.in_words(claim)}", denying))
        for claim in case.held_as(*_opposites(case)):
            if claim.n_support and claim.belief > 0:
                supporting = _sentences(case, claim, Polarity.SUPPORTS)
                found.append((claim.belief, f"the opposite: {case.in_words(claim)}", supporting))
        return found


def _opposites(case: Case) -> tuple[str, ...]:
    relation = None if case.domain is None else case.domain.relations.get(case.predicate)
    return (relation.opposite,) if relation is not None and relation.opposite else ()


def _sentences(case: Case, claim: StoredClaim, polarity: Polarity) -> list[Evidence]:
    return evidence_for(case.graph, [claim.claim], _EVERY_SENTENCE, polarity)[claim.claim]


def _support(case: Case, claim: StoredClaim) -> float:
    # A curated claim has a belief, and no sentence.
    sentences = _sentences(case, claim, Polarity.SUPPORTS) if claim.n_support else []
    return max(_strength(sentences), claim.belief)


def _strength(sentences: list[Evidence]) -> float:
    """Return how likely it is that some of the sentences are right, whatever they say."""
    return belief(item.model_copy(update={"polarity": Polarity.SUPPORTS}) for item in sentences)
