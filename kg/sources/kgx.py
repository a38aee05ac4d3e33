"""KGX, the exchange format of Biolink graphs: nodes and edges, as TSV or as JSON lines.

https://github.com/biolink/kgx/blob/master/specification/kgx-format.md. A category is the type, a
predicate the relation (`biolink:treats` TREATS), a negated edge a denied fact. `subclass_of` says
what a node is a kind of. Every other column of an edge goes into the fact's details.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from kg.curated_models import Fact, Term, TermName
from kg.files import Line, open_source
from kg.models import Polarity
from kg.prefixes import normalise_curie
from kg.sources.curated_source import Content
from kg.sources.details import as_details
from kg.sources.request import Format, SourceRequest, label_of, predicate_of, shown_name, stem

_NODE_COLUMNS = frozenset({"id", "category"})
_EDGE_COLUMNS = frozenset({"subject", "predicate", "object"})
_KIND_OF = "SUBCLASS_OF"
_UNTYPED = "NamedThing"
# Categories that say little, where a node has another one too.
_VAGUE = frozenset({
    "BiologicalEntity", "ChemicalEntityOrGeneOrGeneProduct", "Entity", "InformationContentEntity",
    "NamedThing", "Occurrent", "OntologyClass", "PhysicalEssence", "PhysicalEssenceOrOccurrent",
    "SubjectOfInvestigation", "ThingWithTaxon",
})  # fmt: skip
_LISTS = frozenset({
    "aggregator_knowledge_source", "category", "broad_synonym", "exact_synonym", "narrow_synonym",
    "publications", "related_synonym", "same_as", "synonym", "xref",
})  # fmt: skip
_SYNONYMS = {
    "synonym": "exact",
    "exact_synonym": "exact",
    "broad_synonym": "broad",
    "narrow_synonym": "narrow",
    "related_synonym": "related",
}
_NODE_PLACED = frozenset({
    "id", "category", "name", "description", "xref", "same_as", "deprecated", *_SYNONYMS,
})  # fmt: skip
_EDGE_PLACED = frozenset({*_EDGE_COLUMNS, "negated"})
_TRUE = frozenset({"true", "1", "yes", "t"})
_FALSE = frozenset({"false", "0", "no", "f", ""})
_PART_OF_NAME = re.compile(r"(^|[_.-])(nodes?|edges?)$", re.IGNORECASE)


class _Record(NamedTuple):
    """A node or an edge: its values by column, without those that are empty."""

    path: Path
    line: Line
    values: dict[str, Any]

    @property
    def row(self) -> str:
        return f"{shown_name(self.path)} {self.line.where}"

    @property
    def is_edge(self) -> bool:
        return "subject" in self.values or "object" in self.values


def _takes(_path: Path, head: str) -> bool:
    first = head.lstrip("\ufeff\n\r ").partition("\n")[0].rstrip("\r")
    if first.startswith("{"):
        try:
            columns = set(json.loads(first))
        except (ValueError, RecursionError):
            return False
    else:
        columns = set(first.split("\t"))
    return columns >= _NODE_COLUMNS or columns >= _EDGE_COLUMNS


def _read(request: SourceRequest) -> Content:
    graph = _Graph(request)
    return Content(
        source=request.source("kgx", name=_name(request.paths)),
        rows=chain(graph.facts(), graph.terms()),
        named_by_file=request.names_by_file(),
    )


def _name(paths: Iterable[Path]) -> str:
    """Return what the files are called, however they are ordered; else what their folder is."""
    ordered = sorted(paths)
    names = (_PART_OF_NAME.sub("", stem(path)) for path in ordered)
    return next(filter(None, names), ordered[0].resolve().parent.name)


class _Graph:
    """The nodes and edges of one graph, in any number of files."""

    def __init__(self, request: SourceRequest) -> None:
        self._request = request
        holds = {path: _holds(path) for path in request.paths}
        self._nodes_in = [path for path, (nodes, _) in holds.items() if nodes]
        self._edges_in = [path for path, (_, edges) in holds.items() if edges]
        self._parents: dict[str, dict[str, None]] = defaultdict(dict)  # what each node is a kind of

    def terms(self) -> Iterator[Term]:
        """Yield a term for each node, after `facts`; of one that stands twice the first counts."""
        parents = self._parents
        seen: set[str] = set()
        for record in self._records(self._nodes_in):
            if record.is_edge:
                continue
            try:
                term = _term(self._request, record)
            except ValueError as error:
                self._fail(record, str(error))
                continue
            if term.id in seen:
                self._fail(record, f"the node {term.id} stands here again; the first one counts")
                continue
            seen.add(term.id)
            above = tuple(parents.pop(term.id, ()))
            yield term.model_copy(update={"parents": above}) if above else term
        for subject in parents.keys() - seen:
            reason = f"{subject} is a subclass in an edge, and no node of these files"
            self._request.fail(self._request.paths[0], subject, reason)

    def facts(self) -> Iterator[Fact]:
        """Yield a fact for each edge that is not `subclass_of`."""
        for record in self._records(self._edges_in):
            if not record.is_edge:
                continue
            try:
                fact = _fact(record)
            except ValueError as error:
                self._fail(record, str(error))
                continue
            if _says_kind(fact):
                self._parents[fact.subject][fact.object] = None
            else:
                yield fact

    def _records(self, paths: Iterable[Path]) -> Iterator[_Record]:
        for path in paths:
            with open_source(path) as opened:
                yield from self._parsed(path, opened.lines())

    def _parsed(self, path: Path, lines: Iterator[Line]) -> Iterator[_Record]:
        columns: list[str] | None = None  # none of JSON lines
        for line in lines:
            if line.problem:
                self._request.fail(path, line.where, line.problem)
            elif line.number == 1 and not line.text.startswith("{"):
                columns = line.text.split("\t")
            elif line.text:
                try:
                    values = _tsv(line.text, columns) if columns else _json(line.text)
                except ValueError as error:
                    self._request.fail(path, line.where, str(error))
                else:
                    yield _Record(path, line, values)

    def _fail(self, record: _Record, reason: str) -> None:
        self._request.fail(record.path, record.line.where, reason)


def _holds(path: Path) -> tuple[bool, bool]:
    """Whether a file may hold nodes, and edges: a TSV says which by its columns."""
    with open_source(path) as opened:
        first = next(opened.lines()).text
    if first.startswith("{"):
        return True, True
    edges = {"subject", "object"} <= set(first.split("\t"))
    return not edges, edges


def _tsv(text: str, columns: list[str]) -> dict[str, Any]:
    cells = text.split("\t")
    if len(cells) > len(columns):
        raise ValueError(f"has {len(cells)} columns, where the first line has {len(columns)}")
    # zip ends with the shorter: empty cells at the end are often left out.
    return {
        column: cell.split("|") if column in _LISTS else cell
        for column, cell in zip(columns, cells, strict=False)
        if cell
    }


def _json(text: str) -> dict[str, Any]:
    try:
        values = json.loads(text)
    except RecursionError as error:
        raise ValueError("is nested too deeply") from error
    except ValueError as error:
        raise ValueError(f"is no JSON: {error}") from error
    if not isinstance(values, dict):
        raise ValueError("is no JSON object, as a node or an edge is")  # noqa: TRY004
    return {key: value for key, value in values.items() if value not in (None, "", [])}


def _term(request: SourceRequest, record: _Record) -> Term:
    values = record.values
    names = [
        TermName(text=text, scope=scope)
        for column, scope in _SYNONYMS.items()
        if column in values
        for text in _texts(values, column)
    ]
    xrefs = [
        normalise_curie(xref)
        for column in ("xref", "same_as")
        if column in values
        for xref in _texts(values, column)
    ]
    return Term(
        id=_id(values, "id"),
        type=_type(request, _texts(values, "category")),
        name=_text(values, "name"),
        names=tuple(dict.fromkeys(names)),
        definition=_text(values, "description"),
        xrefs=tuple(dict.fromkeys(xrefs)),
        obsolete=_is_true(values, "deprecated"),
        details=_details(values, _NODE_PLACED),
        row=record.row,
    )


def _type(request: SourceRequest, categories: list[str]) -> str:
    labels = [label for label in map(label_of, categories) if label]
    telling = [label for label in labels if label not in _VAGUE] or labels or [_UNTYPED]
    return request.label(*labels, default=telling[0])


def _fact(record: _Record) -> Fact:
    values = record.values
    said = _text(values, "predicate")
    predicate = predicate_of(said)
    if not predicate:
        raise ValueError(f"{said!r} is no predicate; the form is biolink:treats")
    denied = _is_true(values, "negated")
    return Fact(
        subject=_id(values, "subject"),
        predicate=predicate,
        object=_id(values, "object"),
        polarity=Polarity.DENIES if denied else Polarity.SUPPORTS,
        row=record.row,
        details=_details(values, _EDGE_PLACED),
    )


def _says_kind(fact: Fact) -> bool:
    return fact.predicate == _KIND_OF and fact.polarity is Polarity.SUPPORTS


def _is_true(values: Mapping[str, Any], column: str) -> bool:
    said = str(values.get(column, "")).strip().casefold()
    if said not in _TRUE and said not in _FALSE:
        raise ValueError(f"{column} is {said[:100]!r}, and must be true or false")
    return said in _TRUE


def _id(values: Mapping[str, Any], column: str) -> str:
    text = _text(values, column)
    if not text:
        raise ValueError(f"has no {column}")
    return normalise_curie(text)


def _text(values: Mapping[str, Any], column: str) -> str:
    value = values.get(column, "")
    if not isinstance(value, str):
        raise ValueError(f"{column} is {str(value)[:100]!r}, and must be a text")  # noqa: TRY004
    return value


def _texts(values: Mapping[str, Any], column: str) -> list[str]:
    value = values.get(column, [])
    listed = value if isinstance(value, list) else [value]
    if not all(isinstance(item, str) for item in listed):
        raise ValueError(f"{column} holds something that is no text: {str(value)[:100]!r}")
    return [item for item in listed if item]


def _details(values: Mapping[str, Any], placed: frozenset[str]) -> str:
    rest = {column: value for column, value in values.items() if column not in placed}
    return as_details(rest)


KGX = Format("kgx", "a graph in KGX: nodes and edges as TSV or JSON lines", _takes, _read)
