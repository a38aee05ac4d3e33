"""CURIEs in one spelling: the same thing has the same id, whatever source names it.

The prefixes are those of `prefixes.toml`; one that is not there stays as it is. An id that is no
CURIE stays as it is too: whether it will do is for the caller to say (`kg.is_curie`).
"""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path
from urllib.parse import unquote

import curies

_TABLE = Path(__file__).with_name("prefixes.toml")
_DATED = re.compile(r"[_-]?\d{4}_?\d{0,2}[A-Z]?(_\d{2}){0,2}[A-Z]?")
_OBO = re.compile(r"https?://purl\.obolibrary\.org/obo/([A-Za-z][A-Za-z0-9]*)_([A-Za-z0-9.-]+)")
_OF_OBO = re.compile(r"([A-Za-z][A-Za-z0-9]*)_([A-Za-z0-9.-]+)")
_PMID_OF_ADDRESS = re.compile(r"\d+/", re.ASCII)  # as browsers show it
_PMC = re.compile(r"(?:PMC)?(\d+)/?", re.ASCII | re.IGNORECASE)
_RESOLVER = re.compile(r"https?://(?:www\.)?(?:identifiers\.org|bioregistry\.io)/([\w.-]+)[:/](.+)")
_UNKNOWN = "https://bioregistry.io/"
_UNSAFE = '<>"{}|\\^`'
_CODES = "|".join(["25", *(f"{ord(character):02X}" for character in _UNSAFE)])
_TO_ENCODE = re.compile(rf"[{re.escape(_UNSAFE)}]|%(?=(?:{_CODES}))")
_TO_DECODE = re.compile(f"%(?:{_CODES})")


@lru_cache(maxsize=1 << 16)
def normalise_curie(text: str) -> str:
    """Return an id in the spelling of the house: `UMLS_CUI:C0018923` is `UMLS:C0018923`.

    An IRI becomes a CURIE where its prefix is known. A prefix with the date of a release
    (`SNOMEDCT_US_2016_03_01`) is the prefix without it, and one that stands twice
    (`GO:GO:0008150`) counts once. `obo:DOID_4` is `DOID:4`. Anything else stays as it is, without
    spaces around it.
    """
    text = text.strip()
    if "://" in text:
        return curie_of(text)
    prefix, colon, local = text.partition(":")
    if not colon:
        return text
    prefix, local = _preferred(prefix.strip()), local.strip()
    inner, colon, rest = local.partition(":")
    if colon and rest and _preferred(inner) == prefix:
        local = rest
    if prefix.casefold() == "obo" and (found := _OF_OBO.fullmatch(local)):
        return normalise_curie(f"{found[1]}:{found[2]}")
    return f"{prefix}:{_in_one_form(prefix, local)}"


def curie_of(iri: str) -> str:
    """Return the CURIE of an IRI; the IRI itself where no prefix is known for it.

    IRIs of the OBO library and of the resolvers identifiers.org and bioregistry.io say their
    prefix themselves.
    """
    iri = iri.strip()
    found = _converter().parse_uri(iri, strict=False)
    if found is not None and found.identifier:
        return f"{found.prefix}:{_in_one_form(found.prefix, _decode(found.identifier))}"
    match = _OBO.fullmatch(iri) or _RESOLVER.fullmatch(iri)
    if match is None:
        return iri
    return normalise_curie(f"{match[1]}:{_decode(match[2])}")


def iri_of(curie: str) -> str:
    """Return the IRI of a CURIE, such that `curie_of` comes back to it; an IRI stays as it is.

    Where no IRI is known for its prefix it is one of bioregistry.io, which resolves most.
    """
    if "://" in curie:
        return curie
    prefix, _, local = curie.partition(":")
    start = _converter().bimap.get(prefix, f"{_UNKNOWN}{prefix}:")
    return start + _TO_ENCODE.sub(lambda found: f"%{ord(found[0]):02X}", local)


def _in_one_form(prefix: str, local: str) -> str:
    """Return the local part of a paper's id as readers of papers write it."""
    if prefix == "pmid":
        return local[:-1] if _PMID_OF_ADDRESS.fullmatch(local) else local
    if prefix == "pmc":
        found = _PMC.fullmatch(local)
        return f"PMC{found[1]}" if found else local
    return local


def _decode(local: str) -> str:
    return _TO_DECODE.sub(lambda found: unquote(found[0]), local)


@cache
def _converter() -> curies.Converter:
    table = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    return curies.Converter(
        [
            curies.Record(
                prefix=prefix,
                uri_prefix=entry["iri"],
                prefix_synonyms=entry.get("synonyms", []),
                uri_prefix_synonyms=entry.get("iris", []),
            )
            for prefix, entry in table.items()
        ]
    )


@cache
def _by_folded_name() -> dict[str, str]:
    return {
        name.casefold(): record.prefix
        for record in _converter().records
        for name in (record.prefix, *record.prefix_synonyms)
    }


def _preferred(prefix: str) -> str:
    known = _by_folded_name()
    exact = known.get(prefix.casefold())
    if exact is not None:
        return exact
    dated = _DATED.search(prefix)
    if dated is None or dated.end() != len(prefix):
        return prefix
    return known.get(prefix[: dated.start()].casefold(), prefix)
