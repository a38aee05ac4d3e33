"""A curated source that has been opened: what it is, and what it says, as often as it is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.curated_models import Fact, Source, Term
from kg.domain import Domain
from kg.models import Failure

OnFailure = Callable[[Failure], None]


@dataclass(frozen=True, slots=True)
class CuratedSource:
    """A curated source, ready to be loaded.

    Args:
        source: its name, version and licence.
        domain: its schema, where it has one.
        terms: yields what it says of entities; the same each time, in the same order.
        facts: yields what it says of two entities; the same each time, in the same order.
        named_by_file: whether it has its name from its file only, so that another one may have it.
        files: what it was read from.
        checked: whether all of its rows are such as a graph can hold (`kg.sources.checking`), so
            that nobody needs to look again.

    Rows that cannot be used go to the `on_failure` that the source was opened with, each of them
    once, however often the source is read.
    """

    source: Source
    domain: Domain | None
    terms: Callable[[], Iterator[Term]]
    facts: Callable[[], Iterator[Fact]]
    named_by_file: bool = False
    files: tuple[Path, ...] = ()
    checked: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """What the reader of a format finds in the files of a source.

    Args:
        source: its name, version and licence.
        rows: terms and facts as they come, in one pass; they are kept (`kg.sources.replay`).
        schema: returns the source's own schema, given the labels of its terms.
        more_facts: yields facts from files that hold nothing else. They are not kept, as a load
            goes through facts once where the source has its own schema.
        named_by_file: whether it has its name from its file only.
    """

    source: Source
    rows: Iterable[Term | Fact]
    schema: Callable[[list[str]], Domain | None] = lambda _: None
    more_facts: Callable[[], Iterable[Fact]] = tuple
    named_by_file: bool = False
