"""OBO ontologies: https://owlcollab.github.io/oboformat/doc/GO.format.obo-1_4.html.

A term is a kind of its `is_a`, and of the genus of its definition (`intersection_of` without a
relation); every other relation is a fact, named as its `[Typedef]` is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, get_args

import fastobo

from kg.curated_models import Fact, Scope, Term, TermName
from kg.files import Line
from kg.prefixes import normalise_curie
from kg.sources.curated_source import Content
from kg.sources.details import as_details
from kg.sources.licences import licence_in
from kg.sources.obo_frames import Frame, clauses, frames, id_of
from kg.sources.ontology_types import OntologyTypes
from kg.sources.request import Format, SourceRequest, predicate_of, shown_name

_T = TypeVar("_T")

_HEAD = re.compile(r"^(format-version|ontology|data-version):|^\[Term\]\s*$", re.MULTILINE)
_LICENCE = re.compile(r"(?:dcterms:|http://purl\.org/dc/terms/)(?:license|rights)\s+(.*)")
_TITLE = re.compile(r'(?:dcterms:|dce?:|http://purl\.org/dc/\S+/)title\s+"((?:[^"\\]|\\.)*)"')
_DATE = re.compile(r"(\d{2}):(\d{2}):(\d{4})")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_SCOPES = frozenset(get_args(Scope))
# What a term says that has a place of its own; the rest is kept as details.
_PLACED = frozenset({
    "alt_id", "def", "equivalent_to", "id", "intersection_of", "is_a", "is_obsolete", "name",
    "namespace", "relationship", "replaced_by", "synonym", "xref",
})  # fmt: skip


def _takes(_path: Path, head: str) -> bool:
    return _HEAD.search(head) is not None and not head.lstrip().startswith(("<", "{", "@"))


def _read(request: SourceRequest) -> Content:
    ontology = _Ontology(request)
    for path in request.paths:
        ontology.survey(path)
    header = ontology.header
    title, licence = header.first(_TITLE, "property_value"), header.licence()
    name = header.one("ontology").removesuffix(".obo")
    return Content(
        source=request.source(
            "obo",
            name=name,
            version=header.one("data-version"),
            licence=licence,
            title=title,
            date=header.date(),
        ),
        rows=ontology.rows(),
        named_by_file=request.names_by_file(name),
    )


@dataclass(slots=True)
class _Header:
    """The clauses of a header by their tags."""

    values: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def one(self, tag: str) -> str:
        return self.values[tag][0].strip() if self.values[tag] else ""

    def first(self, pattern: re.Pattern[str], tag: str) -> str:
        found = (pattern.match(value) for value in self.values[tag])
        return next((match[1].strip() for match in found if match), "")

    def licence(self) -> str | None:
        said = self.first(_LICENCE, "property_value")
        remarks = (licence_in(text) for text in [said, *self.values["remark"]])
        return next(filter(None, remarks), said or None)

    def date(self) -> str | None:
        if found := _DATE.match(self.one("date")):
            return f"{found[3]}-{found[2]}-{found[1]}"
        dated = _ISO_DATE.search(self.one("data-version"))
        return dated[0] if dated else None


class _Ontology:
    """The files of an ontology; only the header and the names of relations are kept."""

    def __init__(self, request: SourceRequest) -> None:
        self._request = request
        self._relations: dict[str, str] = {}
        self._namespace = ""
        self.header = _Header()
        self._types = OntologyTypes(request, "")

    def survey(self, path: Path) -> None:
        """Read the header and the relations of a file."""
        for frame in frames(path):
            if not frame.kind:
                for clause in clauses(frame, partial(self._bad_line, path))[1]:
                    self.header.values[clause.raw_tag()].append(clause.raw_value())
            elif frame.kind == "Typedef":
                for id_, parsed in self._parsed(path, frame):
                    names = [str(c.name) for c in parsed if c.raw_tag() == "name"]
                    self._relations[id_] = predicate_of(names[0] if names else id_)
        self._namespace = self.header.one("default-namespace")
        self._types = OntologyTypes(self._request, self.header.one("ontology").removesuffix(".obo"))

    def rows(self) -> Iterator[Term | Fact]:
        """Yield every term, obsolete ones too, and its relations to others beside `is_a`."""
        for path in self._request.paths:
            for frame in frames(path):
                if frame.kind == "Term":
                    for id_, parsed in self._parsed(path, frame):
                        row = f"{shown_name(path)} {frame.where}"
                        yield self._term(id_, parsed, row)
                        yield from self._relations_of(id_, parsed, row)
                elif frame.kind not in {"", "Typedef"}:
                    self._request.fail(path, frame.where, f"a frame [{frame.kind}] is not read")

    def _parsed(self, path: Path, frame: Frame) -> Iterator[tuple[str, list[Any]]]:
        """Yield a frame's id and clauses, or nothing where it cannot be read."""
        try:
            yield clauses(frame, partial(self._bad_line, path))
        except ValueError as error:
            self._request.fail(path, frame.where, str(error))

    def _bad_line(self, path: Path, line: Line, reason: str) -> None:
        self._request.fail(path, line.where, reason)

    def _term(self, id_: str, parsed: list[Any], row: str) -> Term:
        said: dict[str, list[Any]] = defaultdict(list)
        for clause in parsed:
            said[clause.raw_tag()].append(clause)
        curie = normalise_curie(id_)
        namespace = str(said["namespace"][0].namespace) if said["namespace"] else self._namespace
        genera = [c for c in said["intersection_of"] if c.typedef is None]
        return Term(
            id=curie,
            type=self._types.label(curie, namespace),
            name=str(said["name"][0].name).strip() if said["name"] else "",
            names=_distinct(_name(clause) for clause in said["synonym"]),
            definition=str(said["def"][0].definition) if said["def"] else "",
            xrefs=_distinct(
                [_curie(c.xref.id) for c in said["xref"]]
                + [_curie(c.term) for c in said["equivalent_to"]]
                + _exact_matches(said["property_value"])
            ),
            parents=_distinct(_curie(c.term) for c in [*said["is_a"], *genera]),
            alternatives=_distinct(_curie(c.alt_id) for c in said["alt_id"]),
            obsolete=any(c.raw_value() == "true" for c in said["is_obsolete"]),
            replaced_by=next((_curie(c.term) for c in said["replaced_by"]), ""),
            details=_details(said, namespace),
            row=row,
        )

    def _relation(self, id_: str) -> str:
        """Return the relation that an id is: by its typedef, or else as OWL's IRI would end."""
        return self._relations.get(id_) or predicate_of(id_) or predicate_of(id_.replace(":", "_"))

    def _relations_of(self, id_: str, parsed: list[Any], row: str) -> Iterator[Fact]:
        seen: set[tuple[str, str]] = set()
        for clause in parsed:
            if clause.raw_tag() not in {"relationship", "intersection_of"}:
                continue
            if clause.typedef is None:
                continue
            pair = (self._relation(id_of(clause.typedef)), id_of(clause.term))
            if pair not in seen:
                seen.add(pair)
                yield Fact(
                    subject=normalise_curie(id_),
                    predicate=pair[0],
                    object=normalise_curie(pair[1]),
                    row=row,
                )


def _curie(ident: Any) -> str:
    return normalise_curie(id_of(ident))


def _exact_matches(clauses_: Iterable[Any]) -> list[str]:
    """Return what a term is an exact match of, in the words of SKOS, as MONDO has it."""
    values = (clause.property_value for clause in clauses_)
    return [
        _curie(value.value)
        for value in values
        if isinstance(value, fastobo.pv.ResourcePropertyValue)
        and re.split(r"[:#]", id_of(value.relation))[-1] == "exactMatch"
    ]


def _name(clause: Any) -> TermName:
    scope = str(clause.synonym.scope or "related").lower()
    text = str(clause.synonym.desc).strip()
    # OBO knows these four scopes, and SKOS's preferred names are not among them.
    return TermName(text=text, scope=scope if scope in _SCOPES else "related")


def _details(said: dict[str, list[Any]], namespace: str) -> str:
    rest: dict[str, Any] = {
        tag: [clause.raw_value() for clause in found]
        for tag, found in said.items()
        if found and tag not in _PLACED
    }
    if len(said["replaced_by"]) > 1:  # one of them has a place
        rest["replaced_by"] = [_curie(clause.term) for clause in said["replaced_by"]]
    if namespace:
        rest["namespace"] = namespace
    return as_details(rest)


def _distinct(values: Iterable[_T]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(values))


OBO = Format("obo", "an ontology in OBO", _takes, _read)
