"""What the graph holds of a batch of papers, of their entities, and of what they say."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from kg.contributions.belief import Reading
from kg.contributions.properties import PropertyRow, StoredTerm, by_use, entity_properties
from kg.contributions.support import Errors, Triple
from kg.domain import Domain

Place = tuple[int, int]  # start, end


@dataclass(slots=True)
class StoredEntity:
    """What the graph holds of an entity; `forms` counts the papers that use each surface form."""

    type: str
    forms: Counter[str] = field(default_factory=Counter)
    n_papers: int = 0
    terms: list[StoredTerm] = field(default_factory=list)
    absorbed: tuple[str, ...] = ()
    stored: tuple[str, ...] | None = None  # its forms in order, before any change; None: it is new

    @property
    def said(self) -> bool:
        """Whether a paper, a source or a merge says something of it itself."""
        return bool(self.n_papers or self.terms or self.absorbed)

    def properties(self, id_: str) -> PropertyRow:
        """Return all properties of its node."""
        return entity_properties(id_, self.terms, self.forms, self.n_papers, self.absorbed)

    def changed_properties(self, id_: str) -> PropertyRow:
        """Return the properties of its node that other counts of papers may have changed.

        Mostly these are numbers alone, and a server need not index all names anew.
        """
        in_order = by_use(self.forms)
        if self.stored is None or tuple(in_order) != self.stored:
            return self.properties(id_)
        counts = [self.forms[form] for form in in_order]
        return {"id": id_, "form_papers": counts or None, "n_papers": self.n_papers}


class StoredSentence(NamedTuple):
    """What the graph holds of a piece of evidence."""

    id: str
    reading: Reading

    @property
    def rank(self) -> tuple[float, str, str]:
        """Of two readings of one sentence under one id, the higher one stays."""
        return (self.reading.confidence, self.reading.polarity, self.reading.certainty)


@dataclass(slots=True)
class State:
    """What the graph holds; entities are known by their own ids, mentions by the ids as read."""

    papers: dict[str, PropertyRow] = field(default_factory=dict)  # without their text
    places: dict[tuple[str, str], set[Place]] = field(default_factory=dict)  # (paper, as read)
    reads: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    entities: dict[str, StoredEntity] = field(default_factory=dict)
    sentences: dict[str, StoredSentence] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)  # id as read -> the entity it is now
    domains: set[str] = field(default_factory=set)  # ids
    errors: Errors = field(default_factory=Errors)
    domain: Domain | None = None  # that the ends of redirected claims are put in order with

    def entity(self, read: str) -> str:
        """Return the entity that an id as read stands for."""
        return self.merged.get(read, read)

    def place(self, paper: str, read: str, entity: str, places: set[Place]) -> None:
        """Take in that a paper mentions an entity at these places, under an id as read."""
        self.places[paper, read] = places
        self.reads[paper, entity].add(read)

    def triple(self, subject: str, predicate: str, object_: str) -> Triple:
        """Return what a claim says once merges are followed."""
        ends = (self.entity(subject), self.entity(object_))
        if ends != (subject, object_) and self.domain is not None:
            first, second = ((end, self.entities[end].type) for end in ends)
            ends = self.domain.orient(predicate, first, second)
        return (ends[0], predicate, ends[1])
