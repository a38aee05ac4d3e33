"""KGX (Knowledge Graph Exchange): nodes and edges of the Biolink model, as TSV or as JSON lines.

https://github.com/biolink/kgx/blob/master/specification/kgx-format.md. Nodes are entities, edges
claims and IS_A, with the fields that Biolink's classes have and no others: sentences are
`supporting_text`, papers `publications`; years, positions, merges and runs have no place. In TSV a
control character is a space, and a "|", at which KGX splits lists, a "\N{BROKEN BAR}".
"""

from __future__ import annotations

import functools
import json
import re
import urllib.parse
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kg.archive.formats import Options, opened_to_write
from kg.archive.records import EdgeRecord, NodeRecord, Record
from kg.base_schema import base_schema
from kg.curated_models import source_name
from kg.exporting.claim_evidence import ClaimEvidence, claim_evidence
from kg.identifiers import claim_id
from kg.models import Polarity

NODE_COLUMNS = (
    "id", "category", "name", "description", "synonym", "xref", "provided_by", "deprecated",
)  # fmt: skip
EDGE_COLUMNS = (
    "id", "subject", "predicate", "object", "category", "original_predicate", "negated",
    "knowledge_level", "agent_type", "primary_knowledge_source", "aggregator_knowledge_source",
    "publications", "supporting_text", "has_confidence_score", "evidence_count",
)  # fmt: skip
READ_BY_US = "infores:abduce"

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_PUBLICATION = {"pmid": "PMID", "pmc": "PMCID"}
# What kgx takes for a CURIE: no "/", ":" or space in the local part.
_CURIE = re.compile(r"([A-Za-z][\w.+-]*):([^:/][^:]*)", re.DOTALL)
_NOT_LOCAL = re.compile(r"[^\w.~!$&'*+,;=@-]")
Fields = dict[str, Any]


def holds(record: Record) -> bool:
    """Whether a record is a node or an edge of KGX."""
    if isinstance(record, NodeRecord):
        return record.labels[0] == "Entity"
    return record.start_label == record.end_label == "Entity"


def write(records: Iterable[Record], folder: Path, options: Options) -> None:
    """Write records into a folder."""
    kind, row = ("jsonl", _json_row) if options.format == "kgx-jsonl" else ("tsv", _tsv_row)
    ending = f"{kind}.gz" if options.compress else kind
    with (
        opened_to_write(folder / f"nodes.{ending}", compress=options.compress) as nodes,
        opened_to_write(folder / f"edges.{ending}", compress=options.compress) as edges,
        claim_evidence(folder) as evidence,
    ):
        if kind == "tsv":
            nodes.write(_line("\t".join(NODE_COLUMNS)))
            edges.write(_line("\t".join(EDGE_COLUMNS)))
        for record in records:
            if isinstance(record, NodeRecord):
                evidence.add(record)
                if holds(record):
                    nodes.write(row(NODE_COLUMNS, node_fields(record)))
            elif holds(record):
                edges.write(row(EDGE_COLUMNS, edge_fields(record, evidence)))


def node_fields(node: NodeRecord) -> Fields:
    """Return what KGX says of an entity."""
    said = node.properties
    return {
        "id": curie(said["id"]),
        "category": sorted(set(map(category, node.labels[1:]))) or ["biolink:NamedThing"],
        "name": said.get("name"),
        "description": _text(said.get("definition")),
        "synonym": _texts(said.get("synonyms")),
        "xref": _texts(said.get("xrefs")),
        "provided_by": sorted({_infores(ref) for ref in _texts(said.get("sources"))}),
        "deprecated": True in (said.get("retired"), said.get("obsolete")) or None,
    }


def edge_fields(edge: EdgeRecord, evidence: ClaimEvidence) -> Fields:
    """Return what KGX says of a claim.

    `negated` where more evidence denies the claim than supports it; `supporting_text` are the
    sentences that say what the edge then says.
    """
    said = edge.properties
    supports, denies = _number(said.get("n_support")), _number(said.get("n_deny"))
    polarity = Polarity.DENIES if denies > supports else Polarity.SUPPORTS
    return {
        "id": _text(said.get("claim_id")) or claim_id(edge.start, edge.type, edge.end),
        "subject": curie(edge.start),
        "predicate": predicate(edge.type),
        "object": curie(edge.end),
        "category": ["biolink:Association"],
        "original_predicate": f"abduce:{edge.type}",
        "negated": polarity is Polarity.DENIES,
        "publications": sorted(map(_publication, evidence.papers(edge))),
        "supporting_text": evidence.quotes(edge, polarity),
        "has_confidence_score": said.get("belief"),
        "evidence_count": int(supports + denies) or None,
        **_knowledge(edge),
    }


@functools.lru_cache(100_000)
def curie(id_: str) -> str:
    """Return an id as a CURIE that KGX takes: `abduce:Gene/tnf` is `abduce:Gene.tnf`.

    What else may not stand in one is percent-encoded; an id without a prefix gets `abduce:`.
    """
    found = _CURIE.fullmatch(id_)
    prefix, local = found.groups() if found else ("abduce", id_)
    if found and prefix == "abduce":
        local = local.replace("/", ".", 1)  # a minted name holds no dot, so no two ids meet
    return f"{prefix}:{_NOT_LOCAL.sub(lambda what: urllib.parse.quote(what[0], safe=''), local)}"


@functools.cache
def category(label: str) -> str:
    """Return what Biolink calls an entity type."""
    type_ = base_schema().types.get(label)
    return f"biolink:{(type_ and type_.biolink) or 'NamedThing'}"


@functools.cache
def predicate(type_: str) -> str:
    """Return what Biolink calls a relation."""
    relation = base_schema().relations.get(type_)
    return f"biolink:{(relation and relation.biolink) or 'related_to'}"


def _knowledge(edge: EdgeRecord) -> Fields:
    said = edge.properties
    curated = _texts(said.get("curated_sources")) or _texts(said.get("sources"))
    if not curated:
        return {
            "knowledge_level": "not_provided",
            "agent_type": "text_mining_agent",
            "primary_knowledge_source": READ_BY_US,
        }
    sources = sorted({_infores(ref) for ref in curated})
    return {
        "knowledge_level": "knowledge_assertion",
        "agent_type": "not_provided",
        "primary_knowledge_source": sources[0],
        "aggregator_knowledge_source": [*sources[1:], READ_BY_US],
    }


def _infores(ref: str) -> str:
    return "infores:" + re.sub(r"[^a-z0-9]+", "-", source_name(ref).casefold()).strip("-")


def _publication(paper: str) -> str:
    prefix, colon, local = paper.partition(":")
    return f"{_PUBLICATION.get(prefix, prefix)}{colon}{local}"


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _texts(value: Any) -> list[str]:
    return value if isinstance(value, list) and all(isinstance(v, str) for v in value) else []


def _number(value: Any) -> float:
    return value if isinstance(value, int | float) else 0


def _tsv_row(columns: tuple[str, ...], fields: Fields) -> bytes:
    return _line("\t".join(_cell(fields.get(column)) for column in columns))


def _cell(value: Any) -> str:
    match value:
        case None | False:  # readers of KGX take any text for true
            return ""
        case True:
            return "true"
        case list():
            return "|".join(map(_cell, value))
        case str():
            return _CONTROL.sub(" ", value).replace("|", "\N{BROKEN BAR}")
        case _:
            return repr(value)


def _json_row(columns: tuple[str, ...], fields: Fields) -> bytes:
    present = {name: fields.get(name) for name in columns}
    kept = {name: value for name, value in present.items() if value not in (None, [])}
    return _line(json.dumps(kept, ensure_ascii=False))


def _line(text: str) -> bytes:
    return f"{text}\n".encode()
