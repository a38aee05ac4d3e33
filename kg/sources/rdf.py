"""Any graph in RDF: what has an IRI is an entity, and a statement about two of them a fact.

The local name of a predicate is the relation (`ex:locatedIn` LOCATED_IN), that of a type the
label. Names, synonyms, definitions, cross-references and parents are known by the words of SKOS,
OWL, OBO, Dublin Core and schema.org; other literals become details. A thing that is only pointed
at is an entity too, of the type Thing unless the caller says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from kg.curated_models import Fact, Term
from kg.models import Polarity
from kg.prefixes import curie_of
from kg.sources.asked import Asked, Format, label_of, predicate_of
from kg.sources.curated_source import CuratedSource
from kg.sources.rdf_source import (
    broader_only,
    denials,
    grouped,
    header,
    rdf_kind,
    row_of,
    source_of,
)
from kg.sources.rdf_syntax import IRI, Statement
from kg.sources.rdf_terms import OWL, PARENTS, PLACED, RDF, RDFS, SKOS, Said, term_of

UNTYPED = "Thing"

# Types that say nothing, where a thing has another one.
_VAGUE = frozenset({
    f"{OWL}Thing", f"{OWL}NamedIndividual", f"{RDFS}Resource", f"{SKOS}Concept",
})  # fmt: skip


def _takes(path: Path, head: str) -> bool:
    return rdf_kind(path, head) == "rdf"


def _read(asked: Asked) -> CuratedSource:
    things = _Things(asked)
    return CuratedSource(
        source=source_of(asked, "rdf", header(things.groups)),
        domain=None,
        terms=things.terms,
        facts=things.facts,
        named_by_file=asked.names_by_file(),
    )


class _Things:
    """All that has an IRI in the files, without what only describes their vocabulary."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self.groups = grouped(asked, points=_points, change=broader_only)
        self._predicates: dict[str, str] = {}

    def terms(self) -> Iterator[Term]:
        """Yield a term for each thing."""
        for said in self._said():
            row = row_of(self._asked, said.group)
            label, about = self._label(said), self.groups.about
            yield term_of(said, label, row, about, comment_describes=True)

    def facts(self) -> Iterator[Fact]:
        """Yield a fact for each statement about two things; OWL's negative ones are denied."""
        for said in self._said():
            row = row_of(self._asked, said.group)
            subject = curie_of(said.group.subject)
            for statement in dict.fromkeys(said.group.statements):
                if statement.kind == IRI and statement.predicate not in PLACED:
                    predicate = self._predicate(statement.predicate)
                    if predicate and statement.object not in self.groups.vocabulary:
                        object_ = curie_of(statement.object)
                        yield Fact(subject=subject, predicate=predicate, object=object_, row=row)
        yield from self._denied()

    def _denied(self) -> Iterator[Fact]:
        for group, property_, target in denials(self.groups):
            if predicate := self._predicate(property_):
                yield Fact(
                    subject=curie_of(group.subject),
                    predicate=predicate,
                    object=curie_of(target),
                    polarity=Polarity.DENIES,
                    row=row_of(self._asked, group),
                )

    def _predicate(self, iri: str) -> str:
        if iri not in self._predicates:
            self._predicates[iri] = predicate_of(iri)
            if not self._predicates[iri]:
                reason = "its local name has no letter A to Z: no relation can be called so"
                self._asked.fail(self._asked.paths[0], iri, reason)
        return self._predicates[iri]

    def _said(self) -> Iterator[Said]:
        for group in self.groups:
            if group.subject not in self.groups.vocabulary:
                yield Said.of(group)

    def _label(self, said: Said) -> str:
        types = said.types()
        telling = [iri for iri in types if iri not in _VAGUE] or types
        names = [re.split(r"[#/:]", iri.rstrip("#/:"))[-1] for iri in telling]
        default = next(filter(None, map(label_of, names)), UNTYPED)
        return self._asked.label(*names, default, default=default)


def _points(statement: Statement) -> bool:
    """Whether the object of a statement is a thing by that alone.

    A type or a synonym is not, nor is what ends each list.
    """
    return statement.object != f"{RDF}nil" and (
        statement.predicate not in PLACED or statement.predicate in PARENTS
    )


RDF_FORMAT = Format("rdf", "any graph in RDF", _takes, _read)
