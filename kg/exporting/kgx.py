"""KGX, as Biolink tools exchange graphs: `nodes` and `edges`, as TSV or as JSON lines.

KGX holds knowledge: entities, claims, IS_A. Papers, evidence and all else stand in two files of
JSON lines beside it. In KGX the column `abduce` has each record as it is, as JSON, since KGX has no
types, and no way to write a "|" in a list; what Biolink has a name for stands in its column too,
with control characters as spaces and "|" as "\N{BROKEN BAR}" (TSV).
"""

from __future__ import annotations

import functools
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO

from kg.base_schema import base_schema
from kg.curated_models import source_name
from kg.errors import BadRecordError
from kg.exporting.behind_claims import ClaimPapers
from kg.exporting.folder import Manifest, inner_path
from kg.exporting.formats import Options, opened_to_write
from kg.exporting.lines import json_line, lines_of, parsed, record_json, record_of
from kg.exporting.records import EdgeRecord, NodeRecord, Record
from kg.identifiers import claim_id

NODE_COLUMNS = (
    "id", "category", "name", "description", "synonym", "xref", "provided_by", "abduce",
)  # fmt: skip
EDGE_COLUMNS = (
    "id", "subject", "predicate", "object", "category", "original_predicate", "negated",
    "knowledge_level", "agent_type", "primary_knowledge_source", "aggregator_knowledge_source",
    "publications", "has_confidence_level", "belief", "n_support", "n_deny", "n_papers",
    "first_year", "last_year", "abduce",
)  # fmt: skip
EXACT = "abduce"
READ_BY_US = "infores:abduce"

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_NUMBERS = ("belief", "n_support", "n_deny", "n_papers", "first_year", "last_year")
_PUBLICATION = {"pmid": "PMID", "pmc": "PMC"}
Fields = dict[str, Any]


def write(records: Iterable[Record], folder: Path, options: Options) -> Fields:
    """Write records as TSV into a folder, and return what the manifest has to remember."""
    return write_as("tsv", records, folder, options)


def read(folder: Path, manifest: Manifest) -> Iterator[Record]:
    """Yield the records that `write` wrote.

    Raises:
        BadRecordError: a line is not one that `write` writes; says which.
    """
    yield from _read_rows(_file(folder, manifest, "nodes"), _tsv_exact)
    yield from _read_rest(_file(folder, manifest, "rest_nodes"))
    yield from _read_rows(_file(folder, manifest, "edges"), _tsv_exact)
    yield from _read_rest(_file(folder, manifest, "rest_edges"))


def read_lines(folder: Path, manifest: Manifest) -> Iterator[Record]:
    """Yield the records that were written as JSON lines.

    Raises:
        BadRecordError: a line is not one that `write_as` writes; says which.
    """
    yield from _read_rows(_file(folder, manifest, "nodes"), _json_exact)
    yield from _read_rest(_file(folder, manifest, "rest_nodes"))
    yield from _read_rows(_file(folder, manifest, "edges"), _json_exact)
    yield from _read_rest(_file(folder, manifest, "rest_edges"))


def write_as(kind: str, records: Iterable[Record], folder: Path, options: Options) -> Fields:
    """Write records into a folder, as "tsv" or "jsonl"."""
    ending = ".gz" if options.compress else ""
    files = {
        "nodes": f"nodes.{kind}{ending}",
        "edges": f"edges.{kind}{ending}",
        "rest_nodes": f"rest_nodes.jsonl{ending}",
        "rest_edges": f"rest_edges.jsonl{ending}",
    }
    row = _tsv_row if kind == "tsv" else _json_row
    with (
        opened_to_write(folder / files["nodes"], compress=options.compress) as nodes,
        opened_to_write(folder / files["edges"], compress=options.compress) as edges,
        opened_to_write(folder / files["rest_nodes"], compress=options.compress) as rest_nodes,
        opened_to_write(folder / files["rest_edges"], compress=options.compress) as rest_edges,
        tempfile.TemporaryDirectory(dir=folder) as waiting,
        closing(ClaimPapers(Path(waiting) / "papers.sqlite")) as papers,
    ):
        if kind == "tsv":
            nodes.write(("\t".join(NODE_COLUMNS) + "\n").encode())
            edges.write(("\t".join(EDGE_COLUMNS) + "\n").encode())
        outs = (nodes, edges, rest_nodes, rest_edges)
        for record in records:
            _write_record(record, outs, papers, row)
    return {"files": files}


def _write_record(
    record: Record,
    outs: tuple[BinaryIO, BinaryIO, BinaryIO, BinaryIO],
    papers: ClaimPapers,
    row: Callable[[tuple[str, ...], Fields], bytes],
) -> None:
    nodes, edges, rest_nodes, rest_edges = outs
    if isinstance(record, NodeRecord):
        if record.labels[0] == "Entity":
            nodes.write(row(NODE_COLUMNS, node_fields(record)))
        else:
            rest_nodes.write(json_line(record_json(record)))
            papers.add(record)
    elif record.start_label == record.end_label == "Entity":
        edges.write(row(EDGE_COLUMNS, edge_fields(record, papers.of(record))))
    else:
        rest_edges.write(json_line(record_json(record)))


def node_fields(node: NodeRecord) -> Fields:
    """Return what KGX says of an entity."""
    said = node.properties
    return {
        "id": said["id"],
        "category": [category(label) for label in node.labels[1:]] or ["biolink:NamedThing"],
        "name": said.get("name"),
        "description": said.get("definition"),
        "synonym": said.get("synonyms"),
        "xref": said.get("xrefs"),
        "provided_by": [_infores(ref) for ref in _texts(said.get("sources"))] or None,
        EXACT: record_json(node),
    }


def edge_fields(edge: EdgeRecord, papers: Iterable[str]) -> Fields:
    """Return what KGX says of a claim.

    `negated` where more evidence denies the claim than supports it.
    """
    said = edge.properties
    known = claim_id(edge.start, edge.type, edge.end)
    return {
        "id": said.get("claim_id", known),
        "subject": edge.start,
        "predicate": predicate(edge.type),
        "object": edge.end,
        "category": ["biolink:Association"],
        "original_predicate": edge.type,
        "negated": _number(said.get("n_deny")) > _number(said.get("n_support")),
        "publications": sorted(map(_publication, papers)) or None,
        "has_confidence_level": said.get("belief"),
        **{name: said.get(name) for name in _NUMBERS},
        **_knowledge(edge),
        EXACT: record_json(edge),
    }


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


def _texts(value: Any) -> list[str]:
    return value if isinstance(value, list) and all(isinstance(v, str) for v in value) else []


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _tsv_row(columns: tuple[str, ...], fields: Fields) -> bytes:
    cells = (_cell(fields.get(column)) for column in columns[:-1])
    exact = json_line(fields[EXACT]).decode().replace("|", r"\u007c")  # KGX would split there
    return ("\t".join(cells) + "\t" + exact).encode()


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
    return json_line({name: fields[name] for name in columns if fields.get(name) is not None})


def _tsv_exact(line: bytes, path: str, where: str) -> Mapping[str, Any]:
    return parsed(line.rpartition(b"\t")[2], path, where)


def _json_exact(line: bytes, path: str, where: str) -> Mapping[str, Any]:
    exact = parsed(line, path, where).get(EXACT)
    if not isinstance(exact, dict):
        raise BadRecordError(path, where, f"has no field {EXACT!r}: export once more")
    return exact


def _read_rows(
    path: Path, exact: Callable[[bytes, str, str], Mapping[str, Any]]
) -> Iterator[Record]:
    lines = lines_of(path)
    if exact is _tsv_exact:
        next(lines, None)
    for where, line in lines:
        yield record_of(dict(exact(line, str(path), where)), str(path), where)


def _read_rest(path: Path) -> Iterator[Record]:
    for where, line in lines_of(path):
        yield record_of(parsed(line, str(path), where), str(path), where)


def _file(folder: Path, manifest: Manifest, name: str) -> Path:
    files = manifest.details.get("files")
    return inner_path(folder, str(files.get(name)) if isinstance(files, dict) else "")
