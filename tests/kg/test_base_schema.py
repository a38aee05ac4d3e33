"""The built-in schema: types of prefixes, the order of ids, and names in Biolink."""

from __future__ import annotations

import itertools

from kg.base_schema import base_schema, prefix_places, type_of_namespace, type_of_prefix
from kg.exporting.kgx import category, predicate

# The order that is documented for people (`kg.resolving.plan.rank`).
ORDER = (
    "MONDO", "DOID", "HP", "CHEBI", "GO", "CL", "UBERON", "NCBIGene", "HGNC", "NCBITaxon", "PR",
    "UniProtKB", "CHMO", "UAT", "STW", "MESH", "DRUGBANK", "NCIT", "UMLS", "OMIM", "ORPHA",
    "SNOMEDCT", "EFO", "ICD10", "ICD10CM", "ICD9CM",
)  # fmt: skip


def test_one_order_of_prefixes() -> None:
    """Prefixes of all types stand in one order, which is that of each type for its own."""
    places = prefix_places()
    assert tuple(places)[: len(ORDER)] == ORDER
    for label, type_ in base_schema().types.items():
        for better, worse in itertools.pairwise(type_.id_prefixes):
            assert places[better] < places[worse], (label, better, worse)


def test_types_of_prefixes() -> None:
    """A prefix of one type gives its terms this type; of several or none does not."""
    types = type_of_prefix()
    assert (types["DOID"], types["CHEBI"], types["PO"]) == ("Disease", "Chemical", "Anatomy")
    assert not {"MESH", "GO", "UMLS", "SNOMEDCT", "UniProtKB", "WIKIDATA"} & set(types)
    assert type_of_namespace() == {
        "biological_process": "BiologicalProcess",
        "cellular_component": "CellularComponent",
        "molecular_function": "MolecularFunction",
    }


def test_names_in_biolink() -> None:
    """What the schema has a name for gets it; all else is what Biolink calls anything."""
    assert category("SideEffect") == "biolink:PhenotypicFeature"
    assert category("Phenotype") == category("Star") == "biolink:NamedThing"
    assert predicate("IS_A") == "biolink:subclass_of"
    assert predicate("HOSTS") == "biolink:related_to"


def test_broader_relations() -> None:
    """What treats lowers, and what lowers is associated; that is-a is transitive stands there."""
    schema = base_schema()
    assert schema.ancestors("TREATS") == ("NEGATIVE_CORRELATION", "ASSOCIATION")
    assert [name for name, r in schema.relations.items() if r.transitive] == ["IS_A"]
