"""Routes: where ids lead before and after a delta, and which contributions move with them."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kg.contributions.delta import Delta
from kg.contributions.merges import Forest, Merge, Move, merge_node_id
from kg.contributions.parts import by_id
from kg.contributions.properties import Entry
from kg.contributions.redirects import Redirects, as_read
from kg.contributions.schema_store import merged_schema, orders
from kg.contributions.states import Sentence, Triple
from kg.contributions.stored import Stored

_MERGES = "UNWIND $ids AS id MATCH (m:Merge {id: id}) RETURN properties(m) AS merge"


@dataclass(slots=True)
class Routes:
    """Where ids lead.

    `moves` are ids that lead elsewhere now, `sentences` and `entries` what was read with them or
    may stand in another order. `schemas` are those of the graph after the delta.
    """

    before: Redirects
    after: Redirects
    forest: Forest
    moves: dict[str, Move] = field(default_factory=dict)
    schemas: dict[str, str] = field(default_factory=dict)
    sentences: list[Sentence] = field(default_factory=list)
    entries: dict[Triple, list[Entry]] = field(default_factory=dict)

    @property
    def old(self) -> set[str]:
        """The entities that ids led to until now."""
        return {move.before for move in self.moves.values()}

    @property
    def touched(self) -> set[str]:
        """The entities that moved ids lead to, before and after."""
        return {id_ for move in self.moves.values() for id_ in move}


def follow(stored: Stored, delta: Delta) -> Routes:
    """Return where ids lead before and after a delta.

    Raises:
        UsageError: a merge of an id that is merged already, or into itself.
    """
    now, before = stored.cache.merged, stored.cache.domain
    schemas = stored.cache.schemas
    if delta.schemas:
        left = {id_: t for id_, t in schemas.items() if id_ not in delta.schemas.removed}
        schemas = left | delta.schemas.added
    domain = merged_schema(schemas) if delta.schemas else before
    forest = _forest(stored, delta)
    moves = forest.moves()
    after = ChainMap({id_: move.after for id_, move in moves.items()}, now) if moves else now
    routes = Routes(Redirects(now, before), Redirects(after, domain), forest, moves, schemas)
    reordered = bool(now) and orders(before) != orders(domain)
    if moves or reordered:
        ids, nodes = set(moves), routes.old
        if reordered:  # all claims of merged entities may stand the other way round
            ids, nodes = ids | now.keys(), nodes | set(now.values())
        routes.sentences = stored.sentences_on(nodes, ids)
        routes.entries = stored.curated_claims(nodes)
    if after:
        _learn_types(stored, delta, routes)
    return routes


def read_merges(stored: Stored, ids: Iterable[str]) -> dict[str, Merge]:
    """Return the merges of some ids, by the id that is absorbed."""
    rows = by_id(stored.transaction, _MERGES, map(merge_node_id, ids))
    merges = [Merge.model_validate(row["merge"]) for row in rows]
    return {merge.absorbed: merge for merge in merges}


def forest_around(stored: Stored, ids: Iterable[str]) -> Forest:
    """Return all merges into the entities that some ids lead to."""
    roots = {stored.cache.merged.get(id_, id_) for id_ in ids}
    absorbed = {id_ for state in stored.entities(roots).values() for id_ in state.absorbed}
    return Forest(read_merges(stored, absorbed).values())


def _forest(stored: Stored, delta: Delta) -> Forest:
    if not delta.merges:
        return Forest(())
    named = {merge.named for merge in delta.merges.added.values()}
    forest = forest_around(stored, delta.merges.touched | named)
    for absorbed in delta.merges.removed:
        forest.split(absorbed)
    for merge in delta.merges.added.values():
        forest.join(merge)
    return forest


def _learn_types(stored: Stored, delta: Delta, routes: Routes) -> None:
    """Note the types of all ends of claims, by which they are put in order."""
    reads = set(_ends(delta, routes))
    every = reads | {s.entity(id_) for id_ in reads for s in (routes.before, routes.after)}
    known = stored.types(every)
    types = {id_: merge.type for id_, merge in delta.merges.removed.items()} | delta.types
    types |= {routes.after.entity(id_): type_ for id_, type_ in types.items()}
    types |= {id_: known[id_] for id_ in every if id_ in known}
    routes.before.types = routes.after.types = types


def _ends(delta: Delta, routes: Routes) -> Iterator[str]:
    papers = (*delta.papers.added.values(), *delta.papers.removed.values())
    for sentence in (*routes.sentences, *(s for p in papers for s in p.evidence.values())):
        yield from (sentence.subject, sentence.object)
    rows = [(claim, entry) for claim, every in routes.entries.items() for entry in every]
    for claim, entry in (*rows, *delta.entries.touched):
        yield from as_read(entry, claim)[::2]
