"""Thesauri in SKOS, in any syntax of RDF: https://www.w3.org/TR/skos-reference/.

A concept is what is said to be one, or to be in a scheme: retired concepts are often only that.
What is broader is a parent, whichever of the two says so; an exact match is a cross-reference.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations_with_replacement
from pathlib import Path

from kg.curated_models import Fact, Term
from kg.domain import Domain, EntityType, RelationType, Signature
from kg.prefixes import curie_of
from kg.sources.asked import Asked, Format
from kg.sources.curated_source import CuratedSource
from kg.sources.ontology_types import OntologyTypes
from kg.sources.rdf_source import (
    CONCEPT,
    broader_only,
    grouped,
    header,
    rdf_kind,
    row_of,
    source_of,
)
from kg.sources.rdf_syntax import IRI, Statement
from kg.sources.rdf_terms import PLACED, SKOS, Said, term_of

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


def _read(asked: Asked) -> CuratedSource:
    thesaurus = _Thesaurus(asked)
    name = thesaurus.prefix().casefold()
    source = source_of(asked, "skos", header(thesaurus.groups), name)
    thesaurus.types = OntologyTypes(asked, source.name)
    return CuratedSource(
        source=source,
        domain=_domain(source.name, thesaurus.labels()),
        terms=thesaurus.terms,
        facts=thesaurus.facts,
        named_by_file=asked.names_by_file(name),
    )


class _Thesaurus:
    """The concepts of one thesaurus."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self.groups = grouped(asked, change=broader_only)
        self.types = OntologyTypes(asked, "")

    def concepts(self) -> Iterator[Said]:
        """Yield what is said of each concept."""
        for group in self.groups:
            said = Said.of(group)
            if CONCEPT in said.types() or (
                group.subject not in self.groups.vocabulary and _must_be_concept(said)
            ):
                yield said

    def prefix(self) -> str:
        """Return the prefix of the first concept; empty if none is known for it."""
        first = next((curie_of(said.group.subject) for said in self.concepts()), "")
        return "" if "://" in first else first.partition(":")[0]

    def labels(self) -> list[str]:
        """Return the labels of all concepts, sorted."""
        return sorted({self._label(said) for said in self.concepts()})

    def terms(self) -> Iterator[Term]:
        """Yield a term for each concept."""
        for said in self.concepts():
            row = row_of(self._asked, said.group)
            yield term_of(said, self._label(said), row, self.groups.about, keeps=_is_kept)

    def facts(self) -> Iterator[Fact]:
        """Yield a fact for each pair of related concepts, once if both say it."""
        for said in self.concepts():
            for statement in said.by_predicate.get(RELATED, ()):
                if statement.kind == IRI and not self._said_before(statement):
                    yield Fact(
                        subject=curie_of(statement.subject),
                        predicate="RELATED",
                        object=curie_of(statement.object),
                        row=row_of(self._asked, said.group),
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
