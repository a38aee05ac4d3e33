"""What a batch of papers changes in the graph, as a function of both; no server is asked here.

Everything is a union, a count over a union, or a choice among a union, so that the graph is the
same in whatever order, in whatever batches and however often the papers are loaded. The one
exception is what contradicts the graph (another text under an id, another type of an entity):
there the first one stays, and the second is refused and listed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kg.contributions.belief import Reading
from kg.contributions.properties import PropertyRow
from kg.contributions.support import Support, Triple, claim_row
from kg.identifiers import claim_id
from kg.loading.checks import (
    CheckedPaper,
    CheckedSentence,
    Sentence,
    Span,
    another_text,
    merged_metadata,
)
from kg.loading.packs import known_errors, largest, pack_properties, paper_packs
from kg.loading.state import Place, State, StoredEntity, StoredSentence
from kg.models import Failure


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


@dataclass(slots=True)
class Rows:
    """Rows to write; what the graph does not have yet stands apart from what it has."""

    new: list[PropertyRow] = field(default_factory=list)
    changed: list[PropertyRow] = field(default_factory=list)

    def add(self, row: PropertyRow, *, new: bool) -> None:
        """Add one row."""
        (self.new if new else self.changed).append(row)

    def __bool__(self) -> bool:
        return bool(self.new or self.changed)


class Changes:
    """Rows to write for a batch: papers, mentions and evidence first, then what follows.

    Args:
        state: what the graph holds; it is brought up to date as papers are added.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self.papers = Rows()
        self.mentions = Rows()
        self.failures: list[Failure] = []
        self.seen = Seen()
        self.domains: set[str] = set()  # ids of schemas that the graph does not keep yet
        self.packs: dict[str, float | None] = {}  # new ones, and those with another error rate
        self.reweighed: set[str] = set()  # papers whose claims have other years or weights now
        self.touched: set[str] = set()  # entities whose mentions change
        self._evidence: dict[str, tuple[PropertyRow, bool]] = {}  # by id; whether it is new
        self._new: dict[str, dict[str, Reading]] = defaultdict(dict)  # by claim, by evidence
        self._triples: dict[str, Triple | None] = {}  # of claims with new evidence

    @property
    def none(self) -> bool:
        """Whether the graph holds all of it already."""
        return not (self.papers or self.mentions or self._evidence or self.packs)

    @property
    def touched_claims(self) -> dict[str, Triple | None]:
        """The claims with new evidence, by id."""
        return self._triples

    @property
    def other_errors(self) -> set[str]:
        """Packs that the graph has with another error rate: all that they read weighs anew."""
        return self.packs.keys() & self._state.errors.packs.keys()

    @property
    def curated(self) -> bool:
        """Whether the graph has a curated source."""
        return bool(self._state.errors.sources)

    def add(self, paper: CheckedPaper) -> None:
        """Add what a paper brings, unless its id stands for another text."""
        if self._add_paper(paper):
            self._add_mentions(paper)
            self._add_evidence(paper)

    def entities(self) -> dict[str, Rows]:
        """Return, by type, the rows of entities whose mentions changed."""
        rows: dict[str, Rows] = defaultdict(Rows)
        for id_ in sorted(self.touched):
            entity = self._state.entities[id_]
            rows[entity.type].add(entity.changed_properties(id_), new=entity.stored is None)
        return rows

    def evidence(self) -> Rows:
        """Return the rows of evidence: all its properties."""
        rows = Rows()
        for row, new in self._evidence.values():
            rows.add(row, new=new)
        return rows

    def claims(self, support: Support) -> dict[str, Rows]:
        """Return, by predicate, the rows of claims whose evidence, dates or weights changed.

        Args:
            support: what the graph held behind them before this batch; brought up to date here.
        """
        stored = set(support.triples)
        papers = self._state.papers
        support.dates |= {id_: row.get("date") for id_, row in papers.items()}
        rates = self._state.errors.rates | known_errors(self.packs)
        rows: dict[str, Rows] = defaultdict(Rows)
        for claim in sorted(self._triples.keys() | stored):
            readings = support.readings[claim]
            readings |= self._new.get(claim, {})
            for id_, reading in readings.items():
                if reading.paper in papers:
                    retracted = bool(papers[reading.paper].get("retracted"))
                    readings[id_] = reading._replace(retracted=retracted)
            triple = support.triples.get(claim) or self._triples[claim]
            if triple is not None:
                predicate, row = claim_row(claim, triple, support, rates)
                rows[predicate].add(row, new=claim not in stored)
        return rows

    def _refuse(self, path: str, where: str, reason: str) -> None:
        self.failures.append(Failure(path=path, where=where, reason=reason))

    def _add_paper(self, paper: CheckedPaper) -> bool:
        stored, given = self._state.papers.get(paper.id), paper.properties
        if stored and given and stored["sha256"] != given["sha256"]:
            self._refuse(paper.path, paper.id, another_text(given["sha256"], stored["sha256"]))
            return False
        merged = _merged(stored, given)
        merged |= _brought_by(stored or {}, paper)
        if stored is None:
            self.papers.add({**merged, "text": paper.text}, new=True)
        elif _said(merged) != _said(stored):
            self.papers.add(merged, new=False)  # the text never changes
            if any(merged.get(name) != stored.get(name) for name in ("date", "retracted")):
                self.reweighed.add(paper.id)
        self._state.papers[paper.id] = merged
        self.seen.papers.add(paper.id)
        self.domains |= paper.domains - self._state.domains
        self._add_packs(paper_packs(merged))
        return True

    def _add_packs(self, packs: Mapping[str, float | None]) -> None:
        for ref, error in packs.items():
            known = self._state.errors.packs
            before = self.packs.get(ref, known.get(ref))
            after = largest(before, error)
            if after != before or ref not in {**known, **self.packs}:
                self.packs[ref] = after

    def _add_mentions(self, paper: CheckedPaper) -> None:
        spans: dict[tuple[str, str], list[Span]] = defaultdict(list)  # by entity as read, type
        for span in paper.spans:
            spans[span.entity, span.type].append(span)
        by_read: dict[str, set[Place]] = defaultdict(set)
        for (read, type_), same in spans.items():
            if self._type_fits(same, type_, paper.id):
                by_read[read].update((span.start, span.end) for span in same)
        for read, places in by_read.items():
            self._add_places(paper, read, places)
            self.seen.mentions += len(places)
            self.seen.entities.add(self._state.entity(read))

    def _type_fits(self, spans: Sequence[Span], type_: str, paper: str) -> bool:
        """Whether the entity of some mentions is of their type, all of the same."""
        entity = self._state.entity(spans[0].entity)
        known = self._state.entities.get(entity)
        if known is None:
            known = self._state.entities[entity] = StoredEntity(type_)
        if known.type == type_:
            return True
        for span in spans:
            reason = f"entity {span.entity} is of type {type_} here and of {known.type} "
            reason += "elsewhere; an entity has one type, and the first one stays"
            self._refuse(span.path, f"{paper} {span.start}:{span.end}", reason)
        return False

    def _add_places(self, paper: CheckedPaper, read: str, places: set[Place]) -> None:
        before = self._state.places.get((paper.id, read), set())
        after = before | places
        if after == before:
            return
        entity = self._state.entity(read)
        known = self._state.entities[entity]
        forms, mentioned = self._forms(paper, entity), bool(self._state.reads[paper.id, entity])
        self._state.place(paper.id, read, entity, after)
        names = {paper.text[start:end] for start, end in after}
        for form in names - forms:
            known.forms[form] += 1
        known.n_papers += not mentioned
        self.touched.add(entity)
        self.mentions.add(_mention_row(paper.id, entity, read, after, names), new=not before)

    def _forms(self, paper: CheckedPaper, entity: str) -> set[str]:
        """Return the surface forms of an entity in a paper, under whatever ids it was read."""
        return {
            paper.text[start:end]
            for read in self._state.reads[paper.id, entity]
            for start, end in self._state.places[paper.id, read]
        }

    def _add_evidence(self, paper: CheckedPaper) -> None:
        for item in paper.sentences:
            sentence = item.sentence
            ends = (sentence.subject, sentence.object)
            absent = [end for end in ends if (paper.id, end) not in self._state.places]
            if absent:
                self._refuse_end(item, absent[0])
            else:
                self._add_sentence(sentence)

    def _refuse_end(self, item: CheckedSentence, entity: str) -> None:
        sentence = item.sentence
        where = f"{sentence.paper} {sentence.start}:{sentence.end}"
        reason = f"evidence on {entity}, but the paper has no sound mention of that entity"
        self._refuse(item.path, where, reason)

    def _add_sentence(self, sentence: Sentence) -> None:
        triple = self._state.triple(sentence.subject, sentence.predicate, sentence.object)
        claim = claim_id(*triple)
        self.seen.claims.add(claim)
        self.seen.evidence.add(sentence.id)
        new = StoredSentence(sentence.id, _reading(sentence))
        old = self._state.sentences.get(sentence.id)
        if old is None or old.rank < new.rank:
            self._state.sentences[sentence.id] = new
            self._new[claim][sentence.id] = new.reading
            self._triples[claim] = triple
            is_new = old is None or self._evidence.get(sentence.id, (None, False))[1]
            self._evidence[sentence.id] = (_evidence_row(sentence, triple), is_new)


def _brought_by(stored: Mapping[str, Any], paper: CheckedPaper) -> PropertyRow:
    """Return what a paper's properties say of the shards that it came in."""
    packs = paper_packs(stored)
    for ref, error in paper.packs.items():
        packs[ref] = largest(packs.get(ref), error)
    domains = sorted(paper.domains.union(stored.get("domains") or ()))
    return {**pack_properties(packs), "domains": domains or None}


def _merged(stored: PropertyRow | None, given: PropertyRow | None) -> PropertyRow:
    merged = merged_metadata(stored, given) if stored and given else dict(stored or given or {})
    merged.pop("text", None)
    return merged


def _said(properties: Mapping[str, Any]) -> PropertyRow:
    return {name: value for name, value in properties.items() if value}


def _mention_row(
    paper: str, entity: str, read: str, places: Iterable[Place], names: set[str]
) -> PropertyRow:
    in_order = sorted(places)
    return {
        "start": paper,
        "end": entity,
        "entity": read,
        "n": len(in_order),
        "names": sorted(names),
        "starts": [start for start, _ in in_order],
        "ends": [end for _, end in in_order],
    }


def _evidence_row(sentence: Sentence, triple: Triple) -> PropertyRow:
    """Return all properties of a piece of evidence, with the ids as read where they differ."""
    row = sentence._asdict()
    subject, _, object_ = triple
    row |= {"claim_id": claim_id(*triple), "subject": subject, "object": object_}
    if sentence.subject != subject:
        row["read_subject"] = sentence.subject
    if sentence.object != object_:
        row["read_object"] = sentence.object
    return row


def _reading(sentence: Sentence) -> Reading:
    return Reading(
        sentence.paper, sentence.pack, sentence.polarity, sentence.certainty, sentence.confidence
    )
