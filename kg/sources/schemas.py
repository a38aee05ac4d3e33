"""A source's schema under the labels that the caller wants."""

from __future__ import annotations

from collections.abc import Mapping

from kg.domain import Domain, EntityType, RelationType, Signature


def renamed(domain: Domain, labels: Mapping[str, str]) -> Domain:
    """Return a schema with other labels; types that get one label become one type."""
    types: dict[str, EntityType] = {}
    for name, entity_type in domain.types.items():
        new = labels.get(name, name)
        known = types.get(new)
        aliases = (*(known.aliases if known else ()), *([name] if new != name else []))
        names = tuple(dict.fromkeys([*aliases, *entity_type.aliases]))
        types[new] = (known or entity_type).model_copy(update={"aliases": names})
    relations = {name: _renamed(relation, labels) for name, relation in domain.relations.items()}
    return Domain(name=domain.name, version=domain.version, types=types, relations=relations)


def _renamed(relation: RelationType, labels: Mapping[str, str]) -> RelationType:
    by_pair: dict[tuple[str, str], Signature] = {}
    for old in relation.signatures:
        pair = (labels.get(old.subject, old.subject), labels.get(old.object, old.object))
        new = old.model_copy(update={"subject": pair[0], "object": pair[1]})
        by_pair.setdefault(pair, new)
    return relation.model_copy(update={"signatures": tuple(by_pair.values())})
