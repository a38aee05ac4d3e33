"""What a merge, or its undoing, changes of claims; no server is asked here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from kg.contributions.properties import Entry, claim_properties
from kg.domain import Domain
from kg.identifiers import claim_id
from kg.resolving.contributions import ClaimEdge, Ends, Sentence, State, Support
from kg.resolving.merges import Move

PropertyRow = dict[str, Any]


class Target(NamedTuple):
    """A claim."""

    claim_id: str
    predicate: str
    ends: Ends


@dataclass(slots=True)
class ClaimMoves:
    """Which evidence and which curated entries now speak of which claim.

    `touched` holds every claim that loses or gets one; `edges` those whose edge was seen.
    """

    sentences: dict[str, tuple[Sentence, Target]] = field(default_factory=dict)  # evidence id
    taken: dict[str, set[Entry]] = field(default_factory=lambda: defaultdict(set))
    given: dict[str, set[Entry]] = field(default_factory=lambda: defaultdict(set))
    touched: dict[str, Target] = field(default_factory=dict)

    def _touch(self, *claims: Target) -> None:
        for claim in claims:
            self.touched[claim.claim_id] = claim

    def add_sentence(self, sentence: Sentence, target: Target) -> None:
        """Note that a piece of evidence speaks of another claim now."""
        self.sentences[sentence.id] = (sentence, target)
        self._touch(Target(sentence.claim_id, sentence.predicate, sentence.ends), target)

    def add_entry(self, edge: ClaimEdge, entry: Entry, target: Target, moved: Entry) -> None:
        """Note that a row of a curated source speaks of another claim now."""
        self.taken[edge.claim_id].add(entry)
        self.given[target.claim_id].add(moved)
        self._touch(Target(edge.claim_id, edge.predicate, edge.ends), target)


class Redirection:
    """Puts the entities that ids lead to now in the place of those that they led to before.

    Args:
        moves: the ids that lead elsewhere.
        domain: the graph's schema, where it keeps one: it says which relations are symmetric.
        types: the type of every entity that can be an end.
    """

    def __init__(
        self, moves: Mapping[str, Move], domain: Domain | None, types: Mapping[str, str]
    ) -> None:
        self._moves = moves
        self._domain = domain
        self._types = types

    def touches(self, read: Ends) -> bool:
        """Whether an id of the two leads elsewhere now."""
        return read[0] in self._moves or read[1] in self._moves

    def target(self, predicate: str, read: Ends, now: Ends) -> Target:
        """Return the claim that ends as read come to, if they come to `now` until now."""
        first, second = self._roots(read, now)
        if (first, second) != read and self._domain is not None:
            first, second = self._domain.orient(
                predicate, (first, self._types[first]), (second, self._types[second])
            )
        return Target(claim_id(first, predicate, second), predicate, (first, second))

    def _roots(self, read: Ends, now: Ends) -> Ends:
        first, second = (self._moves.get(id_) for id_ in read)
        if first is None and second is None:
            return now
        if first is None:
            return _other(now, second.before if second else ""), second.after if second else ""
        if second is None:
            return first.after, _other(now, first.before)
        return first.after, second.after


def claim_moves(state: State, redirection: Redirection) -> ClaimMoves:
    """Return which evidence and which curated entries move, and where to."""
    moves = ClaimMoves()
    for sentence in state.sentences:
        if redirection.touches(sentence.read):
            target = redirection.target(sentence.predicate, sentence.read, sentence.ends)
            if target.ends != sentence.ends:
                moves.add_sentence(sentence, target)
    for edge in state.claims:
        for entry in edge.entries:
            read = entry_read(entry, edge.ends)
            if redirection.touches(read):
                target = redirection.target(edge.predicate, read, edge.ends)
                if target.ends == edge.ends:
                    continue
                moved = entry._replace(read="" if read == target.ends else "\t".join(read))
                moves.add_entry(edge, entry, target, moved)
    return moves


def entry_read(entry: Entry, ends: Ends) -> Ends:
    """Return subject and object as a curated source has them."""
    if not entry.read:
        return ends
    subject, _, object_ = entry.read.partition("\t")
    return subject, object_


def claim_rows(
    moves: ClaimMoves, support: Support, errors: Mapping[str, float]
) -> tuple[list[tuple[Target, PropertyRow]], list[Target]]:
    """Return the claims that are to be written, each with all of its properties, and those gone.

    Args:
        moves: what moves.
        support: all that stood behind the touched claims before.
        errors: systematic error rates of packs and sources.
    """
    readings = {claim: dict(support.readings.get(claim, {})) for claim in moves.touched}
    for id_, (sentence, _) in moves.sentences.items():
        readings[sentence.claim_id].pop(id_, None)
    for id_, (sentence, target) in moves.sentences.items():
        readings[target.claim_id][id_] = support.readings[sentence.claim_id][id_]
    kept, gone = [], []
    for claim, target in sorted(moves.touched.items()):
        before = set(support.entries.get(claim, ()))
        entries = (before - moves.taken.get(claim, set())) | moves.given.get(claim, set())
        read = list(readings[claim].values())
        if read or entries:
            row = claim_properties(claim, read, support.dates, entries, errors)
            kept.append((target, row))
        else:
            gone.append(target)
    return kept, gone


def evidence_rows(moves: ClaimMoves) -> list[PropertyRow]:
    """Return the new ends of the evidence that moves; None where it has no such property."""
    return [_evidence_row(*moves.sentences[id_]) for id_ in sorted(moves.sentences)]


def by_predicate(claims: Iterable[tuple[Target, PropertyRow]]) -> dict[str, list[PropertyRow]]:
    """Return the rows of claim edges by their type."""
    rows: dict[str, list[PropertyRow]] = defaultdict(list)
    for target, row in claims:
        start, end = target.ends
        rows[target.predicate].append({"start": start, "end": end, **row})
    return rows


def _evidence_row(sentence: Sentence, target: Target) -> PropertyRow:
    (subject, object_), (read_subject, read_object) = target.ends, sentence.read
    return {
        "id": sentence.id,
        "claim_id": target.claim_id,
        "subject": subject,
        "object": object_,
        "read_subject": read_subject if read_subject != subject else None,
        "read_object": read_object if read_object != object_ else None,
    }


def _other(ends: Ends, one: str) -> str:
    return ends[1] if ends[0] == one else ends[0]
