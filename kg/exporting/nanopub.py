"""Nanopublications in TriG: one for each piece of evidence, and one graph for everything else.

A nanopublication has four named graphs (https://nanopub.net/guidelines/working_draft/): its head,
an assertion (the claim, as this evidence has it), the provenance of the assertion, and its own
publication info. A denied claim is asserted as an owl:NegativePropertyAssertion, a hedged one as
an `abduce:Supposition`: neither is a plain triple, which would say that the claim holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox

from kg.contributions.properties import Entry
from kg.curated_models import source_name
from kg.exporting.behind_claims import curated_entries
from kg.exporting.folder import Manifest
from kg.exporting.formats import Options
from kg.exporting.rdf import Writer, read_as, writing
from kg.exporting.rdf_terms import (
    BASE,
    OURS,
    OWL,
    PREFIXES,
    PROV,
    RDF,
    RDFS,
    TYPE,
    Names,
    literal,
    name,
)
from kg.exporting.records import EdgeRecord, NodeRecord, Record
from kg.models import Certainty, Polarity

NANOPUB = "http://www.nanopub.org/nschema#"
PUBLISHED = f"{BASE}np/"
REST = ox.NamedNode(f"{BASE}graph")

_FILE = "nanopubs.trig"
_ABDUCE = ox.NamedNode(f"{BASE}software")
_PREFIXES = {**PREFIXES, "np": NANOPUB}
Quads = Iterator[ox.Quad]


def write(records: Iterable[Record], folder: Path, options: Options) -> dict[str, Any]:
    """Write records into a folder, and return what the manifest has to remember."""
    file_name = _FILE + (".gz" if options.compress else "")
    # Tools for nanopublications read RDF 1.1, which has no triple terms.
    with writing(folder / file_name, options, reify=True) as (file, writer):
        ox.serialize(_quads(records, writer), file, ox.RdfFormat.TRIG, prefixes=_PREFIXES)
    return {"file": file_name, "prefixes": writer.names.prefixes}


def read(folder: Path, manifest: Manifest) -> Iterator[Record]:
    """Yield the records that `write` wrote.

    Raises:
        UnreadableFileError: the file is no TriG.
        BadRecordError: it says what `write` does not.
    """
    yield from read_as(ox.RdfFormat.TRIG, folder, manifest)


def _quads(records: Iterable[Record], writer: Writer) -> Quads:
    for record in records:
        if isinstance(record, EdgeRecord):
            for number, entry in enumerate(curated_entries(record), start=1):
                yield from _curated(record, entry, number, writer)
            yield from _in_graph(writer.edge(record), REST)
        elif (claim := _claim(record)) is not None:
            yield from _read(record, claim, writer)
        else:
            yield from _in_graph(writer.node(record), REST)


def _in_graph(triples: Iterable[ox.Triple], graph: ox.NamedNode) -> Quads:
    for triple in triples:
        yield ox.Quad(triple.subject, triple.predicate, triple.object, graph)


def _claim(node: NodeRecord) -> EdgeRecord | None:
    """Return the claim that a piece of evidence is about, in its own words; None otherwise."""
    said = node.properties
    ends = [said.get("read_subject") or said.get("subject"), said.get("predicate")]
    ends.append(said.get("read_object") or said.get("object"))
    if node.labels[0] != "Evidence" or not all(isinstance(end, str) and end for end in ends):
        return None
    subject, predicate, object_ = map(str, ends)
    return EdgeRecord(predicate, "Entity", subject, "Entity", object_, {})


def _read(evidence: NodeRecord, claim: EdgeRecord, writer: Writer) -> Quads:
    """Yield the nanopublication of a sentence; the evidence itself stands in its provenance."""
    said = evidence.properties
    parts = _Parts(f"{PUBLISHED}{quote(said['id'], safe=':._~-')}")
    yield from parts.head()
    polarity, certainty = said.get("polarity"), said.get("certainty")
    yield from parts.assertion(claim, polarity, certainty, writer.names)
    node = writer.names.node("Evidence", said["id"])
    yield parts.provenance(parts.asserted, "wasDerivedFrom", node)
    if isinstance(said.get("paper"), str):
        paper = writer.names.node("Paper", said["paper"])
        yield parts.provenance(parts.asserted, "wasDerivedFrom", paper)
    if isinstance(said.get("pack"), str):
        yield parts.provenance(parts.asserted, "wasGeneratedBy", writer.reading(said["pack"]))
    yield from _in_graph(writer.node(evidence), parts.source)
    yield from parts.info("read in a paper")


def _curated(edge: EdgeRecord, entry: Entry, number: int, writer: Writer) -> Quads:
    """Yield the nanopublication of a row of a curated source."""
    claim = str(edge.properties.get("claim_id", f"{edge.start} {edge.type} {edge.end}"))
    parts = _Parts(f"{PUBLISHED}{quote(claim, safe=':._~-')}/{number}")
    yield from parts.head()
    yield from parts.assertion(edge, entry.polarity, Certainty.STATED, writer.names)
    source = writer.names.node("Source", source_name(entry.source))
    yield parts.provenance(parts.asserted, "wasDerivedFrom", source)
    yield parts.provenance(parts.asserted, "hadPrimarySource", source)
    yield ox.Quad(parts.asserted, name(f"{OURS}source"), literal(entry.source), parts.source)
    yield ox.Quad(parts.asserted, name(f"{OURS}row"), literal(entry.row), parts.source)
    if entry.details:
        details = literal(entry.details)
        yield ox.Quad(parts.asserted, name(f"{OURS}details"), details, parts.source)
    yield from parts.info("curated")


class _Parts:
    """The named graphs of a nanopublication.

    Args:
        iri: its own.
    """

    def __init__(self, iri: str) -> None:
        self._iri = iri
        self.itself = ox.NamedNode(iri)
        self.asserted = ox.NamedNode(f"{iri}#assertion")
        self.source = ox.NamedNode(f"{iri}#provenance")
        self._info = ox.NamedNode(f"{iri}#pubinfo")

    def head(self) -> Quads:
        """Yield what says which graph is which."""
        graph = ox.NamedNode(f"{self._iri}#Head")
        yield ox.Quad(self.itself, TYPE, name(f"{NANOPUB}Nanopublication"), graph)
        parts = {
            "hasAssertion": self.asserted,
            "hasProvenance": self.source,
            "hasPublicationInfo": self._info,
        }
        for has, part in parts.items():
            yield ox.Quad(self.itself, name(NANOPUB + has), part, graph)

    def assertion(self, claim: EdgeRecord, polarity: Any, certainty: Any, names: Names) -> Quads:
        """Yield what is asserted: the claim, its denial, or that it is supposed."""
        subject = names.node(claim.start_label, claim.start)
        predicate = name(OURS + claim.type)
        object_ = names.node(claim.end_label, claim.end)
        statement = ox.NamedNode(f"{self._iri}#statement")
        if polarity == Polarity.DENIES:
            said = {
                TYPE: name(f"{OWL}NegativePropertyAssertion"),
                name(f"{OWL}sourceIndividual"): subject,
                name(f"{OWL}assertionProperty"): predicate,
                name(f"{OWL}targetIndividual"): object_,
            }
        elif certainty == Certainty.HEDGED:
            said = {
                TYPE: name(f"{OURS}Supposition"),
                name(f"{RDF}subject"): subject,
                name(f"{RDF}predicate"): predicate,
                name(f"{RDF}object"): object_,
            }
        else:
            yield ox.Quad(subject, predicate, object_, self.asserted)
            return
        for about, term in said.items():
            yield ox.Quad(statement, about, term, self.asserted)

    def provenance(self, subject: ox.NamedNode, predicate: str, object_: ox.NamedNode) -> ox.Quad:
        """Return a statement of where the assertion is from."""
        return ox.Quad(subject, name(PROV + predicate), object_, self.source)

    def info(self, how: str) -> Quads:
        """Yield what is said of the nanopublication itself."""
        yield ox.Quad(self.itself, name(f"{PROV}wasAttributedTo"), _ABDUCE, self._info)
        yield ox.Quad(self.itself, name(f"{RDFS}comment"), ox.Literal(how), self._info)
        yield ox.Quad(_ABDUCE, TYPE, name(f"{PROV}SoftwareAgent"), self._info)
