"""Checks of hypotheses against expert knowledge, by name; `run_checks` runs them all."""

from __future__ import annotations

from kg import Finding
from reasoning.checks.already_known import AlreadyKnown
from reasoning.checks.check import Batch, Case, Check
from reasoning.checks.denied import Denied
from reasoning.checks.type_signature import TypeSignature

__all__ = [
    "Batch",
    "CHECKS",
    "Case",
    "Check",
    "run_checks",
]

_EVERY: tuple[Check, ...] = (TypeSignature(), AlreadyKnown(), Denied())
CHECKS: dict[str, Check] = {check.name: check for check in _EVERY}


def run_checks(batch: Batch) -> list[tuple[Finding, ...]]:
    """Return for each case the finding of every check."""
    return list(zip(*(check(batch) for check in CHECKS.values()), strict=True))
