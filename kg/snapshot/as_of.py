"""The snapshot as of a date: arrays of what a graph would hold of what was said in some time.

What a graph holds of a claim follows from its evidence and from nothing else
(`kg.contributions.properties`), so it is worked out again from the evidence that counts. A graph
that was only ever given these papers and sources has the same snapshot.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kg.contributions.belief import Reading
from kg.contributions.packs import known_errors, largest, paper_packs
from kg.contributions.parts import parts
from kg.contributions.properties import (
    Entry,
    claim_properties,
    entity_properties,
    entries_of,
    parse_terms,
)
from kg.contributions.schema_store import domain_id, merge_domains, observed_domain, stored_domains
from kg.contributions.states import Triple
from kg.contributions.stored import READING, reading
from kg.curated_models import source_name
from kg.domain import Domain, parse_domain
from kg.errors import UsageError
from kg.snapshot.arrays import MEASURES
from kg.snapshot.current import snapshot_of
from kg.snapshot.snapshot import LeftOut, Snapshot
from kg.snapshot.window import Window
from kg.store.graph import Graph

_PAPERS = """
MATCH (p:Paper) RETURN p.id AS id, p.date AS date, p.retracted AS retracted, p.packs AS packs,
p.pack_errors AS pack_errors, p.domains AS domains
"""
_DATES = "MATCH (p:Paper) RETURN p.date AS date, count(*) AS n"
_SOURCES = "MATCH (s:Source) RETURN properties(s) AS source"
_ENTITIES = """
MATCH (e:Entity) RETURN e.id AS id, [label IN labels(e) WHERE label <> 'Entity'][0] AS type,
e.terms AS terms, e.absorbed AS absorbed
"""
_MENTIONS = """
UNWIND $ids AS id MATCH (p:Paper {id: id})-[m:MENTIONS]->(e:Entity)
RETURN id, collect(e.id) AS entities, collect(m.names) AS names
"""
_EVIDENCE = f"""
MATCH (e:Evidence) RETURN e.claim_id AS claim_id, e.subject AS subject, e.predicate AS predicate,
e.object AS object, {READING}
"""
_CURATED = """
MATCH (s:Entity)-[c]->(o:Entity) WHERE c.curated = true
RETURN c.claim_id AS claim_id, s.id AS subject, type(c) AS predicate, o.id AS object,
c.curated_sources AS curated_sources, c.curated_rows AS curated_rows,
c.curated_polarities AS curated_polarities
"""
_IS_A = """
MATCH (s:Entity)-[r:IS_A]->(o:Entity) RETURN s.id AS subject, o.id AS object, r.sources AS sources
"""

Row = Mapping[str, Any]


@dataclass(slots=True)
class _Claim:
    """A claim, with its evidence and its entries that count."""

    triple: Triple
    readings: list[Reading] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)


def read_as_of(graph: Graph, frame: Window) -> Snapshot:
    """Read what papers and sources of a window say; about 500 bytes a piece of evidence are held.

    Raises:
        UsageError: nothing that the graph holds counts in that time.
    """
    papers = {row["id"]: row for row in graph.stream(_PAPERS) if _is_inside(frame, row)}
    every = [row["source"] for row in graph.read(_SOURCES)]
    sources = {source["id"]: source for source in every if _is_inside(frame, source)}
    # An ontology of before `since` still says what a thing is called.
    ever = Window(as_of=frame.as_of)
    named_by = {s["id"]: s for s in every if not frame.as_of or _is_inside(ever, s)}
    left_out = read_left_out(graph, frame)
    claims = _claims(graph, papers, sources)
    parents = _parents(graph, named_by)
    needed = {end for c in claims.values() for end in (c.triple[0], c.triple[2])}
    needed.update(*((row["subject"], *row["object"]) for row in parents))
    entities = list(_entities(graph, papers, named_by, needed))
    if not entities:
        raise _nothing(graph, frame, left_out)
    return snapshot_of(
        entities,
        _claim_rows(claims, papers, _errors(papers, sources)),
        parents,
        _domain(graph, (*papers.values(), *named_by.values()), entities, claims),
        frame,
        left_out,
    )


def read_left_out(graph: Graph, frame: Window) -> LeftOut:
    """Return what has no date, or one too coarse to tell whether it lies in a window."""
    papers = sum(row["n"] for row in graph.read(_DATES) if frame.place(row["date"]) == "unclear")
    sources = [row["source"] for row in graph.read(_SOURCES)]
    unclear = [source for source in sources if frame.place(source.get("date")) == "unclear"]
    refs = sorted(f"{source['id']}@{source['version']}" for source in unclear)
    return LeftOut(papers=papers, sources=tuple(refs))


def _is_inside(frame: Window, dated: Row) -> bool:
    return frame.place(dated.get("date")) == "inside"


def _nothing(graph: Graph, frame: Window, left: LeftOut) -> UsageError:
    sources = f" and {len(left.sources)} of its sources ({', '.join(left.sources)})"
    return UsageError(
        f"the graph {graph.where} holds nothing {frame}: {left.papers} of its papers"
        f"{sources if left.sources else ''} have no date, or one too coarse to tell"
    )


def _claims(
    graph: Graph, papers: Mapping[str, Row], sources: Mapping[str, Row]
) -> dict[str, _Claim]:
    found: dict[str, _Claim] = {}
    for row in graph.stream(_EVIDENCE):
        paper = papers.get(row["paper"])
        if paper is not None:
            claim = found.setdefault(row["claim_id"], _Claim(_triple(row)))
            claim.readings.append(reading(row, retracted=bool(paper["retracted"])))
    for row in graph.stream(_CURATED) if sources else ():
        entries = [entry for entry in entries_of(row) if source_name(entry.source) in sources]
        if entries:
            found.setdefault(row["claim_id"], _Claim(_triple(row))).entries = entries
    return found


def _triple(row: Row) -> Triple:
    return (row["subject"], row["predicate"], row["object"])


def _claim_rows(
    claims: Mapping[str, _Claim], papers: Mapping[str, Row], errors: Mapping[str, float]
) -> Iterator[Row]:
    dates = {id_: paper["date"] for id_, paper in papers.items()}
    for id_, claim in claims.items():
        subject, predicate, object_ = claim.triple
        known = claim_properties(id_, claim.readings, dates, claim.entries, errors)
        values = {name: [known[name] or 0] for name in MEASURES}
        yield {"predicate": predicate, "subject": subject, "object": [object_], **values}


def _errors(papers: Mapping[str, Row], sources: Mapping[str, Row]) -> dict[str, float]:
    """Return the systematic error rates of packs and of sources."""
    packs: dict[str, float | None] = {}
    for paper in papers.values():
        for ref, error in paper_packs(paper).items():
            packs[ref] = largest(packs.get(ref), error)
    return known_errors(packs) | {n: s["error"] for n, s in sources.items() if "error" in s}


def _parents(graph: Graph, named_by: Mapping[str, Row]) -> list[Row]:
    """Return the ontology edges that a source of the time has."""
    return [
        {"subject": row["subject"], "object": [row["object"]]}
        for row in (graph.stream(_IS_A) if named_by else ())
        if any(source_name(ref) in named_by for ref in row["sources"] or ())
    ]


def _entities(
    graph: Graph, papers: Iterable[str], named_by: Mapping[str, Row], needed: set[str]
) -> Iterator[Row]:
    """Yield the entities that there were, with the names that they had."""
    forms, n_papers = _mentions(graph, papers)
    for row in graph.stream(_ENTITIES):
        id_ = row["id"]
        terms = [t for t in parse_terms(row["terms"]) if source_name(t.source) in named_by]
        if id_ in n_papers or terms or id_ in needed:
            absorbed = row["absorbed"] or ()
            known = entity_properties(id_, terms, forms[id_], n_papers[id_], absorbed)
            type_ = row["type"] or "Entity"
            yield {"id": id_, "name": known["name"], "type": type_, "n_papers": n_papers[id_]}


def _mentions(
    graph: Graph, papers: Iterable[str]
) -> tuple[defaultdict[str, Counter[str]], Counter[str]]:
    """Return, by entity, how many papers use each of its names, and how many mention it."""
    forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
    n_papers: Counter[str] = Counter()
    for part in parts(sorted(papers)):
        for row in graph.stream(_MENTIONS, ids=part):
            # Merged entities are mentioned once for each id under which they were read.
            names: dict[str, set[str]] = defaultdict(set)
            for entity, written in zip(row["entities"], row["names"], strict=True):
                names[entity].update(written)
            n_papers.update(names.keys())
            for entity, written in names.items():
                forms[entity].update(written)
    return forms, n_papers


def _domain(
    graph: Graph, counted: Iterable[Row], entities: Iterable[Row], claims: Mapping[str, _Claim]
) -> Domain:
    """Return the schemas that came with what counts, merged; else what its claims show."""
    brought = {id_ for row in counted for id_ in (*(row.get("domains") or ()), row.get("domain"))}
    kept = [toml for toml in stored_domains(graph) if domain_id(toml) in brought]
    if kept:
        return merge_domains(parse_domain(toml, "a domain schema of the graph") for toml in kept)
    types = {row["id"]: row["type"] for row in entities}
    triples = (claim.triple for claim in claims.values())
    signatures = ((predicate, types[s], types[o]) for s, predicate, o in triples)
    return observed_domain(graph.where, types.values(), signatures)
