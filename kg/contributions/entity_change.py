"""How a delta changes entities: surface forms, terms and merged ids; and MENTIONS edges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.contributions.delta import Delta
from kg.contributions.properties import StoredTerm
from kg.contributions.routes import Routes
from kg.contributions.states import EntityState, Mentions, PaperContribution
from kg.contributions.stored import MentionEdge, Stored
from kg.contributions.writing import MentionRow
from kg.curated_models import source_name

NAMES = dict[tuple[str, str], set[str]]  # by paper and entity


@dataclass(slots=True)
class EntityChange:
    """Entities as they are to be, and the MENTIONS edges that are new, other, or gone.

    `reparented` are entities whose IS_A edges are to follow their terms again.
    """

    states: dict[str, EntityState] = field(default_factory=dict)
    new: list[MentionRow] = field(default_factory=list)
    changed: list[MentionRow] = field(default_factory=list)
    gone: list[tuple[str, str, str]] = field(default_factory=list)  # paper, entity, as read
    reparented: set[str] = field(default_factory=set)
    _before: NAMES = field(default_factory=lambda: defaultdict(set))
    _after: NAMES = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, stored: Stored, delta: Delta, routes: Routes) -> EntityChange:
        """Return what a delta changes of entities."""
        change = cls()
        change._read(stored, delta, routes)
        for id_, old, new in delta.papers.pairs():
            change._mention(id_, old, new, routes)
        change._move_mentions(stored, delta, routes)
        change._count_names()
        change._place_terms(delta, routes)
        change._move_terms(routes)
        for id_ in routes.touched:
            change.states[id_].absorbed = frozenset(routes.forest.absorbed_by(id_))
        return change

    def _read(self, stored: Stored, delta: Delta, routes: Routes) -> None:
        """Take the states of all entities that are touched; new ones have their type alone."""
        types: dict[str, str | None] = dict.fromkeys(routes.touched)
        for papers in (delta.papers.removed, delta.papers.added):
            for paper in papers.values():
                for read in paper.mentions:
                    types[routes.after.entity(read)] = delta.types.get(read)
                    types.setdefault(routes.before.entity(read))
        for terms in (delta.terms.removed, delta.terms.added):
            for term in terms.values():
                types[routes.after.entity(term.id)] = term.type
                types.setdefault(routes.before.entity(term.id))
        for id_, merge in delta.merges.removed.items():
            types[routes.after.entity(id_)] = types.get(routes.after.entity(id_)) or merge.type
        stored.entities(types)
        self.states = {id_: stored.entity(id_, type_ or "") for id_, type_ in types.items()}

    def _mention(
        self,
        paper: str,
        old: PaperContribution | None,
        new: PaperContribution | None,
        routes: Routes,
    ) -> None:
        """Replace the mentions of a paper by others."""
        olds = old.mentions if old else {}
        news = new.mentions if new else {}
        for read, said in olds.items():
            node = routes.before.entity(read)
            self._before[paper, node] |= said.names
            if new is not None and (read not in news or routes.after.entity(read) != node):
                self.gone.append((paper, node, read))
        for read, said in news.items():
            node = routes.after.entity(read)
            self._after[paper, node] |= said.names
            row = MentionRow.of(paper, node, read, said)
            if read not in olds or routes.before.entity(read) != node:
                self.new.append(row)
            elif olds[read] != said:
                self.changed.append(row)

    def _move_mentions(self, stored: Stored, delta: Delta, routes: Routes) -> None:
        """Move the mentions that were read with an id that leads elsewhere now."""
        if not routes.moves:
            return
        moved = stored.mentions_of(routes.old, routes.moves.keys())
        papers = {mention.paper for mention in moved} - delta.papers.touched
        for mention in stored.mentions(papers):
            if mention.entity in self.states:
                self._move_mention(mention, routes)

    def _move_mention(self, mention: MentionEdge, routes: Routes) -> None:
        paper, read, node, said = mention
        target = routes.moves[read].after if read in routes.moves else node
        self._before[paper, node] |= said.names
        self._after[paper, target] |= said.names
        if target != node:
            self.gone.append((paper, node, read))
            self.new.append(MentionRow.of(paper, target, read, Mentions(*said)))

    def _count_names(self) -> None:
        """Count the papers that mention each entity, and that use each form."""
        for sign, names in ((1, self._after), (-1, self._before)):
            for (_, node), forms in names.items():
                state = self.states[node]
                state.n_papers += sign
                for form in forms:
                    state.forms[form] += sign
        if self._before:
            for node in {node for _, node in self._before}:
                self.states[node].forms = +self.states[node].forms

    def _place_terms(self, delta: Delta, routes: Routes) -> None:
        for key, old, new in delta.terms.pairs():
            node = routes.before.entity(key[1])
            terms = self.states[node].terms
            at = next((at for at, term in enumerate(terms) if _key(term) == key), None)
            if at is not None and old is not None:
                del terms[at]
            if new is not None:
                terms.append(new)
            if old is not None and _parents(old) != _parents(new):
                self.reparented.add(routes.after.entity(key[1]))

    def _move_terms(self, routes: Routes) -> None:
        terms: Mapping[str, list[StoredTerm]] = {id_: [] for id_ in routes.touched}
        for id_ in routes.touched:
            for term in self.states[id_].terms:
                move = routes.moves.get(term.id)
                terms[move.after if move else id_].append(term)
        for id_, every in terms.items():
            self.states[id_].terms = every
        self.reparented |= routes.touched


def _key(term: StoredTerm) -> tuple[str, str]:
    return source_name(term.source), term.id


def _parents(term: StoredTerm | None) -> tuple[str, ...]:
    return () if term is None or term.retired else term.parents
