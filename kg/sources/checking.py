"""Validation of rows: what no graph can hold is reported, row by row, before it comes to a graph.

What only one graph cannot hold (a predicate that is a label there, say) is seen in the load.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import ParamSpec, TypeVar

from kg.curated_models import Fact, Term
from kg.graph_schema import (
    LABELS,
    MAX_INDEXED,
    RELATIONSHIPS,
    is_label,
    is_relationship,
    is_text,
    n_bytes,
)
from kg.sources.curated_source import CuratedSource

Tell = Callable[[str, str], None]  # of a row: where it stood, and what is wrong with it
Row = TypeVar("Row", bound=Term | Fact)
P = ParamSpec("P")

_ID = re.compile(r"[A-Za-z][\w.+-]*:[^\s\x00-\x1f\x7f]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SHOWN = 200  # characters


def once(tell: Callable[P, None]) -> Callable[P, None]:
    """Return a receiver of failures that hands each on once, however often a source is read."""
    told: set[int] = set()

    def tell_once(*args: P.args, **kwargs: P.kwargs) -> None:
        # Of each only a number is kept: a file of nothing but bad rows must not fill the memory.
        key = hash(args)
        if key not in told:
            told.add(key)
            tell(*args, **kwargs)

    return tell_once


def checked(curated: CuratedSource, tell: Tell) -> CuratedSource:
    """Return a source without the rows that no graph can hold: one that was opened has none."""
    if curated.checked:
        return curated
    told = once(tell)
    return replace(
        curated,
        terms=lambda: sound(curated.terms(), told),
        facts=lambda: sound(curated.facts(), told),
        checked=True,
    )


def sound(rows: Iterable[Row], tell: Tell) -> Iterator[Row]:
    """Yield the rows that a graph can hold; `tell` is told of the others."""
    for row in rows:
        reason = _wrong_with_fact(row) if isinstance(row, Fact) else _wrong_with_term(row)
        if reason:
            tell(row.row, reason)
        else:
            yield row


def _wrong_with_term(term: Term) -> str:
    for id_ in (term.id, *term.parents, *term.alternatives):
        if reason := _wrong_with_id(id_):
            return reason
    if not is_label(term.type):
        return f"the type {term.type[:_SHOWN]!r} cannot be a label (CamelCase); name one (--type)"
    if term.type in LABELS:
        reason = f"the type {term.type} of {term.id} is a label that Abduce keeps for itself, as "
        return f"{reason}the graph uses the name; name another with --type {term.type}=ANOTHER"
    names = (term.name, *(name.text for name in term.names))
    for name in names:
        if len(name) > MAX_INDEXED // 4 and (size := n_bytes(name)) > MAX_INDEXED:
            return f"a name of {term.id} has {size:,} bytes; an index takes up to {MAX_INDEXED:,}"
        if _CONTROL.search(name):
            return f"a name of {term.id}, {name[:60]!r}, holds a control character"
    languages = (term.language, *(name.language for name in term.names))
    others = (term.definition, term.replaced_by, term.details, term.row, *term.xrefs)
    return _wrong_with_text("".join((*names, *languages, *others)), term.id)


def _wrong_with_fact(fact: Fact) -> str:
    subject, predicate, object_, row, _, details = fact  # millions of them: the quick way
    return (
        _wrong_with_predicate(predicate)
        or _wrong_with_id(subject)
        or _wrong_with_id(object_)
        or _wrong_with_text(row + details, subject)
    )


@lru_cache(maxsize=10_000)
def _wrong_with_predicate(predicate: str) -> str:
    if not is_relationship(predicate):
        return f"the predicate {predicate[:_SHOWN]!r} is no relationship type (UPPER_SNAKE)"
    if predicate in RELATIONSHIPS:
        return f"the predicate {predicate} is a relationship type that Abduce keeps for itself"
    return ""


@lru_cache(maxsize=1 << 17)  # the same ids come again and again
def _wrong_with_id(id_: str) -> str:
    if not id_:
        return "the id is empty; the form is PREFIX:LOCAL, as in DOID:1816"
    if not _ID.fullmatch(id_):
        return f"the id {id_[:_SHOWN]!r} is no CURIE; the form is PREFIX:LOCAL, as in DOID:1816"
    if (size := n_bytes(id_)) > MAX_INDEXED:
        return f"the id {id_[:60]!r}... has {size:,} bytes; an index takes up to {MAX_INDEXED:,}"
    return _wrong_with_text(id_, id_)


def _wrong_with_text(text: str, owner: str) -> str:
    if is_text(text):
        return ""
    shown = owner.encode("utf-8", "backslashreplace").decode("utf-8")
    return f"a text of {shown} holds half a character (a lone surrogate), which no graph can hold"
