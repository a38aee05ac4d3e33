"""What statements of RDF say of one thing, as a term: the words of SKOS, OWL, OBO and others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from kg.curated_models import Scope, Term, TermName
from kg.prefixes import curie_of, normalise_curie
from kg.sources.details import as_details
from kg.sources.rdf_groups import Group
from kg.sources.rdf_syntax import BLANK, IRI, LITERAL, Statement

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
_DC = "http://purl.org/dc/elements/1.1/"
_OBO = "http://purl.obolibrary.org/obo/"
_IN_OWL = "http://www.geneontology.org/formats/oboInOwl#"
_SCHEMA = ("https://schema.org/", "http://schema.org/")
_CC = "http://creativecommons.org/ns#"
_XHV = "http://www.w3.org/1999/xhtml/vocab#"

TYPE = f"{RDF}type"
DEPRECATED = f"{OWL}deprecated"

# The first of these that a thing has is its name, the others are names too.
NAMES = (
    f"{SKOS}prefLabel", f"{RDFS}label", *(f"{s}name" for s in _SCHEMA),
    "http://xmlns.com/foaf/0.1/name", f"{DCTERMS}title", f"{_DC}title",
)  # fmt: skip
_SCOPES: dict[str, Scope] = {
    f"{SKOS}altLabel": "exact",
    f"{SKOS}hiddenLabel": "exact",
    f"{_OBO}IAO_0000118": "exact",
    **{f"{s}alternateName": "exact" for s in _SCHEMA},
    f"{_IN_OWL}hasExactSynonym": "exact",
    f"{_IN_OWL}hasBroadSynonym": "broad",
    f"{_IN_OWL}hasNarrowSynonym": "narrow",
    f"{_IN_OWL}hasRelatedSynonym": "related",
}
# SKOS-XL makes a thing of each label: what it says is one step away.
_XL = "http://www.w3.org/2008/05/skos-xl#"
_XL_LABELS = {f"{_XL}{n}": f"{SKOS}{n}" for n in ("prefLabel", "altLabel", "hiddenLabel")}
_DEFINITIONS = (
    f"{_OBO}IAO_0000115", f"{SKOS}definition", f"{DCTERMS}description", f"{_DC}description",
    *(f"{s}description" for s in _SCHEMA), f"{SKOS}scopeNote",
)  # fmt: skip
# In a graph of any kind; in an ontology a comment is often one on the term, not on the thing.
_DESCRIPTIONS = (*_DEFINITIONS, f"{RDFS}comment")
_XREFS = (
    f"{_IN_OWL}hasDbXref", f"{SKOS}exactMatch", f"{OWL}sameAs", f"{OWL}equivalentClass",
)  # fmt: skip
PARENTS = (f"{RDFS}subClassOf", f"{SKOS}broader")
ALTERNATIVES = (f"{_IN_OWL}hasAlternativeId",)
REPLACED = (f"{_OBO}IAO_0100001", f"{DCTERMS}isReplacedBy")
# Statements with these predicates are no facts, even where their object is a thing.
PLACED = frozenset({
    TYPE, DEPRECATED, f"{_IN_OWL}id", *NAMES, *_SCOPES, *_XREFS, *PARENTS, *ALTERNATIVES,
    *REPLACED, *_XL_LABELS,
})  # fmt: skip

LICENCES = (f"{DCTERMS}license", f"{_CC}license", f"{_XHV}license", f"{DCTERMS}rights")
VERSIONS = (f"{OWL}versionInfo", f"{OWL}versionIRI")
DATES = (f"{DCTERMS}modified", f"{DCTERMS}issued", f"{DCTERMS}date", f"{_DC}date")
TITLES = (f"{DCTERMS}title", f"{_DC}title", *NAMES)

_LANGUAGES = ("en", "")
_DEPTH = 3
_WIDTH = 100

About = Callable[[str], list[Statement]]


@dataclass(slots=True)
class Said:
    """What is said of a thing, by predicate."""

    group: Group
    by_predicate: dict[str, list[Statement]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, group: Group) -> Said:
        """Return a group's statements by their predicates."""
        said = cls(group)
        for statement in group.statements:
            said.by_predicate[statement.predicate].append(statement)
        return said

    def types(self) -> list[str]:
        """Return the IRIs of its types."""
        return sorted(s.object for s in self.by_predicate.get(TYPE, ()) if s.kind == IRI)

    def first(self, predicates: Iterable[str]) -> str:
        """Return the best value of the first of the predicates that has one; English first."""
        for predicate in predicates:
            found = self.by_predicate.get(predicate)
            if found:
                return min(found, key=_by_language).object.strip()
        return ""

    def ids(self, predicates: Iterable[str]) -> tuple[str, ...]:
        """Return all values as CURIEs, each once."""
        found = (s for p in predicates for s in self.by_predicate.get(p, ()) if s.kind != BLANK)
        return tuple(dict.fromkeys(_curie(statement) for statement in found))


def term_of(
    said: Said,
    type_: str,
    row: str,
    about: About,
    *,
    comment_describes: bool = False,
    keeps: Callable[[Statement], bool] = lambda _: False,
) -> Term:
    """Return a term from what is said of a thing.

    Args:
        said: what is said.
        type_: its label.
        row: where it stood.
        about: returns the statements about a blank node.
        comment_describes: whether `rdfs:comment` is a definition, if there is no better one.
        keeps: which statements go into the details beside literals and nodes without a name:
            those about another thing that are no facts, or have a place and do not fit there.
    """
    _add_labels(said, about)
    main, others = _names(said)
    definition = said.first(_DESCRIPTIONS if comment_describes else _DEFINITIONS)
    return Term(
        id=curie_of(said.group.subject),
        type=type_,
        name=main.text,
        language=main.language,
        names=others,
        definition=definition,
        xrefs=said.ids(_XREFS),
        parents=said.ids(PARENTS),
        alternatives=said.ids(ALTERNATIVES),
        obsolete=said.first([DEPRECATED]).casefold() in {"true", "1"},
        replaced_by=next(iter(said.ids(REPLACED)), ""),
        details=_details(said, definition, about, keeps),
        row=row,
    )


def _add_labels(said: Said, about: About) -> None:
    """Put the labels of SKOS-XL beside the plain ones."""
    for predicate, plain in _XL_LABELS.items():
        for statement in said.by_predicate.get(predicate, ()):
            for label in about(statement.object) if statement.kind != LITERAL else ():
                if label.predicate == f"{_XL}literalForm" and label.kind == LITERAL:
                    said.by_predicate[plain].append(label._replace(predicate=plain))


def _names(said: Said) -> tuple[TermName, tuple[TermName, ...]]:
    """Return the main name, and all others in order, each text of a language once."""
    found: list[TermName] = []
    seen: set[str] = set()
    for predicate in NAMES:
        literals = [s for s in said.by_predicate.get(predicate, ()) if s.kind == LITERAL]
        for statement in sorted(literals, key=_by_language):
            # One main name a language; a second label in it is a synonym.
            scope: Scope = "exact" if statement.language in seen else "preferred"
            seen.add(statement.language)
            found.append(_named(statement, scope))
    main = next((name for name in found if name.text), TermName(text=""))
    for predicate, scope in _SCOPES.items():
        synonyms = said.by_predicate.get(predicate, ())
        found.extend(_named(s, scope) for s in synonyms if s.kind == LITERAL)
    distinct: dict[tuple[str, str], TermName] = {}
    for name in found:
        distinct.setdefault((name.text, name.language), name)
    others = (name for key, name in distinct.items() if key[0] and name is not main)
    return main, tuple(others)


def _named(statement: Statement, scope: Scope) -> TermName:
    return TermName(text=statement.object.strip(), scope=scope, language=statement.language)


def _by_language(statement: Statement) -> tuple[int, str, str]:
    base = statement.language.partition("-")[0].casefold()
    rank = _LANGUAGES.index(base) if base in _LANGUAGES else len(_LANGUAGES)
    return (rank, statement.language, statement.object)


def _curie(statement: Statement) -> str:
    read = curie_of if statement.kind == IRI else normalise_curie
    return read(statement.object)


def _details(said: Said, definition: str, about: About, keeps: Callable[[Statement], bool]) -> str:
    """Return what else is said, as JSON: literals, and what is said of nodes without a name."""
    found: dict[str, list[Any]] = defaultdict(list)
    budget = iter(range(_WIDTH))
    for statement in said.group.statements:
        if statement.object == definition:
            continue
        kept = keeps(statement)
        if statement.predicate in PLACED and not kept:
            continue
        if statement.kind == LITERAL:
            found[curie_of(statement.predicate)].append(_value(statement))
        elif statement.kind == BLANK:
            nested = _nested(statement.object, about, budget, _DEPTH)
            if nested:
                found[curie_of(statement.predicate)].append(nested)
        elif kept:
            found[curie_of(statement.predicate)].append(curie_of(statement.object))
    return as_details(found)


def _nested(node: str, about: About, budget: Iterator[int], depth: int) -> dict[str, list[Any]]:
    """Return what is said of a node without a name; bounded, as a hostile file may nest at will."""
    found: dict[str, list[Any]] = defaultdict(list)
    for statement in about(node):
        if next(budget, None) is None:
            break
        key = curie_of(statement.predicate)
        if statement.kind == LITERAL:
            found[key].append(_value(statement))
        elif statement.kind == IRI:
            found[key].append(curie_of(statement.object))
        elif depth > 1:
            found[key].append(_nested(statement.object, about, budget, depth - 1))
    return dict(found)


def _value(statement: Statement) -> str:
    return f"{statement.object}@{statement.language}" if statement.language else statement.object
