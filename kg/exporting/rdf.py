"""RDF 1.2 in Turtle: entities, claims with what they rest on (PROV-O), and everything else.

A claim is a triple where more evidence supports than denies it. What is said of it hangs on a
reifier (`rdf:reifies <<( s p o )>>`), or with `reify` on an `rdf:Statement`, which RDF 1.1 tools
read. Beside the graph's own properties stand those that other tools know: rdfs:label,
skos:altLabel, skos:exactMatch, rdfs:subClassOf, prov:wasDerivedFrom, prov:wasGeneratedBy.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import pyoxigraph as ox

from kg.curated_models import source_name
from kg.errors import BadRecordError, UnreadableFileError
from kg.exporting.behind_claims import ClaimPapers, curated_entries
from kg.exporting.folder import MANIFEST, Manifest, inner_path
from kg.exporting.formats import Options, opened_to_read, opened_to_write
from kg.exporting.rdf_terms import (
    BASE,
    DCT,
    ID,
    OURS,
    PREFIXES,
    PROPERTY,
    PROV,
    RDF,
    RDFS,
    SKOS,
    TYPE,
    Names,
    iris,
    literal,
    name,
    value_of_literal,
)
from kg.exporting.records import EdgeRecord, NodeRecord, Record, ordered_labels

_FILE = "graph.ttl"
_REIFIES = ox.NamedNode(f"{RDF}reifies")
_STATEMENT = ox.NamedNode(f"{RDF}Statement")
_PARTS = tuple(ox.NamedNode(f"{RDF}{part}") for part in ("subject", "predicate", "object"))
Triples = Iterator[ox.Triple]
Pairs = list[tuple[ox.NamedNode, Any]]


def write(records: Iterable[Record], folder: Path, options: Options) -> dict[str, Any]:
    """Write records into a folder, and return what the manifest has to remember."""
    file_name = _FILE + (".gz" if options.compress else "")
    with writing(folder / file_name, options, reify=options.reify) as (file, writer):
        triples = _triples(records, writer)
        ox.serialize(triples, file, ox.RdfFormat.TURTLE, prefixes=PREFIXES)
    return {"file": file_name, "prefixes": writer.names.prefixes}


@contextmanager
def writing(path: Path, options: Options, *, reify: bool) -> Iterator[tuple[BinaryIO, Writer]]:
    """Yield a file of RDF, and what says records in it; what waits stands beside the file."""
    with (
        opened_to_write(path, compress=options.compress) as file,
        tempfile.TemporaryDirectory(dir=path.parent) as waiting,
        closing(ClaimPapers(Path(waiting) / "papers.sqlite")) as papers,
    ):
        yield file, Writer(Names(), papers, reify=reify)


def read(folder: Path, manifest: Manifest) -> Iterator[Record]:
    """Yield the records that `write` wrote.

    Raises:
        UnreadableFileError: the file is no Turtle.
        BadRecordError: it says what `write` does not.
    """
    yield from read_as(ox.RdfFormat.TURTLE, folder, manifest)


def _triples(records: Iterable[Record], writer: Writer) -> Triples:
    for record in records:
        if isinstance(record, NodeRecord):
            yield from writer.node(record)
        else:
            yield from writer.edge(record)


class Writer:
    """Says nodes and edges in triples; each begins with what `read` tells it by."""

    def __init__(self, names: Names, papers: ClaimPapers, *, reify: bool = False) -> None:
        self.names = names
        self._papers = papers
        self._reify = reify
        self._edges = 0

    def node(self, node: NodeRecord) -> Triples:
        """Yield the triples of a node."""
        self._papers.add(node)
        subject = self.names.node(node.labels[0], node.properties["id"])
        for label in node.labels:
            yield ox.Triple(subject, TYPE, name(OURS + label))
        yield from self._said(subject, node.properties)
        yield from self._known(subject, node)

    def edge(self, edge: EdgeRecord) -> Triples:
        """Yield the triples of an edge: the edge itself where it holds, and what is said of it."""
        start = self.names.node(edge.start_label, edge.start)
        end = self.names.node(edge.end_label, edge.end)
        triple = ox.Triple(start, name(OURS + edge.type), end)
        if holds(edge):
            yield triple
            if edge.type == "IS_A":
                yield ox.Triple(start, name(f"{RDFS}subClassOf"), end)
        self._edges += 1
        reifier = ox.NamedNode(f"{BASE}edge/{self._edges}")
        if self._reify:
            yield ox.Triple(reifier, TYPE, _STATEMENT)
            for part, term in zip(_PARTS, triple, strict=True):
                yield ox.Triple(reifier, part, term)
        else:
            yield ox.Triple(reifier, _REIFIES, triple)
        yield from self._said(reifier, edge.properties)
        yield from self._sources(reifier, edge)

    def _said(self, subject: ox.NamedNode, properties: dict[str, Any]) -> Triples:
        for key, value in properties.items():
            yield ox.Triple(subject, name(PROPERTY + key), literal(value))

    def _sources(self, reifier: ox.NamedNode, edge: EdgeRecord) -> Triples:
        for paper in self._papers.of(edge):
            derived = self.names.node("Paper", paper)
            yield ox.Triple(reifier, name(f"{PROV}wasDerivedFrom"), derived)
        for source in sorted({source_name(entry.source) for entry in curated_entries(edge)}):
            derived = self.names.node("Source", source)
            yield ox.Triple(reifier, name(f"{PROV}hadPrimarySource"), derived)

    def _known(self, subject: ox.NamedNode, node: NodeRecord) -> Triples:
        """Yield what other tools know the properties of a node by."""
        said = node.properties
        match node.labels[0]:
            case "Entity":
                yield from _texts(subject, f"{RDFS}label", said.get("name"))
                yield from _texts(subject, f"{SKOS}altLabel", said.get("synonyms"))
                yield from _texts(subject, f"{SKOS}definition", said.get("definition"))
                for other in iris(said.get("xrefs")):
                    yield ox.Triple(subject, name(f"{SKOS}exactMatch"), other)
            case "Paper":
                yield ox.Triple(subject, TYPE, name(f"{PROV}Entity"))
                yield from _texts(subject, f"{DCT}title", said.get("title"))
                yield from _texts(subject, f"{DCT}date", said.get("date"))
            case "Source":
                yield ox.Triple(subject, TYPE, name(f"{PROV}Entity"))
                yield from _texts(subject, f"{DCT}title", said.get("title"))
                yield from _texts(subject, f"{DCT}license", said.get("licence"))
            case "Pack":
                yield ox.Triple(subject, TYPE, name(f"{PROV}SoftwareAgent"))
                by = name(f"{PROV}wasAssociatedWith")
                yield ox.Triple(self.reading(said["id"]), by, subject)
            case "Run":
                yield ox.Triple(subject, TYPE, name(f"{PROV}Activity"))
                yield from _texts(subject, f"{PROV}startedAtTime", said.get("started"))
                yield from _texts(subject, f"{PROV}endedAtTime", said.get("finished"))
            case "Evidence":
                yield from self._evidence(subject, said)

    def _evidence(self, subject: ox.NamedNode, said: dict[str, Any]) -> Triples:
        yield ox.Triple(subject, TYPE, name(f"{PROV}Entity"))
        yield from _texts(subject, f"{PROV}value", said.get("quote"))
        if isinstance(said.get("paper"), str):
            paper = self.names.node("Paper", said["paper"])
            yield ox.Triple(subject, name(f"{PROV}wasQuotedFrom"), paper)
            yield ox.Triple(subject, name(f"{PROV}wasDerivedFrom"), paper)
        if isinstance(said.get("pack"), str):
            yield ox.Triple(subject, name(f"{PROV}wasGeneratedBy"), self.reading(said["pack"]))

    def reading(self, pack: str) -> ox.NamedNode:
        """Return the activity of a pack that reads."""
        return ox.NamedNode(self.names.node("Pack", pack).value.replace("/node/Pack/", "/reading/"))


def holds(edge: EdgeRecord) -> bool:
    """Whether an edge may stand as a triple: not if as much evidence denies it as supports it."""
    supports, denies = edge.properties.get("n_support"), edge.properties.get("n_deny")
    if isinstance(supports, int) and isinstance(denies, int):
        return supports > denies
    return True


def read_as(format_: ox.RdfFormat, folder: Path, manifest: Manifest) -> Iterator[Record]:
    """Yield the records of a file in Turtle or TriG, in whatever named graph they stand.

    Raises:
        UnreadableFileError: the file is not of that format.
        BadRecordError: it says what `Writer` does not.
    """
    prefixes = manifest.details.get("prefixes")
    if not isinstance(prefixes, dict) or not all(isinstance(v, str) for v in prefixes.values()):
        raise UnreadableFileError(str(folder / MANIFEST), "details", "names no prefixes")
    names = Names(prefixes)
    path = inner_path(folder, str(manifest.details.get("file")))
    with opened_to_read(path) as file:
        try:
            for subject, pairs in _grouped(ox.parse(file, format_)):
                record = _record(subject, pairs, names, str(path))
                if record is not None:
                    yield record
        except SyntaxError as error:
            raise UnreadableFileError(str(path), f"line {error.lineno}", str(error.msg)) from error


def _grouped(quads: Iterable[ox.Quad]) -> Iterator[tuple[str, Pairs]]:
    """Yield subjects with what is said of them, as long as they come one after the other."""
    current: tuple[Any, Any] | None = None
    pairs: Pairs = []
    for quad in quads:
        subject = (quad.subject, quad.graph_name)
        if subject != current or quad.predicate == _REIFIES or quad.object == _STATEMENT:
            if current is not None:
                yield str(getattr(current[0], "value", "")), pairs
            current, pairs = subject, []
        pairs.append((quad.predicate, quad.object))
    if current is not None:
        yield str(getattr(current[0], "value", "")), pairs


def _record(subject: str, pairs: Pairs, names: Names, path: str) -> Record | None:
    """Return the node or the edge that is said here; None where it is only said otherwise."""
    known = dict(pairs)
    if _REIFIES in known or known.get(TYPE) == _STATEMENT:
        return _edge(subject, pairs, names, path)
    if ID not in known:
        return None
    labels = [
        term.value.removeprefix(OURS)
        for predicate, term in pairs
        if predicate == TYPE and term.value.startswith(OURS)
    ]
    return NodeRecord(ordered_labels(labels), _properties(pairs, path, subject))


def _edge(subject: str, pairs: Pairs, names: Names, path: str) -> EdgeRecord:
    known = dict(pairs)
    reified = known.get(_REIFIES)
    terms = tuple(reified) if isinstance(reified, ox.Triple) else [known.get(p) for p in _PARTS]
    start, type_, end = (term.value if isinstance(term, ox.NamedNode) else "" for term in terms)
    if not type_.startswith(OURS):
        raise BadRecordError(path, subject, f"is an edge of no type of ours: {type_!r}")
    start_label, start_id = names.ends(start, path, subject)
    end_label, end_id = names.ends(end, path, subject)
    properties = _properties(pairs, path, subject)
    return EdgeRecord(
        type_.removeprefix(OURS), start_label, start_id, end_label, end_id, properties
    )


def _properties(pairs: Pairs, path: str, where: str) -> dict[str, Any]:
    return {
        predicate.value.removeprefix(PROPERTY): value_of_literal(term, path, where)
        for predicate, term in pairs
        if predicate.value.startswith(PROPERTY)
    }


def _texts(subject: ox.NamedNode, predicate: str, values: Any) -> Triples:
    for value in values if isinstance(values, list) else [values]:
        if isinstance(value, str) and value:
            yield ox.Triple(subject, name(predicate), ox.Literal(value))
