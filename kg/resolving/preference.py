"""Which of several ids of one thing stays: the order that is documented for people.

1. an id that a source gave, before one that was made from a name (`abduce:`);
2. a term that its source still has and does not call obsolete, before one that it does, before an
   id without any term;
3. the source's place in `PREFIXES`: open ontologies with a hierarchy first, then vocabularies, then
   databases and classifications; sources that are not there follow by their name;
4. an id in the spelling of the house, then the shorter and then the first one.

How many papers use it does not count, so that loading more papers never changes the choice.
"""

from __future__ import annotations

from typing import TypeAlias

from kg.resolving.things import Thing, is_minted, normal_id, prefix_of

PREFIXES = (
    "MONDO", "DOID", "HP", "CHEBI", "GO", "CL", "UBERON", "NCBIGene", "HGNC", "NCBITaxon", "PR",
    "UniProtKB", "CHMO", "UAT", "STW", "MESH", "DRUGBANK", "NCIT", "UMLS", "OMIM", "ORPHA",
    "SNOMEDCT", "EFO", "ICD10", "ICD10CM", "ICD9CM",
)  # fmt: skip
Rank: TypeAlias = tuple[bool, int, int, str, bool, int, str]

_PLACES = {prefix: place for place, prefix in enumerate(PREFIXES)}


def rank(thing: Thing) -> Rank:
    """Return what the best id comes first by."""
    prefix = prefix_of(thing.id)
    own = [term for term in thing.terms if term.id == thing.id]
    current = any(not (term.retired or term.obsolete) for term in own)
    standing = 0 if current else 1 if own else 2
    return (
        is_minted(thing.id),
        standing,
        _PLACES.get(prefix, len(PREFIXES)),
        prefix,
        normal_id(thing.id) != thing.id,
        len(thing.id),
        thing.id,
    )
