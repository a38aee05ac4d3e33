"""How a delta changes claims: which evidence and which rows of sources speak of which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kg.contributions.cache import claim_number
from kg.contributions.delta import Delta
from kg.contributions.new_claims import NewClaims
from kg.contributions.properties import Entry, PropertyRow
from kg.contributions.routes import Routes
from kg.contributions.states import ClaimState, PaperContribution, Sentence, Triple
from kg.contributions.stored import Stored
from kg.contributions.writing import Moved
from kg.identifiers import claim_id

EvidenceOn = tuple[Sentence, Triple]  # and the claim that it comes to


@dataclass(slots=True)
class ClaimChange:
    """Claims as they are to be, and the evidence that is new, other, gone, or on another claim.

    `single` are new claims with one row of a curated source.
    """

    single: NewClaims
    states: dict[Triple, ClaimState] = field(default_factory=dict)
    new: list[EvidenceOn] = field(default_factory=list)
    changed: list[EvidenceOn] = field(default_factory=list)
    gone: dict[str, Triple] = field(default_factory=dict)  # by the id of the evidence
    moved: list[Moved] = field(default_factory=list)
    _added: dict[Triple, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    _removed: dict[Triple, list[Entry]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, stored: Stored, delta: Delta, routes: Routes) -> ClaimChange:
        """Return what a delta changes of claims; all that speaks of them is read."""
        change = cls(NewClaims(stored.cache.errors.known))
        change._add_papers(delta, routes)
        change._place_entries(delta, routes)
        change._move(delta, routes)
        change._part_single(stored)
        change._read(stored, routes)
        change._sum_evidence(delta)
        change._sum_entries()
        return change

    def weigh_anew(self, stored: Stored, claims: Iterable[Triple]) -> None:
        """Take in claims whose belief or years may be others, though the same speaks of them."""
        wanted = [claim for claim in claims if claim not in self.states]
        self.states |= zip(wanted, stored.claims(wanted), strict=True)

    def retract(self, retracted: Mapping[str, bool]) -> None:
        """Note of which papers it is another thing now whether they are retracted."""
        for state in self.states.values():
            for id_, reading in state.readings.items():
                if reading.paper in retracted:
                    now = reading._replace(retracted=retracted[reading.paper])
                    state.readings[id_] = now

    def rows(
        self, dates: Mapping[str, str | None], errors: Mapping[str, float]
    ) -> tuple[dict[Triple, PropertyRow], dict[Triple, PropertyRow], list[Triple]]:
        """Return the properties of claims that are new, those of others that differ, and the gone.

        Args:
            dates: of papers.
            errors: systematic error rates, of packs by their ref and of sources by their name.
        """
        new: dict[Triple, PropertyRow] = {}
        changed: dict[Triple, PropertyRow] = {}
        gone: list[Triple] = []
        for claim, state in sorted(self.states.items()):
            if not state.supported:
                gone += [claim] if state.there else []
                continue
            row = state.properties(dates, errors)
            if not state.there:
                new[claim] = row
            elif row != state.edge:
                changed[claim] = row
        return new, changed, gone

    def _add_papers(self, delta: Delta, routes: Routes) -> None:
        for _, old, new in delta.papers.pairs():
            self._replace(old, new, routes)

    def _replace(
        self, old: PaperContribution | None, new: PaperContribution | None, routes: Routes
    ) -> None:
        """Replace the evidence of a paper by other evidence."""
        olds = old.evidence if old else {}
        news = new.evidence if new else {}
        for id_, sentence in olds.items():
            if id_ not in news:
                self.gone[id_] = routes.before.triple(sentence.triple)
        for id_, sentence in news.items():
            claim = routes.after.triple(sentence.triple)
            before = olds.get(id_)
            if before is None:
                self.new.append((sentence, claim))
            elif (now := routes.before.triple(before.triple)) != claim:
                self.moved.append(Moved(sentence, now, claim))
            elif before != sentence:
                self.changed.append((sentence, claim))

    def _move(self, delta: Delta, routes: Routes) -> None:
        """Let what was read with ids that lead elsewhere now speak of other claims."""
        papers = delta.papers.touched
        for sentence in routes.sentences:
            if sentence.paper not in papers:
                ways = (way.triple(sentence.triple) for way in (routes.before, routes.after))
                before, after = ways
                if before != after:
                    self.moved.append(Moved(sentence, before, after))
        for claim, entries in routes.entries.items():
            for entry in entries:
                target, moved = routes.after.place(entry, claim)
                if target != claim and entry not in self._removed.get(claim, ()):
                    self._removed[claim].append(entry)
                    self._added[target].append(moved)

    def _place_entries(self, delta: Delta, routes: Routes) -> None:
        """Put rows of sources on the claims that they speak of."""
        ways = (
            (delta.entries.removed, self._removed, routes.before),
            (delta.entries.added, self._added, routes.after),
        )
        for rows, found, redirects in ways:
            for claim, entry in rows:
                target, placed = claim, entry
                if redirects.merged:
                    target, placed = redirects.place(entry, claim)
                found[target].append(placed)

    def _part_single(self, stored: Stored) -> None:
        """Set those claims apart of which nothing has to be read."""
        others = {claim for _, claim in (*self.new, *self.changed)} | self._removed.keys()
        others |= {claim for move in self.moved for claim in (move.before, move.after)}
        cache, transaction = stored.cache, stored.transaction
        for claim, entries in list(self._added.items()):
            if len(entries) > 1 or claim in others:
                continue
            id_ = claim_id(*claim)
            if cache.is_new(transaction, claim[1], claim_number(id_)):
                self.single.add(claim, id_, entries[0])
                del self._added[claim]

    def _read(self, stored: Stored, routes: Routes) -> None:
        claims = {claim for _, claim in (*self.new, *self.changed)} | set(self.gone.values())
        claims |= {claim for move in self.moved for claim in (move.before, move.after)}
        wanted = sorted(claims | self._added.keys() | self._removed.keys())
        self.states = dict(zip(wanted, stored.claims(wanted, routes.touched), strict=True))

    def _sum_evidence(self, delta: Delta) -> None:
        for id_, claim in self.gone.items():
            self.states[claim].readings.pop(id_, None)
        taken = [(self.states[m.before].readings.pop(m.sentence.id), m) for m in self.moved]
        for reading, move in taken:
            self.states[move.after].readings[move.sentence.id] = reading
        told = [(m.sentence, m.after) for m in self.moved if m.sentence.paper in delta.papers.added]
        for sentence, claim in (*self.new, *self.changed, *told):
            paper = delta.papers.added[sentence.paper]
            reading = sentence.reading(retracted=bool(paper.properties.get("retracted")))
            self.states[claim].readings[sentence.id] = reading

    def _sum_entries(self) -> None:
        for claim, entries in self._removed.items():
            self.states[claim].entries.difference_update(entries)
        for claim, entries in self._added.items():
            self.states[claim].entries.update(entries)
