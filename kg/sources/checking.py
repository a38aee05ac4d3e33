"""What no graph can hold is reported, row by row, before it comes to a graph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from kg.curated_models import Fact, Term
from kg.models import Failure
from kg.sources.asked import Asked
from kg.sources.curated_source import CuratedSource, OnFailure
from kg.sources.remembering import remembered
from kg.store.schema import UNIQUE_ID

# Servers index names and ids, and none takes a key of any length: Neo4j's limit is about 8,000
# bytes for a key of one property.
MAX_ID = 2_000
MAX_NAME = 4_000

_ID = re.compile(r"[A-Za-z][\w.+-]*:[^\s\x00-\x1f\x7f]+")
_LABEL = re.compile(r"[A-Z][A-Za-z0-9]*")
_PREDICATE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
_OWN_TYPES = frozenset({"IS_A", "MENTIONS", "OBJECT", "REPORTED_IN", "SUBJECT"})
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def once(on_failure: OnFailure) -> OnFailure:
    """Return a receiver of failures that hands each on once, however often a source is read."""
    told: set[int] = set()

    def tell(failure: Failure) -> None:
        # Of each only a number is kept: a file of nothing but bad rows must not fill the memory.
        key = hash((failure.path, failure.where, failure.reason))
        if key not in told:
            told.add(key)
            on_failure(failure)

    return tell


def checked(curated: CuratedSource, asked: Asked) -> CuratedSource:
    """Return the source without the terms and facts that no graph can hold; they are failures."""
    labels: dict[str, str] = {}

    def terms() -> Iterator[Term]:
        for term in curated.terms():
            reason = _wrong_with_term(term)
            if reason:
                asked.on_failure(asked.failure(term.row, reason))
            else:
                labels.setdefault(term.type.casefold(), term.type)
                yield term

    def facts() -> Iterator[Fact]:
        predicates: dict[str, str] = {}
        for fact in curated.facts():
            if fact.predicate not in predicates:
                predicates[fact.predicate] = _wrong_with_predicate(fact.predicate, labels)
            reason = predicates[fact.predicate] or _wrong_with_fact(fact)
            if reason:
                asked.on_failure(asked.failure(fact.row, reason))
            else:
                yield fact

    return replace(curated, terms=remembered(terms), facts=remembered(facts))


def _wrong_with_term(term: Term) -> str:
    for id_ in (term.id, *term.parents, *term.alternatives):
        if reason := _wrong_with_id(id_):
            return reason
    if not _LABEL.fullmatch(term.type):
        return f"the type {term.type!r} is no label (CamelCase); name one with --type"
    if term.type in UNIQUE_ID:
        reason = f"the type {term.type} of {term.id} is a label that Abduce keeps for itself"
        return f"{reason}; name another with --type {term.type}=ANOTHER"
    for name in (term.name, *(name.text for name in term.names)):
        if len(name) > MAX_NAME // 4 and len(_bytes(name)) > MAX_NAME:
            size = f"{len(_bytes(name)):,} bytes"
            return f"a name of {term.id} has {size}; an index takes up to {MAX_NAME:,}"
        if _CONTROL.search(name):
            return f"a name of {term.id}, {name[:60]!r}, holds a control character"
    texts = (term.name, term.definition, term.details, *term.xrefs, *(n.text for n in term.names))
    return next((reason for text in texts if (reason := _wrong_with_text(text, term.id))), "")


def _wrong_with_fact(fact: Fact) -> str:
    return (
        _wrong_with_id(fact.subject)
        or _wrong_with_id(fact.object)
        or (_wrong_with_text(fact.details, fact.subject) if fact.details else "")
    )


def _wrong_with_predicate(predicate: str, labels: dict[str, str]) -> str:
    if not _PREDICATE.fullmatch(predicate):
        return f"the predicate {predicate!r} is no relationship type (UPPER_SNAKE)"
    if predicate in _OWN_TYPES:
        return f"the predicate {predicate} is a relationship type that Abduce keeps for itself"
    if label := labels.get(predicate.casefold()):
        return f"the predicate {predicate} has the name of the type {label}; rename that (--type)"
    return ""


@lru_cache(maxsize=1 << 17)  # the same ids come again and again
def _wrong_with_id(id_: str) -> str:
    if not _ID.fullmatch(id_):
        return f"the id {id_[:200]!r} is no CURIE; the form is PREFIX:LOCAL, as in DOID:1816"
    if len(id_) > MAX_ID // 4 and len(_bytes(id_)) > MAX_ID:
        return f"the id {id_[:60]!r}... has {len(_bytes(id_)):,} bytes; up to {MAX_ID:,} will do"
    return _wrong_with_text(id_, id_)


def _wrong_with_text(text: str, owner: str) -> str:
    if text.isascii():
        return ""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        code = f"U+{ord(text[error.start]):04X}"
        shown = owner.encode("utf-8", "backslashreplace").decode("utf-8")
        return f"a text of {shown} holds half a character ({code}, a lone surrogate)"
    return ""


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
