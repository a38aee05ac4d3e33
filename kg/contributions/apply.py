"""Applying a delta: the graph becomes the function of the sum of all contributions, with it added.

What is stored of the touched ids is read, the delta is added, properties and belief are derived,
what differs is written, what is left with nothing goes, and the graph's version is counted up.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from kg.contributions import claim_edges, writing
from kg.contributions.cache import Cache, ErrorRates
from kg.contributions.claim_change import ClaimChange
from kg.contributions.delta import Delta, Signed
from kg.contributions.entity_change import EntityChange
from kg.contributions.merges import Merge, merge_node_id
from kg.contributions.packs import pack_change, write_packs
from kg.contributions.parts import by_id, parts
from kg.contributions.properties import PropertyRow, said_in, without_none
from kg.contributions.routes import Routes, follow
from kg.contributions.schema_store import unused_schemas, write_schemas
from kg.contributions.states import EntityState
from kg.contributions.stored import Stored
from kg.store.graph import Graph
from kg.store.transaction import Transaction
from kg.versions import count_up, exclusive_write

T = TypeVar("T")

_HYPOTHESES = """
UNWIND $ids AS id MATCH (e:Entity {{id: id}})<-[:{0}]-(h:Hypothesis)
RETURN h.id AS hypothesis, h.{1} AS stored, id AS node
"""


class ChangeCount(NamedTuple):
    """How many claims or entities are as they were not, and how many are gone."""

    changed: int = 0
    removed: int = 0


@dataclass(slots=True)
class Outcome:
    """What became of a delta.

    `states` are the entities that were written, `gone` those that were deleted, `made` the ids of
    claims that are new; `merges` are those that changed, by the id that is absorbed, None for
    one that was taken back.
    """

    changed: bool = False
    claims: ChangeCount = field(default_factory=ChangeCount)
    states: dict[str, EntityState] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    made: list[str] = field(default_factory=list)
    merges: dict[str, Merge | None] = field(default_factory=dict)
    schemas: dict[str, str] = field(default_factory=dict)
    packs: dict[str, float | None] = field(default_factory=dict)

    @property
    def entities(self) -> ChangeCount:
        """How many entities changed, and how many are gone."""
        return ChangeCount(len(self.states.keys() - self.gone), len(self.gone))


def commit(
    graph: Graph, cache: Cache, change: Callable[[Stored], tuple[Delta, T]]
) -> tuple[Outcome, T]:
    """Apply the delta that a function makes of what is stored, in one transaction of its own.

    Args:
        graph: what is changed; it has its schema.
        cache: what the run knows of it; brought up to date once the change is there.
        change: returns the delta, and what else its caller wants of the last time that it ran: it
            runs again after a conflict.

    Returns:
        what became of the delta, and what `change` returned beside it.
    """

    def work(transaction: Transaction) -> tuple[Outcome, T]:
        stored = Stored(transaction, cache)
        delta, beside = change(stored)
        return apply(stored, delta), beside

    outcome, beside = exclusive_write(graph, work)
    note(cache, outcome)
    return outcome, beside


def apply(stored: Stored, delta: Delta) -> Outcome:
    """Add a delta to a graph, within `exclusive_write`.

    Raises:
        UsageError: a merge of an id that is merged already.
        LostEndError: an end of a claim is not there.
    """
    outcome = _carried_out(stored, delta)
    if outcome.changed:
        count_up(stored.transaction)
    return outcome


def _carried_out(stored: Stored, delta: Delta) -> Outcome:
    outcome = Outcome(schemas=stored.cache.schemas, packs=stored.cache.errors.packs)
    if not delta:
        return outcome
    routes = follow(stored, delta)
    entities = EntityChange.of(stored, delta, routes)
    claims = ClaimChange.of(stored, delta, routes)
    _write_schemas(stored, routes, outcome)
    _write_papers(stored, delta, entities, claims, outcome)
    _weigh_anew(stored, delta, claims, outcome)
    bare = _write_claims(stored, claims, routes, outcome)
    bare |= _write_hierarchy(stored, delta, entities, routes, outcome)
    _write_merges(stored, routes, outcome)
    bare |= {id_ for id_, state in entities.states.items() if not state.said}
    outcome.gone |= writing.prune(stored.transaction, bare - outcome.gone)
    _drop_schemas(stored, delta, outcome)
    return outcome


def note(cache: Cache, outcome: Outcome) -> None:
    """Bring a cache up to date with a change, now that it is there."""
    if not outcome.changed:
        return
    cache.version = (cache.version or 0) + 1
    cache.keep({id_: s.as_written() for id_, s in outcome.states.items()}, outcome.gone)
    cache.make(outcome.made)
    for absorbed, merge in outcome.merges.items():
        cache.merged.pop(absorbed, None)
        if merge is not None:
            cache.merged[absorbed] = merge.into
    cache.errors.packs = outcome.packs
    if outcome.schemas != cache.schemas:
        cache.set_schemas(outcome.schemas)


def _write_schemas(stored: Stored, routes: Routes, outcome: Outcome) -> None:
    if routes.schemas != stored.cache.schemas:
        write_schemas(stored.transaction, stored.cache.schemas, routes.schemas)
        outcome.schemas, outcome.changed = routes.schemas, True


def _write_papers(
    stored: Stored, delta: Delta, entities: EntityChange, claims: ClaimChange, outcome: Outcome
) -> None:
    """Write papers, their entities, mentions and evidence; nodes stand before their edges."""
    transaction, papers = stored.transaction, delta.papers
    added = {id_: paper.properties for id_, paper in papers.added.items()}
    new = [without_none(row) for id_, row in added.items() if id_ not in papers.removed]
    changed = [
        row
        for id_, row in added.items()
        if id_ in papers.removed and said_in(row) != said_in(papers.removed[id_].properties)
    ]
    gone = papers.removed.keys() - added
    transaction.delete_nodes("Evidence", claims.gone)
    transaction.delete_nodes("Paper", gone)
    writing.create_papers(transaction, new)
    writing.change_papers(transaction, changed)
    outcome.states = writing.write_entities(transaction, entities.states)
    writing.drop_mentions(transaction, entities.gone)
    writing.create_mentions(transaction, entities.new)
    writing.change_mentions(transaction, entities.changed)
    writing.create_evidence(transaction, claims.new)
    writing.change_evidence(transaction, claims.changed)
    writing.move_evidence(transaction, claims.moved)
    written = (new, changed, gone, outcome.states, entities.new, entities.changed, entities.gone)
    evidence = (claims.new, claims.changed, claims.gone, claims.moved)
    outcome.changed = outcome.changed or any(written) or any(evidence)


def _weigh_anew(stored: Stored, delta: Delta, claims: ClaimChange, outcome: Outcome) -> None:
    """Take in the claims of papers with another date, and of packs with another error rate."""
    pairs = [
        (old.properties if old else {}, new.properties if new else {})
        for _, old, new in delta.papers.pairs()
    ]
    known = stored.cache.errors.packs
    packs = pack_change(stored.transaction, known, pairs)
    if packs.changed or packs.gone:
        write_packs(stored.transaction, packs)
        left = {ref: error for ref, error in known.items() if ref not in packs.gone}
        outcome.packs, outcome.changed = left | packs.changed, True
    other = [
        new
        for old, new in pairs
        if old and new and any(old.get(name) != new.get(name) for name in ("date", "retracted"))
    ]
    reweighed = stored.claims_in(paper["id"] for paper in other) if other else set()
    reweighed |= stored.claims_read_by(packs.changed.keys() & known.keys())
    claims.weigh_anew(stored, reweighed)
    stored.dates |= {new["id"]: new.get("date") for _, new in pairs if new}
    claims.retract({paper["id"]: bool(paper.get("retracted")) for paper in other})


def _write_claims(
    stored: Stored, claims: ClaimChange, routes: Routes, outcome: Outcome
) -> set[str]:
    """Write claims as they follow from what speaks of them; return the ends of those gone."""
    transaction, near = stored.transaction, routes.touched
    errors = ErrorRates(outcome.packs, stored.cache.errors.sources).known
    new, changed, gone = claims.rows(stored.dates, errors)
    claims.single.create(transaction)
    claim_edges.create_edges(transaction, new)
    claim_edges.write_edges(transaction, changed, near)
    claim_edges.delete_edges(transaction, gone, near)
    outcome.made = [*claims.single.ids(), *(row["claim_id"] for row in new.values())]
    outcome.claims = ChangeCount(len(outcome.made) + len(changed), len(gone))
    outcome.changed = outcome.changed or bool(outcome.made or changed or gone)
    return {end for claim in gone for end in (claim[0], claim[2])}


def _write_hierarchy(
    stored: Stored, delta: Delta, entities: EntityChange, routes: Routes, outcome: Outcome
) -> set[str]:
    """Let IS_A edges follow the terms again; return the parents that lost one."""
    transaction = stored.transaction
    children = entities.reparented | {routes.after.entity(id_) for id_ in delta.hierarchy}
    if not children:
        return set()
    children |= writing.children_of(transaction, routes.old)
    any_other, bare = writing.write_parents(
        transaction, stored.entities(children), routes.after.merged
    )
    outcome.changed = outcome.changed or any_other
    return bare


def _write_merges(stored: Stored, routes: Routes, outcome: Outcome) -> None:
    """Write what is merged, take hypotheses along, and delete the entities that were absorbed."""
    if not routes.moves:
        return
    transaction, forest = stored.transaction, routes.forest
    for type_ in ("SUBJECT", "OBJECT"):
        rows = by_id(transaction, _HYPOTHESES.format(type_, type_.lower()), routes.old)
        moved = [(row, routes.moves.get(json.loads(row["stored"])["id"])) for row in rows]
        old = [{"start": row["hypothesis"], "end": row["node"]} for row, move in moved if move]
        new = [{"start": row["hypothesis"], "end": move.after} for row, move in moved if move]
        writing.drop_edges(transaction, type_, old, start="Hypothesis")
        transaction.merge_edges(type_, new, start="Hypothesis")
    changed, undone = forest.changed(), forest.gone()
    for part in parts([_merge_row(merge) for merge in changed]):
        transaction.merge_nodes(("Merge",), part, replace=True)
    transaction.delete_nodes("Merge", map(merge_node_id, undone))
    absorbed = {id_ for id_ in routes.touched if forest.root(id_) != id_}
    transaction.delete_nodes("Entity", absorbed)
    outcome.gone |= absorbed
    outcome.merges = {merge.absorbed: merge for merge in changed} | dict.fromkeys(undone)
    outcome.changed = True


def _drop_schemas(stored: Stored, delta: Delta, outcome: Outcome) -> None:
    """Drop the schemas that went with the last paper that was read with them."""
    named = {
        id_
        for paper in delta.papers.removed.values()
        for id_ in paper.properties.get("domains") or ()
    }
    unused = unused_schemas(stored.transaction, named & outcome.schemas.keys())
    if unused:
        # With eyes of its own, since what was read is not as it was any more.
        removed = Delta(schemas=Signed(removed={id_: outcome.schemas[id_] for id_ in unused}))
        outcome.schemas = _carried_out(Stored(stored.transaction), removed).schemas


def _merge_row(merge: Merge) -> PropertyRow:
    return {"id": merge.id, **merge.model_dump(exclude_defaults=True)}
