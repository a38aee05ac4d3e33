"""CURIEs for papers and entities, and ids that are minted from content.

Every id is a function of what it names, so the same input gives the same graph.
"""

from __future__ import annotations

import hashlib
import re
from urllib.parse import unquote

import curies

from kg.lexicon.normalise import normalise_name
from kg.models import text_sha256

PAPER_PREFIXES = {
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/",
    "pmc": "https://www.ncbi.nlm.nih.gov/pmc/articles/",
    "doi": "https://doi.org/",
    "arxiv": "https://arxiv.org/abs/",
}
PAPERS = curies.load_prefix_map(PAPER_PREFIXES)


def _unquoted(local: str) -> str:
    """Return what percent signs in an address stand for, if that can be an id."""
    plain = unquote(local)
    return local if re.search(r"[\s\ufffd]", plain) else plain


# The ways in which people, programs and browsers write an id: the one group is its local part.
_ADDRESS = r"(?i:(?:https?://)?(?:www\.|dx\.|m\.)?)"
_AFTER = r"(?:\.pdf)?/?(?:[?#]\S*)?"
_PUBMED = r"(?i:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed|europepmc\.org/article/med)/"
_CENTRAL = r"(?i:ncbi\.nlm\.nih\.gov/pmc/articles|pmc\.ncbi\.nlm\.nih\.gov/articles)/"
_EUROPE = r"(?i:europepmc\.org/(?:articles|article/pmc))/"
_ARXIV = r"((?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?)"
_KNOWN_IDS = tuple(
    (prefix, re.compile(form, re.ASCII), local)
    for prefix, form, local in (
        ("pmid", r"(?i:pmid:?\s*)?0*(\d{1,8})", str),
        ("pmid", rf"{_ADDRESS}{_PUBMED}0*(\d{{1,8}}){_AFTER}", str),
        ("pmc", r"(?i:pmc(?:id)?:?\s*)?(?i:pmc)(\d+)", "PMC{}".format),
        ("pmc", r"(?i:pmc(?:id)?):\s*(\d+)", "PMC{}".format),
        ("pmc", rf"{_ADDRESS}(?:{_CENTRAL}|{_EUROPE})(?i:pmc)(\d+){_AFTER}", "PMC{}".format),
        ("doi", r"(?i:doi:?\s*|info:doi/)?(10\.\d{4,9}/\S+)", str),
        ("doi", rf"{_ADDRESS}(?i:doi\.org/)(10\.\d{{4,9}}(?:/|%2[fF])\S+)", _unquoted),
        ("arxiv", rf"(?i:arxiv:?\s*)?{_ARXIV}", str),
        ("arxiv", rf"{_ADDRESS}(?i:arxiv\.org/(?:abs|pdf)/){_ARXIV}{_AFTER}", str),
    )
)
_CURIE = re.compile(r"[A-Za-z][\w.+-]*:[^\s:/][^\s]*")


def paper_id(raw: str, text: str) -> str:
    """Return the CURIE of a paper from the id that its file gives it.

    Known forms (PMID, PMC, DOI, arXiv; bare, as CURIE, with their name before them or as address)
    are normalised, any other `prefix:local` stays as it is, and what is none of these gives
    `sha256:` of the text. A DOI keeps its case, and an arXiv id its version.
    """
    raw = raw.strip()
    for name, form, written in _KNOWN_IDS:
        if found := form.fullmatch(raw):
            return f"{name}:{written(found[1])}"
    if PAPERS.is_uri(raw) and is_curie(curie := PAPERS.compress(raw, strict=True)):
        return curie
    if _CURIE.fullmatch(raw):
        prefix, local = raw.split(":", 1)
        known = prefix.casefold() in PAPER_PREFIXES
        return f"{prefix.casefold()}:{local}" if known else raw
    return f"sha256:{text_sha256(text)}"


def is_curie(text: str) -> bool:
    """Whether a text has the form `prefix:local`."""
    return _CURIE.fullmatch(text) is not None


def mint_entity_id(type_: str, name: str) -> str:
    """Return the id of an entity that no ontology names: `abduce:Chemical/fish_oil`."""
    local = normalise_name(name).replace(" ", "_") or f"sha256-{_digest(name)}"
    return f"abduce:{type_}/{local}"


def claim_id(subject: str, predicate: str, object_: str) -> str:
    """Return the id of a claim; the caller has put symmetric claims in order (`Domain.orient`)."""
    return f"claim:{_digest(subject, predicate, object_)}"


def evidence_id(claim: str, paper: str, start: int, end: int, pack: str) -> str:
    """Return the id of one sentence's evidence for a claim, as one pack read it."""
    return f"evidence:{_digest(claim, paper, str(start), str(end), pack)}"


def hypothesis_id(
    subject: str, predicate: str, object_: str, *, as_of: str = "", since: str = ""
) -> str:
    """Return the id of a hypothesis: the same triple, of the same time, is the same hypothesis."""
    time = (as_of, since) if as_of or since else ()
    return f"hypothesis:{_digest(subject, predicate, object_, *time)}"


def _digest(*parts: str) -> str:
    # A separator that no part can hold keeps ("ab", "c") and ("a", "bc") apart.
    joined = "\x1f".join(parts).encode("utf-8", errors="surrogatepass")
    return hashlib.sha256(joined).hexdigest()[:32]
