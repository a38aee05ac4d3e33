"""What stands behind claims: sentences of papers and rows of curated sources, best first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from kg.contributions.belief import Reading, belief_in
from kg.contributions.properties import Entry, entries_of
from kg.curated_models import source_name
from kg.identifiers import claim_id
from kg.models import Claim, CuratedEvidence, Evidence, Polarity
from kg.snapshot.window import Window
from kg.store.graph import Graph
from kg.store.names import valid_relationship_type

T = TypeVar("T")
AnyEvidence = Evidence | CuratedEvidence

_EVIDENCE_FIELDS = tuple(Evidence.model_fields)
_BEHIND = """
UNWIND $ids AS id MATCH (e:Evidence {claim_id: id})-[:REPORTED_IN]->(p:Paper)
WHERE $polarity = '' OR e.polarity = $polarity
RETURN id, properties(e) AS evidence, p.date AS date, p.retracted AS retracted
"""
_SOURCES = "MATCH (s:Source) RETURN properties(s) AS source"
_ENTRIES = """
UNWIND $rows AS row
MATCH (s:Entity {{id: row.subject}})-[c:{type} {{claim_id: row.id}}]->(o:Entity {{id: row.object}})
WHERE c.curated = true RETURN row.id AS id, properties(c) AS edge
"""
_RATES = {
    label: f"MATCH (n:{label}) WHERE n.error IS NOT NULL RETURN n.id AS id, n.error AS error"
    for label in ("Pack", "Source")
}
_CLAIMS_A_QUERY = 500


def evidence_for(
    graph: Graph,
    claims: Iterable[Claim],
    limit: int = 3,
    polarity: Polarity | None = None,
    *,
    frame: Window | None = None,
    retracted: bool = True,
) -> dict[Claim, list[AnyEvidence]]:
    """Return the best evidence of each claim; a claim without any has an empty list.

    Args:
        graph: where the claims are.
        claims: subject, predicate and object each.
        limit: how many pieces of evidence a claim at most.
        polarity: only what supports, or only what denies.
        frame: only papers and sources of this time.
        retracted: whether sentences of retracted papers are shown, behind all others.

    Best first: rows of curated sources, by source and row; then sentences, stated before hedged,
    then by confidence; ties by paper and place. Of one sentence that several packs read, the best
    reading is returned.
    """
    by_id = {claim_id(c.subject, c.predicate, c.object): c for c in claims}
    sentences = _sentences(graph, by_id, polarity, frame, retracted=retracted)
    rows = _curated(graph, by_id, polarity, frame)
    found: dict[Claim, list[AnyEvidence]] = {}
    for id_, claim in by_id.items():
        every: list[AnyEvidence] = [*rows[id_], *_best(sentences[id_])]
        found[claim] = every[:limit]
    return found


def strength(evidence: Iterable[AnyEvidence], errors: Mapping[str, float] | None = None) -> float:
    """Return the probability in [0, 1] that some of the evidence is right, whatever it says.

    Args:
        evidence: sentences and rows.
        errors: systematic error rates, as `error_rates` gives them.
    """
    every = list(evidence)
    readings = [
        Reading(e.paper, e.pack, Polarity.SUPPORTS, e.certainty, e.confidence)
        for e in every
        if isinstance(e, Evidence)
    ]
    rows = [
        Entry(f"{e.source}@{e.version}", e.row, Polarity.SUPPORTS)
        for e in every
        if isinstance(e, CuratedEvidence)
    ]
    return belief_in(readings, rows, errors)


def error_rates(graph: Graph) -> dict[str, float]:
    """Return the systematic error rates of a graph: of packs by ref, of sources by name."""
    return {
        row["id"]: row["error"] for label in ("Pack", "Source") for row in graph.read(_RATES[label])
    }


def _sentences(
    graph: Graph,
    by_id: Mapping[str, Claim],
    polarity: Polarity | None,
    frame: Window | None,
    *,
    retracted: bool,
) -> dict[str, list[tuple[bool, Evidence]]]:
    """Return, by claim, whether the paper is retracted, and the sentence."""
    found: dict[str, list[tuple[bool, Evidence]]] = defaultdict(list)
    for ids in _parts(list(by_id), _CLAIMS_A_QUERY):
        for row in graph.read(_BEHIND, ids=ids, polarity=polarity or ""):
            in_time = frame is None or frame.place(row["date"]) == "inside"
            if in_time and (retracted or not row["retracted"]):
                found[row["id"]].append((bool(row["retracted"]), _evidence(row["evidence"])))
    return found


def _curated(
    graph: Graph, by_id: Mapping[str, Claim], polarity: Polarity | None, frame: Window | None
) -> dict[str, list[CuratedEvidence]]:
    found: dict[str, list[CuratedEvidence]] = defaultdict(list)
    sources = {row["source"]["id"]: row["source"] for row in graph.read(_SOURCES)}
    if frame is not None:
        sources = {n: s for n, s in sources.items() if frame.place(s.get("date")) == "inside"}
    if not sources:
        return found
    by_predicate: dict[str, list[dict[str, str]]] = defaultdict(list)
    for id_, claim in by_id.items():
        row = {"id": id_, "subject": claim.subject, "object": claim.object}
        by_predicate[claim.predicate].append(row)
    for predicate, rows in by_predicate.items():
        cypher = _ENTRIES.format(type=valid_relationship_type(predicate))
        for part in _parts(rows, _CLAIMS_A_QUERY):
            for read in graph.read(cypher, rows=part):
                found[read["id"]] = [
                    _row_of(by_id[read["id"]], entry, sources[source_name(entry.source)])
                    for entry in entries_of(read["edge"])
                    if source_name(entry.source) in sources
                    and (polarity is None or entry.polarity == polarity)
                ]
    return found


def _row_of(claim: Claim, entry: Entry, source: Mapping[str, Any]) -> CuratedEvidence:
    name, _, version = entry.source.partition("@")
    return CuratedEvidence(
        source=name,
        version=version,
        licence=source.get("licence"),
        title=source.get("title") or "",
        row=entry.row,
        polarity=Polarity(entry.polarity),
        details=entry.details,
        **claim.model_dump(),
    )


def _evidence(properties: dict[str, Any]) -> Evidence:
    return Evidence(**{name: properties[name] for name in _EVIDENCE_FIELDS})


def _best(evidence: Iterable[tuple[bool, Evidence]]) -> list[Evidence]:
    ranked = sorted(evidence, key=_rank)
    sentences = {(e.paper, e.start, e.end, e.polarity): e for _, e in reversed(ranked)}
    return [e for _, e in ranked if sentences[e.paper, e.start, e.end, e.polarity] is e]


def _rank(item: tuple[bool, Evidence]) -> tuple[bool, bool, float, str, int, int, str]:
    retracted, e = item
    return (retracted, e.certainty != "stated", -e.confidence, e.paper, e.start, e.end, e.pack)


def _parts(items: Sequence[T], size: int) -> list[Sequence[T]]:
    return [items[start : start + size] for start in range(0, len(items), size)]
