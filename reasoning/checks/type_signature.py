"""Domain and range: may this relation hold between these two types at all?"""

from __future__ import annotations

from typing import ClassVar

from kg import Domain, Finding, FindingStatus
from reasoning.checks.check import Batch, Case


class TypeSignature:
    """Invalid where the domain schema has no such signature, or both ends are one entity.

    An alias is checked as an alias: TREATS holds from a chemical to a disease, although the
    relation that it names (NEGATIVE_CORRELATION) holds between other types as well.
    """

    name: ClassVar[str] = "type_signature"

    def __call__(self, batch: Batch) -> list[Finding]:
        """Compare the types of both ends with the signatures of the relation."""
        return list(map(self._check, batch.cases))

    def _check(self, case: Case) -> Finding:
        if case.subject.id == case.object.id:
            return self._finding(
                FindingStatus.INVALID, f"both ends are {case.subject.name}; a claim has two"
            )
        if case.domain is None:
            return self._finding(
                FindingStatus.UNKNOWN,
                "the graph keeps no domain schema, so nothing says which types may be related",
            )
        types = (case.subject.type, case.object.type)
        if any(set(types) - set(case.domain.types)):
            alien = ", ".join(sorted(set(types) - set(case.domain.types)))
            return self._finding(
                FindingStatus.UNKNOWN, f"the domain schema does not know the type {alien}"
            )
        if types in _pairs(case.domain, case.relation):
            return self._finding(
                FindingStatus.FINE,
                f"{case.relation} may hold between {types[0]} and {types[1]}",
            )
        return self._finding(
            FindingStatus.INVALID,
            f"{case.subject.name} is a {types[0]}, {case.object.name} a {types[1]}; "
            f"{case.relation} holds between {_in_words(case.domain, case.relation)}",
        )

    def _finding(self, status: FindingStatus, message: str) -> Finding:
        return Finding(check=self.name, status=status, message=message)


def _in_words(domain: Domain, relation: str) -> str:
    """Return `Chemical and Disease, or Gene and Disease`: the types that a relation may join."""
    return ", or ".join(f"{subject} and {object_}" for subject, object_ in _pairs(domain, relation))


def _pairs(domain: Domain, relation: str) -> list[tuple[str, str]]:
    return [(p.subject_type, p.object_type) for p in domain.patterns(relation)]
