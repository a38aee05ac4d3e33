"""What a term or a fact must be before it may enter a graph, as far as it says so itself."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from kg.curated_models import Fact, Term
from kg.errors import PropertyError
from kg.loading.names import Names
from kg.sources.checking import MAX_ID, MAX_NAME

_SHOWN = 60


def term_refused(term: Term) -> str | None:
    """Return why a term cannot be in a graph; None if it can."""
    reason = _id_refused(term.id)
    if reason is None:
        for name in (term.name, *(name.text for name in term.names)):
            if len(name) > MAX_NAME:
                size = f"{len(name):,} characters; up to {MAX_NAME:,} will do"
                return f"the name {_shown(name)} has {size}"
        if not _encodable(_all_text(term)):
            return f"the term {_shown(term.id)} holds a lone surrogate, which no graph can hold"
    return reason


class SoundFacts:
    """Tells facts that can be in a graph from those that cannot.

    Args:
        names: which relationship types the graph may hold; new ones are added.
    """

    def __init__(self, names: Names) -> None:
        self._names = names
        self._predicates: dict[str, str | None] = {}

    def refused(self, fact: Fact, sound: Container[str]) -> str | None:
        """Return why a fact cannot be in a graph; None if it can.

        Args:
            fact: the fact.
            sound: ids that are known to be sound; the others are looked at.
        """
        if not (_encodable(fact.row) and _encodable(fact.details)):
            return "the row holds a lone surrogate, which no graph can hold"
        for id_ in (fact.subject, fact.object):
            if id_ not in sound and (reason := _id_refused(id_)) is not None:
                return reason
        if fact.predicate in self._predicates:
            return self._predicates[fact.predicate]
        return self._predicate_refused(fact.predicate)

    def sorted_out(
        self, facts: Iterable[Fact], sound: Container[str]
    ) -> tuple[list[Fact], list[tuple[str, str]]]:
        """Return the facts that can be in a graph, and of the others where they stand and why."""
        every = list(facts)
        if self._all_good(every, sound):
            return every, []
        good, refused = [], []
        for fact in every:
            reason = self.refused(fact, sound)
            if reason is None:
                good.append(fact)
            else:
                refused.append((fact.row, reason))
        return good, refused

    def _all_good(self, facts: Sequence[Fact], sound: Container[str]) -> bool:
        """Whether all of them can be in a graph, as far as one look at them together tells."""
        ids = {fact.subject for fact in facts} | {fact.object for fact in facts}
        return (
            all(id_ in sound for id_ in ids)
            and all(
                self._predicates.get(predicate, "?") is None
                for predicate in {fact.predicate for fact in facts}
            )
            and "".join([fact.row for fact in facts]).isascii()
            and "".join([fact.details for fact in facts]).isascii()
        )

    def _predicate_refused(self, predicate: str) -> str | None:
        try:
            self._names.relationship(predicate)
        except PropertyError as error:
            self._predicates[predicate] = str(error)
        else:
            self._predicates[predicate] = None
        return self._predicates[predicate]


def _id_refused(id_: str) -> str | None:
    if not id_:
        return "the id is empty"
    if len(id_) > MAX_ID:
        return f"the id {_shown(id_)} has {len(id_):,} characters; up to {MAX_ID:,} will do"
    if not _encodable(id_):
        return f"the id {_shown(id_)} holds a lone surrogate, which no graph can hold"
    return None


def _all_text(term: Term) -> str:
    names = (name.text + name.language for name in term.names)
    listed = (*names, *term.xrefs, *term.parents, *term.alternatives)
    said = (term.name, term.language, term.definition, term.details, term.row, term.replaced_by)
    return "".join((*said, *listed))


def _encodable(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(text: str) -> str:
    return ascii(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")
