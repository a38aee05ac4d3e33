"""States: what a graph holds of an entity, of a claim and of a paper.

Every contribution keeps the ids that its paper or source gave: those "as read". Which entity it
belongs to follows from them and from the merges.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Self

from kg.contributions.belief import Reading
from kg.contributions.properties import (
    Entry,
    PropertyRow,
    StoredTerm,
    by_use,
    claim_properties,
    entity_properties,
    parse_terms,
    term_rank,
    without_none,
)

Place = tuple[int, int]  # start, end
Triple = tuple[str, str, str]  # subject, predicate, object


class _Content(NamedTuple):
    """What is said of an entity, in the order in which its node keeps it."""

    terms: tuple[StoredTerm, ...]
    forms: tuple[str, ...]
    form_papers: tuple[int, ...]
    n_papers: int
    absorbed: frozenset[str]


@dataclass(slots=True)
class EntityState:
    """An entity: its terms, how many papers use each surface form, and what was merged into it.

    `stored` is what its node says; None while it has no node.
    """

    type: str
    terms: list[StoredTerm] = field(default_factory=list)
    forms: Counter[str] = field(default_factory=Counter)
    n_papers: int = 0
    absorbed: frozenset[str] = frozenset()
    stored: _Content | None = None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """Return the state of a node, from its `type` and its properties."""
        forms = dict(zip(row["forms"] or (), row["form_papers"] or (), strict=True))
        state = cls(
            row["type"],
            parse_terms(row["terms"]),
            Counter(forms),
            row["n_papers"] or 0,
            frozenset(row["absorbed"] or ()),
        )
        counts = (tuple(forms), tuple(forms.values()))
        state.stored = _Content(tuple(state.terms), *counts, state.n_papers, state.absorbed)
        return state

    @property
    def said(self) -> bool:
        """Whether a paper, a source or a merge says something of it itself."""
        return bool(self.n_papers or self.terms or self.absorbed)

    def copy(self) -> Self:
        """Return the same state, to be changed."""
        return replace(self, terms=[*self.terms], forms=self.forms.copy())

    def as_written(self) -> Self:
        """Return the state once its node says all of it."""
        return replace(self, stored=self._content())

    def properties(self, id_: str) -> PropertyRow:
        """Return all properties of its node; None where it has none of that name."""
        return entity_properties(id_, self.terms, self.forms, self.n_papers, self.absorbed)

    def difference(self, id_: str) -> tuple[PropertyRow, bool] | None:
        """Return what to write, and whether that is all of its properties; None for nothing.

        Mostly these are numbers alone, and a server need not index all names anew.
        """
        now, before = self._content(), self.stored
        if now == before:
            return None
        names = ("terms", "forms", "absorbed")
        if before is None or any(getattr(now, name) != getattr(before, name) for name in names):
            return self.properties(id_), True
        counts = {"form_papers": list(now.form_papers) or None, "n_papers": now.n_papers}
        return {"id": id_, **counts}, False

    def _content(self) -> _Content:
        used = tuple(by_use(self.forms))
        counts = tuple(self.forms[form] for form in used)
        terms = tuple(sorted(self.terms, key=term_rank))
        return _Content(terms, used, counts, self.n_papers, self.absorbed)


@dataclass(slots=True)
class ClaimState:
    """A claim: the sentences and the rows of curated sources that speak of it.

    `there` tells whether its edge is in the graph, `edge` its properties where they were read.
    """

    id: str
    readings: dict[str, Reading] = field(default_factory=dict)  # by evidence
    entries: set[Entry] = field(default_factory=set)
    there: bool = False
    edge: PropertyRow | None = None

    @property
    def supported(self) -> bool:
        """Whether anything speaks of it."""
        return bool(self.readings or self.entries)

    def properties(
        self, dates: Mapping[str, str | None], errors: Mapping[str, float]
    ) -> PropertyRow:
        """Return the properties of its edge (`claim_properties`), without those that are None."""
        readings = list(self.readings.values())
        return without_none(claim_properties(self.id, readings, dates, self.entries, errors))


class Sentence(NamedTuple):
    """Evidence as read: a quote, and the claim that it speaks of by the ids of its paper.

    `id` and `claim_id` are made of the ids as read.
    """

    id: str
    claim_id: str
    paper: str
    subject: str
    predicate: str
    object: str
    polarity: str
    certainty: str
    confidence: float
    start: int
    end: int
    quote: str
    pack: str

    @property
    def triple(self) -> Triple:
        """What it says, as read."""
        return self.subject, self.predicate, self.object

    @property
    def rank(self) -> tuple[float, str, str]:
        """Of two readings of one sentence under one id, the higher one stays."""
        return (self.confidence, self.polarity, self.certainty)

    def reading(self, *, retracted: bool) -> Reading:
        """Return it as belief needs it."""
        said = (self.paper, self.pack, self.polarity, self.certainty, self.confidence)
        return Reading(*said, retracted)


class Mentions(NamedTuple):
    """Where a paper mentions an entity under one id, and by which names."""

    names: frozenset[str]
    places: frozenset[Place]


@dataclass(slots=True)
class PaperContribution:
    """What one paper says: its own properties, its mentions and its evidence.

    `mentions` are by the id as read, `evidence` by its id. A paper that is read to be replaced may
    lack its text and what stays of its evidence.
    """

    properties: PropertyRow
    mentions: dict[str, Mentions] = field(default_factory=dict)
    evidence: dict[str, Sentence] = field(default_factory=dict)
