"""A small source in each format: the same few things, as the format would say them."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.curated_models import Fact, Term
from kg.models import Failure
from kg.sources import CuratedSource, SourceOptions, open_source

HETIONET_NODES = (
    "id\tname\tkind\n"
    "Compound::DB00571\tPropranolol\tCompound\n"
    "Disease::DOID:6364\tmigraine\tDisease\n"
    "Side Effect::C0000737\tAbdominal pain\tSide Effect\n"
)
HETIONET_EDGES = (
    "source\tmetaedge\ttarget\n"
    "Compound::DB00571\tCtD\tDisease::DOID:6364\n"
    "Compound::DB00571\tCcSE\tSide Effect::C0000737\n"
)
KGX_NODES = (
    "id\tcategory\tname\tsynonym\txref\n"
    "DRUGBANK:DB00571\tbiolink:SmallMolecule|biolink:NamedThing\tPropranolol\tInderal\tMESH:D011433\n"
    "DOID:6364\tbiolink:Disease\tmigraine\t\tUMLS_CUI:C0149931\n"
    "DOID:4\tbiolink:Disease\tdisease\t\t\n"
)
KGX_EDGES = (
    "id\tsubject\tpredicate\tobject\tprimary_knowledge_source\tnegated\n"
    "e1\tDRUGBANK:DB00571\tbiolink:treats\tDOID:6364\tinfores:drugcentral\t\n"
    "e2\tDRUGBANK:DB00571\tbiolink:causes\tDOID:6364\tinfores:drugcentral\ttrue\n"
    "e3\tDOID:6364\tbiolink:subclass_of\tDOID:4\tinfores:doid\t\n"
)
KGX_LINES = (
    '{"id": "DOID:6364", "category": ["biolink:Disease"], "name": "migraine"}\n'
    '{"id": "DOID:4", "category": ["biolink:Disease"], "name": "disease"}\n'
    '{"subject": "DOID:6364", "predicate": "biolink:subclass_of", "object": "DOID:4"}\n'
    '{"subject": "DOID:6364", "predicate": "biolink:related_to", "object": "DOID:4",'
    ' "publications": ["PMID:1"], "negated": true}\n'
)
OBO = """format-version: 1.2
data-version: releases/2016-09-01
ontology: doid
default-namespace: disease_ontology
remark: licensed under http://creativecommons.org/licenses/by/3.0/.

[Term]
id: DOID:6364
name: migraine
alt_id: DOID:267
def: "A \\"headache\\" that recurs." [JA:Epilepsy Genetics Kiel, url:http\\://x.org/y]
synonym: "migraine disorder" EXACT []
synonym: "headache" BROAD []
xref: UMLS_CUI:C0149931
xref: SNOMEDCT_US_2016_03_01:37796009
is_a: DOID:4 ! disease
relationship: located_in UBERON:0000955 ! brain

[Term]
id: DOID:4
name: disease

[Term]
id: DOID:9
name: old
is_obsolete: true
replaced_by: DOID:4

[Typedef]
id: located_in
name: located in
"""
OWL = """<?xml version="1.0"?>
<!DOCTYPE rdf:RDF [ <!ENTITY obo "http://purl.obolibrary.org/obo/"> ]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
  xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#"
  xmlns:owl="http://www.w3.org/2002/07/owl#"
  xmlns:obo="http://purl.obolibrary.org/obo/"
  xmlns:oio="http://www.geneontology.org/formats/oboInOwl#"
  xmlns:dcterms="http://purl.org/dc/terms/">
<owl:Ontology rdf:about="http://purl.obolibrary.org/obo/doid.owl">
  <owl:versionIRI rdf:resource="http://purl.obolibrary.org/obo/doid/releases/2024-01-31/doid.owl"/>
  <dcterms:license rdf:resource="https://creativecommons.org/publicdomain/zero/1.0/"/>
</owl:Ontology>
<owl:ObjectProperty rdf:about="http://purl.obolibrary.org/obo/RO_0001025">
  <rdfs:label>located in</rdfs:label>
</owl:ObjectProperty>
<owl:Class rdf:about="&obo;DOID_6364">
  <rdfs:label>migraine</rdfs:label>
  <obo:IAO_0000115>A headache that recurs.</obo:IAO_0000115>
  <oio:hasExactSynonym>migraine disorder</oio:hasExactSynonym>
  <oio:hasBroadSynonym>headache</oio:hasBroadSynonym>
  <oio:hasDbXref>UMLS_CUI:C0149931</oio:hasDbXref>
  <oio:hasAlternativeId>DOID:267</oio:hasAlternativeId>
  <rdfs:subClassOf rdf:resource="http://purl.obolibrary.org/obo/DOID_4"/>
  <rdfs:subClassOf><owl:Restriction>
    <owl:onProperty rdf:resource="http://purl.obolibrary.org/obo/RO_0001025"/>
    <owl:someValuesFrom rdf:resource="http://purl.obolibrary.org/obo/UBERON_0000955"/>
  </owl:Restriction></rdfs:subClassOf>
</owl:Class>
<owl:Class rdf:about="http://purl.obolibrary.org/obo/DOID_4"><rdfs:label>disease</rdfs:label>
</owl:Class>
<owl:Class rdf:about="http://purl.obolibrary.org/obo/DOID_9"><rdfs:label>old</rdfs:label>
  <owl:deprecated rdf:datatype="http://www.w3.org/2001/XMLSchema#boolean">true</owl:deprecated>
  <obo:IAO_0100001 rdf:resource="http://purl.obolibrary.org/obo/DOID_4"/>
</owl:Class>
</rdf:RDF>
"""
OWL_FUNCTIONAL = """Prefix(owl:=<http://www.w3.org/2002/07/owl#>)
Prefix(rdfs:=<http://www.w3.org/2000/01/rdf-schema#>)
Prefix(obo:=<http://purl.obolibrary.org/obo/>)
Ontology(<http://purl.obolibrary.org/obo/doid.owl>
  <http://purl.obolibrary.org/obo/doid/releases/2024-01-31/doid.owl>
Declaration(Class(obo:DOID_6364))
Declaration(Class(obo:DOID_4))
Declaration(ObjectProperty(obo:RO_0001025))
SubClassOf(obo:DOID_6364 obo:DOID_4)
SubClassOf(obo:DOID_6364 ObjectSomeValuesFrom(obo:RO_0001025 obo:DOID_4))
AnnotationAssertion(rdfs:label obo:DOID_6364 "migraine")
AnnotationAssertion(rdfs:label obo:RO_0001025 "located in")
)
"""
SKOS = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix stw: <http://zbw.eu/stw/> .
<http://zbw.eu/stw> a skos:ConceptScheme ; dcterms:title "A thesaurus"@en ;
  owl:versionInfo "9.06" ; dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;
  dcterms:issued "2018-08-15" .
stw:descriptor\\/1 a skos:Concept ; skos:inScheme <http://zbw.eu/stw> ;
  skos:prefLabel "Angebot"@de, "Supply"@en ; skos:altLabel "Offer"@en ;
  skos:hiddenLabel "Suply"@en ;
  skos:scopeNote "As in economics."@en ; skos:related stw:descriptor\\/2 ;
  skos:exactMatch <http://www.wikidata.org/entity/Q1> .
stw:descriptor\\/2 a skos:Concept ; skos:prefLabel "Demand"@en ; skos:inScheme <http://zbw.eu/stw> ;
  skos:related stw:descriptor\\/1 ; skos:broader stw:thsys\\/a .
stw:thsys\\/a a skos:Concept ; skos:prefLabel "Market"@en ; skos:inScheme <http://zbw.eu/stw> ;
  skos:narrower stw:descriptor\\/1 .
stw:descriptor\\/3 skos:inScheme <http://zbw.eu/stw> ; skos:prefLabel "Barter"@en ;
  owl:deprecated true ; dcterms:isReplacedBy stw:descriptor\\/1 .
"""
RDF = """@prefix e: <http://example.org/thing/> .
@prefix p: <http://example.org/says/> .
@prefix c: <http://example.org/kind/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
e:one a c:smallMolecule ; rdfs:label "One"@en, "Eins"@de ; p:mass "1.5" ;
  p:interactsWith e:two, e:three ; p:made [ p:by "hand" ; p:year "1999" ] .
<http://purl.obolibrary.org/obo/DOID_6364> a c:Disease ; rdfs:label "migraine" .
e:two a c:Protein ; rdfs:label "Two" .
e:one p:treats <http://purl.obolibrary.org/obo/DOID_6364> .
"""
TABLE = (
    "drug_id\tdrug\tdoid\tdisease\tcategory\tn\n"
    "DB00571\tPropranolol\tDOID:6364\tmigraine\tDM\t3\n"
    "DB00316\tAcetaminophen\tDOID:6364\tmigraine\tSYM\t2\n"
    "DB00571\tPropranolol\tDOID:2841\tasthma\tNOT\t1\n"
)
MAPPING = """keep = ["n"]
[source]
name = "indications"
licence = "CC0-1.0"
error = 0.01
[subject]
column = "drug_id"
prefix = "DRUGBANK"
type = "Compound"
name = "drug"
[object]
column = "doid"
type = "Disease"
name = "disease"
[predicate]
column = "category"
[predicate.values]
DM = "TREATS"
SYM = "PALLIATES"
NOT = { predicate = "TREATS", polarity = "denies" }
"""
# For each format its files, by name; a table's mapping stands beside them.
FILES: dict[str, dict[str, str]] = {
    "hetionet": {"nodes.tsv": HETIONET_NODES, "edges.sif": HETIONET_EDGES},
    "kgx": {"g_nodes.tsv": KGX_NODES, "g_edges.tsv": KGX_EDGES},
    "obo": {"doid.obo": OBO},
    "owl": {"doid.owl": OWL},
    "rdf": {"graph.ttl": RDF},
    "skos": {"stw.ttl": SKOS},
    "table": {"indications.tsv": TABLE},
}


def write(folder: Path, files: dict[str, str]) -> list[Path]:
    """Write files into a folder and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in files]


def read(
    folder: Path, format_: str, files: dict[str, str] | None = None, **said: str
) -> tuple[CuratedSource, list[Failure]]:
    """Open a small source of a format, written into a folder; what fails is in the list."""
    paths = write(folder, FILES[format_] if files is None else files)
    failures: list[Failure] = []
    mapping = None
    if format_ == "table":
        mapping = folder.parent / f"{folder.name}.toml"
        mapping.write_text(said.pop("mapping", MAPPING), encoding="utf-8")
    types = dict(pair.split("=") for pair in said.pop("types", "").split(",") if pair)
    opened = open_source(
        paths,
        SourceOptions(
            format=said.get("format"),
            mapping=mapping,
            source=said.get("name"),
            version=said.get("version"),
            licence=said.get("licence"),
            date=said.get("date"),
            types=types,
        ),
        on_failure=failures.append,
    )
    return opened, failures


def no_failure(failure: Failure) -> None:
    """Let the test fail: nothing of its source is wrong."""
    pytest.fail(str(failure))


def terms(opened: CuratedSource) -> dict[str, Term]:
    """The terms of a source by their ids."""
    return {term.id: term for term in opened.terms()}


def triples(opened: CuratedSource) -> list[tuple[str, str, str, str]]:
    """Subject, predicate, object and polarity of each fact, in order."""
    return [(f.subject, f.predicate, f.object, f.polarity.value) for f in opened.facts()]


def facts(opened: CuratedSource) -> list[Fact]:
    """All facts of a source."""
    return list(opened.facts())
