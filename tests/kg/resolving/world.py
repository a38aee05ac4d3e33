"""A graph as it should be, written from contributions and merges by another way than ours.

`write` puts into an empty graph what these papers, terms and facts come to under these merges, all
at once and from nothing: what merging and undoing step by step must come to as well.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from kg import Domain, Graph, claim_id, evidence_id, parse_domain
from kg.contributions.belief import Reading
from kg.contributions.properties import Entry, StoredTerm, claim_properties, entity_properties

TYPES = {"A": "Chemical", "B": "Disease"}  # by the first letter of an id's local part
DOMAIN_TOML = """
name = "small"
version = "1"
[types.Chemical]
[types.Disease]
[relations.TREATS]
symmetric = false
signatures = [{subject = "Chemical", object = "Disease", reading = "treats"}]
[relations.RESEMBLES]
signatures = [
    {subject = "Disease", object = "Disease", reading = "resembles"},
    {subject = "Chemical", object = "Chemical", reading = "resembles"},
]
[relations.CAUSES]
symmetric = false
signatures = [{subject = "Disease", object = "Disease", reading = "causes"}]
"""
DOMAIN: Domain = parse_domain(DOMAIN_TOML)
ERRORS = {"pack@1": 0.1, "db": 0.02}


@dataclass(frozen=True)
class Said:
    """A sentence of a paper: two mentions and one claim, as read."""

    paper: str
    subject: str
    predicate: str
    object: str
    polarity: str = "supports"
    confidence: float = 0.8
    pack: str = "pack@1"
    at: int = 0


@dataclass(frozen=True)
class Row:
    """A row of a curated source, as read."""

    subject: str
    predicate: str
    object: str
    row: str
    polarity: str = "supports"
    details: str = ""


@dataclass(frozen=True)
class Decided:
    """A merge as it was decided."""

    absorbed: str
    into: str
    rule: str = "person"
    why: str = "said so"


@dataclass(frozen=True)
class World:
    """Everything that is said, and what was merged."""

    said: tuple[Said, ...] = ()
    mentions: tuple[tuple[str, str, str], ...] = ()  # paper, entity, name
    terms: tuple[StoredTerm, ...] = ()
    rows: tuple[Row, ...] = ()
    hypotheses: tuple[tuple[str, str], ...] = ()
    dates: Mapping[str, str] = field(default_factory=dict)
    retracted: frozenset[str] = frozenset()
    merges: tuple[Decided, ...] = ()

    def merged(self, *merges: Decided) -> World:
        """The same with these merges, and no others."""
        return replace(self, merges=merges)


def type_of(id_: str) -> str:
    """The type of an entity, by its id."""
    return TYPES[id_.split(":")[1][0]]


def entities(world: World) -> list[str]:
    """All ids as read that an entity stands for, in order."""
    found = {end for s in world.said for end in (s.subject, s.object)}
    found |= {entity for _, entity, _ in world.mentions}
    found |= {term.id for term in world.terms}
    found |= {parent for term in world.terms if not term.retired for parent in term.parents}
    found |= {end for row in world.rows for end in (row.subject, row.object)}
    found |= {merge.into for merge in world.merges}
    return sorted(found)


def root(world: World, id_: str) -> str:
    """Where the merges lead."""
    named = {merge.absorbed: merge.into for merge in world.merges}
    while id_ in named:
        id_ = named[id_]
    return id_


def write(graph: Graph, world: World) -> None:
    """Write a world into an empty graph."""
    graph.ensure_schema(sorted(set(TYPES.values())))
    graph.merge_nodes(("Domain",), [{"id": "domain:small", "toml": DOMAIN_TOML}])
    graph.merge_nodes(("Pack",), [{"id": "pack@1", "error": ERRORS["pack@1"]}])
    graph.merge_nodes(("Source",), [{"id": "db", "name": "db", "error": ERRORS["db"]}])
    _write_papers(graph, world)
    _write_entities(graph, world)
    _write_mentions(graph, world)
    _write_claims(graph, world)
    _write_parents(graph, world)
    _write_hypotheses(graph, world)
    _write_merges(graph, world)


def papers(world: World) -> list[str]:
    """The ids of all papers."""
    return sorted({s.paper for s in world.said} | {paper for paper, _, _ in world.mentions})


def _write_papers(graph: Graph, world: World) -> None:
    rows = [
        {
            "id": id_,
            "date": world.dates.get(id_),
            "retracted": id_ in world.retracted,
        }
        for id_ in papers(world)
    ]
    graph.merge_nodes(("Paper",), rows)


def names(world: World) -> dict[tuple[str, str], set[str]]:
    """The names by which papers mention entities, as read."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for paper, entity, name in world.mentions:
        found[paper, entity].add(name)
    for said in world.said:
        for end in (said.subject, said.object):
            found[said.paper, end].add(end.lower())
    return found


def _write_entities(graph: Graph, world: World) -> None:
    forms: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    papers: dict[str, set[str]] = defaultdict(set)
    for (paper, entity), said in names(world).items():
        papers[root(world, entity)].add(paper)
        for name in said:
            forms[root(world, entity)][name].add(paper)
    absorbed = {m.absorbed for m in world.merges}
    for id_ in {root(world, e) for e in entities(world)}:
        counted = Counter({name: len(found) for name, found in forms[id_].items()})
        terms = [term for term in world.terms if root(world, term.id) == id_]
        mine = [other for other in absorbed if root(world, other) == id_]
        row = entity_properties(id_, terms, counted, len(papers[id_]), mine)
        graph.merge_nodes(("Entity", type_of(id_)), [row])


def _write_mentions(graph: Graph, world: World) -> None:
    rows = []
    for (paper, entity), said in names(world).items():
        listed = sorted(said)
        rows.append(
            {
                "start": paper,
                "end": root(world, entity),
                "entity": entity,
                "n": len(listed),
                "names": listed,
                "starts": [*range(len(listed))],
                "ends": [at + 1 for at in range(len(listed))],
            }
        )
    graph.merge_edges("MENTIONS", rows, start="Paper", end="Entity", key=("entity",))


def _canonical(world: World, subject: str, predicate: str, object_: str) -> tuple[str, str]:
    ends = (root(world, subject), root(world, object_))
    if ends == (subject, object_):
        return ends
    return DOMAIN.orient(predicate, *((end, type_of(end)) for end in ends))


def _write_claims(graph: Graph, world: World) -> None:
    readings: dict[tuple[str, str, str], list[Reading]] = defaultdict(list)
    entries: dict[tuple[str, str, str], list[Entry]] = defaultdict(list)
    evidence: list[dict[str, Any]] = []
    for said in world.said:
        subject, object_ = _canonical(world, said.subject, said.predicate, said.object)
        claim = (subject, said.predicate, object_)
        retracted = said.paper in world.retracted
        readings[claim].append(
            Reading(said.paper, said.pack, said.polarity, "stated", said.confidence, retracted)
        )
        evidence.append(_evidence(said, claim))
    for row in world.rows:
        subject, object_ = _canonical(world, row.subject, row.predicate, row.object)
        read = "" if (subject, object_) == (row.subject, row.object) else _read(row)
        entries[subject, row.predicate, object_].append(
            Entry("db@1", row.row, row.polarity, row.details, read)
        )
    dates = {paper: world.dates.get(paper) for paper in papers(world)}
    for subject, predicate, object_ in sorted({*readings, *entries}):
        claim = (subject, predicate, object_)
        id_ = claim_id(*claim)
        properties = claim_properties(id_, readings[claim], dates, entries[claim], ERRORS)
        row_ = {"start": subject, "end": object_, **properties}
        graph.merge_edges(predicate, [row_], key=("claim_id",))
    _write_evidence(graph, evidence)


def _read(row: Row) -> str:
    return f"{row.subject}\t{row.object}"


def _evidence(said: Said, claim: tuple[str, str, str]) -> dict[str, Any]:
    subject, predicate, object_ = claim
    as_read = claim_id(said.subject, said.predicate, said.object)
    return {
        "id": evidence_id(as_read, said.paper, said.at, said.at + 1, said.pack),
        "claim_id": claim_id(*claim),
        "paper": said.paper,
        "subject": subject,
        "predicate": predicate,
        "object": object_,
        "read_subject": said.subject if said.subject != subject else None,
        "read_object": said.object if said.object != object_ else None,
        "polarity": said.polarity,
        "certainty": "stated",
        "confidence": said.confidence,
        "pack": said.pack,
        "start": said.at,
        "end": said.at + 1,
        "quote": "",
    }


def _write_evidence(graph: Graph, rows: list[dict[str, Any]]) -> None:
    graph.merge_nodes(("Evidence",), rows)
    for edge, end, name in (
        ("REPORTED_IN", "Paper", "paper"),
        ("SUBJECT", "Entity", "subject"),
        ("OBJECT", "Entity", "object"),
    ):
        edges = [{"start": row["id"], "end": row[name]} for row in rows]
        graph.merge_edges(edge, edges, start="Evidence", end=end)


def _write_parents(graph: Graph, world: World) -> None:
    edges: dict[tuple[str, str], set[str]] = defaultdict(set)
    for term in world.terms:
        for parent in () if term.retired else term.parents:
            child, end = root(world, term.id), root(world, parent)
            if child != end:
                edges[child, end].add(term.source)
    rows = [{"start": c, "end": p, "sources": sorted(s)} for (c, p), s in edges.items()]
    graph.merge_edges("IS_A", rows)


def _write_hypotheses(graph: Graph, world: World) -> None:
    for subject, object_ in world.hypotheses:
        id_ = f"hypothesis:{subject}{object_}"
        ends = {
            "subject": f'{{"id": "{subject}", "name": ""}}',
            "object": f'{{"id": "{object_}", "name": ""}}',
        }
        graph.merge_nodes(("Hypothesis",), [{"id": id_, **ends}])
        for edge, end in (("SUBJECT", subject), ("OBJECT", object_)):
            rows = [{"start": id_, "end": root(world, end)}]
            graph.merge_edges(edge, rows, start="Hypothesis", end="Entity")


def _write_merges(graph: Graph, world: World) -> None:
    rows = []
    for merge in world.merges:
        into = root(world, merge.into)
        rows.append(
            {
                "id": f"merge:{merge.absorbed}",
                "absorbed": merge.absorbed,
                "into": into,
                "direct": merge.into if merge.into != into else None,
                "type": type_of(merge.absorbed),
                "rule": merge.rule,
                "why": merge.why,
            }
        )
    graph.merge_nodes(("Merge",), rows)
