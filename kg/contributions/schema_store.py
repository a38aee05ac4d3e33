"""The domain schemas that a graph keeps: those that its claims were read with."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from kg.domain import Domain, EntityType, RelationType, Signature, parse_domain
from kg.errors import PackError, UsageError
from kg.store.graph import Graph
from kg.store.transaction import Transaction

_DOMAINS = "MATCH (d:Domain) RETURN d.toml AS toml"
_READ_WITH = (
    "MATCH (p:Paper) WHERE $id IN p.domains RETURN p.id AS id LIMIT 1",
    "MATCH (s:Source {domain: $id}) RETURN s.id AS id LIMIT 1",
    "MATCH (s:Source {replaced_domain: $id}) RETURN s.id AS id LIMIT 1",
)
_LABELS = "MATCH (e:Entity) UNWIND labels(e) AS label RETURN DISTINCT label"
_SIGNATURES = """
MATCH (s:Entity)-[c]->(o:Entity) WHERE c.claim_id IS NOT NULL
RETURN DISTINCT type(c) AS predicate,
[label IN labels(s) WHERE label <> 'Entity'][0] AS subject,
[label IN labels(o) WHERE label <> 'Entity'][0] AS object
"""


def domain_id(toml: str) -> str:
    """Return the id of the node that keeps a domain schema: the same text has the same one."""
    return f"domain:{hashlib.sha256(toml.encode()).hexdigest()[:32]}"


def domain_row(domain: Domain, toml: str) -> dict[str, Any]:
    """Return the properties of the node that keeps a domain schema."""
    return {"id": domain_id(toml), "name": domain.name, "version": domain.version, "toml": toml}


def write_schemas(
    transaction: Transaction, before: Mapping[str, str], after: Mapping[str, str]
) -> None:
    """Keep other schemas in the graph than until now; TOML by id."""
    tomls = [toml for id_, toml in sorted(after.items()) if id_ not in before]
    new = [domain_row(parse_domain(toml), toml) for toml in tomls]
    transaction.merge_nodes(("Domain",), new)
    transaction.delete_nodes("Domain", before.keys() - after)


def unused_schemas(transaction: Transaction, ids: Iterable[str]) -> set[str]:
    """Return those of some schemas that no paper and no source was read with."""
    return {id_ for id_ in ids if not any(transaction.run(query, id=id_) for query in _READ_WITH)}


def orders(domain: Domain | None) -> dict[str, tuple[bool, frozenset[tuple[str, str]]]]:
    """Return all that `Domain.orient` goes by, for each relation."""
    return {
        name: (relation.symmetric, frozenset((s.subject, s.object) for s in relation.signatures))
        for name, relation in (domain.relations.items() if domain else ())
    }


def merged_schema(schemas: Mapping[str, str]) -> Domain | None:
    """Return all schemas of a graph together, from their TOML; None where there is none."""
    return merge_domains(map(parse_domain, schemas.values())) if schemas else None


def read_domains(transaction: Transaction) -> dict[str, str]:
    """Return the TOML of every domain schema that the graph keeps, by id."""
    return {domain_id(row["toml"]): row["toml"] for row in transaction.run(_DOMAINS)}


def stored_domains(graph: Graph) -> list[str]:
    """Return the TOML of every domain schema that the graph keeps."""
    return sorted(row["toml"] for row in graph.read(_DOMAINS))


def graph_domain(graph: Graph) -> Domain:
    """Return the schema of a graph: the ones that it keeps, merged.

    A graph that keeps none (loaded from shards without a schema, or from triples) has the types,
    relations and signatures that its claims have; its relations are directed and unsigned.

    Raises:
        UsageError: the graph keeps no schema and holds no claim.
        PackError: the kept schemas do not fit together.
    """
    kept = [parse_domain(toml, "a domain schema of the graph") for toml in stored_domains(graph)]
    if kept:
        return merge_domains(kept)
    signatures = ((r["predicate"], r["subject"], r["object"]) for r in graph.read(_SIGNATURES))
    labels = (row["label"] for row in graph.read(_LABELS))
    return observed_domain(graph.where, labels, signatures)


def merge_domains(domains: Iterable[Domain]) -> Domain:
    """Return one schema that has the types, relations, signatures and aliases of all.

    The order does not matter. Where two of them disagree (a sign, a reading), the newest version
    of a schema wins over its older ones, and the schema whose name comes first over the others.

    Raises:
        PackError: a name is a type in one and a relation in another.
    """
    ranked = _ranked(domains)
    if len(ranked) == 1:
        return ranked[0]
    types: dict[str, EntityType] = {}
    relations: dict[str, RelationType] = {}
    for domain in ranked:
        for label, type_ in domain.types.items():
            types[label] = _joined_type(types[label], type_) if label in types else type_
        for name, relation in domain.relations.items():
            known = relations.get(name)
            relations[name] = _joined_relation(known, relation) if known else relation
    try:
        return Domain(
            name="+".join(dict.fromkeys(domain.name for domain in ranked)),
            version="+".join(dict.fromkeys(domain.version for domain in ranked)),
            types=types,
            relations=relations,
        )
    except ValidationError as error:
        names = ", ".join(domain.name for domain in ranked)
        raise PackError(f"the domain schemas {names} do not fit together: {error}") from error


def _ranked(domains: Iterable[Domain]) -> list[Domain]:
    distinct = {domain.model_dump_json(): domain for domain in domains}
    in_order = [distinct[json] for json in sorted(distinct)]
    newest_first = sorted(in_order, key=lambda d: _version(d.version), reverse=True)
    return sorted(newest_first, key=lambda d: d.name)


def _version(version: str) -> list[tuple[int, str]]:
    return [(int(part) if part.isdigit() else -1, part) for part in re.split(r"[.+-]", version)]


def _joined_type(first: EntityType, second: EntityType) -> EntityType:
    return EntityType(
        aliases=tuple(dict.fromkeys((*first.aliases, *second.aliases))),
        description=first.description or second.description,
        id_prefixes=tuple(dict.fromkeys((*first.id_prefixes, *second.id_prefixes))),
        biolink=first.biolink or second.biolink,
    )


def _joined_relation(first: RelationType, second: RelationType) -> RelationType:
    pairs = {(s.subject, s.object): s for s in (*reversed(second.signatures), *first.signatures)}
    order = dict.fromkeys((s.subject, s.object) for s in (*first.signatures, *second.signatures))
    return first.model_copy(
        update={
            "aliases": tuple(dict.fromkeys((*first.aliases, *second.aliases))),
            "opposite": first.opposite or second.opposite,
            "sign": first.sign or second.sign,
            "signatures": tuple(pairs[pair] for pair in order),
            "parent": first.parent or second.parent,
            "inverse": first.inverse or second.inverse,
            "transitive": first.transitive or second.transitive,
            "biolink": first.biolink or second.biolink,
        }
    )


def observed_domain(
    where: str, labels: Iterable[str], signatures: Iterable[tuple[str, str, str]]
) -> Domain:
    """Return the schema that claims show: their types, relations and signatures.

    Args:
        where: the graph, as shown to people.
        labels: the types of its entities.
        signatures: predicate, type of the subject, type of the object.

    Raises:
        UsageError: there is no claim.
    """
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for predicate, subject, object_ in signatures:
        found[predicate].add((subject, object_))
    if not found:
        raise UsageError(
            f"the graph {where} holds no claim yet; `abduce build` or `abduce load` fills it"
        )
    return Domain(
        name="observed",
        version="0",
        types={label: EntityType() for label in sorted(set(labels) - {"Entity"})},
        relations={name: _observed_relation(name, found[name]) for name in sorted(found)},
    )


def _observed_relation(name: str, pairs: set[tuple[Any, Any]]) -> RelationType:
    reading = name.replace("_", " ").lower()
    return RelationType(
        symmetric=False,
        signatures=tuple(
            Signature(subject=subject, object=object_, reading=reading)
            for subject, object_ in sorted(pairs)
        ),
    )
