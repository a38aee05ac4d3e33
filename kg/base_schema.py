"""The built-in domain schema, `base_schema.toml`: what holds whatever schemas a graph keeps.

The readers of ontologies ask it what type the terms of a prefix are, those who choose between two
ids of one thing which prefix is the better one, and the KGX writer what Biolink calls a type or a
relation.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

from kg.domain import Domain, parse_domain

_FILE = Path(__file__).with_name("base_schema.toml")


@cache
def base_schema() -> Domain:
    """Return the built-in schema."""
    return parse_domain(_FILE.read_text(encoding="utf-8"), _FILE.name)


@cache
def type_of_prefix() -> dict[str, str]:
    """Return the entity type of each prefix that is of one type only; so DOID, and not MESH."""
    types = base_schema().types
    count = Counter(prefix for type_ in types.values() for prefix in type_.id_prefixes)
    return {p: label for label, t in types.items() for p in t.id_prefixes if count[p] == 1}


@cache
def type_of_namespace() -> dict[str, str]:
    """Return the entity type of each namespace of an ontology that is an alias of a type."""
    return {alias: label for label, t in base_schema().types.items() for alias in t.aliases}


@cache
def prefix_places() -> dict[str, int]:
    """Return the place of each prefix in one order that keeps the order of every type's own.

    It is the merge of C3 linearisation (Barrett et al. 1996, https://doi.org/10.1145/236337.236343),
    by which Python orders base classes: again and again the first prefix of the first type for
    which no type has a better one.
    """
    left = [list(t.id_prefixes) for t in base_schema().types.values() if t.id_prefixes]
    order: list[str] = []
    while left:
        worse = {prefix for prefixes in left for prefix in prefixes[1:]}
        best = next(prefixes[0] for prefixes in left if prefixes[0] not in worse)
        order.append(best)
        left = [kept for prefixes in left if (kept := [p for p in prefixes if p != best])]
    return {prefix: place for place, prefix in enumerate(order)}
