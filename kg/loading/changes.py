"""What a batch of papers changes in the graph, as a function of both; no server is asked here.

Everything is a union, a count over a union, or a choice among a union, so that the graph is the
same in whatever order, in whatever batches and however often the papers are loaded. The one
exception is what contradicts the graph (another text under an id, another type of an entity):
there the first one stays, and the second is refused and listed.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from kg.belief import Reading, belief_in
from kg.identifiers import normalise_name
from kg.loading.checks import (
    CheckedPaper,
    CheckedSentence,
    Sentence,
    Span,
    another_text,
    merged_metadata,
)
from kg.models import Failure, Polarity

Place = tuple[int, int]  # start, end
Triple = tuple[str, str, str]
PropertyRow = dict[str, Any]

_YEAR = re.compile(r"\d{4}")


@dataclass(slots=True)
class StoredEntity:
    """What the graph holds of an entity; `forms` counts the papers that use each surface form."""

    type: str
    n_papers: int = 0
    forms: Counter[str] = field(default_factory=Counter)


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
    """What the graph holds of the papers of a batch, their entities and their sentences."""

    papers: dict[str, PropertyRow] = field(default_factory=dict)  # without their text
    places: dict[tuple[str, str], set[Place]] = field(default_factory=dict)  # (paper, entity)
    entities: dict[str, StoredEntity] = field(default_factory=dict)
    sentences: dict[str, StoredSentence] = field(default_factory=dict)


@dataclass(slots=True)
class StoredClaims:
    """All evidence that the graph holds behind some claims, with the dates of its papers."""

    triples: dict[str, Triple] = field(default_factory=dict)
    readings: dict[str, dict[str, Reading]] = field(default_factory=lambda: defaultdict(dict))
    dates: dict[str, str | None] = field(default_factory=dict)


@dataclass(slots=True)
class Seen:
    """The ids of what the papers hold, whether it was in the graph before or not."""

    papers: set[str] = field(default_factory=set)
    entities: set[str] = field(default_factory=set)
    claims: set[str] = field(default_factory=set)
    evidence: set[str] = field(default_factory=set)
    mentions: int = 0

    def add(self, other: Seen) -> None:
        """Add what another batch held."""
        self.papers |= other.papers
        self.entities |= other.entities
        self.claims |= other.claims
        self.evidence |= other.evidence
        self.mentions += other.mentions


class Changes:
    """Rows to write for a batch: papers, mentions and evidence first, then what follows.

    Args:
        state: what the graph holds; it is brought up to date as papers are added.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self.papers: list[PropertyRow] = []
        self.mentions: list[PropertyRow] = []
        self.evidence: list[PropertyRow] = []
        self.failures: list[Failure] = []
        self.seen = Seen()
        self.redated: set[str] = set()  # papers whose claims have other years now
        self._touched: set[str] = set()  # entities
        self._new: dict[str, dict[str, Sentence]] = defaultdict(dict)  # claim id, evidence id

    @property
    def none(self) -> bool:
        """Whether the graph holds all of it already."""
        return not (self.papers or self.mentions or self.evidence)

    @property
    def touched_claims(self) -> set[str]:
        """The ids of claims with new evidence."""
        return set(self._new)

    def add(self, paper: CheckedPaper) -> None:
        """Add what a paper brings, unless its id stands for another text."""
        if self._add_paper(paper):
            self._add_mentions(paper)
            self._add_evidence(paper)

    def entities(self) -> dict[str, list[PropertyRow]]:
        """Return, by type, the rows of entities whose mentions changed."""
        rows: dict[str, list[PropertyRow]] = defaultdict(list)
        for id_ in sorted(self._touched):
            entity = self._state.entities[id_]
            rows[entity.type].append(_entity_row(id_, entity))
        return rows

    def claims(self, stored: StoredClaims) -> dict[str, list[PropertyRow]]:
        """Return, by predicate, the rows of claims whose evidence or dates changed.

        Args:
            stored: the evidence that the graph held behind them before this batch.
        """
        dates = stored.dates | {id_: row.get("date") for id_, row in self._state.papers.items()}
        rows: dict[str, list[PropertyRow]] = defaultdict(list)
        for id_ in sorted(self._new.keys() | stored.triples.keys()):
            new = self._new.get(id_, {})
            readings = stored.readings[id_] | {key: _reading(s) for key, s in new.items()}
            subject, predicate, object_ = stored.triples.get(id_) or _triple(new)
            row = {"start": subject, "end": object_, "claim_id": id_, "curated": False}
            rows[predicate].append(row | _weighed(list(readings.values()), dates))
        return rows

    def _refuse(self, path: str, where: str, reason: str) -> None:
        self.failures.append(Failure(path=path, where=where, reason=reason))

    def _add_paper(self, paper: CheckedPaper) -> bool:
        stored, given = self._state.papers.get(paper.id), paper.properties
        if stored and given and stored["sha256"] != given["sha256"]:
            self._refuse(paper.path, paper.id, another_text(given["sha256"], stored["sha256"]))
            return False
        merged = _merged(stored, given)
        merged["packs"] = sorted(paper.packs.union(stored.get("packs") or () if stored else ()))
        if stored is None:
            self.papers.append({**merged, "text": paper.text})
        elif _said(merged) != _said(stored):
            self.papers.append(merged)  # the text never changes
            if merged.get("date") != stored.get("date"):
                self.redated.add(paper.id)
        self._state.papers[paper.id] = merged
        self.seen.papers.add(paper.id)
        return True

    def _add_mentions(self, paper: CheckedPaper) -> None:
        by_entity: dict[str, set[Place]] = defaultdict(set)
        for span in paper.spans:
            if self._type_fits(span, paper.id):
                by_entity[span.entity].add((span.start, span.end))
        for entity, places in by_entity.items():
            self._add_places(paper, entity, places)
        self.seen.mentions += sum(map(len, by_entity.values()))
        self.seen.entities |= by_entity.keys()

    def _type_fits(self, span: Span, paper: str) -> bool:
        known = self._state.entities.setdefault(span.entity, StoredEntity(span.type))
        if known.type != span.type:
            reason = f"entity {span.entity} is of type {span.type} here and of {known.type} "
            reason += "elsewhere; an entity has one type, and the first one stays"
            self._refuse(span.path, f"{paper} {span.start}:{span.end}", reason)
        return known.type == span.type

    def _add_places(self, paper: CheckedPaper, entity: str, places: set[Place]) -> None:
        before = self._state.places.get((paper.id, entity), set())
        after = before | places
        if after == before:
            return
        names_before = {paper.text[start:end] for start, end in before}
        names = {paper.text[start:end] for start, end in after}
        known = self._state.entities[entity]
        known.forms.update(names - names_before)
        known.n_papers += not before
        self._state.places[paper.id, entity] = after
        self._touched.add(entity)
        self.mentions.append(_mention_row(paper.id, entity, after, names))

    def _add_evidence(self, paper: CheckedPaper) -> None:
        for item in paper.sentences:
            sentence = item.sentence
            ends = (sentence.subject, sentence.object)
            absent = [end for end in ends if (paper.id, end) not in self._state.places]
            if absent:
                self._refuse_end(item, absent[0])
                continue
            self.seen.claims.add(sentence.claim_id)
            self.seen.evidence.add(sentence.id)
            self._add_sentence(sentence)

    def _refuse_end(self, item: CheckedSentence, entity: str) -> None:
        sentence = item.sentence
        where = f"{sentence.paper} {sentence.start}:{sentence.end}"
        reason = f"evidence on {entity}, but the paper has no sound mention of that entity"
        self._refuse(item.path, where, reason)

    def _add_sentence(self, sentence: Sentence) -> None:
        new = StoredSentence(sentence.id, _reading(sentence))
        old = self._state.sentences.get(sentence.id)
        if old is None or old.rank < new.rank:
            self._state.sentences[sentence.id] = new
            self._new[sentence.claim_id][sentence.id] = sentence
            self.evidence.append(sentence._asdict())


def by_use(forms: Mapping[str, int]) -> list[str]:
    """Return surface forms, the one of most papers first, then the shorter, then by letters."""
    return sorted(forms, key=lambda form: (-forms[form], len(form), form))


def _merged(stored: PropertyRow | None, given: PropertyRow | None) -> PropertyRow:
    merged = merged_metadata(stored, given) if stored and given else dict(stored or given or {})
    merged.pop("text", None)
    return merged


def _said(properties: Mapping[str, Any]) -> PropertyRow:
    return {name: value for name, value in properties.items() if value}


def _mention_row(paper: str, entity: str, places: set[Place], names: set[str]) -> PropertyRow:
    in_order = sorted(places)
    return {
        "start": paper,
        "end": entity,
        "n": len(places),
        "names": sorted(names),
        "starts": [start for start, _ in in_order],
        "ends": [end for _, end in in_order],
    }


def _entity_row(id_: str, entity: StoredEntity) -> PropertyRow:
    name, *synonyms = forms = by_use(entity.forms)
    return {
        "id": id_,
        "name": name,
        "synonyms": synonyms,
        "form_papers": [entity.forms[form] for form in forms],
        "normal_names": sorted(set(filter(None, map(normalise_name, forms)))),
        "n_papers": entity.n_papers,
    }


def _triple(sentences: Mapping[str, Sentence]) -> Triple:
    sentence = next(iter(sentences.values()))
    return (sentence.subject, sentence.predicate, sentence.object)


def _reading(sentence: Sentence) -> Reading:
    return Reading(
        sentence.paper, sentence.pack, sentence.polarity, sentence.certainty, sentence.confidence
    )


def _weighed(readings: list[Reading], dates: Mapping[str, str | None]) -> PropertyRow:
    papers = {reading.paper for reading in readings}
    years = sorted(filter(None, (_year(dates.get(paper)) for paper in papers)))
    support = sum(reading.polarity == Polarity.SUPPORTS for reading in readings)
    return {
        "belief": belief_in(readings),
        "n_support": support,
        "n_deny": len(readings) - support,
        "n_papers": len(papers),
        "first_year": years[0] if years else None,
        "last_year": years[-1] if years else None,
    }


def _year(date: str | None) -> int | None:
    found = _YEAR.match(date or "")
    return int(found[0]) if found else None
