"""What an entity and a claim look like in the graph, as functions of all that was said of them.

Contributions (what papers and sources say) are kept in the graph; name, synonyms, counts and
belief follow from them and from nothing else. So loading, forgetting, merging and undoing all come
to the same graph, in whatever order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from kg.contributions.belief import Reading, belief_in
from kg.curated_models import Term, TermName
from kg.lexicon.name_grams import name_grams
from kg.lexicon.normalise import normalise_name
from kg.models import Polarity

PropertyRow = dict[str, Any]

_YEAR = re.compile(r"\d{4}")
_SAME = ("preferred", "exact")


class StoredTerm(Term):
    """A term as an entity keeps it: with its source and, once that is gone from it, retired.

    `source` is `Source.ref`, of the last version that had the term.
    """

    source: str
    retired: bool = False


class Entry(NamedTuple):
    """What one row of a curated source says of a claim, as the claim's edge keeps it.

    `read` is the claim's (subject, object) as the source has it, joined by a tab, where a merge
    has put another entity in its place; empty otherwise. Entries are kept in their own order.
    """

    source: str  # Source.ref
    row: str
    polarity: str
    details: str = ""
    read: str = ""


def without_none(row: Mapping[str, Any]) -> PropertyRow:
    """Return the properties that a graph keeps of a row: those that are not None."""
    return {name: value for name, value in row.items() if value is not None}


def said_in(row: Mapping[str, Any]) -> PropertyRow:
    """Return the properties that say something: two rows with the same ones say the same."""
    return {name: value for name, value in row.items() if value}


def by_use(forms: Mapping[str, int]) -> list[str]:
    """Return surface forms, the one of most papers first, then the shorter, then by letters."""
    return sorted(forms, key=lambda form: (-forms[form], len(form), form))


def parse_terms(stored: Iterable[str] | None) -> list[StoredTerm]:
    """Return the terms that an entity keeps in its property `terms`."""
    return [StoredTerm.model_validate_json(text) for text in stored or ()]


def entity_properties(
    id_: str,
    terms: Iterable[StoredTerm],
    forms: Mapping[str, int],
    n_papers: int,
    absorbed: Iterable[str] = (),
) -> PropertyRow:
    """Return all properties of an entity's node; None where it has none of that name.

    Args:
        id_: the entity's id.
        terms: what curated sources say of it.
        forms: how many papers use each surface form.
        n_papers: how many papers mention it.
        absorbed: ids of entities that were merged into it.
    """
    ranked = sorted(terms, key=term_rank)
    used = by_use(forms)
    curated = [name for term in ranked for name in _names(term)]
    every = list(dict.fromkeys([*(n for n in curated if n), *used])) or [id_]
    name, *synonyms = every
    related = {n.text for t in ranked for n in t.names if n.scope not in _SAME} - set(every)
    xrefs = {x for term in ranked for x in (*term.xrefs, *term.alternatives)}
    current = [term for term in ranked if not term.retired]
    merged = sorted(set(absorbed))
    return {
        "id": id_,
        "name": name,
        "synonyms": synonyms,
        "forms": used or None,
        "form_papers": [forms[form] for form in used] or None,
        "normal_names": sorted(set(filter(None, map(normalise_name, every)))),
        "name_grams": name_grams((*every, *related), (id_, *merged)),
        "related_names": sorted(related) or None,
        "n_papers": n_papers,
        "definition": next((t.definition for t in ranked if t.definition), None),
        "xrefs": sorted(xrefs) or None,
        "sources": sorted({term.source for term in ranked}) or None,
        "retired": True if ranked and not current else None,
        "obsolete": True if any(term.obsolete for term in current) else None,
        "absorbed": merged or None,
        "terms": [term.model_dump_json(exclude_defaults=True) for term in ranked] or None,
        **_names_by_language(ranked),
    }


def entries_of(edge: Mapping[str, Any]) -> list[Entry]:
    """Return what curated sources say of a claim, from the properties of its edge."""
    sources = edge.get("curated_sources") or ()
    blank = [""] * len(sources)
    columns = (
        sources,
        edge["curated_rows"] if sources else (),
        edge["curated_polarities"] if sources else (),
        edge.get("curated_details") or blank,
        edge.get("curated_reads") or blank,
    )
    return [Entry(*values) for values in zip(*columns, strict=True)]


def claim_properties(
    claim: str,
    readings: Sequence[Reading],
    dates: Mapping[str, str | None],
    entries: Iterable[Entry] = (),
    errors: Mapping[str, float] | None = None,
) -> PropertyRow:
    """Return all properties of a claim's edge; None where it has none of that name.

    Args:
        claim: its id.
        readings: its evidence in papers.
        dates: the date of each of these papers.
        entries: what rows of curated sources say of it.
        errors: systematic error rates: of packs by their ref, of sources by their name.
    """
    kept = sorted(set(entries))
    papers = {reading.paper for reading in readings}
    years = sorted(filter(None, (_year(dates.get(paper)) for paper in papers)))
    polarities = [*(r.polarity for r in readings), *(entry.polarity for entry in kept)]
    support = polarities.count(Polarity.SUPPORTS)
    return {
        "claim_id": claim,
        "belief": belief_in(readings, kept, errors or {}),
        "n_support": support,
        "n_deny": len(polarities) - support,
        "n_papers": len(papers),
        "first_year": years[0] if years else None,
        "last_year": years[-1] if years else None,
        "curated": bool(kept),
        "curated_sources": [entry.source for entry in kept] or None,
        "curated_rows": [entry.row for entry in kept] or None,
        "curated_polarities": [entry.polarity for entry in kept] or None,
        "curated_details": _unless_blank(entry.details for entry in kept),
        "curated_reads": _unless_blank(entry.read for entry in kept),
    }


def term_rank(term: StoredTerm) -> tuple[bool, bool, str, str]:
    """Return what the terms of an entity are in order by: the first one names it."""
    return (term.retired, term.obsolete, term.source, term.id)


def _names(term: Term) -> list[str]:
    return [term.name, *(name.text for name in term.names if name.scope in _SAME)]


def _names_by_language(terms: Sequence[Term]) -> PropertyRow:
    """Return the preferred names in each language that a source gives: `name_de`."""
    found: PropertyRow = {}
    for term in terms:
        own = TermName(text=term.name, scope="preferred", language=term.language)
        for name in (own, *term.names):
            if name.scope == "preferred" and name.language and name.text:
                tag = re.sub(r"[^a-z0-9]+", "_", name.language.casefold())
                found.setdefault(f"name_{tag}", name.text)
    return found


def _unless_blank(values: Iterable[str]) -> list[str] | None:
    listed = list(values)
    return listed if any(listed) else None


def _year(date: str | None) -> int | None:
    found = _YEAR.match(date or "")
    return int(found[0]) if found else None
