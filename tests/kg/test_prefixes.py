"""CURIEs in one spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.identifiers import is_curie
from kg.prefixes import curie_of, iri_of, normalise_curie

SPELLINGS = {
    "UMLS_CUI:C0018923": "UMLS:C0018923",
    "SNOMEDCT_US_2016_03_01:33176006": "SNOMEDCT:33176006",
    "SNOMEDCT_2005_07_31:75934005": "SNOMEDCT:75934005",
    "NCI2009_04D:C3088": "NCIT:C3088",
    "MeSH:D006394": "MESH:D006394",
    "MSH:D006394": "MESH:D006394",
    "ORDO:1": "ORPHA:1",
    "mim:612634": "OMIM:612634",
    "GO:GO:0008150": "GO:0008150",
    " DOID:4 ": "DOID:4",
    "http://purl.obolibrary.org/obo/DOID_4": "DOID:4",
    "http://purl.obolibrary.org/obo/MS_1000031": "MS:1000031",
    "http://identifiers.org/taxonomy/9606": "NCBITaxon:9606",
    "https://identifiers.org/mesh:D006394": "MESH:D006394",
    "http://astrothesaurus.org/uat/1132": "UAT:1132",
    "http://zbw.eu/stw/descriptor/10000-1": "STW:descriptor/10000-1",
    "https://doi.org/10.1000/182": "doi:10.1000/182",
    "https://pubmed.ncbi.nlm.nih.gov/123/": "pmid:123",
    "PMC:5": "pmc:PMC5",
    "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC5/": "pmc:PMC5",
    "obo:DOID_4": "DOID:4",
    "OBO:NCBITaxon_9606": "NCBITaxon:9606",
    "obo:doid.owl": "obo:doid.owl",
    "http://purl.bioontology.org/ontology/MESH/D006394": "MESH:D006394",
    "https://www.ncbi.nlm.nih.gov/taxonomy/9606": "NCBITaxon:9606",
    "http://amigo.geneontology.org/amigo/term/GO:0008150": "GO:0008150",
    "https://www.ebi.ac.uk/chebi/searchId.do?chebiId=CHEBI:15377": "CHEBI:15377",
    "CHEMBL:CHEMBL25": "CHEMBL.COMPOUND:CHEMBL25",
    "NEWDB:42": "NEWDB:42",
    "http://example.org/no/prefix": "http://example.org/no/prefix",
    "http://purl.obolibrary.org/obo/doid.owl": "http://purl.obolibrary.org/obo/doid.owl",
    "no curie": "no curie",
    "": "",
}


@pytest.mark.parametrize(("written", "expected"), SPELLINGS.items())
def test_every_spelling_of_an_id_is_one_id(written: str, expected: str) -> None:
    """A prefix, its synonyms, its dated releases and its IRIs give one CURIE; the rest stays."""
    assert normalise_curie(written) == expected


@given(
    st.sampled_from(["MESH", "DOID", "NEWDB", "abduce", "x.y", "obo", "pmid", "pmc"]),
    st.text(min_size=1),
)
def test_the_iri_of_a_curie_leads_back_to_it(prefix: str, local: str) -> None:
    """`curie_of(iri_of(curie))` is the curie, whatever characters its local part has."""
    curie = normalise_curie(f"{prefix}:{local}")
    if is_curie(curie):
        assert curie_of(iri_of(curie)) == curie


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    """A normalised id is normal, whatever text it came from."""
    once = normalise_curie(text)
    assert normalise_curie(once) == once
