"""Evidence retrieval: sentences of papers and rows of curated sources behind claims, ranked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from kg.contributions.belief import Reading, belief_in
from kg.contributions.parts import parts
from kg.contributions.properties import Entry, entries_of
from kg.curated_models import source_name
from kg.identifiers import claim_id
from kg.models import Claim, CuratedEvidence, Evidence, Polarity
from kg.snapshot.window import Window
from kg.store.graph import Graph
from kg.store.names import Row, valid_relationship_type

AnyEvidence = Evidence | CuratedEvidence
Page = tuple[str, int, int]  # the id of a claim; the first of its sentences, and the one behind

_EVIDENCE_FIELDS = tuple(Evidence.model_fields)
# Of each sentence the best reading, as what sorts first; then the page. Only what is shown is read.
_PAGES = """
UNWIND $pages AS page
CALL (page) {
  MATCH (e:Evidence {claim_id: page[0]})-[:REPORTED_IN]->(p:Paper)
  WHERE ($polarity = '' OR e.polarity = $polarity)
    AND ($retracted OR NOT coalesce(p.retracted, false))
    AND ($dates IS NULL OR $dates[p.date])
  WITH coalesce(p.retracted, false) AS retracted, e.paper AS paper, e.start AS start, e.end AS end,
    e.polarity AS polarity,
    min([CASE e.certainty WHEN 'stated' THEN 0 ELSE 1 END, -e.confidence, e.pack, e.id]) AS best
  ORDER BY retracted, best[0], best[1], paper, start, end, best[2] LIMIT $most
  RETURN collect(best[3]) AS ids
}
RETURN page[0] AS claim, ids[page[1]..page[2]] AS ids
"""
_EVIDENCE = "UNWIND $ids AS id MATCH (e:Evidence {id: id}) RETURN properties(e) AS evidence"
_DATES = """
UNWIND $ids AS id MATCH (e:Evidence {claim_id: id})-[:REPORTED_IN]->(p:Paper)
RETURN DISTINCT p.date AS date
"""
_SOURCES = "MATCH (s:Source) RETURN properties(s) AS source"
# No server finds an edge by a property. Claims that share a node are looked for at once, among
# all edges of that node; where few do, from both ends, which costs less than all those edges. A map
# finds an id at once; ArcadeDB goes through a list for each edge.
_BETWEEN = """
UNWIND $groups AS g MATCH (n:Entity {{id: g[0]}}) MATCH (m:Entity {{id: g[1]}})
MATCH (n)-[c:{type}]->(m) WHERE c.curated = true RETURN properties(c) AS claim
"""
_AMONG = """
UNWIND $groups AS g MATCH (n:Entity {{{{id: g[0]}}}}){}(m:Entity)
WHERE g[1][m.id] AND c.curated = true RETURN properties(c) AS claim
"""
_LEAVING, _ENTERING = _AMONG.format("-[c:{type}]->"), _AMONG.format("<-[c:{type}]-")
_FEW = 50
_RATES = {
    label: f"MATCH (n:{label}) WHERE n.error IS NOT NULL RETURN n.id AS id, n.error AS error"
    for label in ("Pack", "Source")
}
_CLAIMS_A_QUERY = 1000  # whose sentences are read
_EDGES_A_QUERY = 5000


def evidence_for(
    graph: Graph,
    claims: Iterable[Claim],
    limit: int = 3,
    polarity: Polarity | None = None,
    *,
    offset: int = 0,
    frame: Window | None = None,
    retracted: bool = True,
) -> dict[Claim, list[AnyEvidence]]:
    """Return the best evidence of each claim; a claim without any has an empty list.

    Args:
        graph: where the claims are.
        claims: subject, predicate and object each.
        limit: how many pieces of evidence a claim at most.
        polarity: only what supports, or only what denies.
        offset: how many of the best to pass over: those of the pages before.
        frame: only papers and sources of this time.
        retracted: whether sentences of retracted papers are shown, behind all others.

    Best first: rows of curated sources, by source and row; then sentences, stated before hedged,
    then by confidence; ties by paper and place. Of one sentence that several packs read, the best
    reading is returned.
    """
    by_id = {claim_id(c.subject, c.predicate, c.object): c for c in claims}
    rows = _curated(graph, by_id, polarity, frame)
    pages = []
    for id_ in by_id:
        first = max(0, offset - len(rows[id_]))
        pages.append((id_, first, max(first, offset + limit - len(rows[id_]))))
    sentences = _sentences(graph, pages, polarity, frame, retracted=retracted)
    return {
        claim: [*rows[id_][offset : offset + limit], *sentences[id_]]
        for id_, claim in by_id.items()
    }


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
    pages: Iterable[Page],
    polarity: Polarity | None,
    frame: Window | None,
    *,
    retracted: bool,
) -> dict[str, list[Evidence]]:
    found: dict[str, list[Evidence]] = defaultdict(list)
    for part in parts([page for page in pages if page[1] < page[2]], _CLAIMS_A_QUERY):
        ids = graph.read(
            _PAGES,
            pages=[list(page) for page in part],
            most=max(last for _, _, last in part),
            polarity=polarity or "",
            dates=None if frame is None else _dates_inside(graph, part, frame),
            retracted=retracted,
        )
        listed = [id_ for row in ids for id_ in row["ids"]]
        read = (row["evidence"] for row in graph.read(_EVIDENCE, ids=listed))
        evidence = {item["id"]: _evidence(item) for item in read}
        for row in ids:  # what was forgotten between the two queries is left out
            found[row["claim"]] = [evidence[id_] for id_ in row["ids"] if id_ in evidence]
    return found


def _dates_inside(graph: Graph, pages: Iterable[Page], frame: Window) -> dict[str, bool]:
    """Return the dates in a window that papers behind some claims have, as keys."""
    rows = graph.read(_DATES, ids=[id_ for id_, _, _ in pages])
    return {row["date"]: True for row in rows if frame.place(row["date"]) == "inside"}


def _curated(
    graph: Graph, by_id: Mapping[str, Claim], polarity: Polarity | None, frame: Window | None
) -> dict[str, list[CuratedEvidence]]:
    found: dict[str, list[CuratedEvidence]] = defaultdict(list)
    sources = {row["source"]["id"]: row["source"] for row in graph.read(_SOURCES)}
    if frame is not None:
        sources = {n: s for n, s in sources.items() if frame.place(s.get("date")) == "inside"}
    if not sources:
        return found
    for row in _curated_claims(graph, by_id.values()):
        id_ = row["claim_id"]
        found[id_] = [
            _row_of(by_id[id_], entry, sources[source_name(entry.source)])
            for entry in entries_of(row)
            if source_name(entry.source) in sources
            and (polarity is None or entry.polarity == polarity)
        ]
    return found


def _curated_claims(graph: Graph, claims: Iterable[Claim]) -> Iterator[Row]:
    """Yield the properties of those claims that a curated source makes."""
    by_predicate: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_predicate[claim.predicate].append(claim)
    for predicate, every in by_predicate.items():
        type_ = valid_relationship_type(predicate)
        for part in parts(sorted(every, key=lambda c: c.subject), _EDGES_A_QUERY):
            for cypher, groups in _lookups(part):
                if groups:
                    rows = graph.read(cypher.format(type=type_), groups=groups)
                    yield from (row["claim"] for row in rows)


def _lookups(claims: Sequence[Claim]) -> Iterator[tuple[str, list[list[Any]]]]:
    """Yield the statements that find the edges of claims, and the `$groups` of each."""
    subjects, objects = Counter(c.subject for c in claims), Counter(c.object for c in claims)
    pairs: list[list[Any]] = []
    leaving: dict[str, dict[str, bool]] = defaultdict(dict)
    entering: dict[str, dict[str, bool]] = defaultdict(dict)
    for claim in claims:
        subject, object_ = claim.subject, claim.object
        if max(subjects[subject], objects[object_]) < _FEW:
            pairs.append([subject, object_])
        elif subjects[subject] >= objects[object_]:
            leaving[subject][object_] = True
        else:
            entering[object_][subject] = True
    yield _BETWEEN, pairs
    yield _LEAVING, [[*group] for group in leaving.items()]
    yield _ENTERING, [[*group] for group in entering.items()]


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
