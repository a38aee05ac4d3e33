"""The verdict: what all findings together say of a hypothesis."""

from __future__ import annotations

from collections.abc import Iterable

from kg import Finding, FindingStatus, Verdict

# The first that any check says, wins.
_PRECEDENCE = (
    (FindingStatus.INVALID, Verdict.INVALID),
    (FindingStatus.CONTRADICTED, Verdict.CONTRADICTED),
    (FindingStatus.KNOWN, Verdict.KNOWN),
    (FindingStatus.SUPPORTED, Verdict.SUPPORTED),
    (FindingStatus.UNKNOWN, Verdict.UNKNOWN),
    (FindingStatus.FINE, Verdict.NOVEL),
)


def verdict(findings: Iterable[Finding]) -> Verdict:
    """Return the verdict of some findings.

    - `invalid`: no such claim can be, so nothing else matters.
    - `contradicted`: what speaks against it directly outweighs what speaks for it directly; a
      check says that only after weighing both, so it stands above `known`.
    - `known`: the graph holds it, and believes it.
    - `supported`: the graph holds something weaker or more general that says the same.
    - `unknown`: nothing of the above, and a check could not run, so it may not be novel.
    - `novel`: every check ran, and nothing direct speaks for it or against it.

    Without any finding it is `unknown`.
    """
    said = {finding.status for finding in findings}
    return next((verdict for status, verdict in _PRECEDENCE if status in said), Verdict.UNKNOWN)
