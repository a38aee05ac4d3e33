"""Thesauri in SKOS, in any syntax of RDF: https://www.w3.org/TR/skos-reference/.

A concept is what is said to be one, or to be in a scheme: retired concepts are often only that.
What is broader is a parent, whichever of the two says so; an exact match is a cross-reference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import combinations_with_replacement
from pathlib import Path

from kg.curated_models import Term
from kg.domain import Domain, EntityType, RelationType, Signature
from kg.prefixes import curie_of
from kg.sources.curated_source import Content
from kg.sources.ontology_types import OntologyTypes
from kg.sources.rdf_source import (
    CONCEPT,
    Link,
    RdfReader,
    broader_only,
    grouped,
    header,
    rdf_kind,
    source_of,
)
from kg.sources.rdf_syntax import IRI, Statement
from kg.sources.rdf_terms import PLACED, SKOS, Said, term_of
from kg.sources.request import Format, SourceRequest

RELATED = f"{SKOS}related"

_MOST_LABELS = 20
_IN_SCHEME = f"{SKOS}inScheme"
# What these say is a fact, a parent, or true of all concepts.
_ELSEWHERE = frozenset({*PLACED, RELATED, _IN_SCHEME, f"{SKOS}narrower", f"{SKOS}topConceptOf"})
# Only concepts have these, but something of which no more is known may stand in another file.
_RELATIONS = frozenset({f"{SKOS}broader", RELATED, f"{SKOS}topConceptOf"})
_LABELS = frozenset({f"{SKOS}prefLabel", "http://www.w3.org/2008/05/skos-xl#prefLabel"})

_DOMAIN_VERSION = "1"


def _takes(path: Path, head: str) -> bool:
    return rdf_kind(path, head) == "skos"


def _read(request: SourceRequest) -> Content:
    thesaurus = _Thesaurus(request, grouped(request, change=broader_only))
    name = thesaurus.prefix().casefold()
    source = source_of(request, "skos", header(thesaurus.groups), name)
    thesaurus.types = OntologyTypes(request, source.name)
    return Content(
        source=source,
        rows=thesaurus.rows(),
        schema=partial(_domain, source.name),
        named_by_file=request.names_by_file(name),
    )


class _Thesaurus(RdfReader):
    """The concepts of one thesaurus."""

    types: OntologyTypes

    def things(self) -> Iterator[Said]:
        """Yield what is said of each concept."""
        for group in self.groups:
            said = Said.of(group)
            if CONCEPT in said.types() or (
                group.subject not in self.groups.vocabulary and _must_be_concept(said)
            ):
                yield said

    def prefix(self) -> str:
        """Return the prefix of the first concept; empty if none is known for it."""
        first = next((curie_of(said.group.subject) for said in self.things()), "")
        return "" if "://" in first else first.partition(":")[0]

    def read(self, said: Said, row: str) -> tuple[Term, Iterable[Link]]:
        """Return the term that a concept is, and those related to it that do not say so before."""
        term = term_of(said, self._label(said), row, self.groups.about, keeps=_is_kept)
        return term, (
            Link(RELATED, statement.object)
            for statement in said.by_predicate.get(RELATED, ())
            if statement.kind == IRI and not self._said_before(statement)
        )

    def _said_before(self, statement: Statement) -> bool:
        return statement.object < statement.subject and self.groups.says(
            statement.object, RELATED, statement.subject
        )

    def _label(self, said: Said) -> str:
        kinds = [iri for iri in said.types() if iri != CONCEPT]
        return self.types.label(curie_of(said.group.subject), kinds=kinds)


def _must_be_concept(said: Said) -> bool:
    """Whether a thing without the type is a concept by what is said of it (SKOS, S4 and S19)."""
    return _IN_SCHEME in said.by_predicate or (
        not _RELATIONS.isdisjoint(said.by_predicate) and not _LABELS.isdisjoint(said.by_predicate)
    )


def _is_kept(statement: Statement) -> bool:
    return statement.kind == IRI and statement.predicate not in _ELSEWHERE


def _domain(name: str, labels: list[str]) -> Domain | None:
    if not labels or len(labels) > _MOST_LABELS:
        return None
    pairs = combinations_with_replacement(labels, 2)
    related = RelationType(
        description="the two have to do with each other",
        symmetric=True,
        signatures=tuple(
            Signature(subject=one, object=other, reading="is related to") for one, other in pairs
        ),
    )
    return Domain(
        name=name,
        version=_DOMAIN_VERSION,
        types={label: EntityType() for label in labels},
        relations={"RELATED": related},
    )


SKOS_FORMAT = Format("skos", "a thesaurus in SKOS", _takes, _read)
