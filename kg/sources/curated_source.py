"""A curated source that has been opened: what it is, and what it says, as often as it is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.curated_models import Fact, Source, Term
from kg.domain import Domain
from kg.models import Failure

OnFailure = Callable[[Failure], None]


@dataclass(frozen=True, slots=True)
class CuratedSource:
    """A curated source, ready to be read.

    Args:
        source: its name, version and licence.
        domain: its schema, where it has one.
        terms: yields what it says of entities; the same each time, in the same order.
        facts: yields what it says of two entities; the same each time, in the same order.
        named_by_file: whether it has its name from its file only, so that another one may have it.
        files: what it was read from.

    Rows that cannot be used go to the `on_failure` that the source was opened with, each of them
    once, however often the source is read.
    """

    source: Source
    domain: Domain | None
    terms: Callable[[], Iterator[Term]]
    facts: Callable[[], Iterator[Fact]]
    named_by_file: bool = False
    files: tuple[Path, ...] = ()
