"""What all readers of RDF share: the files on disk by subject, and what they say of themselves."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from kg.curated_models import Fact, Source, Term
from kg.errors import UnreadableFileError
from kg.models import Polarity
from kg.prefixes import curie_of
from kg.sources.licences import licence_in
from kg.sources.rdf_groups import Group, Groups
from kg.sources.rdf_syntax import IRI, Statement, rdf_syntax, statements
from kg.sources.rdf_terms import (
    DATES,
    DCTERMS,
    LICENCES,
    OWL,
    RDF,
    RDFS,
    SKOS,
    TITLES,
    TYPE,
    VERSIONS,
    Said,
)
from kg.sources.request import SourceRequest, predicate_of, shown_name

HEADERS = frozenset({
    f"{OWL}Ontology", f"{SKOS}ConceptScheme", "http://rdfs.org/ns/void#Dataset",
})  # fmt: skip
CONCEPT = f"{SKOS}Concept"
CLASS = f"{OWL}Class"
DENIAL = f"{OWL}NegativePropertyAssertion"
# What has one of these types says something of the vocabulary, and is no thing of the field.
VOCABULARY = frozenset({
    *HEADERS, f"{RDF}Property", f"{RDF}List", f"{RDFS}Datatype", f"{OWL}ObjectProperty",
    f"{OWL}DatatypeProperty", f"{OWL}AnnotationProperty", f"{OWL}FunctionalProperty",
    f"{OWL}TransitiveProperty", f"{OWL}SymmetricProperty", f"{OWL}Restriction", f"{OWL}Axiom",
    f"{SKOS}Collection", f"{SKOS}OrderedCollection", DENIAL,
})  # fmt: skip
_OF_A_DENIAL = ("sourceIndividual", "assertionProperty", "targetIndividual")

_LOOKED_AT = 200_000
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


class Link(NamedTuple):
    """What a thing is linked with; `property` is empty where it is a kind of that."""

    property: str
    filler: str
    polarity: Polarity = Polarity.SUPPORTS


class RdfReader(ABC):
    """The statements of RDF files, thing by thing; a format says what they mean.

    Args:
        request: what is to be read.
        groups: all statements of its files.
    """

    def __init__(self, request: SourceRequest, groups: Groups) -> None:
        self._request = request
        self.groups = groups
        self._predicates: dict[str, str] = {}

    @abstractmethod
    def things(self) -> Iterator[Said]:
        """Yield what is said of each thing that is a term."""

    @abstractmethod
    def read(self, said: Said, row: str) -> tuple[Term, Iterable[Link]]:
        """Return the term that a thing is, and what it is linked with."""

    def relation(self, iri: str) -> str:
        """Return the relation that a property is; empty where it cannot be one."""
        return predicate_of(iri)

    def rows(self) -> Iterator[Term | Fact]:
        """Yield a term for each thing, and a fact for each of its links."""
        for said in self.things():
            group = said.group
            row = f"{shown_name(self._request.paths[group.file])} {group.subject}"
            term, links = self.read(said, row)
            yield term
            for link in dict.fromkeys(links):
                yield from self._fact(group.subject, link, row)

    def denials(self) -> Iterator[Fact]:
        """Yield what OWL says not to hold of two things."""
        for group in self.groups.of_type(DENIAL, TYPE):
            said = Said.of(group)
            source, property_, target = (said.first([f"{OWL}{part}"]) for part in _OF_A_DENIAL)
            named = source and property_ and target
            if named and not any(end.startswith("_:") for end in (source, property_, target)):
                row = f"{shown_name(self._request.paths[group.file])} {source}"
                yield from self._fact(source, Link(property_, target, Polarity.DENIES), row)

    def about(self, node: str) -> Said:
        """Return what is said of a node."""
        return Said.of(Group(node, 0, self.groups.about(node)))

    def _fact(self, subject: str, link: Link, row: str) -> Iterator[Fact]:
        if link.property not in self._predicates:
            self._predicates[link.property] = self.relation(link.property)
        if predicate := self._predicates[link.property]:
            yield Fact(curie_of(subject), predicate, curie_of(link.filler), row, link.polarity)


@lru_cache(maxsize=16)
def rdf_kind(path: Path, head: str) -> str:
    """Return `skos`, `owl` or `rdf`, by what the file's things are; empty if it is not RDF.

    The first 200,000 statements count.
    """
    if rdf_syntax(head) is None:
        return ""
    concepts = classes = 0
    try:
        for statement in islice(statements(path, lambda _: None), _LOOKED_AT):
            if statement.predicate == TYPE:
                concepts += statement.object == CONCEPT
                classes += statement.object == CLASS and not statement.subject.startswith("_:")
    except UnreadableFileError:
        # The reader will say what is wrong with it, and where.
        return "rdf"
    if concepts > classes:
        return "skos"
    return "owl" if classes else "rdf"


def grouped(
    request: SourceRequest,
    *,
    points: Callable[[Statement], bool] = lambda _: False,
    change: Callable[[Statement], Statement] = lambda statement: statement,
) -> Groups:
    """Return the statements of all files by subject; `change` sees each of them first.

    Raises:
        UnreadableFileError: a file that is not RDF, or says nothing of anything with an IRI.
        StoreError: they cannot be sorted on disk.
    """
    vocabulary: dict[str, set[str]] = {}

    def every() -> Iterator[tuple[int, Statement]]:
        for number, path in enumerate(request.paths):
            for statement in statements(path, request.on_failure):
                changed = change(statement)
                if _is_vocabulary(changed):
                    vocabulary.setdefault(changed.subject, set()).add(changed.object)
                yield number, _apart(changed, number) if len(request.paths) > 1 else changed

    groups = Groups(every(), points)
    groups.vocabulary = vocabulary
    if next(iter(groups), None) is None:
        raise UnreadableFileError(
            request.shown, "", "holds no statement about anything with an IRI"
        )
    return groups


def broader_only(statement: Statement) -> Statement:
    """Turn "narrower" round, so that each concept says what is broader."""
    subject, predicate, object_, kind, language = statement
    if predicate == f"{SKOS}narrower" and kind == IRI:
        return Statement(object_, f"{SKOS}broader", subject, kind, language)
    return statement


def header(groups: Groups) -> Said | None:
    """Return what is said of the ontology or the scheme that the files are; None if nothing is.

    Where several are described (a thesaurus that explains SKOS too) it is the one with a version,
    or else the one of which most is said.
    """
    named = [
        subject
        for subject, types in sorted(groups.vocabulary.items())
        if types & HEADERS and not subject.startswith("_:")
    ]
    found = [Said.of(Group(subject, 0, groups.about(subject))) for subject in named]
    return max(found, key=_tells, default=None)


def source_of(request: SourceRequest, format_: str, head: Said | None, name: str = "") -> Source:
    """Return the source, from what its files say of themselves and what the caller says."""
    if head is None:
        return request.source(format_, name=name)
    licence = head.first(LICENCES)
    date = _DATE.match(head.first(DATES))
    return request.source(
        format_,
        name=name,
        version=_version(head),
        licence=licence_in(licence) or licence or None,
        title=head.first(TITLES),
        date=date[0] if date else None,
    )


def _is_vocabulary(statement: Statement) -> bool:
    # What has no IRI is asked for by none, and an ontology has it without number.
    return (
        statement.predicate == TYPE
        and statement.object in VOCABULARY
        and not statement.subject.startswith("_:")
    )


def _version(head: Said) -> str:
    said = head.first(VERSIONS[:1])
    if said:
        return said
    iri = head.first(VERSIONS[1:])
    dated = re.search(r"(?:releases/|/)(v?\d[\w.-]*)/[^/]*$", iri)
    return dated[1] if dated else iri


def _tells(said: Said) -> tuple[bool, bool, int, str]:
    versioned = bool(said.first(VERSIONS))
    own = f"{DCTERMS}title" in said.by_predicate or bool(said.first(LICENCES))
    return (versioned, own, len(said.group.statements), said.group.subject)


def _apart(statement: Statement, number: int) -> Statement:
    """Return a statement whose blank nodes are those of its own file."""
    subject, object_ = statement.subject, statement.object
    if subject.startswith("_:"):
        subject = f"_:{number}.{subject[2:]}"
    if statement.kind == 1:
        object_ = f"_:{number}.{object_[2:]}"
    return statement._replace(subject=subject, object=object_)
