"""The delta of a batch of papers: what they say beyond what the graph holds.

Everything is a union, a count over a union, or a choice among a union, so that the graph is the
same in whatever order, in whatever batches and however often the papers are loaded. The one
exception is what contradicts the graph (another text under an id, another type of an entity):
there the first one stays, and the second is refused and listed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kg.contributions.delta import Delta
from kg.contributions.packs import largest, pack_properties, paper_packs
from kg.contributions.properties import PropertyRow, said_in
from kg.contributions.redirects import Redirects
from kg.contributions.states import Mentions, PaperContribution
from kg.contributions.stored import Stored
from kg.identifiers import claim_id
from kg.loading.checks import (
    CheckedPaper,
    CheckedSentence,
    Span,
    another_text,
    merged_metadata,
)
from kg.models import Failure

_NO_MENTIONS = Mentions(frozenset(), frozenset())


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


class PaperDelta:
    """What papers change of what is stored.

    Args:
        stored: the graph, within a transaction.
        papers: the papers of a batch; one may come twice.
        schemas: the schemas that papers were read with, TOML by id.
    """

    def __init__(
        self, stored: Stored, papers: Sequence[CheckedPaper], schemas: Mapping[str, str]
    ) -> None:
        self.failures: list[Failure] = []
        self.seen = Seen()
        cache = stored.cache
        self._merged = cache.merged
        self._schemas = {id_: toml for id_, toml in schemas.items() if id_ not in cache.schemas}
        self._before = stored.papers((paper.id for paper in papers), whole=False)
        if self._before:
            every = [item.sentence.id for paper in papers for item in paper.sentences]
            for sentence in stored.sentences(every).values():
                self._before[sentence.paper].evidence[sentence.id] = sentence
        self._after: dict[str, PaperContribution] = {}
        reads = {span.entity for paper in papers for span in paper.spans}
        states = stored.entities(map(self._entity, reads))
        self._types = {id_: state.type for id_, state in states.items()}
        self._redirects = Redirects(cache.merged, cache.domain, self._types)
        self._delta = Delta()
        for paper in papers:
            self._add(paper)

    def delta(self) -> Delta:
        """Return the delta; empty if the graph holds all of it."""
        for id_, after in self._after.items():
            before = self._before.get(id_)
            if before is None or not _is_same(before, after):
                self._delta.papers.replace(id_, before, after)
        for paper in self._delta.papers.added.values():
            named = self._schemas.keys() & (paper.properties.get("domains") or ())
            self._delta.schemas.added |= {id_: self._schemas[id_] for id_ in named}
        return self._delta

    def _entity(self, read: str) -> str:
        return self._merged.get(read, read)

    def _refuse(self, path: str, where: str, reason: str) -> None:
        self.failures.append(Failure(path=path, where=where, reason=reason))

    def _add(self, paper: CheckedPaper) -> None:
        before = self._after.get(paper.id) or self._before.get(paper.id)
        given = paper.properties
        if before and given and before.properties["sha256"] != given["sha256"]:
            reason = another_text(given["sha256"], before.properties["sha256"])
            self._refuse(paper.path, paper.id, reason)
            return
        stored = before.properties if before else None
        merged = _merged(stored, given) | _brought_by(stored or {}, paper)
        if before is None or "text" in before.properties:
            merged["text"] = paper.text
        said = (dict(before.mentions), dict(before.evidence)) if before else ({}, {})
        after = self._after[paper.id] = PaperContribution(merged, *said)
        self.seen.papers.add(paper.id)
        self._add_mentions(paper, after)
        for item in paper.sentences:
            self._add_sentence(item, after)

    def _add_mentions(self, paper: CheckedPaper, after: PaperContribution) -> None:
        spans: dict[tuple[str, str], list[Span]] = defaultdict(list)  # by entity as read, type
        for span in paper.spans:
            spans[span.entity, span.type].append(span)
        places: dict[str, set[tuple[int, int]]] = defaultdict(set)
        for (read, type_), same in spans.items():
            if self._type_fits(same, type_, paper.id):
                places[read].update((span.start, span.end) for span in same)
        for read, found in places.items():
            known = after.mentions.get(read, _NO_MENTIONS)
            every = known.places | found
            if every != known.places:
                names = frozenset(paper.text[start:end] for start, end in every)
                after.mentions[read] = Mentions(names, every)
            self.seen.mentions += len(found)
            self.seen.entities.add(self._entity(read))

    def _type_fits(self, spans: Sequence[Span], type_: str, paper: str) -> bool:
        """Whether the entity of some mentions is of their type, all of the same."""
        read = spans[0].entity
        known = self._types.setdefault(self._entity(read), type_)
        if known == type_:
            self._delta.types[read] = type_
            return True
        for span in spans:
            reason = f"entity {span.entity} is of type {type_} here and of {known} "
            reason += "elsewhere; an entity has one type, and the first one stays"
            self._refuse(span.path, f"{paper} {span.start}:{span.end}", reason)
        return False

    def _add_sentence(self, item: CheckedSentence, after: PaperContribution) -> None:
        sentence = item.sentence
        ends = (sentence.subject, sentence.object)
        absent = next((end for end in ends if end not in after.mentions), None)
        if absent is not None:
            where = f"{sentence.paper} {sentence.start}:{sentence.end}"
            reason = f"evidence on {absent}, but the paper has no sound mention of that entity"
            self._refuse(item.path, where, reason)
            return
        claim = sentence.claim_id
        if self._merged:
            claim = claim_id(*self._redirects.triple(sentence.triple))
        self.seen.claims.add(claim)
        self.seen.evidence.add(sentence.id)
        known = after.evidence.get(sentence.id)
        if known is None or known.rank < sentence.rank:
            after.evidence[sentence.id] = sentence


def _is_same(before: PaperContribution, after: PaperContribution) -> bool:
    return (
        said_in(before.properties) == said_in(after.properties)
        and before.mentions == after.mentions
        and before.evidence == after.evidence
    )


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
