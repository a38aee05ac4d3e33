"""OWL ontologies: in any syntax of RDF, and in functional syntax or OWL/XML.

A class is a term. What it is a subclass of is a parent, if that is a class with a name; if it is
a restriction (`part_of some X`) it is a fact, as are those in a definition by intersection, whose
classes with a name are parents too. Functional syntax and OWL/XML are turned into RDF by
py-horned-owl, which holds the ontology in memory; RDF is read in bounded memory.
"""

from __future__ import annotations

import contextlib
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Literal

from kg.curated_models import Term
from kg.errors import MissingExtraError, UnreadableFileError
from kg.files import open_source
from kg.prefixes import curie_of
from kg.sources.curated_source import Content
from kg.sources.ontology_types import OntologyTypes
from kg.sources.owl_links import lacked, restricted
from kg.sources.rdf_groups import Groups
from kg.sources.rdf_source import CLASS, Link, RdfReader, grouped, header, rdf_kind, source_of
from kg.sources.rdf_syntax import BLANK, IRI, Statement, rdf_syntax
from kg.sources.rdf_terms import (
    ALTERNATIVES,
    DEPRECATED,
    NAMES,
    OWL,
    PLACED,
    RDF,
    RDFS,
    REPLACED,
    TYPE,
    Said,
    term_of,
)
from kg.sources.request import Format, SourceRequest, predicate_of, stem
from kg.sources.xml_guard import refuse_entities

MAX_CONVERTED = 512 << 20

_INDIVIDUAL = f"{OWL}NamedIndividual"
_SUPER = (f"{RDFS}subClassOf", f"{OWL}equivalentClass")
_PARTS = f"{OWL}intersectionOf"
_DEPTH = 8
_WIDTH = 1_000
_FUNCTIONAL = re.compile(r"^\s*(Prefix\s*\(|Ontology\s*\()", re.MULTILINE)
_OWL_XML = re.compile(r"<(?:owl:)?Ontology\b[^>]*http://www\.w3\.org/2002/07/owl#", re.DOTALL)


def _takes(path: Path, head: str) -> bool:
    return _needs_turning(head) or rdf_kind(path, head) == "owl"


def _needs_turning(head: str) -> bool:
    if head.lstrip().startswith("<"):
        return rdf_syntax(head) is None and _OWL_XML.search(head) is not None
    return _FUNCTIONAL.match(head) is not None


def _read(request: SourceRequest) -> Content:
    ontology = _Ontology(request, _groups(request))
    head = header(ontology.groups)
    iri = head.group.subject if head else ""
    name = re.split(r"[#/]", iri.rstrip("#/"))[-1] if iri else ""
    name = stem(Path(name)) if name else ""
    source = source_of(request, "owl", head, name)
    ontology.types = OntologyTypes(request, source.name)
    return Content(
        source=source,
        rows=chain(ontology.rows(), ontology.denials()),
        named_by_file=request.names_by_file(name),
    )


class _Ontology(RdfReader):
    """The classes and individuals of an ontology."""

    types: OntologyTypes

    def things(self) -> Iterator[Said]:
        """Yield what is said of each class and individual with a name, obsolete ones too."""
        for group in self.groups:
            said = Said.of(group)
            types = said.types()
            if (CLASS in types or _INDIVIDUAL in types) and not self._merged_away(said):
                yield said

    def read(self, said: Said, row: str) -> tuple[Term, Iterable[Link]]:
        """Return the term, and a link for each restriction of a class, relation of an individual.

        What a class lacks is denied.
        """
        curie = curie_of(said.group.subject)
        namespace = said.first(["http://www.geneontology.org/formats/oboInOwl#hasOBONamespace"])
        label = self.types.label(curie, namespace)
        term = term_of(said, label, row, self.groups.about, keeps=self._keeps)
        above = list(self._above(said))
        genera = [curie_of(link.filler) for link in above if not link.property]
        parents = tuple(dict.fromkeys([*term.parents, *genera]))
        named = tuple(parent for parent in parents if parent not in {term.id, "owl:Thing"})
        links = (link for link in (*above, *self._of_individual(said)) if link.property)
        return term.model_copy(update={"parents": named}), links

    def relation(self, iri: str) -> str:
        """Return the relation that a property is: by its label, or else its local name."""
        label = self.about(iri).first([f"{RDFS}label"])
        return predicate_of(label) or predicate_of(iri)

    def _keeps(self, statement: Statement) -> bool:
        """Whether it is no fact and gives no parent: what is disjoint, or a restriction to all."""
        if statement.kind == BLANK and statement.predicate in _SUPER:
            found = self._in_node(statement.object, iter(range(_WIDTH)), _DEPTH)
            return next(found, None) is None
        return (
            statement.kind == IRI
            and statement.predicate not in PLACED
            and f"{OWL}ObjectProperty" not in self.groups.vocabulary.get(statement.predicate, ())
        )

    def _merged_away(self, said: Said) -> bool:
        """Whether a class is only what is left of an id that another class has as an old one."""
        if DEPRECATED not in said.by_predicate or said.first(NAMES):
            return False
        own = curie_of(said.group.subject)
        heirs = (s.object for p in REPLACED for s in said.by_predicate.get(p, ()) if s.kind == IRI)
        return any(own in self.about(heir).ids(ALTERNATIVES) for heir in heirs)

    def _above(self, said: Said) -> Iterator[Link]:
        """Yield a link for each restriction, and one without property for each genus."""
        budget = iter(range(_WIDTH))
        for predicate in _SUPER:
            for statement in said.by_predicate.get(predicate, ()):
                if statement.kind == BLANK:
                    yield from self._in_node(statement.object, budget, _DEPTH)

    def _in_node(self, node: str, budget: Iterator[int], depth: int) -> Iterator[Link]:
        about = self.about(node)
        yield from restricted(about)
        for statement in about.by_predicate.get(f"{OWL}complementOf", ()):
            if statement.kind == BLANK:
                yield from lacked(self.about(statement.object))
        for statement in about.by_predicate.get(_PARTS, ()):
            for part, kind in self._items(statement.object, budget):
                if kind == IRI:
                    yield Link("", part)
                elif kind == BLANK and depth:
                    yield from self._in_node(part, budget, depth - 1)

    def _items(self, node: str, budget: Iterator[int]) -> Iterator[tuple[str, int]]:
        """Yield the members of a list; a list that runs in a circle ends with the budget."""
        while node.startswith("_:") and next(budget, None) is not None:
            about = self.about(node)
            for statement in about.by_predicate.get(f"{RDF}first", ()):
                yield statement.object, statement.kind
            node = about.first([f"{RDF}rest"])

    def _of_individual(self, said: Said) -> Iterator[Link]:
        if _INDIVIDUAL not in said.types():
            return
        for statement in said.group.statements:
            if statement.kind != IRI:
                continue
            if statement.predicate == TYPE:
                if not statement.object.startswith(OWL):
                    yield Link("instance_of", statement.object)
            elif f"{OWL}ObjectProperty" in self.groups.vocabulary.get(statement.predicate, ()):
                yield Link(statement.predicate, statement.object)


def _groups(request: SourceRequest) -> Groups:
    with contextlib.ExitStack() as folders:
        return grouped(_as_rdf(request, folders))


def _as_rdf(request: SourceRequest, folders: contextlib.ExitStack) -> SourceRequest:
    """Return the same with the files that are not RDF turned into it."""
    paths = []
    for number, path in enumerate(request.paths):
        with open_source(path) as opened:
            head = opened.head.decode("utf-8", errors="replace")
            if not _needs_turning(head):
                paths.append(path)
                continue
            if head.lstrip().startswith("<"):
                refuse_entities(opened.path, opened.head)
            text = opened.whole(MAX_CONVERTED).decode("utf-8", errors="replace")
        folder = folders.enter_context(tempfile.TemporaryDirectory())
        # Named as the file is: rows say where they stood.
        inside = Path(folder) / str(number)
        inside.mkdir()
        paths.append(_turned(text, path, inside / path.name))
    return replace(request, paths=tuple(paths))


def _turned(text: str, path: Path, target: Path) -> Path:
    try:
        import pyhornedowl
    except ImportError as error:
        purpose = "OWL in functional syntax or OWL/XML"
        raise MissingExtraError("py-horned-owl", purpose, "owl") from error
    syntax: Literal["owx", "ofn"] = "owx" if text.lstrip().startswith("<") else "ofn"
    try:
        ontology = pyhornedowl.open_ontology_from_string(text, syntax)
        target.write_text(ontology.save_to_string("owl"), encoding="utf-8")
    except ValueError as error:
        reason = f"is no OWL in {syntax}: {str(error)[:300]}"
        raise UnreadableFileError(str(path), "", reason) from error
    return target


OWL_FORMAT = Format("owl", "an ontology in OWL", _takes, _read)
