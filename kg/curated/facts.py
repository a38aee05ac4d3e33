"""What a batch of facts changes, as a function of what the graph holds of their claims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NamedTuple

from kg.contributions.properties import Entry, PropertyRow, claim_properties, entries_of
from kg.contributions.support import Support
from kg.curated_models import Fact, source_name
from kg.domain import Domain
from kg.identifiers import claim_id

Ends = tuple[str, str]  # start, end
Key = tuple[str, str, str]  # predicate, start, end
Refused = list[tuple[str, str]]  # where, why


class Said(NamedTuple):
    """What rows of a source say of one claim."""

    claim_id: str
    entries: list[Entry]


@dataclass(slots=True)
class Redirects:
    """Which entity an id stands for, and of which type each entity is.

    Args:
        merged: the entities that absorbed ids stand for.
        own: the schema of the source, in whose order the ends of its claims are read.
        graph: the schema of the graph, in whose order ends are put once a merge has changed them.
        types: labels of entities, by their ids.
        turning: what is known of which claims `own` turns, by predicate and types.
    """

    merged: Mapping[str, str]
    own: Domain | None
    graph: Domain | None
    types: dict[str, str]
    turning: dict[Key, bool] = field(default_factory=dict)

    def entity(self, read: str) -> str:
        """Return the entity that an id as read stands for."""
        return self.merged.get(read, read)

    def missing(self, fact: Fact) -> str | None:
        """Return the end of a fact that the graph has no entity for."""
        for read in (fact.subject, fact.object):
            if self.merged.get(read, read) not in self.types:
                return read
        return None

    def place(self, fact: Fact) -> tuple[Key, str] | None:
        """Return the claim that a fact is about, and its `Entry.read`; None if an end is missing.

        See `missing`.
        """
        subject, predicate, object_ = fact.subject, fact.predicate, fact.object
        start, end = self.merged.get(subject, subject), self.merged.get(object_, object_)
        first, second = self.types.get(start), self.types.get(end)
        if first is None or second is None:
            return None
        if self.own is not None and self._turned(
            self.own, (predicate, first, second), subject, object_
        ):
            subject, object_, start, end = object_, subject, end, start
            first, second = second, first
        if start == subject and end == object_:
            return (predicate, start, end), ""
        read = f"{subject}\t{object_}"
        if self.graph is not None:
            start, end = self.graph.orient(predicate, (start, first), (end, second))
        return (predicate, start, end), "" if read == f"{start}\t{end}" else read

    def _turned(self, domain: Domain, typed: Key, subject: str, object_: str) -> bool:
        """Whether a claim is stored the other way round, by its predicate and two types."""
        predicate, first, second = typed
        if typed not in self.turning:
            ends = ("1", first), ("0", second)
            self.turning[typed] = domain.orient(predicate, *ends)[0] == "0"
        # Between two types it is always the same way; within one the ids may decide.
        return self.turning[typed] and (first != second or object_ < subject)


class Shape(NamedTuple):
    """What the edges of claims with one entry, and no paper behind them, differ in beside ids."""

    polarity: str
    details: bool
    read: bool


class NewClaim(NamedTuple):
    """A claim that the graph does not hold, with one entry: what is not the same for its shape."""

    start: str
    end: str
    claim_id: str
    row: str
    details: str
    read: str


class NewColumns(NamedTuple):
    """Claims as `NewClaim` has them, in columns."""

    start: Sequence[str]
    end: Sequence[str]
    claim_id: Sequence[str]
    row: Sequence[str]
    details: Sequence[str]
    read: Sequence[str]

    @classmethod
    def of(cls, claims: Iterable[NewClaim]) -> NewColumns:
        """Return claims, of which there is one at least, in columns."""
        return cls(*zip(*claims, strict=True))


@dataclass(slots=True)
class ClaimChanges:
    """Rows to write, by predicate: claims that are new, that are not as they were, that are gone.

    `plain` holds the new ones with one entry, which are nearly all of them, `new` the others.
    """

    plain: dict[tuple[str, Shape], list[NewClaim]] = field(
        default_factory=lambda: defaultdict(list)
    )
    new: dict[str, dict[Ends, PropertyRow]] = field(default_factory=lambda: defaultdict(dict))
    written: dict[str, dict[Ends, PropertyRow]] = field(default_factory=lambda: defaultdict(dict))
    gone: dict[str, list[Ends]] = field(default_factory=lambda: defaultdict(list))
    added_facts: int = 0
    removed_facts: int = 0

    @property
    def none(self) -> bool:
        """Whether the graph holds all of it already."""
        return not (self.plain or self.new or self.written or self.gone)

    def made(self) -> Iterator[int]:
        """Yield the numbers of the new claims."""
        for claims in self.plain.values():
            yield from (number_of(claim.claim_id) for claim in claims)
        for rows in self.new.values():
            yield from (number_of(row["claim_id"]) for row in rows.values())


class Plain:
    """The properties of claims with one entry and no paper behind them.

    They are `derived.claim_properties`, worked out once for all claims of a shape.

    Args:
        ref: the source's.
        errors: systematic error rates (see `derived.claim_properties`).
    """

    def __init__(self, ref: str, errors: Mapping[str, float]) -> None:
        self.errors = errors
        self._ref = ref
        self._same: dict[Shape, PropertyRow] = {}

    def same(self, shape: Shape) -> PropertyRow:
        """Return the properties that all claims of a shape share."""
        if shape not in self._same:
            entry = Entry(self._ref, "", shape.polarity)
            row = claim_properties("", (), {}, [entry], self.errors)
            varying = ("claim_id", "curated_rows")
            self._same[shape] = {
                name: value
                for name, value in row.items()
                if value is not None and name not in varying
            }
        return self._same[shape]

    @staticmethod
    def varying(shape: Shape, columns: NewColumns) -> dict[str, list[Any]]:
        """Return the other properties of claims of a shape, in columns."""
        found: dict[str, list[Any]] = {
            "claim_id": list(columns.claim_id),
            "curated_rows": [[row] for row in columns.row],
        }
        if shape.details:
            found["curated_details"] = [[details] for details in columns.details]
        if shape.read:
            found["curated_reads"] = [[read] for read in columns.read]
        return found


def place_facts(
    facts: Iterable[Fact], redirects: Redirects, ref: str
) -> tuple[dict[Key, Said], Refused]:
    """Return what facts say of each claim, and those refused because an end is missing."""
    claims: dict[Key, Said] = {}
    refused: Refused = []
    for fact in facts:
        placed = redirects.place(fact)
        if placed is None:
            missing = redirects.missing(fact)
            reason = f"neither the source nor the graph says what {missing} is (its type)"
            refused.append((fact.row, reason))
            continue
        key, read = placed
        said = claims.get(key)
        if said is None:
            predicate, start, end = key
            said = claims[key] = Said(claim_id(start, predicate, end), [])
        said.entries.append(Entry(ref, fact.row, str(fact.polarity), fact.details, read))
    return claims, refused


def number_of(claim: str) -> int:
    """Return 64 bits of a claim's id; of a few million claims, two hardly ever have the same."""
    return int(claim[-16:], 16)


def number_of_entry(claim: str, entry: Entry) -> int:
    """Return 64 bits of a hash of what a row says of a claim, whatever the source's version."""
    said = (claim, entry.row, entry.polarity, entry.details, entry.read)
    return int.from_bytes(sha256("\x1f".join(said).encode()).digest()[:8])


def add_new(changes: ClaimChanges, key: Key, said: Said, plain: Plain) -> None:
    """Add a claim that the graph does not hold."""
    predicate, start, end = key
    claim, entries = said
    if len(entries) > 1 and len(distinct := set(entries)) > 1:
        changes.added_facts += len({entry.polarity for entry in distinct})
        row = claim_properties(claim, (), {}, distinct, plain.errors)
        changes.new[predicate][start, end] = _without_none(row)
        return
    entry = entries[0]
    changes.added_facts += 1
    shape = Shape(entry.polarity, bool(entry.details), bool(entry.read))
    new = NewClaim(start, end, claim, entry.row, entry.details, entry.read)
    changes.plain[predicate, shape].append(new)


def add_known(
    changes: ClaimChanges,
    key: Key,
    stored: PropertyRow,
    entries: Iterable[Entry],
    support: Support,
    source: str,
    errors: Mapping[str, float],
) -> None:
    """Add a claim that the graph holds, with the entries that it is to have from now on.

    Args:
        changes: where to.
        key: the claim.
        stored: the properties of its edge.
        entries: what all sources say of it now.
        support: the papers behind it.
        source: the name of the source that is loaded.
        errors: systematic error rates.
    """
    predicate, *ends = key
    claim = stored["claim_id"]
    now = set(entries)
    _count(changes, entries_of(stored), now, source)
    readings = list(support.readings.get(claim, {}).values())
    if not now and not readings:
        changes.gone[predicate].append((ends[0], ends[1]))
        return
    row = _without_none(claim_properties(claim, readings, support.dates, now, errors))
    if row != stored:
        changes.written[predicate][ends[0], ends[1]] = row


def _count(
    changes: ClaimChanges, before: Iterable[Entry], now: Iterable[Entry], source: str
) -> None:
    said_before, said_now = (
        {entry.polarity for entry in entries if source_name(entry.source) == source}
        for entries in (before, now)
    )
    changes.added_facts += len(said_now - said_before)
    changes.removed_facts += len(said_before - said_now)


def _without_none(row: PropertyRow) -> PropertyRow:
    return {name: value for name, value in row.items() if value is not None}
