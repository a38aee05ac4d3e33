"""Which packs have read a paper, and how often each errs, as the paper's node keeps it.

`packs` are their refs, `pack_errors` the systematic error rates in the same order; it is absent
where none is known. A pack's own node follows from these: it has the largest error that any paper
has of it, and is there while a paper has the pack.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from kg.contributions.properties import PropertyRow
from kg.store.transaction import Transaction

_NO_ERROR = -1.0  # a list of numbers has no place for None
_READ_WITH = """
MATCH (p:Paper) WHERE $ref IN p.packs AND ($error IS NULL OR $error IN p.pack_errors)
RETURN p.packs AS packs, p.pack_errors AS pack_errors LIMIT 100
"""
_ERRORS_OF = """
MATCH (p:Paper) WHERE $ref IN p.packs
RETURN DISTINCT p.packs AS packs, p.pack_errors AS pack_errors
"""


def paper_packs(paper: Mapping[str, Any]) -> dict[str, float | None]:
    """Return the packs that have read a paper, each with its error rate where that is known."""
    packs = paper.get("packs") or ()
    errors = paper.get("pack_errors") or [_NO_ERROR] * len(packs)
    return {
        ref: None if error == _NO_ERROR else error for ref, error in zip(packs, errors, strict=True)
    }


def largest(*errors: float | None) -> float | None:
    """Return the largest error rate of those that are known: where they differ, it is safe."""
    return max((error for error in errors if error is not None), default=None)


def pack_properties(packs: Mapping[str, float | None]) -> PropertyRow:
    """Return the properties of a paper that say which packs have read it."""
    refs = sorted(packs)
    errors = [_NO_ERROR if (error := packs[ref]) is None else error for ref in refs]
    return {"packs": refs, "pack_errors": errors if known_errors(packs) else None}


def known_errors(packs: Mapping[str, float | None]) -> dict[str, float]:
    """Return the error rates that are known."""
    return {ref: error for ref, error in packs.items() if error is not None}


class PackChange(NamedTuple):
    """Packs that are new or have another error rate now, and those that no paper has any more."""

    changed: dict[str, float | None]
    gone: set[str]


def pack_change(
    transaction: Transaction,
    known: Mapping[str, float | None],
    papers: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]],
) -> PackChange:
    """Return how packs change with papers; these are in the graph as they are now.

    Args:
        transaction: where to ask for what other papers say.
        known: the error rates of all packs until now.
        papers: the properties of each before and after; empty for one that was not, or is not.
    """
    after: dict[str, float | None] = {}
    lost: set[str] = set()
    for old, new in papers:
        now = paper_packs(new)
        for ref, error in now.items():
            after[ref] = largest(after.get(ref, known.get(ref)), error)
        lost |= {ref for ref, error in paper_packs(old).items() if now.get(ref, "") != error}
    gone = set()
    for ref in sorted(lost):
        after[ref], used = _error_now(transaction, ref, known.get(ref))
        if not used:
            gone.add(ref)
    changed = {
        ref: error
        for ref, error in after.items()
        if ref not in gone and (ref not in known or known[ref] != error)
    }
    return PackChange(changed, gone)


def write_packs(transaction: Transaction, change: PackChange) -> None:
    """Write the nodes of packs."""
    rows = [{"id": ref, "error": error} for ref, error in sorted(change.changed.items())]
    transaction.merge_nodes(("Pack",), rows, replace=True)
    transaction.delete_nodes("Pack", change.gone)


def _error_now(
    transaction: Transaction, ref: str, before: float | None
) -> tuple[float | None, bool]:
    """Return the error rate of a pack by the papers that there are, and whether there are any."""
    # Mostly a paper is left that says the same, and the first that is met will do.
    some = transaction.run(_READ_WITH, ref=ref, error=before)
    if any(paper_packs(row)[ref] == before for row in some):
        return before, True
    every = transaction.run(_ERRORS_OF, ref=ref)
    return largest(*(paper_packs(row)[ref] for row in every)), bool(every)
