"""OBO ontologies."""

from __future__ import annotations

import json
from pathlib import Path

from tests.kg.sources.written import OBO, read, terms, triples


def test_a_term_says_all_that_its_stanza_says(tmp_path: Path) -> None:
    """Name, scoped synonyms, definition, cross-references, parents and old ids are all there."""
    opened, failures = read(tmp_path / "s", "obo")
    term = terms(opened)["DOID:6364"]
    assert (term.name, term.type) == ("migraine", "Disease")
    assert [(n.text, n.scope) for n in term.names] == [
        ("migraine disorder", "exact"),
        ("headache", "broad"),
    ]
    assert term.xrefs == ("UMLS:C0149931", "SNOMEDCT:37796009")
    assert (term.parents, term.alternatives) == (("DOID:4",), ("DOID:267",))
    assert json.loads(term.details) == {"namespace": "disease_ontology"}
    assert term.row == "doid.obo line 7"
    assert not failures


def test_references_that_break_the_rules_cost_no_definition(tmp_path: Path) -> None:
    """A definition with references that fastobo refuses is read without them, quotes and all."""
    opened, _ = read(tmp_path / "s", "obo")
    assert terms(opened)["DOID:6364"].definition == 'A "headache" that recurs.'


def test_what_is_obsolete_is_told_so(tmp_path: Path) -> None:
    """An obsolete term is a term, and says what replaces it."""
    opened, _ = read(tmp_path / "s", "obo")
    old = terms(opened)["DOID:9"]
    assert (old.obsolete, old.replaced_by) == (True, "DOID:4")


def test_a_relation_is_a_fact_named_as_its_typedef(tmp_path: Path) -> None:
    """A relationship is a fact; its relation has the name that its typedef gives."""
    opened, _ = read(tmp_path / "s", "obo")
    assert triples(opened) == [("DOID:6364", "LOCATED_IN", "UBERON:0000955", "supports")]


def test_a_definition_by_intersection_says_kinds_and_relations(tmp_path: Path) -> None:
    """The genus of a logical definition is a parent, its differentia a fact, each once."""
    text = OBO.replace(
        "is_a: DOID:4 ! disease\n",
        "intersection_of: DOID:4 ! disease\nintersection_of: located_in UBERON:0000955\n",
    )
    opened, _ = read(tmp_path / "s", "obo", {"doid.obo": text})
    assert terms(opened)["DOID:6364"].parents == ("DOID:4",)
    assert len(triples(opened)) == 1


def test_the_header_names_the_source(tmp_path: Path) -> None:
    """Name, version and licence of the source are those of the header."""
    opened, _ = read(tmp_path / "s", "obo")
    assert opened.source.ref == "doid@releases/2016-09-01"
    assert opened.source.licence == "CC-BY-3.0"


def test_a_version_of_100_kb_is_no_version(tmp_path: Path) -> None:
    """A version too long to stand by each fact gives way to a hash of the content."""
    text = OBO.replace("releases/2016-09-01", "v" * 100_000)
    opened, _ = read(tmp_path / "s", "obo", {"doid.obo": text})
    assert opened.source.version.startswith("sha256:")


def test_a_wrong_line_costs_itself_alone(tmp_path: Path) -> None:
    """A clause that is none is a failure with its line; the rest of its stanza is read."""
    text = OBO.replace("alt_id: DOID:267", "alt_id: DOID:267\nsynonym: no quotes EXACT []")
    opened, failures = read(tmp_path / "s", "obo", {"doid.obo": text})
    assert terms(opened)["DOID:6364"].parents == ("DOID:4",)
    assert [(f.where, "no quotes" in f.reason) for f in failures] == [("line 11", True)]


def test_a_stanza_without_id_costs_itself_alone(tmp_path: Path) -> None:
    """A stanza that has no id, or is of a kind that is not read, is a failure with its line."""
    text = f"{OBO}\n[Term]\nname: nobody\n\n[Instance]\nid: A:1\nname: some one\n"
    opened, failures = read(tmp_path / "s", "obo", {"doid.obo": text})
    assert len(terms(opened)) == 3
    assert sorted(failure.where for failure in failures) == ["line 33", "line 36"]


def test_namespaces_and_prefixes_choose_the_label(tmp_path: Path) -> None:
    """The label comes from the namespace, else from the prefix, else from the ontology's name."""
    text = """format-version: 1.2
ontology: my_things

[Term]
id: GO:1
name: a
namespace: biological_process

[Term]
id: CHMO:1
name: b

[Term]
id: XX:1
name: c
"""
    opened, _ = read(tmp_path / "s", "obo", {"x.obo": text})
    assert [term.type for term in opened.terms()] == ["BiologicalProcess", "Method", "MyThings"]
    renamed, _ = read(tmp_path / "s", "obo", {"x.obo": text}, types="CHMO=Technique,*=Thing")
    assert [term.type for term in renamed.terms()] == ["Thing", "Technique", "Thing"]


def test_a_synonym_without_a_scope_is_related(tmp_path: Path) -> None:
    """OBO 1.2 lets a synonym say no scope; it is a related one, and no failure."""
    text = OBO.replace('synonym: "headache" BROAD []', 'synonym: "a \\"sick\\" head" []')
    opened, failures = read(tmp_path / "s", "obo", {"doid.obo": text})
    names = [(n.text, n.scope) for n in terms(opened)["DOID:6364"].names]
    assert names[1] == ('a "sick" head', "related")
    assert not failures


def test_a_name_ends_where_its_qualifiers_begin(tmp_path: Path) -> None:
    """Qualifiers and a comment behind a name leave no space at its end."""
    text = OBO.replace("name: migraine\n", 'name: migraine {source="x"} ! or so\n')
    opened, _ = read(tmp_path / "s", "obo", {"doid.obo": text})
    assert terms(opened)["DOID:6364"].name == "migraine"


def test_an_id_is_read_without_its_escapes(tmp_path: Path) -> None:
    r"""`OMIM:220210\n` (as the Disease Ontology has it) and `NORD:http\://x` are plain ids."""
    ids = "xref: OMIM:220210\\n\nxref: NORD:http\\://rare.org/a\nalt_id: DOID:1\\,2\n"
    text = OBO.replace("alt_id: DOID:267\n", ids)
    opened, failures = read(tmp_path / "s", "obo", {"doid.obo": text})
    term = terms(opened)["DOID:6364"]
    assert term.xrefs[:2] == ("OMIM:220210", "NORD:http://rare.org/a")
    assert term.alternatives == ("DOID:1,2",)
    assert not failures


def test_a_relation_of_digits_without_typedef_is_called_by_its_id(tmp_path: Path) -> None:
    """`BFO:0000050`, whose name stands in an ontology that is imported, is BFO_0000050."""
    text = OBO.replace("relationship: located_in", "relationship: BFO:0000050")
    opened, failures = read(tmp_path / "s", "obo", {"doid.obo": text})
    assert triples(opened) == [("DOID:6364", "BFO_0000050", "UBERON:0000955", "supports")]
    assert not failures


def test_an_exact_match_is_a_cross_reference(tmp_path: Path) -> None:
    """What SKOS calls an exact match is a cross-reference in OBO as well, however it is written."""
    lines = (
        "property_value: skos:exactMatch MESH:D008881\n"
        "property_value: exactMatch http://identifiers.org/umls/C0149931\n"
        "property_value: skos:closeMatch NCIT:C1\n"
    )
    text = OBO.replace("alt_id: DOID:267\n", lines)
    text = text.replace("xref: UMLS_CUI:C0149931\nxref: SNOMEDCT_US_2016_03_01:37796009\n", "")
    opened, _ = read(tmp_path / "s", "obo", {"doid.obo": text})
    assert terms(opened)["DOID:6364"].xrefs == ("MESH:D008881", "UMLS:C0149931")


def test_of_several_heirs_none_is_lost(tmp_path: Path) -> None:
    """Where two terms replace an obsolete one, the first has the place, and both are details."""
    text = OBO.replace("replaced_by: DOID:4\n", "replaced_by: DOID:4\nreplaced_by: DOID:6364\n")
    opened, _ = read(tmp_path / "s", "obo", {"doid.obo": text})
    old = terms(opened)["DOID:9"]
    assert old.replaced_by == "DOID:4"
    assert json.loads(old.details)["replaced_by"] == ["DOID:4", "DOID:6364"]
