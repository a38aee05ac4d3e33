"""From a graph to arrays as they would be if it held only what was said in some time.

What a graph holds of a claim follows from its evidence and from nothing else
(`kg.contributions.properties`), so it is worked out again from the evidence that counts. A graph
that was only ever given these papers and sources has the same snapshot.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np

from kg.contributions.belief import Reading
from kg.contributions.properties import (
    Entry,
    StoredTerm,
    claim_properties,
    entity_properties,
    entries_of,
    parse_terms,
)
from kg.contributions.schema_store import domain_id, merge_domains, observed_domain, stored_domains
from kg.contributions.support import READING, Triple, reading
from kg.curated_models import source_name
from kg.domain import Domain, parse_domain
from kg.errors import UsageError
from kg.loading.packs import known_errors, largest, paper_packs
from kg.snapshot.arrays import NO_YEAR, ClaimArrays
from kg.snapshot.current import hierarchy
from kg.snapshot.snapshot import LeftOut, Snapshot, entity_table
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
_PAPERS_A_QUERY = 2000
_COUNTS = ("n_support", "n_deny", "n_papers", "first_year", "last_year", "curated")

Row = Mapping[str, Any]


@dataclass(slots=True)
class _Counted:
    """What counts in a window: papers with their rows, and the names of curated sources.

    `sources` are those whose facts count; those that were out by then, whose terms count, are
    more: an ontology of before `since` still says what a thing is called.
    """

    papers: dict[str, Row] = field(default_factory=dict)
    sources: dict[str, Row] = field(default_factory=dict)
    named_by: dict[str, Row] = field(default_factory=dict)
    left_out: LeftOut = field(default_factory=LeftOut)

    def errors(self) -> dict[str, float]:
        """Systematic error rates of packs and of sources."""
        packs: dict[str, float | None] = {}
        for paper in self.papers.values():
            for ref, error in paper_packs(paper).items():
                packs[ref] = largest(packs.get(ref), error)
        stated = {name: row["error"] for name, row in self.sources.items() if "error" in row}
        return known_errors(packs) | stated


@dataclass(slots=True)
class _Said:
    """All evidence and entries that count, by claim."""

    triples: dict[str, Triple] = field(default_factory=dict)
    readings: dict[str, list[Reading]] = field(default_factory=lambda: defaultdict(list))
    entries: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))

    def ends(self) -> set[str]:
        """Return the entities that the claims are of."""
        return {end for subject, _, object_ in self.triples.values() for end in (subject, object_)}


@dataclass(slots=True)
class _Mentioned:
    """What the papers that count call an entity, and how many of them name it."""

    forms: Counter[str] = field(default_factory=Counter)
    n_papers: int = 0


def read_as_of(graph: Graph, frame: Window) -> Snapshot:
    """Read what papers and sources of a window say; about 500 bytes a piece of evidence are held.

    Raises:
        UsageError: nothing that the graph holds counts in that time.
    """
    counted = _counted(graph, frame)
    said = _said(graph, counted)
    parents = _parents(graph, counted)
    mentioned = _mentions(graph, counted.papers)
    needed = said.ends().union(*((row["subject"], *row["object"]) for row in parents))
    rows = _entities(graph.stream(_ENTITIES), mentioned, counted.named_by, needed)
    if not rows:
        left = counted.left_out
        sources = f" and {len(left.sources)} of its sources ({', '.join(left.sources)})"
        raise UsageError(
            f"the graph {graph.where} holds nothing {frame}: {left.papers} of its papers"
            f"{sources if left.sources else ''} have no date, or one too coarse to tell"
        )
    row_of = {row["id"]: number for number, row in enumerate(rows)}
    entities = entity_table(*([row[name] for row in rows] for name in ("id", "name", "type")))
    return Snapshot.of(
        entities,
        np.array([row["n_papers"] for row in rows], dtype=np.int32),
        _claims(said, counted, row_of),
        hierarchy(parents, row_of),
        _domain(graph, counted, rows, said),
        frame,
        counted.left_out,
    )


def read_left_out(graph: Graph, frame: Window) -> LeftOut:
    """Return what has no date, or one too coarse to tell whether it lies in a window."""
    dates = graph.read(_DATES)
    papers = sum(row["n"] for row in dates if frame.place(row["date"]) == "unclear")
    sources = [row["source"] for row in graph.read(_SOURCES)]
    return LeftOut(papers=papers, sources=_undated(sources, frame))


def _undated(sources: Iterable[Row], frame: Window) -> tuple[str, ...]:
    unclear = [source for source in sources if frame.place(source.get("date")) == "unclear"]
    return tuple(sorted(f"{source['id']}@{source['version']}" for source in unclear))


def _counted(graph: Graph, frame: Window) -> _Counted:
    counted = _Counted()
    unclear = 0
    for paper in graph.stream(_PAPERS):
        place = frame.place(paper["date"])
        unclear += place == "unclear"
        if place == "inside":
            counted.papers[paper["id"]] = paper
    out_by_then = Window(as_of=frame.as_of)
    sources = [row["source"] for row in graph.stream(_SOURCES)]
    for source in sources:
        date = source.get("date")
        if frame.place(date) == "inside":
            counted.sources[source["id"]] = source
        if not frame.as_of or out_by_then.place(date) == "inside":
            counted.named_by[source["id"]] = source
    counted.left_out = LeftOut(papers=unclear, sources=_undated(sources, frame))
    return counted


def _said(graph: Graph, counted: _Counted) -> _Said:
    said = _Said()
    for row in graph.stream(_EVIDENCE):
        paper = counted.papers.get(row["paper"])
        if paper is not None:
            claim = row["claim_id"]
            said.triples[claim] = _triple(row)
            said.readings[claim].append(reading(row, retracted=bool(paper["retracted"])))
    if counted.sources:
        for row in graph.stream(_CURATED):
            entries = [e for e in entries_of(row) if source_name(e.source) in counted.sources]
            if entries:
                said.triples[row["claim_id"]] = _triple(row)
                said.entries[row["claim_id"]] = entries
    return said


def _triple(row: Row) -> Triple:
    return (row["subject"], row["predicate"], row["object"])


def _parents(graph: Graph, counted: _Counted) -> list[Row]:
    """Return the ontology edges that a source of the time has."""
    if not counted.named_by:
        return []
    return [
        {"subject": row["subject"], "object": [row["object"]]}
        for row in graph.stream(_IS_A)
        if any(source_name(ref) in counted.named_by for ref in row["sources"] or ())
    ]


def _mentions(graph: Graph, papers: Iterable[str]) -> dict[str, _Mentioned]:
    found: dict[str, _Mentioned] = defaultdict(_Mentioned)
    left = iter(sorted(papers))
    while part := list(islice(left, _PAPERS_A_QUERY)):
        for row in graph.stream(_MENTIONS, ids=part):
            # Merged entities are mentioned once for each id under which they were read.
            forms: dict[str, set[str]] = defaultdict(set)
            for entity, names in zip(row["entities"], row["names"], strict=True):
                forms[entity].update(names)
            for entity, names in forms.items():
                found[entity].forms.update(names)
                found[entity].n_papers += 1
    return found


def _entities(
    rows: Iterable[Row],
    mentioned: Mapping[str, _Mentioned],
    named_by: Mapping[str, Row],
    needed: set[str],
) -> list[Row]:
    """Return the entities that there were, with the names that they had, sorted by id."""
    found = []
    for row in rows:
        id_ = row["id"]
        terms = [t for t in parse_terms(row["terms"]) if source_name(t.source) in named_by]
        if id_ in mentioned or terms or id_ in needed:
            forms = mentioned.get(id_) or _Mentioned()
            name = _name(row, terms, forms)
            type_ = row["type"] or "Entity"
            found.append({"id": id_, "name": name, "type": type_, "n_papers": forms.n_papers})
    return sorted(found, key=lambda row: str(row["id"]))


def _name(row: Row, terms: Iterable[StoredTerm], mentioned: _Mentioned) -> str:
    known = entity_properties(
        row["id"], terms, mentioned.forms, mentioned.n_papers, row["absorbed"] or ()
    )
    return str(known["name"])


def _claims(said: _Said, counted: _Counted, row_of: Mapping[str, int]) -> dict[str, ClaimArrays]:
    dates = {id_: paper["date"] for id_, paper in counted.papers.items()}
    errors = counted.errors()
    rows: dict[str, list[tuple[float, ...]]] = defaultdict(list)
    for claim, (subject, predicate, object_) in said.triples.items():
        known = claim_properties(
            claim, said.readings.get(claim, ()), dates, said.entries.get(claim, ()), errors
        )
        counts = (known[name] or NO_YEAR for name in _COUNTS)
        rows[predicate].append((row_of[subject], row_of[object_], known["belief"], *counts))
    found = {name: _arrays(rows[name], len(row_of)) for name in sorted(rows)}
    return {name: arrays for name, arrays in found.items() if len(arrays)}


def _arrays(rows: Iterable[tuple[float, ...]], n_entities: int) -> ClaimArrays:
    subject, object_, belief, *counts = zip(*rows, strict=True)
    return ClaimArrays.from_columns(n_entities, subject, object_, belief, counts)


def _domain(graph: Graph, counted: _Counted, entities: Iterable[Row], said: _Said) -> Domain:
    """Return the schemas that came with what counts, merged; else what its claims show."""
    brought = {id_ for paper in counted.papers.values() for id_ in paper["domains"] or ()}
    brought |= {source["domain"] for source in counted.named_by.values() if "domain" in source}
    kept = [toml for toml in stored_domains(graph) if domain_id(toml) in brought]
    if kept:
        return merge_domains(parse_domain(toml, "a domain schema of the graph") for toml in kept)
    types = {row["id"]: row["type"] for row in entities}
    return observed_domain(graph.where, types.values(), _signatures(said.triples.values(), types))


def _signatures(
    triples: Iterable[Triple], types: Mapping[str, str]
) -> Iterator[tuple[str, str, str]]:
    for subject, predicate, object_ in triples:
        yield predicate, types[subject], types[object_]
