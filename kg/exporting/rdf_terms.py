"""The words of our RDF: how a node, an edge and a property are called, and what values look like.

`abduce:Entity` and `abduce:TREATS` are labels and relationship types, `property:name` properties.
An entity or a paper has the IRI of its CURIE where there is one, any other node
`.../node/Evidence/...`. Lists are JSON literals (`rdf:JSON`), since they have an order.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote

import pyoxigraph as ox

from kg.errors import BadRecordError
from kg.exporting.kinds import checked
from kg.identifiers import PAPER_PREFIXES
from kg.prefixes import curie_of, iri_of

BASE = "https://w3id.org/abduce/"
OURS = f"{BASE}ns#"
PROPERTY = f"{BASE}property#"
NODE = f"{BASE}node/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
PROV = "http://www.w3.org/ns/prov#"
DCT = "http://purl.org/dc/terms/"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
PREFIXES = {
    "abduce": OURS,
    "property": PROPERTY,
    "rdf": RDF,
    "rdfs": RDFS,
    "skos": SKOS,
    "prov": PROV,
    "dct": DCT,
    "owl": OWL,
    "xsd": XSD,
}

TYPE = ox.NamedNode(f"{RDF}type")
ID = ox.NamedNode(f"{PROPERTY}id")

_JSON = ox.NamedNode(f"{RDF}JSON")
_LONG = ox.NamedNode(f"{XSD}integer")
_DOUBLE = ox.NamedNode(f"{XSD}double")
_BOOLEAN = ox.NamedNode(f"{XSD}boolean")
_CURIE = re.compile(r"([A-Za-z][\w.-]*):[A-Za-z0-9._~/:-]+")


@functools.cache
def name(text: str) -> ox.NamedNode:
    """Return the term of an IRI that is written often."""
    return ox.NamedNode(text)


class Names:
    """Gives nodes their IRIs, and remembers the prefixes that it used: `{"Entity:MESH": IRI}`."""

    def __init__(self, prefixes: dict[str, str] | None = None) -> None:
        self.prefixes = dict(prefixes or {})
        self.node = functools.lru_cache(100_000)(self._node)

    def _node(self, label: str, id_: str) -> ox.NamedNode:
        found = _CURIE.fullmatch(id_) if label in ("Entity", "Paper") else None
        if found is not None and (found[1] in PAPER_PREFIXES) == (label == "Paper"):
            iri = iri_of(id_)
            if curie_of(iri) == id_:
                self.prefixes[f"{label}:{found[1]}"] = iri_of(f"{found[1]}:")
                return ox.NamedNode(iri)
        return ox.NamedNode(f"{NODE}{label}/{quote(id_, safe=':._~-')}")

    @functools.cached_property
    def _starts(self) -> list[tuple[str, str, str]]:
        """The IRI, label and prefix of CURIEs, the longest IRI first."""
        split = [(iri, *known.partition(":")[::2]) for known, iri in self.prefixes.items()]
        return sorted(split, key=lambda start: -len(start[0]))

    def ends(self, iri: str, path: str, where: str) -> tuple[str, str]:
        """Return the label and the id of a node that has this IRI.

        Raises:
            BadRecordError: no node has it.
        """
        if iri.startswith(NODE):
            label, slash, quoted = iri.removeprefix(NODE).partition("/")
            if slash:
                return label, unquote(quoted)
        for start, label, prefix in self._starts:
            if iri.startswith(start):
                return label, f"{prefix}:{iri.removeprefix(start)}"
        raise BadRecordError(path, where, f"{iri!r} is the IRI of no node")


def literal(value: Any) -> ox.Literal:
    """Return a property's value as a literal."""
    match value:
        case str():
            return ox.Literal(value)
        case bool():
            return ox.Literal("true" if value else "false", datatype=_BOOLEAN)
        case int():
            return ox.Literal(str(value), datatype=_LONG)
        case float():
            return ox.Literal(repr(value), datatype=_DOUBLE)
        case _:
            return ox.Literal(json.dumps(value, ensure_ascii=False), datatype=_JSON)


def value_of_literal(term: Any, path: str, where: str) -> Any:
    """Return the value of a literal that `literal` made.

    Raises:
        BadRecordError: it is none, or a value that a graph cannot hold.
    """
    try:
        return checked(_value(term))
    except (ValueError, RecursionError) as error:
        shown = str(term)[:60]
        raise BadRecordError(path, where, f"{shown} is no value of a property ({error})") from error


def _value(term: Any) -> Any:
    kind = term.datatype.value if isinstance(term, ox.Literal) else ""
    match kind.removeprefix(XSD):
        case "string":
            return term.value
        case "integer":
            return int(term.value)
        case "double":
            return float(term.value)
        case "boolean" if term.value in ("true", "false"):
            return term.value == "true"
        case _ if kind == _JSON.value and isinstance(value := json.loads(term.value), list):
            return value
    raise ValueError("another datatype")


def iris(curies: Any) -> Iterator[ox.NamedNode]:
    """Yield the IRIs of those of these texts that are CURIEs or IRIs."""
    for curie in curies if isinstance(curies, list) else ():
        if isinstance(curie, str) and re.fullmatch(r"[A-Za-z][\w+.-]*:[\w.~/:#?=&%-]+", curie):
            yield ox.NamedNode(iri_of(curie))
