"""Graphs for the tests of exports: random ones of our shape, and one with everything odd in it."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from kg import Graph
from kg.archive import EdgeBlock, EdgeRecord, NodeRecord, Record
from kg.archive.folder import MANIFEST

ODD = (
    "", " sp ", 'q"u', '"', '""', "a\nb\r\nc\td\r", "\ufeffx,;|", "n\x00ul", "\\", '\\"', "\\n",
    "\u2028\u0085\x1f\x1e", "\N{FISH}", "null", '{"a":[1]}', "'", "=1+1", "<b>&amp;</b>]]>", "%41",
    "a|b", "\ufffe\uffff\x0b", "日本 語", "<http://x> .", "e\u0301", "@prefix", "https://x.org/a b",
)  # fmt: skip
SIGNATURES = (
    ("MENTIONS", "Paper", "Entity"), ("REPORTED_IN", "Evidence", "Paper"),
    ("SUBJECT", "Evidence", "Entity"), ("SUBJECT", "Hypothesis", "Entity"),
    ("IS_A", "Entity", "Entity"), ("TREATS", "Entity", "Entity"), ("BINDS", "Entity", "Entity"),
)  # fmt: skip
LABELS = (
    ("Entity", "Chemical"), ("Entity", "Disease"), ("Paper",), ("Evidence",), ("Hypothesis",),
    ("Source",),
)  # fmt: skip

texts = st.one_of(st.sampled_from(ODD), st.text(st.characters(exclude_categories=["Cs"])))
integers = st.integers(-(2**63), 2**63 - 1)
numbers = st.floats(allow_nan=False, allow_infinity=False)
values = st.one_of(
    texts,
    integers,
    numbers,
    st.booleans(),
    *(st.lists(items, max_size=4) for items in (texts, integers, numbers, st.booleans())),
    st.just(json.dumps({"paths": [{"nodes": [], "contribution": 0.1}]})),
)
names = st.one_of(
    st.sampled_from(["title", "synonyms", "curated_sources", "label", "labels", "type", "start"]),
    st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True),
)
# These are indexed, and texts; the store refuses anything else.
INDEXED = {"id", "name", "claim_id", "name_grams"}
properties = st.dictionaries(names.filter(lambda name: name not in INDEXED), values, max_size=5)
ids = st.one_of(
    texts.filter(bool),
    st.from_regex(r"(MESH|pmid|abduce|O):[A-Za-z0-9_/.-]{1,8}", fullmatch=True),
)


@st.composite
def graphs(draw: st.DrawFn) -> list[Record]:
    """The records of a small graph: nodes first, and edges between them, also parallel ones."""
    keys = draw(st.lists(st.tuples(st.sampled_from(LABELS), ids), min_size=1, max_size=8))
    nodes = {(labels[0], id_): labels for labels, id_ in keys}
    records: list[Record] = [
        NodeRecord(labels, {**draw(properties), "id": id_}) for (_, id_), labels in nodes.items()
    ]
    for _ in range(draw(st.integers(0, 8))):
        type_, start, end = draw(st.sampled_from(SIGNATURES))
        starts = [id_ for label, id_ in nodes if label == start]
        ends = [id_ for label, id_ in nodes if label == end]
        if starts and ends:
            edge = (draw(st.sampled_from(starts)), end, draw(st.sampled_from(ends)))
            records.append(EdgeRecord(type_, start, *edge, draw(properties)))
    return records


def odd_graph() -> list[Record]:
    """The records of a graph with everything odd in it."""
    nodes: list[Record] = []
    for number, text in enumerate(ODD):
        said = {
            "name": text, "text": text, "synonyms": [text, text], "xrefs": [text], "one": [text],
            "none": [], "longs": [1, -(2**63)], "doubles": [0.1, 1e308, -0.0, 5e-324],
            "flags": [True, False], "double": 5e-324, "long": 2**63 - 1, "flag": False,
        }  # fmt: skip
        nodes.append(NodeRecord(("Entity", "Chemical"), {"id": f"O:{number}", **said}))
        nodes.append(NodeRecord(("Paper",), {"id": f"O:{text}", **said}))
        nodes.append(NodeRecord(("Entity", "Disease"), {"id": f"p {text}", "name": text}))
    of_all_kinds: tuple[Any, ...] = ("a", 5, 0.5, True, [], ["a"], [1], [0.5], [True], [""])
    nodes += [
        NodeRecord(("Entity", "Disease"), {"id": f"MESH:D{number}", "x": value})
        for number, value in enumerate(of_all_kinds)
    ]
    edges: list[Record] = []
    for number, text in enumerate(ODD):
        ends = (f"O:{number}", "Entity", f"p {text}")
        said = {"claim_id": text, "none": [], "one": [text], "belief": 0.5}
        edges.append(EdgeRecord("TREATS", "Entity", *ends, said))
        for entity in ("a", "b", "b"):  # the last two are equal, and two edges
            mention = ("Paper", f"O:{text}", "Entity", f"O:{number}")
            edges.append(EdgeRecord("MENTIONS", *mention, {"entity": entity}))
        edges.append(EdgeRecord("IS_A", "Entity", f"O:{number}", "Entity", "MESH:D1", {}))
    return [*nodes, *edges]


def fill(graph: Graph, records: Sequence[Record]) -> None:
    """Put records into a graph that holds nothing."""
    graph.clear()
    graph.ensure_schema(["Chemical", "Disease"])
    edges: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    nodes: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for record in records:
        if isinstance(record, NodeRecord):
            nodes[record.labels].append(record.properties)
        else:
            row = {"start": record.start, "end": record.end, "said": record.properties}
            edges[record.type, record.start_label, record.end_label].append(row)
    for labels, rows in nodes.items():
        graph.merge_nodes(labels, rows)
    for (type_, start, end), rows in edges.items():
        graph.write_rows(
            f"UNWIND $rows AS row MATCH (a:{start} {{id: row.start}}), (b:{end} {{id: row.end}}) "
            f"CREATE (a)-[r:{type_}]->(b) SET r = row.said",
            rows,
        )


def in_blocks(records: Sequence[Record]) -> list[Record | EdgeBlock]:
    """The same records, edges that have the same names of properties in one block."""
    groups: dict[tuple[str, ...], list[EdgeRecord]] = defaultdict(list)
    for record in records:
        if isinstance(record, EdgeRecord):
            kind = (record.type, record.start_label, record.end_label, *sorted(record.properties))
            groups[kind].append(record)
    nodes = (record for record in records if isinstance(record, NodeRecord))
    return [*nodes, *map(_block, groups.values())]


def _block(edges: list[EdgeRecord]) -> EdgeBlock:
    first = edges[0]
    values = {name: [edge.properties[name] for edge in edges] for name in first.properties}
    varying = {name: of for name, of in values.items() if len(set(map(repr, of))) > 1}
    return EdgeBlock(
        first.type,
        first.start_label,
        first.end_label,
        [edge.start for edge in edges],
        [edge.end for edge in edges],
        {name: value for name, value in first.properties.items() if name not in varying},
        varying,
    )


def in_order(records: Sequence[Record]) -> list[str]:
    """Records as sorted texts, to compare two graphs without a server."""
    return sorted(json.dumps(record, sort_keys=True, default=repr) for record in records)


def everything(graph: Graph) -> tuple[list[str], list[Any]]:
    """The content of a graph, its log and its version: all that a move takes along."""
    log = graph.read("MATCH (n:Run) RETURN properties(n) AS p")
    log += graph.read("MATCH (n:GraphVersion) RETURN n.version AS p")
    return graph.dump(), sorted(json.dumps(row["p"], sort_keys=True) for row in log)


def change_manifest(folder: Path, change: dict[str, Any]) -> None:
    """Change a manifest, and give its files the hashes that they have now."""
    path = folder / MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    for name, file in manifest["files"].items():
        content = (folder / name).read_bytes()
        file |= {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    path.write_text(json.dumps(manifest | change), encoding="utf-8")
