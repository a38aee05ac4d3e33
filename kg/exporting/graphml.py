"""GraphML (Brandes et al. 2002): one file, for networkx, Gephi, yEd, igraph.

Labels and types are written as Neo4j's own GraphML does: `labels` is ":Entity:Gene", `label` the
type of an edge. GraphML has no lists: they are JSON, and `list` on their key says of what. A text
that XML cannot hold (control characters) is JSON as well, under a key with `json`.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import urllib.parse
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from kg.errors import BadRecordError, UnreadableFileError, UsageError
from kg.exporting.folder import Manifest, inner_path
from kg.exporting.formats import Options, opened_to_read, opened_to_write
from kg.exporting.kinds import kind_of, text_of, value_of
from kg.exporting.records import EdgeRecord, NodeRecord, Record

NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
OURS = "https://w3id.org/abduce/graphml"
_FILE = "graph.graphml"
# What libxml2 takes in one text without being told to take any amount (10,000,000 bytes).
MAX_TEXT = 9_000_000

_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPED = {"\r": "&#13;"}
_JSON = "json"  # beside the kinds of properties: a text as JSON
_HEAD = (
    f'<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="{NAMESPACE}" xmlns:abduce="{OURS}">\n'
)
_TAG = f"{{{NAMESPACE}}}"


class _Key(NamedTuple):
    """A declared attribute: of nodes or of edges, its name, and the kind of its values."""

    owner: str
    name: str
    kind: str


class _Keys:
    """Numbers attributes in the order in which they are met."""

    def __init__(self) -> None:
        self.numbers: dict[_Key, int] = {}

    def data(self, owner: str, properties: dict[str, Any]) -> str:
        """Return the `data` elements of a node's or edge's properties."""
        return "".join(self._datum(owner, name, properties[name]) for name in properties)

    def _datum(self, owner: str, name: str, value: Any) -> str:
        kind, text = kind_of(value), text_of(value)
        if len(text) * 4 > MAX_TEXT and len(text.encode()) > MAX_TEXT:
            raise UsageError(
                f"property {name!r} has more than {MAX_TEXT} bytes, which XML readers refuse: "
                "export to parquet"
            )
        if _NOT_XML.search(text):
            kind = kind if isinstance(value, list) else _JSON
            text = json.dumps(value)  # with everything but ASCII escaped
        key = _Key(owner, name, kind)
        number = self.numbers.setdefault(key, len(self.numbers))
        return f'<data key="p{number}">{escape(text, _ESCAPED)}</data>'


def write(records: Iterable[Record], folder: Path, options: Options) -> dict[str, Any]:
    """Write records into a folder, and return what the manifest has to remember.

    Raises:
        UsageError: a value is larger than XML readers take.
    """
    keys = _Keys()
    name = _FILE + (".gz" if options.compress else "")
    # Keys come before the graph in the file, and are known only after it.
    with tempfile.TemporaryFile("w+b", dir=folder) as body:
        for record in records:
            body.write(_element(record, keys).encode())
        body.seek(0)
        with opened_to_write(folder / name, compress=options.compress) as file:
            file.write(_HEAD.encode())
            file.writelines(line.encode() for line in _declared(keys))
            file.write(b'<graph id="G" edgedefault="directed">\n')
            shutil.copyfileobj(body, file)
            file.write(b"</graph>\n</graphml>\n")
    return {"file": name}


def read(folder: Path, manifest: Manifest) -> Iterator[Record]:
    """Yield the records that `write` wrote.

    Raises:
        UnreadableFileError: the file is no XML, has a document type (entities), or a text in it
            is too long.
        BadRecordError: an element is not one that `write` writes.
    """
    path = inner_path(folder, str(manifest.details.get("file")))
    with opened_to_read(path) as file:
        try:
            yield from _records(file, str(path))
        except etree.XMLSyntaxError as error:
            raise UnreadableFileError(str(path), "", f"is no GraphML: {error}") from error


def node_key(label: str, id_: str) -> str:
    """Return what stands for a node in the file: an entity's id, or `Paper|pmid:1`.

    What XML cannot hold, or a reader could take for a separator, is percent-encoded.
    """
    quoted = urllib.parse.quote(id_, safe=_PLAIN) if _UNSAFE.search(id_) else id_
    return quoted if label == "Entity" else f"{label}|{quoted}"


_PLAIN = "!#$&'()*+,/:;=?@[]-._~"
_UNSAFE = re.compile(r"[^\w!#$&'()*+,/:;=?@\[\]\-.~]")


def _ends(key: str, path: str, where: str) -> tuple[str, str]:
    label, bar, quoted = key.rpartition("|")
    try:
        return (label if bar else "Entity"), urllib.parse.unquote(quoted, errors="strict")
    except UnicodeDecodeError as error:
        raise BadRecordError(path, where, f"{key!r} names no node") from error


def _element(record: Record, keys: _Keys) -> str:
    if isinstance(record, EdgeRecord):
        source = quoteattr(node_key(record.start_label, record.start))
        target = quoteattr(node_key(record.end_label, record.end))
        return (
            f'<edge source={source} target={target} label="{record.type}">'
            f'<data key="label">{record.type}</data>'
            f"{keys.data('edge', record.properties)}</edge>\n"
        )
    key = quoteattr(node_key(record.labels[0], record.properties["id"]))
    labels = ":" + ":".join(record.labels)
    return (
        f'<node id={key} labels="{labels}"><data key="labels">{labels}</data>'
        f"{keys.data('node', record.properties)}</node>\n"
    )


def _declared(keys: _Keys) -> Iterator[str]:
    yield '<key id="labels" for="node" attr.name="labels" attr.type="string"/>\n'
    yield '<key id="label" for="edge" attr.name="label" attr.type="string"/>\n'
    for key, number in keys.numbers.items():
        shown, more = key.kind, ""
        if key.kind == _JSON:
            shown, more = "string", ' abduce:json="string"'
        elif key.kind.endswith("[]"):
            shown, more = "string", f' abduce:list="{key.kind[:-2]}"'
        yield (
            f'<key id="p{number}" for="{key.owner}" attr.name="{key.name}" '
            f'attr.type="{shown}"{more}/>\n'
        )


def _records(file: IO[bytes], path: str) -> Iterator[Record]:
    keys: dict[str, _Key] = {}
    parsed = etree.iterparse(
        file,
        events=("end",),
        tag=(f"{_TAG}key", f"{_TAG}node", f"{_TAG}edge"),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
    )
    for _, element in parsed:
        if element.getroottree().docinfo.doctype:
            raise UnreadableFileError(path, "", "has a document type, which ours never has")
        match element.tag.removeprefix(_TAG):
            case "key":
                keys[element.get("id", "")] = _declared_key(element)
            case "node":
                yield _node(element, keys, path)
            case _:
                yield _edge(element, keys, path)
        element.clear()
        while (before := element.getprevious()) is not None:
            element.getparent().remove(before)


def _declared_key(element: Any) -> _Key:
    kind = element.get("attr.type", "")
    if element.get(f"{{{OURS}}}json") is not None:
        kind = _JSON
    elif (of := element.get(f"{{{OURS}}}list")) is not None:
        kind = f"{of}[]"
    return _Key(element.get("for", ""), element.get("attr.name", ""), kind)


def _node(element: Any, keys: dict[str, _Key], path: str) -> NodeRecord:
    where = f"node {element.get('id')}, line {element.sourceline}"
    labels = tuple(filter(None, element.get("labels", "").split(":")))
    return NodeRecord(labels, _properties(element, keys, path, where))


def _edge(element: Any, keys: dict[str, _Key], path: str) -> EdgeRecord:
    where = f"edge at line {element.sourceline}"
    start_label, start = _ends(element.get("source", ""), path, where)
    end_label, end = _ends(element.get("target", ""), path, where)
    properties = _properties(element, keys, path, where)
    return EdgeRecord(element.get("label", ""), start_label, start, end_label, end, properties)


def _properties(element: Any, keys: dict[str, _Key], path: str, where: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for data in element.iterfind(f"{_TAG}data"):
        if data.get("key") in ("label", "labels"):
            continue
        if len(data):
            raise BadRecordError(path, where, "has elements, or entities, in its data")
        key = keys.get(data.get("key"))
        if key is None:
            raise BadRecordError(path, where, f"the key {data.get('key')!r} is not declared")
        found[key.name] = _value(data.text or "", key.kind, path, where)
    return found


def _value(text: str, kind: str, path: str, where: str) -> Any:
    if kind != _JSON:
        return value_of(text, kind, path, where)
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, str):
        raise BadRecordError(path, where, f"{text[:60]!r} is no text in JSON")
    return value
