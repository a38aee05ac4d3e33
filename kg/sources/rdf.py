"""Any graph in RDF: what has an IRI is an entity, and a statement about two of them a fact.

The local name of a predicate is the relation (`ex:locatedIn` LOCATED_IN), that of a type the
label. Names, synonyms, definitions, cross-references and parents are known by the words of SKOS,
OWL, OBO, Dublin Core and schema.org; other literals become details. A thing that is only pointed
at is an entity too, of the type Thing unless the caller says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from kg.curated_models import Term
from kg.sources.curated_source import Content
from kg.sources.rdf_source import (
    Link,
    RdfReader,
    broader_only,
    grouped,
    header,
    rdf_kind,
    source_of,
)
from kg.sources.rdf_syntax import IRI, Statement
from kg.sources.rdf_terms import OWL, PARENTS, PLACED, RDF, RDFS, SKOS, Said, term_of
from kg.sources.request import Format, SourceRequest, label_of, predicate_of

UNTYPED = "Thing"

# Types that say nothing, where a thing has another one.
_VAGUE = frozenset({
    f"{OWL}Thing", f"{OWL}NamedIndividual", f"{RDFS}Resource", f"{SKOS}Concept",
})  # fmt: skip


def _takes(path: Path, head: str) -> bool:
    return rdf_kind(path, head) == "rdf"


def _read(request: SourceRequest) -> Content:
    things = _Things(request, grouped(request, points=_points, change=broader_only))
    return Content(
        source=source_of(request, "rdf", header(things.groups)),
        rows=chain(things.rows(), things.denials()),
        named_by_file=request.names_by_file(),
    )


class _Things(RdfReader):
    """All that has an IRI in the files, without what only describes their vocabulary."""

    def things(self) -> Iterator[Said]:
        """Yield what is said of each thing."""
        for group in self.groups:
            if group.subject not in self.groups.vocabulary:
                yield Said.of(group)

    def read(self, said: Said, row: str) -> tuple[Term, Iterable[Link]]:
        """Return the term that a thing is, and a link for each statement about another one."""
        term = term_of(said, self._label(said), row, self.groups.about, comment_describes=True)
        return term, (
            Link(statement.predicate, statement.object)
            for statement in said.group.statements
            if statement.kind == IRI
            and statement.predicate not in PLACED
            and statement.object not in self.groups.vocabulary
        )

    def relation(self, iri: str) -> str:
        """Return the relation that a property is called; one that cannot be one is told."""
        predicate = predicate_of(iri)
        if not predicate:
            reason = "its local name has no letter A to Z: no relation can be called so"
            self._request.fail(self._request.paths[0], iri, reason)
        return predicate

    def _label(self, said: Said) -> str:
        types = said.types()
        telling = [iri for iri in types if iri not in _VAGUE] or types
        names = [re.split(r"[#/:]", iri.rstrip("#/:"))[-1] for iri in telling]
        default = next(filter(None, map(label_of, names)), UNTYPED)
        return self._request.label(*names, default, default=default)


def _points(statement: Statement) -> bool:
    """Whether the object of a statement is a thing by that alone.

    A type or a synonym is not, nor is what ends each list.
    """
    return statement.object != f"{RDF}nil" and (
        statement.predicate not in PLACED or statement.predicate in PARENTS
    )


RDF_FORMAT = Format("rdf", "any graph in RDF", _takes, _read)
