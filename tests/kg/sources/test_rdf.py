"""Any RDF: things, and what is said of two of them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
import pytest

from kg import UnreadableFileError
from kg.sources import guess_format, open_source, rdf_syntax
from tests.kg.sources.written import RDF, no_failure, read, terms, triples

ONE, TWO = "http://example.org/thing/one", "http://example.org/thing/two"
SYNTAXES = ["TURTLE", "TRIG", "N_TRIPLES", "N_QUADS", "RDF_XML", "JSON_LD"]


def test_things_are_terms(tmp_path: Path) -> None:
    """A thing has the label of its type, its names by language, and a CURIE if one is known."""
    opened, failures = read(tmp_path / "s", "rdf")
    found = terms(opened)
    one = found[ONE]
    assert (one.type, one.name, one.language) == ("SmallMolecule", "One", "en")
    assert [(n.text, n.scope, n.language) for n in one.names] == [("Eins", "preferred", "de")]
    assert found["DOID:6364"].type == "Disease"
    assert not failures


def test_a_thing_that_is_only_pointed_at_is_there(tmp_path: Path) -> None:
    """What nothing is said of is a term too, of the type Thing or the caller's."""
    opened, _ = read(tmp_path / "s", "rdf")
    assert terms(opened)["http://example.org/thing/three"].type == "Thing"
    renamed, _ = read(tmp_path / "s", "rdf", types="Thing=Target")
    assert terms(renamed)["http://example.org/thing/three"].type == "Target"


def test_statements_about_two_things_are_facts(tmp_path: Path) -> None:
    """A predicate's local name is the relation; statements far apart come together."""
    opened, _ = read(tmp_path / "s", "rdf")
    assert triples(opened) == [
        (ONE, "INTERACTS_WITH", TWO, "supports"),
        (ONE, "INTERACTS_WITH", "http://example.org/thing/three", "supports"),
        (ONE, "TREATS", "DOID:6364", "supports"),
    ]


def test_literals_and_nodes_without_a_name_are_details(tmp_path: Path) -> None:
    """What has no place of its own is kept as details, blank nodes with what is said of them."""
    details = json.loads(terms(read(tmp_path / "s", "rdf")[0])[ONE].details)
    assert details == {
        "http://example.org/says/mass": ["1.5"],
        "http://example.org/says/made": [
            {"http://example.org/says/by": ["hand"], "http://example.org/says/year": ["1999"]}
        ],
    }


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_every_syntax_says_the_same(syntax: str, tmp_path: Path) -> None:
    """Turtle, TriG, N-Triples, N-Quads, RDF/XML and JSON-LD give the same terms and facts."""
    plain, _ = read(tmp_path / "plain", "rdf")
    format_ = getattr(pyoxigraph.RdfFormat, syntax)
    parsed = pyoxigraph.parse(RDF, format=pyoxigraph.RdfFormat.TURTLE)
    path = tmp_path / "data"
    path.write_bytes(pyoxigraph.serialize((quad.triple for quad in parsed), format=format_) or b"")
    assert guess_format(path) == "rdf"
    opened = open_source(path, on_failure=no_failure)
    assert triples(opened) == triples(plain)
    without_row = {"row": ""}
    assert [t.model_copy(update=without_row) for t in opened.terms()] == [
        t.model_copy(update=without_row) for t in plain.terms()
    ]


@pytest.mark.parametrize("ordered", [True, False])
def test_large_json_ld_is_streamed_or_refused(
    ordered: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """JSON-LD too large to hold is read if its keys are in order, else the error says which."""
    monkeypatch.setattr(rdf_syntax, "MAX_JSON_LD", 1000)
    said = {"@type": "http://e.org/T", "@id": "http://e.org/a", "http://e.org/note": "x" * 2000}
    thing = said if ordered else dict(reversed(said.items()))
    text = json.dumps({"@graph": [thing]})
    if ordered:
        opened, _ = read(tmp_path / "s", "rdf", {"d.json": text})
        assert terms(opened)["http://e.org/a"].type == "T"
    else:
        with pytest.raises(UnreadableFileError, match="the order of streaming JSON-LD"):
            read(tmp_path / "s", "rdf", {"d.json": text})


def test_a_wrong_line_of_n_triples_is_told(tmp_path: Path) -> None:
    """In N-Triples a line that is wrong is a failure with its number, and the rest goes on."""
    good = [f"<http://e.org/{n}> <http://e.org/p> <http://e.org/{n + 1}> ." for n in range(5000)]
    lines = [*good[:3000], "<http://e.org/x> nonsense <http://e.org/y> .", *good[3000:]]
    opened, failures = read(tmp_path / "s", "rdf", {"d.nt": "\n".join([*lines, ""])})
    assert len(triples(opened)) == 5000
    assert [failure.where for failure in failures] == ["line 3001"]


def test_turtle_that_looks_like_n_triples_is_turtle(tmp_path: Path) -> None:
    """A file of one statement a line is Turtle, and no N-Triples, if it declares a prefix."""
    lines = "<http://e.org/a> <http://e.org/p> <http://e.org/b> .\n" * 50
    text = f"@prefix e: <http://e.org/> .\n{lines}e:b e:p e:c .\n"
    opened, failures = read(tmp_path / "s", "rdf", {"d.ttl": text})
    assert len(triples(opened)) == 2
    assert not failures


def test_broken_turtle_is_one_error_with_its_line(tmp_path: Path) -> None:
    """In Turtle nothing after a fault can be understood: an error names the line."""
    with pytest.raises(UnreadableFileError, match=r"d\.ttl: line 10: .*Turtle"):
        read(tmp_path / "s", "rdf", {"d.ttl": f"{RDF}e:one p:treats nonsense nonsense .\n"})


def test_statements_about_statements_are_counted(tmp_path: Path) -> None:
    """RDF-star's statements about statements are left out, and a failure says how many."""
    text = (
        f"{RDF}e:s <http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies> <<( e:one p:q e:two )>> ."
    )
    opened, failures = read(tmp_path / "s", "rdf", {"d.ttl": text})
    assert len(triples(opened)) == 3
    assert ["1 statements about statements" in f.reason for f in failures] == [True]


def test_what_describes_the_vocabulary_is_no_entity(tmp_path: Path) -> None:
    """Properties and ontologies are no terms, and statements that point at them no facts."""
    text = f"""{RDF}@prefix owl: <http://www.w3.org/2002/07/owl#> .
p:treats a owl:ObjectProperty ; rdfs:label "treats" .
<http://example.org/> a owl:Ontology ; owl:versionInfo "3" .
e:one p:in <http://example.org/> .
"""
    opened, _ = read(tmp_path / "s", "rdf", {"d.ttl": text})
    assert "http://example.org/says/treats" not in terms(opened)
    assert len(triples(opened)) == 3
    assert opened.source.version == "3"


def test_blank_nodes_of_two_files_are_apart(tmp_path: Path) -> None:
    """The same label of a blank node in two files is two nodes."""
    line = '<http://e.org/{0}> <http://e.org/p> _:b .\n_:b <http://e.org/q> "{0}" .\n'
    files = {"1.nt": line.format("a"), "2.nt": line.format("b")}
    opened, _ = read(tmp_path / "s", "rdf", files)
    details = [json.loads(term.details) for term in opened.terms()]
    assert [found["http://e.org/p"][0]["http://e.org/q"] for found in details] == [["a"], ["b"]]


@pytest.mark.parametrize("start", ["", "@prefix p: <http://e.org/p> .\n", "# a comment\n"])
def test_a_first_literal_of_100_kb_is_read(start: str, tmp_path: Path) -> None:
    """A file whose first statement is longer than what its syntax is told by is read."""
    long = "x" * 100_000
    text = f'{start}<http://e.org/a> <http://e.org/note> "{long}" .\n'
    opened, failures = read(tmp_path / "s", "rdf", {"d.rdf": text})
    assert long in terms(opened)["http://e.org/a"].details
    assert not failures


SMALL_DISK = """
import resource, sys
from kg.sources import open_source, rdf_groups
rdf_groups.CACHE_MIB = 1
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
open_source(sys.argv[1], on_failure=print)
"""


def test_a_full_disk_is_a_clear_error(tmp_path: Path) -> None:
    """Where the statements cannot be sorted on disk, the error says so, and what to do."""
    path = tmp_path / "d.nt"
    path.write_text("".join(_scattered(2_000)), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-c", SMALL_DISK, path], capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert "StoreError: statements cannot be sorted on disk" in run.stderr
    assert "SQLITE_TMPDIR" in run.stderr


MEASURED = """
import resource, sys
from kg.sources import SourceOptions, open_source
opened = open_source(sys.argv[1], SourceOptions(format="rdf", version="1"), on_failure=print)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
n = sum(1 for _ in opened.terms()), sum(1 for _ in opened.facts())
print(*n, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """A file eight times as large takes hardly more memory, though its subjects lie apart."""
    peaks = []
    for n in (2_000, 16_000):
        path = tmp_path / f"{n}.nt"
        with path.open("w", encoding="utf-8") as out:
            out.writelines(_scattered(n))
        run = subprocess.run(
            [sys.executable, "-c", MEASURED, path], capture_output=True, text=True, check=True
        )
        n_terms, n_facts, peak = map(int, run.stdout.split())
        assert (n_terms, n_facts) == (2 * n, 4 * n)
        peaks.append(peak)
    # SQLite's cache is the most that may come on top: 64 MiB, and as much to sort.
    assert peaks[1] - peaks[0] < 160


def _scattered(n: int) -> Iterator[str]:
    """Statements about n things, eight of each, those of one thing far apart."""
    base = "http://example.org"
    for round_ in range(4):
        for i in range(n):
            thing = f"<{base}/thing/{i * 7919 % n}>"
            yield f"{thing} <{base}/p{round_}> <{base}/{i}> .\n"
            yield f'{thing} <{base}/q{round_}> "{"x" * 150}{i}" .\n'


def test_a_wrong_line_among_few_is_told(tmp_path: Path) -> None:
    """A wrong line at the beginning of a short file of N-Triples costs itself alone as well."""
    lines = [
        "<http://e.org/a> <http://e.org/p> <http://e.org/b> .",
        "broken line",
        "<http://e.org/a> <http://e.org/p> <http://e.org/c> .",
    ]
    opened, failures = read(tmp_path / "s", "rdf", {"d.nt": "\n".join([*lines, ""])})
    assert len(triples(opened)) == 2
    assert [failure.where for failure in failures] == ["line 2"]


def test_turtle_without_prefixes_is_turtle(tmp_path: Path) -> None:
    """Where a line is no statement of its own because it goes on, it is Turtle, and no fault."""
    line = "<http://e.org/a> <http://e.org/p> <http://e.org/b> .\n"
    text = f"{line * 3}<http://e.org/a> <http://e.org/q>\n<http://e.org/c> .\n"
    opened, failures = read(tmp_path / "s", "rdf", {"d.ttl": text})
    assert len(triples(opened)) == 2
    assert not failures


def test_the_end_of_a_list_is_no_thing(tmp_path: Path) -> None:
    """`( :a :b )` makes no entity of what ends each list of RDF."""
    text = "@prefix e: <http://e.org/> .\ne:x e:p ( e:a e:b ) .\n"
    opened, _ = read(tmp_path / "s", "rdf", {"d.ttl": text})
    assert sorted(terms(opened)) == ["http://e.org/a", "http://e.org/b", "http://e.org/x"]


def test_a_negative_assertion_denies(tmp_path: Path) -> None:
    """What OWL says not to hold of two things is denied, also where no class is declared."""
    denial = """[] a <http://www.w3.org/2002/07/owl#NegativePropertyAssertion> ;
  <http://www.w3.org/2002/07/owl#sourceIndividual> e:two ;
  <http://www.w3.org/2002/07/owl#assertionProperty> p:treats ;
  <http://www.w3.org/2002/07/owl#targetIndividual> <http://purl.obolibrary.org/obo/DOID_6364> .
"""
    opened, failures = read(tmp_path / "s", "rdf", {"g.ttl": RDF + denial})
    two = "http://example.org/thing/two"
    assert (two, "TREATS", "DOID:6364", "denies") in triples(opened)
    assert not any("NegativePropertyAssertion" in id_ for id_ in terms(opened))
    assert not failures
