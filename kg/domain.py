"""A domain schema: entity types, relation types, and how each claim reads in words.

Written as TOML; every pack carries one, and a graph keeps those that its claims were read with.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, ValidationError, model_validator

from kg.errors import PackError, UnknownNameError
from kg.graph_schema import LABEL, MAX_NAME, RELATIONSHIP
from kg.models import Model

Label = Annotated[str, StringConstraints(pattern=f"^{LABEL}$", max_length=MAX_NAME)]
RelationName = Annotated[str, StringConstraints(pattern=f"^{RELATIONSHIP}$", max_length=MAX_NAME)]
Prefix = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][\w.-]*$")]
BiolinkClass = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z0-9]*$")]
BiolinkSlot = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]


class EntityType(Model):
    """An entity type: a label of the graph.

    `aliases` are the names that corpora and users give it, `id_prefixes` the prefixes of the CURIEs
    that its entities have, the best first, and `biolink` is its category in Biolink.
    """

    aliases: tuple[str, ...] = ()
    description: str = ""
    id_prefixes: tuple[Prefix, ...] = ()
    biolink: BiolinkClass | None = None


class Signature(Model):
    """A pair of types between which a relation may hold, and how it reads there.

    `aliases` name the relation between these two types alone: TREATS is what
    NEGATIVE_CORRELATION is called between a chemical and a disease.
    """

    subject: Label
    object: Label
    reading: str
    aliases: tuple[RelationName, ...] = ()


class RelationType(Model):
    """A relationship type of the graph. `symmetric` holds within one type, see `Domain.orient`.

    `sign` is +1 where more of the subject goes with more of the object, -1 where it goes with
    less, 0 where nothing is said of a direction. The sign of a path is the product of its edges'.
    `parent` is the next broader relation: what TREATS holds of, its parent holds of as well.
    `inverse` is what the relation is called from the object to the subject, `biolink` what it is
    called in Biolink.
    """

    aliases: tuple[str, ...] = ()
    opposite: RelationName | None = None
    sign: Literal[-1, 0, 1] = 0
    description: str = ""
    symmetric: bool = True
    signatures: tuple[Signature, ...] = Field(min_length=1)
    parent: RelationName | None = None
    inverse: RelationName | None = None
    transitive: bool = False
    biolink: BiolinkSlot | None = None


class RelationPattern(Model):
    """What `--relation NAME` asks for: a predicate between a subject type and an object type."""

    predicate: RelationName
    subject_type: Label
    object_type: Label
    reading: str


class Domain(Model):
    """The schema of one field of science."""

    name: str
    version: str
    types: dict[Label, EntityType] = Field(min_length=1)
    relations: dict[RelationName, RelationType] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_fit(self) -> Self:
        for name, relation in self.relations.items():
            self._check_related(name, relation)
            for signature in relation.signatures:
                for end in (signature.subject, signature.object):
                    if end not in self.types:
                        msg = f"relation {name}: its signature names the unknown type {end!r}"
                        raise ValueError(msg)
        clash = {label.casefold() for label in self.types} & {
            relation.casefold() for relation in self.relations
        }
        if clash:
            msg = f"no name can be both a type and a relation: {', '.join(sorted(clash))}"
            raise ValueError(msg)
        return self

    def _check_related(self, name: str, relation: RelationType) -> None:
        """Raise a ValueError if a relation names others that do not fit."""
        for role in ("parent", "opposite", "inverse"):
            other = getattr(relation, role)
            if other is not None and other not in self.relations:
                msg = f"relation {name}: its {role} {other!r} is not in the schema"
                raise ValueError(msg)
        if name in self.ancestors(name):
            msg = f"relation {name}: it is its own ancestor; take out one `parent` of the cycle"
            raise ValueError(msg)
        if relation.inverse is not None:
            back = self.relations[relation.inverse].inverse
            if back != name:
                msg = f"relation {name}: its inverse {relation.inverse} has the inverse {back}; "
                raise ValueError(msg + f'write `inverse = "{name}"` there')

    def ancestors(self, predicate: str) -> tuple[str, ...]:
        """Return the broader relations that a relation implies, by its parents, nearest first."""
        found: dict[str, None] = {}
        relation = self.relations.get(predicate)
        while relation is not None and relation.parent is not None and relation.parent not in found:
            found[relation.parent] = None
            relation = self.relations.get(relation.parent)
        return tuple(found)

    def type_named(self, name: str) -> str:
        """Return the label that a name or alias stands for, whatever its case.

        Raises:
            UnknownNameError: no type has that name.
        """
        for label, entity_type in self.types.items():
            if _same(name, label) or any(_same(name, alias) for alias in entity_type.aliases):
                return label
        raise UnknownNameError("entity type", name, self.types)

    def relation_named(self, name: str) -> str:
        """Return the relationship type that a name or corpus alias stands for.

        Raises:
            UnknownNameError: no relation has that name.
        """
        for predicate, relation in self.relations.items():
            if _same(name, predicate) or any(_same(name, alias) for alias in relation.aliases):
                return predicate
        raise UnknownNameError("relation", name, self.relations)

    def patterns(self, name: str) -> tuple[RelationPattern, ...]:
        """Return every predicate and pair of types that a relation's name or alias asks for.

        Raises:
            UnknownNameError: no relation has that name or alias.
        """
        every = [
            (predicate, signature, _same_relation(name, predicate, relation))
            for predicate, relation in self.relations.items()
            for signature in relation.signatures
        ]
        found = tuple(
            RelationPattern(
                predicate=predicate,
                subject_type=signature.subject,
                object_type=signature.object,
                reading=signature.reading,
            )
            for predicate, signature, whole in every
            if whole or any(_same(name, alias) for alias in signature.aliases)
        )
        if not found:
            aliases = [alias for _, signature, _ in every for alias in signature.aliases]
            raise UnknownNameError("relation", name, [*self.relations, *aliases])
        return found

    def signature(self, predicate: str, subject_type: str, object_type: str) -> Signature | None:
        """Return the signature of a claim between two types in this direction, if there is one."""
        relation = self.relations.get(predicate)
        if relation is None:
            return None
        pair = (subject_type, object_type)
        return next((s for s in relation.signatures if (s.subject, s.object) == pair), None)

    def reading(self, predicate: str, subject_type: str, object_type: str) -> str:
        """Return how a claim reads in words; the predicate itself in small letters if unknown."""
        signature = self.signature(predicate, subject_type, object_type)
        return signature.reading if signature else predicate.replace("_", " ").lower()

    def orient(
        self, predicate: str, subject: tuple[str, str], object_: tuple[str, str]
    ) -> tuple[str, str]:
        """Return the two entity ids as (subject, object) in the direction that is stored.

        Args:
            predicate: the relation.
            subject: (id, type) of one end.
            object_: (id, type) of the other end.

        A pair whose types only fit the other way round is turned; within one type a symmetric
        relation is put in the order of the ids; anything else stays as it came.
        """
        (first, first_type), (second, second_type) = subject, object_
        if first_type == second_type:
            relation = self.relations.get(predicate)
            turn = relation is not None and relation.symmetric and second < first
        else:
            turn = self.signature(predicate, first_type, second_type) is None and (
                self.signature(predicate, second_type, first_type) is not None
            )
        return (second, first) if turn else (first, second)


def parse_domain(toml: str, source: str = "domain schema") -> Domain:
    """Read a domain schema from TOML text; `source` is named in the error.

    Raises:
        PackError: the text is not TOML, or not a domain schema.
    """
    try:
        return Domain.model_validate(tomllib.loads(toml))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        msg = f"{source} is not a domain schema: {error}"
        raise PackError(msg) from error


def observed_domain(
    name: str, version: str, labels: Iterable[str], claims: Iterable[tuple[str, str, str]]
) -> Domain | None:
    """Return the schema that claims show: a signature for each pair of types; None without any.

    Relations are directed and unsigned, and read as they are called.

    Args:
        name: of the schema.
        version: of the schema.
        labels: the types of all entities.
        claims: predicate, type of the subject, type of the object; again and again, in any order.
    """
    relations = {}
    for predicate, pairs in groupby(sorted(set(claims)), key=itemgetter(0)):
        reading = predicate.replace("_", " ").lower()
        signatures = tuple(Signature(subject=s, object=o, reading=reading) for _, s, o in pairs)
        relations[predicate] = RelationType(symmetric=False, signatures=signatures)
    if not relations:
        return None
    types = {label: EntityType() for label in sorted(set(labels))}
    return Domain(name=name, version=version, types=types, relations=relations)


def _fold(name: str) -> str:
    return re.sub(r"[\s_-]+", "_", name.strip()).casefold()


def _same(left: str, right: str) -> bool:
    return _fold(left) == _fold(right)


def _same_relation(name: str, predicate: str, relation: RelationType) -> bool:
    return _same(name, predicate) or any(_same(name, alias) for alias in relation.aliases)
