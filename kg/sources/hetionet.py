"""Hetionet: a TSV of nodes (`id, name, kind`) and a SIF of edges (`source, metaedge, target`).

Himmelstein et al. 2017, https://doi.org/10.7554/eLife.26726. The ids are `Kind::ID`; what the
metaedges (`CtD`) mean stands in `hetionet_domain.toml`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from kg.curated_models import Fact, Term
from kg.domain import Domain, EntityType, RelationType, Signature, parse_domain
from kg.errors import UnreadableFileError
from kg.files import Line, open_source, shown
from kg.prefixes import normalise_curie
from kg.sources.curated_source import Content
from kg.sources.request import Format, SourceRequest, shown_name

NODES = "id\tname\tkind"
EDGES = "source\tmetaedge\ttarget"
LICENCE = "CC0-1.0"

_SCHEMA = Path(__file__).with_name("hetionet_domain.toml")
# The prefix of the ids of a kind; those of an anatomy or a disease have it already.
_PREFIXES = {
    "Anatomy": "",
    "Biological Process": "",
    "Cellular Component": "",
    "Compound": "DRUGBANK:",
    "Disease": "",
    "Gene": "NCBIGene:",
    "Molecular Function": "",
    "Pharmacologic Class": "NDFRT:",
    "Side Effect": "UMLS:",
    "Symptom": "MESH:",
}


def _takes(_path: Path, head: str) -> bool:
    first = head.partition("\n")[0].rstrip("\r")
    return first in {NODES, EDGES}


def _read(request: SourceRequest) -> Content:
    parts = _Parts(request)
    return Content(
        source=request.source("hetionet", name="hetionet", licence=LICENCE, title="Hetionet"),
        rows=parts.terms(),
        more_facts=parts.facts,
        schema=lambda _: parts.domain,
    )


class _Parts:
    """The files of nodes and those of edges."""

    def __init__(self, request: SourceRequest) -> None:
        self._request = request
        self._nodes = [path for path in request.paths if _header(path) == NODES]
        self._edges = [path for path in request.paths if _header(path) == EDGES]
        for path in request.paths:
            if path not in self._nodes and path not in self._edges:
                reason = f"neither nodes (first line {NODES!r}) nor edges ({EDGES!r}) of Hetionet"
                raise UnreadableFileError(shown(path), "line 1", reason)
        schema = parse_domain(_SCHEMA.read_text(encoding="utf-8"), _SCHEMA.name)
        self._labels = {
            name: request.label(name, label, default=label)
            for label, entity_type in schema.types.items()
            for name in (label, *entity_type.aliases)
        }
        self._predicates = {
            metaedge: predicate
            for predicate, relation in schema.relations.items()
            for metaedge in relation.aliases
        }
        self.domain = _renamed(schema, self._labels)

    def terms(self) -> Iterator[Term]:
        """Yield a term for each node."""
        for path in self._nodes:
            for line in _rows(path):
                try:
                    yield self._term(path, line)
                except ValueError as error:
                    self._request.fail(path, line.where, str(error))

    def facts(self) -> Iterator[Fact]:
        """Yield a fact for each edge."""
        known: dict[str, str] = {}
        for path in self._edges:
            name = shown_name(path)
            for line in _rows(path):
                try:
                    source, metaedge, target = _cells(line)
                    if source not in known:
                        known[source] = _curie(source)
                    if target not in known:
                        known[target] = _curie(target)
                    row = f"{name} line {line.number}"
                    yield Fact(known[source], self._predicate(metaedge), known[target], row)
                except ValueError as error:
                    self._request.fail(path, line.where, str(error))

    def _term(self, path: Path, line: Line) -> Term:
        node, name, kind = _cells(line)
        if kind not in self._labels:
            raise ValueError(f"{kind!r} is no kind of node; there are {', '.join(_PREFIXES)}")
        return Term(
            id=_curie(node),
            type=self._labels[kind],
            name=name,
            row=f"{shown_name(path)} line {line.number}",
        )

    def _predicate(self, metaedge: str) -> str:
        if metaedge not in self._predicates:
            known = ", ".join(self._predicates)
            raise ValueError(f"{metaedge!r} is no metaedge of Hetionet; they are {known}")
        return self._predicates[metaedge]


def _header(path: Path) -> str:
    with open_source(path) as opened:
        return next(opened.lines()).text


def _rows(path: Path) -> Iterator[Line]:
    with open_source(path) as opened:
        lines = opened.lines()
        next(lines)
        yield from (line for line in lines if line.text or line.problem)


def _cells(line: Line) -> list[str]:
    if line.problem:
        raise ValueError(line.problem)
    cells = line.text.split("\t")
    if len(cells) != 3:  # noqa: PLR2004
        raise ValueError(f"has {len(cells)} columns, where the first line has 3")
    return cells


def _curie(node: str) -> str:
    """Return the CURIE of a node: `Gene::1` is `NCBIGene:1`."""
    kind, colons, local = node.partition("::")
    if not colons or not local:
        raise ValueError(f"{node!r} is no node of Hetionet; the form is Kind::ID")
    if kind == "Pathway":
        # Pathway Commons 7, or a pathway and its revision of WikiPathways.
        start, _, rest = local.partition("_")
        return f"PC7:{rest}" if start == "PC7" else f"WIKIPATHWAYS:{local}"
    if kind not in _PREFIXES:
        raise ValueError(f"{kind!r} is no kind of node; there are {', '.join(_PREFIXES)}")
    return normalise_curie(_PREFIXES[kind] + local)


def _renamed(domain: Domain, labels: Mapping[str, str]) -> Domain:
    """Return a schema with the caller's labels; types that get one label become one type."""
    types: dict[str, EntityType] = {}
    for name, entity_type in domain.types.items():
        new = labels[name]
        known = types.get(new)
        aliases = (*(known.aliases if known else ()), *([name] if new != name else []))
        types[new] = EntityType(
            aliases=tuple(dict.fromkeys([*aliases, *entity_type.aliases])),
            description=known.description if known else entity_type.description,
        )
    relations = {
        name: _renamed_relation(relation, labels) for name, relation in domain.relations.items()
    }
    return Domain(name=domain.name, version=domain.version, types=types, relations=relations)


def _renamed_relation(relation: RelationType, labels: Mapping[str, str]) -> RelationType:
    by_pair: dict[tuple[str, str], Signature] = {}
    for old in relation.signatures:
        pair = (labels[old.subject], labels[old.object])
        new = old.model_copy(update={"subject": pair[0], "object": pair[1]})
        by_pair.setdefault(pair, new)
    return relation.model_copy(update={"signatures": tuple(by_pair.values())})


HETIONET = Format("hetionet", "Hetionet: nodes as TSV, edges as SIF", _takes, _read)
