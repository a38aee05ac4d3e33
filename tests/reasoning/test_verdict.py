"""The verdict as a table: every pair of statuses, and every single one."""

from __future__ import annotations

import itertools

import pytest

from kg import Finding, FindingStatus, Verdict
from reasoning.describing import verdict

# What the strongest finding says decides; strongest first.
_ORDER = (
    (FindingStatus.INVALID, Verdict.INVALID),
    (FindingStatus.CONTRADICTED, Verdict.CONTRADICTED),
    (FindingStatus.KNOWN, Verdict.KNOWN),
    (FindingStatus.SUPPORTED, Verdict.SUPPORTED),
    (FindingStatus.UNKNOWN, Verdict.UNKNOWN),
    (FindingStatus.FINE, Verdict.NOVEL),
)


def _findings(*statuses: FindingStatus) -> list[Finding]:
    return [Finding(check=f"c{n}", status=s, message="") for n, s in enumerate(statuses)]


def test_table_has_every_status_and_verdict() -> None:
    """No status or verdict is left without its row."""
    assert {status for status, _ in _ORDER} == set(FindingStatus)
    assert {verdict for _, verdict in _ORDER} == set(Verdict)


@pytest.mark.parametrize(("stronger", "weaker"), list(itertools.combinations(_ORDER, 2)))
def test_stronger_finding_decides(
    stronger: tuple[FindingStatus, Verdict], weaker: tuple[FindingStatus, Verdict]
) -> None:
    """Of two findings the stronger decides, in whatever order the checks ran."""
    for statuses in itertools.permutations((stronger[0], weaker[0], weaker[0])):
        assert verdict(_findings(*statuses)) is stronger[1]


@pytest.mark.parametrize(("status", "expected"), _ORDER)
def test_one_finding(status: FindingStatus, expected: Verdict) -> None:
    """One finding alone gives its own verdict."""
    assert verdict(_findings(status)) is expected


def test_without_findings_nothing_is_claimed() -> None:
    """A hypothesis that no check looked at is unknown, not novel."""
    assert verdict([]) is Verdict.UNKNOWN
