"""What a source itself has merged: alternative ids, and terms that another one replaces."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from kg.contributions.properties import StoredTerm
from kg.resolving.clusters import Clusters
from kg.resolving.entity_index import EntityIndex, normal_id
from kg.resolving.rules.rule import Link

_SEVERAL = 0.5  # two terms claim one old id: it was split, or one of them is wrong


class MergedBySource:
    """An ontology's `alt_id` and `replaced_by`: the old id is the term that took its place."""

    name = "alternative"

    def links(self, things: EntityIndex, clusters: Clusters) -> Iterator[Link]:
        """Yield old ids with the terms that stand for them now."""
        del clusters
        found: dict[str, dict[str, str]] = defaultdict(dict)  # old id, new id: why
        living = {term.id for _, term in things.current_terms()}
        for thing in things:
            for term in thing.terms:
                for old, new, why in _said(term):
                    if old in things and new in things and old != new:
                        found[old].setdefault(new, why)
        for old, news in sorted(found.items()):
            doubt = _doubt(old in living, len(news))
            for new, why in sorted(news.items()):
                yield Link(old, new, self.name, why + doubt, _SEVERAL if doubt else 1.0)


def _doubt(lives: bool, claims: int) -> str:
    if lives:
        return "; but it is a term of its own"
    return f"; but {claims} terms say so" if claims > 1 else ""


def _said(term: StoredTerm) -> Iterator[tuple[str, str, str]]:
    if term.retired:
        return
    if not term.obsolete:
        for old in map(normal_id, term.alternatives):
            yield old, term.id, f"{term.source} has {old} as an old id of {term.id}"
    elif term.replaced_by:
        new = normal_id(term.replaced_by)
        yield term.id, new, f"{term.source} says that {new} replaces {term.id}"
