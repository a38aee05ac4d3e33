"""GraphML (Brandes et al. 2002): one file, for networkx, igraph, Gephi, yEd.

Nodes are entities, papers, evidence, sources, hypotheses and what users wrote; what the graph keeps
for itself (merges, runs, schemas, search) is left out. Each property is one attribute of nodes or
of edges: a number or true and false where all its values are, else a text. A list is a text in
JSON, as GraphML has no lists. `labels` is ":Entity:Gene", `label` the type of an edge.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import tempfile
import urllib.parse
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from kg.archive.formats import Options, opened_to_write
from kg.archive.records import EdgeRecord, NodeRecord, Record
from kg.errors import UsageError

NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
# What libxml2 takes in one text without being told to take any amount (10,000,000 bytes).
MAX_TEXT = 9_000_000

_FILE = "graph.graphml"
_OWN_LABELS = frozenset({"Distinct", "Domain", "GraphVersion", "Merge", "Pack", "Run"})
_OWN_PROPERTIES = frozenset({"id", "name_grams", "normal_names", "terms"})  # `id` names the node
_TAKEN = {"node": "labels", "edge": "label"}
_TYPES = {bool: "boolean", int: "long", float: "double"}
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPED = {"\r": "&#13;"}
_PLAIN = "!#$&'()*+,/:;=?@[]-._~"
_UNSAFE = re.compile(r"[^\w!#$&'()*+,/:;=?@\[\]\-.~]")


class _Keys:
    """The declared attributes, by whose they are and their name: the types of their values."""

    def __init__(self) -> None:
        self._types: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._numbers: dict[tuple[str, str], int] = {}

    def data(self, owner: str, properties: dict[str, Any]) -> str:
        """Return the `data` elements of a node's or edge's properties."""
        return "".join(
            self._datum(owner, f"{name}_" if name == _TAKEN[owner] else name, value)
            for name, value in properties.items()
            if owner == "edge" or name not in _OWN_PROPERTIES
        )

    def declared(self) -> Iterator[str]:
        """Yield the `key` elements."""
        for (owner, name), number in self._numbers.items():
            type_ = _common(self._types[owner, name])
            yield f'<key id="p{number}" for="{owner}" attr.name="{name}" attr.type="{type_}"/>\n'

    def _datum(self, owner: str, name: str, value: Any) -> str:
        self._types[owner, name].add(_TYPES.get(type(value), "string"))
        if isinstance(value, float) and abs(value) < sys.float_info.min:
            value = 0.0  # igraph ends at a subnormal number
        number = self._numbers.setdefault((owner, name), len(self._numbers))
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        if len(text) * 4 > MAX_TEXT and len(text.encode()) > MAX_TEXT:
            raise UsageError(
                f"property {name!r} has more than {MAX_TEXT} bytes, which XML readers refuse: "
                "export to parquet"
            )
        plain = _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
        return f'<data key="p{number}">{escape(plain, _ESCAPED)}</data>'


def holds(record: Record) -> bool:
    """Whether a record is a node or an edge of the file."""
    if isinstance(record, NodeRecord):
        return record.labels[0] not in _OWN_LABELS
    return not _OWN_LABELS & {record.start_label, record.end_label}


def write(records: Iterable[Record], folder: Path, options: Options) -> None:
    """Write records into a folder.

    Raises:
        UsageError: a value is larger than XML readers take.
    """
    keys = _Keys()
    name = _FILE + (".gz" if options.compress else "")
    # Keys come before the graph in the file, and are known only after it.
    with tempfile.TemporaryFile("w+b", dir=folder) as body:
        for record in filter(holds, records):
            body.write(_element(record, keys).encode())
        body.seek(0)
        with opened_to_write(folder / name, compress=options.compress) as file:
            file.write(b'<?xml version="1.0" encoding="UTF-8"?>\n')
            file.write(f'<graphml xmlns="{NAMESPACE}">\n'.encode())
            for owner, taken in _TAKEN.items():
                key = f'<key id="{taken}" for="{owner}" attr.name="{taken}" attr.type="string"/>\n'
                file.write(key.encode())
            file.writelines(line.encode() for line in keys.declared())
            file.write(b'<graph id="G" edgedefault="directed">\n')
            shutil.copyfileobj(body, file)
            file.write(b"</graph>\n</graphml>\n")


def node_key(label: str, id_: str) -> str:
    """Return what stands for a node in the file: an entity's id, or `Paper|pmid:1`.

    What XML cannot hold, or a reader could take for a separator, is percent-encoded.
    """
    quoted = urllib.parse.quote(id_, safe=_PLAIN) if _UNSAFE.search(id_) else id_
    return quoted if label == "Entity" else f"{label}|{quoted}"


def _element(record: Record, keys: _Keys) -> str:
    if isinstance(record, EdgeRecord):
        source = quoteattr(node_key(record.start_label, record.start))
        target = quoteattr(node_key(record.end_label, record.end))
        label = f'<data key="label">{record.type}</data>'
        data = keys.data("edge", record.properties)
        return f"<edge source={source} target={target}>{label}{data}</edge>\n"
    key = quoteattr(node_key(record.labels[0], record.properties["id"]))
    labels = f'<data key="labels">:{":".join(record.labels)}</data>'
    return f"<node id={key}>{labels}{keys.data('node', record.properties)}</node>\n"


def _common(types: set[str]) -> str:
    if len(types) == 1:
        return next(iter(types))
    return "double" if types == {"long", "double"} else "string"
