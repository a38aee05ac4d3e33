"""Subsumption of relations: which say less than another; what holds there holds here too."""

from __future__ import annotations

from collections.abc import Callable

from kg import Domain


def more_general(domain: Domain | None, predicate: str) -> tuple[str, ...]:
    """Return the relations that hold wherever a relation does, as far as the schema tells.

    They are its ancestors by `parent`, and those of which signs and types tell as much. An unsigned
    relation is more general than a signed one if it may join all pairs of types that the other may
    (ASSOCIATION than NEGATIVE_CORRELATION), and than another unsigned one if it may join more pairs
    besides (ASSOCIATION than BIND).
    """
    return _others(domain, predicate, lambda schema, other: _subsumes(schema, other, predicate))


def more_specific(domain: Domain | None, predicate: str) -> tuple[str, ...]:
    """Return the relations than which a relation is more general."""
    return _others(domain, predicate, lambda schema, other: _subsumes(schema, predicate, other))


def _others(
    domain: Domain | None, predicate: str, chosen: Callable[[Domain, str], bool]
) -> tuple[str, ...]:
    if domain is None or predicate not in domain.relations:
        return ()
    return tuple(name for name in domain.relations if name != predicate and chosen(domain, name))


def _subsumes(domain: Domain, general: str, special: str) -> bool:
    if general in domain.ancestors(special):
        return True
    wide, narrow = domain.relations[general], domain.relations[special]
    pairs = {(s.subject, s.object) for s in wide.signatures}
    fewer = {(s.subject, s.object) for s in narrow.signatures}
    return wide.sign == 0 and (pairs >= fewer if narrow.sign else pairs > fewer)
