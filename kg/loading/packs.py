"""Which packs have read a paper, and how often each errs, as the paper's node keeps it.

`packs` are their refs, `pack_errors` the systematic error rates in the same order; it is absent
where none is known. A pack's own node follows from these: it has the largest error that any paper
has of it, and is there while a paper has the pack.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kg.contributions.properties import PropertyRow

_NO_ERROR = -1.0  # a list of numbers has no place for None


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
