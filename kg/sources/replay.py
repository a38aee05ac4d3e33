"""A spool of rows: what a source says is read and checked once, and replayed from disk after that.

A load goes through the terms of a source twice and through its facts once, and its schema may have
to be gathered from them before: to parse a large ontology for each would take longest of all.
"""

from __future__ import annotations

import marshal
import tempfile
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, pairwise
from typing import Generic, TypeVar

from pydantic import TypeAdapter

from kg.curated_models import Fact, Source, Term
from kg.domain import Domain, observed_domain
from kg.errors import StoreError
from kg.models import Polarity
from kg.sources.checking import Tell, sound
from kg.sources.curated_source import Content, CuratedSource

T = TypeVar("T")

IN_MEMORY = 16 << 20  # bytes of a spool that stay off the disk
_BATCH = 1_000  # rows
_TERMS = TypeAdapter(list[Term])
_POLARITIES = (Polarity.SUPPORTS, Polarity.DENIES)


class Spool(Generic[T]):
    """Rows in the order in which they came, in a file without a name; a few stay in memory.

    Args:
        pack: turns rows into bytes.
        unpack: turns these bytes into the same rows.
    """

    def __init__(
        self, pack: Callable[[list[T]], bytes], unpack: Callable[[bytes], Iterable[T]]
    ) -> None:
        self._pack, self._unpack = pack, unpack
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  (closed below)
        weakref.finalize(self, self._file.close)
        self._ends = [0]
        self._last: list[T] = []  # those that are no whole batch yet
        self._turn = threading.Lock()  # a load reads ahead in a thread of its own

    def add(self, row: T) -> None:
        """Add a row.

        Raises:
            StoreError: it cannot be written: the disk is full, for example.
        """
        self._last.append(row)
        if len(self._last) < _BATCH:
            return
        data = self._pack(self._last)
        try:
            self._file.write(data)
        except OSError as error:
            remedy = "free some space, or name another folder in TMPDIR"
            raise StoreError(f"rows cannot be kept on disk ({error}); {remedy}") from error
        self._ends.append(self._ends[-1] + len(data))
        self._last = []

    def __iter__(self) -> Iterator[T]:
        """Yield all rows."""
        for start, end in pairwise(self._ends):
            with self._turn:
                self._file.seek(start)
                data = self._file.read(end - start)
            yield from self._unpack(data)
        yield from self._last


def replayed(content: Content, tell: Tell) -> CuratedSource:
    """Return what a reader finds as a source: read to the end, checked, and with a schema.

    Args:
        content: what the reader finds.
        tell: is told of each row that no graph can hold.

    Raises:
        UnreadableFileError: a file that cannot be used as a whole.
        StoreError: the rows cannot be kept on disk.
    """
    terms, facts = Spool(_packed_terms, _TERMS.validate_json), Spool(_packed_facts, _unpacked_facts)
    labels: dict[str, str] = {}
    predicates: set[str] = set()
    for row in sound(content.rows, tell):
        if isinstance(row, Fact):
            facts.add(row)
            predicates.add(row.predicate)
        else:
            terms.add(row)
            labels.setdefault(row.type.casefold(), row.type)
    clashes = {name: labels[name.casefold()] for name in predicates if name.casefold() in labels}

    more_facts = content.more_facts  # and not `content`, which may hold on to files

    def every_fact() -> Iterator[Fact]:
        kept = _without(facts, clashes, tell) if clashes else facts
        return chain(kept, sound(more_facts(), tell))

    own = content.schema(sorted(set(labels.values())))
    return CuratedSource(
        source=content.source,
        domain=own or _observed_schema(content.source, terms, every_fact()),
        terms=lambda: iter(terms),
        facts=every_fact,
        named_by_file=content.named_by_file,
        checked=True,
    )


def _observed_schema(source: Source, terms: Iterable[Term], facts: Iterable[Fact]) -> Domain | None:
    """Return the schema that the facts of a source show, as far as they join two of its terms.

    A graph's schema is made of those that it keeps, so relations that came without one could not
    be asked for beside a pack or Hetionet.
    """
    types = {term.id: term.type for term in terms}
    claims = (
        (fact.predicate, types[fact.subject], types[fact.object])
        for fact in facts
        if fact.subject in types and fact.object in types
    )
    return observed_domain(source.name, source.version, types.values(), claims)


def _without(facts: Iterable[Fact], clashes: dict[str, str], tell: Tell) -> Iterator[Fact]:
    """Yield the facts whose predicate has not the name of a type."""
    for fact in facts:
        if label := clashes.get(fact.predicate):
            reason = f"the predicate {fact.predicate} has the name of the type {label}"
            tell(fact.row, f"{reason}; rename that (--type)")
        else:
            yield fact


def _packed_terms(terms: list[Term]) -> bytes:
    return _TERMS.dump_json(terms, exclude_defaults=True)


def _packed_facts(facts: list[Fact]) -> bytes:
    # In columns, and in Python's own format: three times as quick as JSON.
    subjects, predicates, objects, rows, polarities, details = zip(*facts, strict=True)
    denied = [polarity is Polarity.DENIES for polarity in polarities]
    return marshal.dumps((subjects, predicates, objects, rows, denied, details))


def _unpacked_facts(data: bytes) -> Iterator[Fact]:
    *said, denied, details = marshal.loads(data)  # noqa: S302  (our own file)
    return map(Fact, *said, map(_POLARITIES.__getitem__, denied), details)
