"""Checks of a hypothesis against expert knowledge, by name; `run_checks` runs them all."""

from __future__ import annotations

from kg import Finding
from reasoning.checks.already_known import AlreadyKnown
from reasoning.checks.check import Case, Check
from reasoning.checks.denied import Denied
from reasoning.checks.type_signature import TypeSignature, signatures_in_words

__all__ = [
    "CHECKS",
    "Case",
    "Check",
    "run_checks",
    "signatures_in_words",
]

_EVERY: tuple[Check, ...] = (TypeSignature(), AlreadyKnown(), Denied())
CHECKS: dict[str, Check] = {check.name: check for check in _EVERY}


def run_checks(case: Case) -> tuple[Finding, ...]:
    """Return the finding of every check."""
    return tuple(check(case) for check in CHECKS.values())
