"""Files that are made to harm: each gives a right result or a clear error, in bounded memory."""

from __future__ import annotations

import gzip
import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kg import UnreadableFileError
from kg.graph_schema import MAX_INDEXED
from kg.sources import SourceOptions, open_source
from kg.sources.xml_guard import refuse_entities
from tests.kg.sources.written import (
    FILES,
    KGX_EDGES,
    KGX_NODES,
    MAPPING,
    OBO,
    OWL,
    SKOS,
    TABLE,
    facts,
    read,
    terms,
)

LONG = "x" * 100_000
# A quote, an injection into Cypher, another direction of writing, half a flag, a joiner, a
# character outside the basic plane, a combining one, and one that looks like a line end.
ODD = "a'b\"c`})-[]-(n) DETACH DELETE n // \u202eabc \u200d \U0001f9ec e\u0301 \u2028 \\ $x"
# Where a name stands in a source of each format, as the format writes a text.
NAMED: dict[str, tuple[str, str]] = {
    "hetionet": ("Propranolol", "plain"),
    "kgx": ("migraine", "plain"),
    "obo": ("name: migraine", "obo"),
    "owl": ("<rdfs:label>migraine", "xml"),
    "rdf": ('"migraine"', "turtle"),
    "skos": ('"Supply"@en', "turtle"),
    "table": ("asthma", "csv"),
}


def _written(text: str, how: str) -> str:
    match how:
        case "obo":
            return "name: " + "".join(f"\\{c}" if c in '\\{}!"' else c for c in text)
        case "xml":
            escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            return f"<rdfs:label>{escaped}"
        case "turtle":
            return json.dumps(text, ensure_ascii=False)
        case "csv":
            return '"' + text.replace('"', '""') + '"'
        case _:
            return text


def _with_name(format_: str, text: str, folder: Path) -> tuple[set[str], list[str]]:
    old, how = NAMED[format_]
    new = _written(text, how)
    files = {name: content.replace(old, new) for name, content in FILES[format_].items()}
    assert files != FILES[format_]
    opened, failures = read(folder, format_, files)
    return {term.name for term in opened.terms()}, [failure.reason for failure in failures]


@pytest.mark.parametrize("format_", FILES)
def test_an_odd_name_comes_through_letter_by_letter(format_: str, tmp_path: Path) -> None:
    """A name with quotes, braces and odd characters is the name of the term, unchanged."""
    names, reasons = _with_name(format_, ODD, tmp_path / "s")
    assert ODD in names
    assert reasons == []


@pytest.mark.parametrize("format_", FILES)
def test_a_name_of_100_kb_is_told(format_: str, tmp_path: Path) -> None:
    """A name that no index takes is a failure that says its size; the other terms are there."""
    names, reasons = _with_name(format_, LONG, tmp_path / "s")
    assert names
    assert LONG not in names
    assert any(f"{MAX_INDEXED:,}" in reason and "100,000" in reason for reason in reasons)


@pytest.mark.parametrize("format_", FILES)
def test_a_control_character_is_told(format_: str, tmp_path: Path) -> None:
    """A name with a control character is a failure, or an error where the format forbids it."""
    try:
        names, reasons = _with_name(format_, "bell\x07", tmp_path / "s")
    except UnreadableFileError:
        return
    assert "bell\x07" not in names
    assert reasons


@pytest.mark.parametrize("format_", ["hetionet", "kgx", "obo", "table"])
def test_bytes_that_are_no_utf8_cost_their_line(format_: str, tmp_path: Path) -> None:
    """A line that is not UTF-8 is a failure with its place; the others are read."""
    old, _ = NAMED[format_]
    paths = []
    for name, text in FILES[format_].items():
        path = tmp_path / name
        path.write_bytes(text.encode().replace(old.encode(), old.encode() + b"\xff"))
        paths.append(path)
    mapping = tmp_path / "m.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    reasons: list[str] = []
    opened = open_source(
        paths,
        SourceOptions(format=format_, mapping=mapping if format_ == "table" else None),
        on_failure=lambda failure: reasons.append(failure.reason),
    )
    assert list(opened.terms())
    assert any("not UTF-8" in reason for reason in reasons)


@pytest.mark.parametrize("format_", FILES)
def test_a_bomb_is_refused(format_: str, tmp_path: Path) -> None:
    """A file that unpacks to many times its size is refused, and not unpacked to the end."""
    first = next(iter(FILES[format_].values()))
    start = first.partition("\n")[0].encode() + b"\n"
    path = tmp_path / "bomb.gz"
    with gzip.open(path, "wb") as out:
        out.write(start if format_ in {"hetionet", "kgx", "table"} else first.encode())
        for _ in range(300):
            out.write(b" " * (1 << 20) + b"\n")
    mapping = tmp_path / "m.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="200 times its size"):
        open_source(
            path,
            SourceOptions(format=format_, mapping=mapping if format_ == "table" else None),
            on_failure=lambda _: None,
        ).terms().__next__()


LAUGHS = """<!DOCTYPE rdf:RDF [
 <!ENTITY a "ha"> <!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"> <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">
 <!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;"> <!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;"> ]>"""
DOCTYPES = {
    "billion laughs": LAUGHS,
    "external file": '<!DOCTYPE rdf:RDF [ <!ENTITY e SYSTEM "file:///etc/passwd"> ]>',
    "external subset": '<!DOCTYPE rdf:RDF SYSTEM "http://127.0.0.1:9/evil.dtd">',
    "parameter entity": '<!DOCTYPE rdf:RDF [ <!ENTITY % e SYSTEM "http://127.0.0.1:9/x"> %e; ]>',
    "long entity": f'<!DOCTYPE rdf:RDF [ <!ENTITY e "http://{"x" * 5000}"> ]>',
    "text": '<!DOCTYPE rdf:RDF [ <!ENTITY e "some text"> ]>',
    "never ends": "<!DOCTYPE rdf:RDF [ <!ENTITY e 'http://x.org/'",
    "behind a comment": f"<!-- {'x' * 70_000} --> {LAUGHS}",
}


@pytest.mark.parametrize("doctype", DOCTYPES.values(), ids=DOCTYPES)
def test_entities_are_not_expanded(doctype: str, tmp_path: Path) -> None:
    """An XML file with an entity that could swell or fetch is refused before it is parsed."""
    start, end = OWL.index("<!DOCTYPE"), OWL.index("<rdf:RDF")
    text = OWL[:start] + doctype + OWL[end:].replace("&obo;", "&e;")
    with pytest.raises(UnreadableFileError, match=r"entit|document type|is no RDF|not RDF"):
        read(tmp_path / "s", "owl", {"x.owl": text}, format="owl")


def test_an_entity_that_is_an_address_is_read(tmp_path: Path) -> None:
    """The entities by which OWL files abbreviate namespaces are no harm, and are read."""
    assert "&obo;" in OWL
    assert "DOID:6364" in terms(read(tmp_path / "s", "owl")[0])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-7"])
def test_an_encoding_that_hides_entities_is_refused(encoding: str) -> None:
    """An XML file in an encoding in which entities could not be seen is refused."""
    text = f'<?xml version="1.0" encoding="{encoding}"?>{LAUGHS}<r/>'
    with pytest.raises(UnreadableFileError, match="UTF-8"):
        refuse_entities("x.owl", text.encode(encoding))


@contextmanager
def _listening() -> Iterator[tuple[str, list[str]]]:
    """A web server on loopback, and the paths that it was asked for."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"@context": {}}')

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            del format, args

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_remote_context_is_not_fetched(tmp_path: Path) -> None:
    """JSON-LD that names a context elsewhere is an error, and nobody is asked for it."""
    with _listening() as (address, asked):
        text = json.dumps({"@context": f"{address}/c", "@id": "http://e.org/a", "name": "x"})
        with pytest.raises(UnreadableFileError, match=r"put its content in its place"):
            read(tmp_path / "s", "rdf", {"x.jsonld": text})
        assert asked == []


def test_an_import_is_not_fetched(tmp_path: Path) -> None:
    """What an ontology imports is not fetched: the ontology itself is read."""
    with _listening() as (address, asked):
        imports = f'<owl:imports rdf:resource="{address}/o.owl"/>'
        text = OWL.replace("</owl:Ontology>", f"{imports}</owl:Ontology>")
        opened, _ = read(tmp_path / "s", "owl", {"x.owl": text})
        assert len(terms(opened)) == 3
        assert asked == []


def test_an_id_that_is_no_curie_is_told(tmp_path: Path) -> None:
    """An id that is no CURIE is a failure that names it and the form; the rest is there."""
    files = {
        "g_nodes.tsv": f"{KGX_NODES}just a name\tbiolink:Gene\tx\t\t\n",
        "g_edges.tsv": f"{KGX_EDGES}e9\tbare\tbiolink:treats\tDOID:4\t\t\n",
    }
    opened, failures = read(tmp_path / "s", "kgx", files)
    assert len(terms(opened)) == 3
    assert len(facts(opened)) == 2
    assert any("'just a name'" in failure.reason for failure in failures)
    assert all("PREFIX:LOCAL" in failure.reason for failure in failures)


def test_labels_and_relations_of_the_graph_itself_are_told(tmp_path: Path) -> None:
    """A type or a predicate that Abduce keeps for itself, or that clash, is a failure."""
    nodes = "id\tcategory\nA:1\tbiolink:Paper\nA:2\tbiolink:Gene\nA:3\tbiolink:`evil`\n"
    edges = "subject\tpredicate\tobject\nA:2\tbiolink:mentions\tA:2\nA:2\tbiolink:gene\tA:2\n"
    opened, failures = read(tmp_path / "s", "kgx", {"n_nodes.tsv": nodes, "n_edges.tsv": edges})
    assert {term.type for term in opened.terms()} == {"Gene", "Evil"}
    assert facts(opened) == []
    reasons = " ".join(failure.reason for failure in failures)
    assert "Paper=ANOTHER" in reasons
    assert "MENTIONS is a relationship type that Abduce keeps" in reasons
    assert "has the name of the type Gene" in reasons


def test_a_template_is_no_format_string(tmp_path: Path) -> None:
    """What stands in a cell or a template is put in as it is: nothing of it is evaluated."""
    mapping = MAPPING.replace('prefix = "DRUGBANK"', 'template = "X:{}{0.__class__}"')
    opened, _ = read(tmp_path / "s", "table", mapping=mapping)
    assert facts(opened)[0].subject == "X:DB00571{0.__class__}"


def test_a_quote_that_is_never_closed_ends(tmp_path: Path) -> None:
    """A quote that is not closed swallows no more than one cell may hold, and is told."""
    rows = "".join(f"DB{n}\tx\tDOID:{n}\ty\tDM\t1\n" for n in range(20_000))
    opened, failures = read(tmp_path / "s", "table", {"t.tsv": f'{TABLE}DB1\t"never{rows}'})
    assert len(facts(opened)) > 14_000
    assert [failure.where for failure in failures] == ["line 5"]
    short, failures = read(tmp_path / "t", "table", {"t.tsv": f'{TABLE}DB1\t"never\tDOID:1\n'})
    assert len(facts(short)) == 3
    assert [failure.where for failure in failures] == ["line 5"]


def test_a_circle_of_blank_nodes_ends(tmp_path: Path) -> None:
    """Blank nodes that point at each other, and a list without end, do not hold a reader up."""
    blank = """
<http://purl.obolibrary.org/obo/DOID_5> a <http://www.w3.org/2002/07/owl#Class> ;
  <http://www.w3.org/2002/07/owl#equivalentClass> _:a ; <http://e.org/p> _:a .
_:a <http://www.w3.org/2002/07/owl#intersectionOf> _:l ; <http://e.org/p> _:a, _:b .
_:b <http://e.org/p> _:a, _:b .
_:l <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> _:a ;
  <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> _:l .
"""
    opened, _ = read(tmp_path / "s", "owl", {"x.ttl": blank}, format="owl")
    assert list(terms(opened)) == ["DOID:5"]
    assert facts(opened) == []


@pytest.mark.parametrize("format_", FILES)
def test_an_odd_file_name_comes_through(format_: str, tmp_path: Path) -> None:
    """Files whose names are no UTF-8, or hold quotes and line ends, are read; rows can be kept."""
    odd = {f"a'\n\udcff`{name}": text for name, text in FILES[format_].items()}
    opened, failures = read(tmp_path / "s", format_, odd)
    rows = [term.row for term in opened.terms()] + [fact.row for fact in opened.facts()]
    assert rows
    assert all(row.encode() for row in rows)
    assert opened.source.name
    assert not failures


def test_a_folder_outside_is_not_reached(tmp_path: Path) -> None:
    """No name in a file is opened as a file: only the paths of the caller are."""
    text = OBO.replace("ontology: doid", "import: ../../secret.obo\nontology: ../../etc/passwd")
    opened, _ = read(tmp_path / "s", "obo", {"x.obo": text})
    assert opened.source.name == "etc-passwd"
    assert len(terms(opened)) == 3
    scheme = SKOS.replace('"A thesaurus"@en', '"../../x"@en')
    assert read(tmp_path / "t", "skos", {"x.ttl": scheme})[0].source.title == "../../x"


@pytest.mark.parametrize("format_", [None, "kgx", "table"])
@pytest.mark.parametrize(
    ("start", "packed"),
    [(b"PK\x03\x04", "zip"), (b"\x28\xb5\x2f\xfd", "zstd"), (b"BZh91AY&SY", "bzip2")],
)
def test_what_is_packed_otherwise_is_told(
    start: bytes, packed: str, format_: str | None, tmp_path: Path
) -> None:
    """A zip, zstd or bzip2 file is an error that says so, and not one about letters in it."""
    path, mapping = tmp_path / "g.tsv", tmp_path / "m.toml"
    path.write_bytes(start + b"\x84\xff" * 100)
    mapping.write_text(MAPPING, encoding="utf-8")
    with pytest.raises(UnreadableFileError, match=f"packed with {packed}"):
        open_source(
            path,
            SourceOptions(format=format_, mapping=mapping if format_ == "table" else None),
            on_failure=lambda _: None,
        )
