"""What OWL's restrictions say of a class: that it has some of something, or none.

`p some X`, `p value x` and `p min 1 X` say that there is one, `p exactly 0 X`, `p max 0 X` and
`not (p some X)` that there is none. `p only X` and `p max 3 X` say neither.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.models import Polarity
from kg.sources.rdf_source import Link
from kg.sources.rdf_syntax import IRI
from kg.sources.rdf_terms import OWL, Said

_FILLERS = (f"{OWL}someValuesFrom", f"{OWL}hasValue")
_NUMBERED = f"{OWL}onClass"
_LEAST = (f"{OWL}minQualifiedCardinality", f"{OWL}qualifiedCardinality")
_MOST = (f"{OWL}maxQualifiedCardinality", f"{OWL}qualifiedCardinality")


def restricted(about: Said) -> Iterator[Link]:
    """Yield what a restriction says that there is some of, or that there is none of."""
    property_ = _property(about)
    if not property_:
        return
    yield from (Link(property_, filler) for filler in _iris(about, _FILLERS))
    for filler in _iris(about, (_NUMBERED,)):
        if about.first(_LEAST).strip("+0"):
            yield Link(property_, filler)
        elif (most := about.first(_MOST)) and not most.strip("+0"):
            yield Link(property_, filler, Polarity.DENIES)


def lacked(about: Said) -> Iterator[Link]:
    """Yield what the complement of a restriction denies: `not (has_part some X)`."""
    if property_ := _property(about):
        for filler in _iris(about, _FILLERS):
            yield Link(property_, filler, Polarity.DENIES)


def _property(about: Said) -> str:
    """Return the property of a restriction; empty for one without a name, such as an inverse."""
    return next(_iris(about, (f"{OWL}onProperty",)), "")


def _iris(about: Said, predicates: tuple[str, ...]) -> Iterator[str]:
    for predicate in predicates:
        for statement in about.by_predicate.get(predicate, ()):
            if statement.kind == IRI:
                yield statement.object
