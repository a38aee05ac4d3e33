"""RDF in Turtle: entities, claims, and the evidence for them by PROV-O.

A claim is a triple where more evidence supports than denies it. What is said of it hangs on a
reifier (`rdf:reifies <<( s p o )>>`, RDF 1.2), or with `reify` on an `rdf:Statement`, which RDF 1.1
tools read. Words are those of RDFS, SKOS, PROV-O and Dublin Core, and where these have none of our
own namespace, `abduce:`; `_SAID` lists them. Merges, runs, schemas and the labels and types of
users' own nodes have no words, and are left out.

An entity or a paper has the IRI of its CURIE where there is one, any other node
`https://w3id.org/abduce/node/Evidence/...`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox

from kg.archive.formats import Options, opened_to_write
from kg.archive.records import EdgeRecord, NodeRecord, Record
from kg.curated_models import source_name
from kg.exporting.claim_evidence import ClaimEvidence, claim_evidence
from kg.identifiers import PAPER_PREFIXES, claim_id
from kg.models import Polarity
from kg.prefixes import curie_of, iri_of

BASE = "https://w3id.org/abduce/"
OURS = f"{BASE}ns#"
NODE = f"{BASE}node/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
PROV = "http://www.w3.org/ns/prov#"
DCT = "http://purl.org/dc/terms/"
XSD = "http://www.w3.org/2001/XMLSchema#"
PREFIXES = {
    "abduce": OURS, "rdf": RDF, "rdfs": RDFS, "skos": SKOS, "prov": PROV, "dct": DCT, "xsd": XSD,
}  # fmt: skip

# By label, or "Claim" for the edge of one: which words say which properties.
_SAID = {
    "Claim": {
        "belief": f"{OURS}belief",
        "n_support": f"{OURS}supportCount",
        "n_deny": f"{OURS}denialCount",
        "n_papers": f"{OURS}paperCount",
        "first_year": f"{OURS}firstYear",
        "last_year": f"{OURS}lastYear",
    },
    "Entity": {
        "name": f"{RDFS}label",
        "synonyms": f"{SKOS}altLabel",
        "definition": f"{SKOS}definition",
        "n_papers": f"{OURS}paperCount",
    },
    "Evidence": {
        "quote": f"{PROV}value",
        "polarity": f"{OURS}polarity",
        "certainty": f"{OURS}certainty",
        "confidence": f"{OURS}confidence",
        "start": f"{OURS}start",
        "end": f"{OURS}end",
    },
    "Hypothesis": {
        "reading": f"{RDFS}label",
        "score": f"{OURS}score",
        "probability": f"{OURS}probability",
        "verdict": f"{OURS}verdict",
    },
    "Pack": {},
    "Paper": {
        "title": f"{DCT}title",
        "date": f"{DCT}date",
        "retracted": f"{OURS}retracted",
    },
    "Source": {
        "name": f"{DCT}title",
        "version": f"{DCT}hasVersion",
        "date": f"{DCT}date",
        "licence": f"{DCT}license",
    },
}
_PROV_CLASS = {"Evidence": "Entity", "Pack": "SoftwareAgent", "Paper": "Entity", "Source": "Entity"}
_PARTS = {"SUBJECT": f"{RDF}subject", "OBJECT": f"{RDF}object"}  # of a hypothesis
_TYPE = ox.NamedNode(f"{RDF}type")
_REIFIES = ox.NamedNode(f"{RDF}reifies")
_STATEMENT = ox.NamedNode(f"{RDF}Statement")
_TERMS = tuple(ox.NamedNode(f"{RDF}{part}") for part in ("subject", "predicate", "object"))
_DATATYPES = {bool: "boolean", int: "integer", float: "double"}
_CURIE = re.compile(r"([A-Za-z][\w.-]*):[A-Za-z0-9._~/:-]+")
_REFERENCE = re.compile(r"[A-Za-z][\w+.-]*:[\w.~/:#?=&%-]+")  # a CURIE or an IRI
Triples = Iterator[ox.Triple]


def holds(record: Record) -> bool:
    """Whether a record has words in RDF."""
    if isinstance(record, NodeRecord):
        return record.labels[0] in _SAID
    match record.start_label, record.type, record.end_label:
        case ("Entity", _, "Entity") | ("Paper", "MENTIONS", "Entity"):
            return True
        case ("Hypothesis", type_, "Entity"):
            return type_ in _PARTS
    return False


def write(records: Iterable[Record], folder: Path, options: Options) -> None:
    """Write records into a folder."""
    path = folder / ("graph.ttl.gz" if options.compress else "graph.ttl")
    with (
        opened_to_write(path, compress=options.compress) as file,
        claim_evidence(folder) as evidence,
    ):
        triples = _triples(filter(holds, records), evidence, reify=options.reify)
        ox.serialize(triples, file, ox.RdfFormat.TURTLE, prefixes=PREFIXES)


def _triples(records: Iterable[Record], evidence: ClaimEvidence, *, reify: bool) -> Triples:
    for record in records:
        if isinstance(record, NodeRecord):
            evidence.add(record)
            yield from _node(record)
        elif record.start_label == "Paper":
            yield _edge(record, f"{OURS}mentions")
        elif record.start_label == "Hypothesis":
            yield _edge(record, _PARTS[record.type])
        elif record.type == "IS_A":
            yield _edge(record, f"{RDFS}subClassOf")
        else:
            yield from _claim(record, evidence, reify=reify)


def _edge(edge: EdgeRecord, predicate: str) -> ox.Triple:
    start, end = _iri(edge.start_label, edge.start), _iri(edge.end_label, edge.end)
    return ox.Triple(start, _name(predicate), end)


def _node(node: NodeRecord) -> Triples:
    said, label = node.properties, node.labels[0]
    subject = _iri(label, said["id"])
    for type_ in node.labels:
        yield ox.Triple(subject, _TYPE, _name(OURS + type_))
    if label in _PROV_CLASS:
        yield ox.Triple(subject, _TYPE, _name(PROV + _PROV_CLASS[label]))
    yield _literal(subject, f"{DCT}identifier", said["id"])
    yield from _said(subject, label, said)
    match label:
        case "Entity":
            for xref in _texts(said.get("xrefs")):
                if _REFERENCE.fullmatch(xref):
                    other = ox.NamedNode(iri_of(xref))
                    yield ox.Triple(subject, _name(f"{SKOS}exactMatch"), other)
        case "Pack":
            by = _name(f"{PROV}wasAssociatedWith")
            yield ox.Triple(_reading(said["id"]), by, subject)
        case "Hypothesis" if isinstance(said.get("predicate"), str):
            predicate = _name(OURS + quote(said["predicate"]))
            yield ox.Triple(subject, _name(f"{RDF}predicate"), predicate)
        case "Evidence":
            yield from _evidence(subject, said)


def _evidence(subject: ox.NamedNode, said: dict[str, Any]) -> Triples:
    for paper in _texts([said.get("paper")]):
        yield ox.Triple(subject, _name(f"{PROV}wasQuotedFrom"), _iri("Paper", paper))
    for pack in _texts([said.get("pack")]):
        yield ox.Triple(subject, _name(f"{PROV}wasGeneratedBy"), _reading(pack))
    for claim in _texts([said.get("claim_id")]):
        how = "denies" if said.get("polarity") == Polarity.DENIES else "supports"
        yield ox.Triple(subject, _name(OURS + how), _iri("Claim", claim))


def _claim(edge: EdgeRecord, evidence: ClaimEvidence, *, reify: bool) -> Triples:
    said = edge.properties
    triple = _edge(edge, OURS + edge.type)
    if _is_asserted(said):
        yield triple
    ids = _texts([said.get("claim_id")]) or [claim_id(edge.start, edge.type, edge.end)]
    claim = _iri("Claim", ids[0])
    yield ox.Triple(claim, _TYPE, _name(f"{OURS}Claim"))
    if reify:
        yield ox.Triple(claim, _TYPE, _STATEMENT)
        for part, term in zip(_TERMS, triple, strict=True):
            yield ox.Triple(claim, part, term)
    else:
        yield ox.Triple(claim, _REIFIES, triple)
    yield from _said(claim, "Claim", said)
    for paper in evidence.papers(edge):
        yield ox.Triple(claim, _name(f"{PROV}wasDerivedFrom"), _iri("Paper", paper))
    for source in sorted(set(map(source_name, _texts(said.get("curated_sources"))))):
        yield ox.Triple(claim, _name(f"{PROV}hadPrimarySource"), _iri("Source", source))


def _is_asserted(said: dict[str, Any]) -> bool:
    """Whether a claim stands as a triple: not if as much evidence denies it as supports it."""
    supports, denies = said.get("n_support"), said.get("n_deny")
    return not (isinstance(supports, int) and isinstance(denies, int)) or supports > denies


def _said(subject: ox.NamedNode, label: str, properties: dict[str, Any]) -> Triples:
    for name, predicate in _SAID[label].items():
        value = properties.get(name)
        for item in value if isinstance(value, list) else [value]:
            if item is not None and item != "":
                yield _literal(subject, predicate, item)


def _literal(subject: ox.NamedNode, predicate: str, value: Any) -> ox.Triple:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    datatype = _name(XSD + _DATATYPES.get(type(value), "string"))
    return ox.Triple(subject, _name(predicate), ox.Literal(text, datatype=datatype))


def _reading(pack: str) -> ox.NamedNode:
    """Return the activity of a pack that reads."""
    return ox.NamedNode(f"{BASE}reading/{quote(pack, safe=':._~-')}")


@functools.cache
def _name(text: str) -> ox.NamedNode:
    return ox.NamedNode(text)


@functools.lru_cache(100_000)
def _iri(label: str, id_: str) -> ox.NamedNode:
    found = _CURIE.fullmatch(id_) if label in ("Entity", "Paper") else None
    if found is not None and (found[1] in PAPER_PREFIXES) == (label == "Paper"):
        iri = iri_of(id_)
        if curie_of(iri) == id_:
            return ox.NamedNode(iri)
    return ox.NamedNode(f"{NODE}{label}/{quote(id_, safe=':._~-')}")


def _texts(value: Any) -> list[str]:
    return [v for v in value if isinstance(v, str)] if isinstance(value, list) else []
