"""CURIEs for papers and entities, and ids that are minted from content.

Every id is a function of what it names, so the same input gives the same graph.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

import curies

from kg.models import text_sha256

PAPER_PREFIXES = {
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/",
    "pmc": "https://www.ncbi.nlm.nih.gov/pmc/articles/",
    "doi": "https://doi.org/",
    "arxiv": "https://arxiv.org/abs/",
}
PAPERS = curies.load_prefix_map(PAPER_PREFIXES)

_BARE_IDS = (
    ("pmid", re.compile(r"\d{1,8}")),
    ("pmc", re.compile(r"PMC\d+", re.IGNORECASE)),
    ("doi", re.compile(r"10\.\d{4,9}/\S+")),
    ("arxiv", re.compile(r"(\d{4}\.\d{4,5}|[a-z-]+(\.[A-Z]{2})?/\d{7})(v\d+)?")),
)
_CURIE = re.compile(r"[A-Za-z][\w.+-]*:[^\s:/][^\s]*")
_SEPARATORS = re.compile(r"[\W_]+")
_POSSESSIVE = re.compile(r"['\u2019]s?(?=\W|$)")


def paper_id(raw: str, text: str) -> str:
    """Return the CURIE of a paper from the id that its file gives it.

    Known forms (PMID, PMC, DOI, arXiv; bare, as CURIE or as address) are normalised, any other
    `prefix:local` stays as it is, and what is none of these gives `sha256:` of the text.
    """
    raw = raw.strip()
    for prefix, form in _BARE_IDS:
        if form.fullmatch(raw):
            return f"{prefix}:{raw.upper() if prefix == 'pmc' else raw}"
    if PAPERS.is_uri(raw):
        return PAPERS.compress(raw, strict=True)
    if _CURIE.fullmatch(raw):
        prefix, local = raw.split(":", 1)
        known = prefix.casefold() in PAPER_PREFIXES
        return f"{prefix.casefold()}:{local}" if known else raw
    return f"sha256:{text_sha256(text)}"


def is_curie(text: str) -> bool:
    """Whether a text has the form `prefix:local`."""
    return _CURIE.fullmatch(text) is not None


def normalise_name(name: str) -> str:
    """Return the form under which two spellings of one name are equal.

    Compatibility forms (NFKC), case, possessives, hyphens, punctuation and spaces do not count.
    Empty when the name has no letter or digit.
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    return _SEPARATORS.sub(" ", _POSSESSIVE.sub("", folded)).strip()


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
