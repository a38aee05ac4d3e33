"""From what the rules say to merges: which id goes into which, and what is left to a person."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from kg.base_schema import prefix_places
from kg.models import Model
from kg.resolving.clusters import Clusters
from kg.resolving.entity_index import (
    EntityIndex,
    EntityRecord,
    is_minted,
    normal_id,
    prefix_of,
)
from kg.resolving.merge import Decision
from kg.resolving.rules import Link, Rule

Rank: TypeAlias = tuple[bool, int, int, str, bool, int, str]


class Candidate(Model):
    """Two entities that may be one thing; a person decides. `into` is the id that would stay."""

    absorbed: str
    absorbed_name: str
    into: str
    into_name: str
    type: str
    score: float
    rule: str
    why: str


@dataclass(slots=True)
class Plan:
    """What to merge, in an order in which each piece moves once, and what to ask."""

    decisions: list[Decision] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    kept_apart: int = 0  # pairs that a rule is sure of and somebody has said are not one thing
    other_type: int = 0  # pairs that a rule links and that are of different types


def make_plan(things: EntityIndex, rules: Sequence[Rule], apart: Iterable[frozenset[str]]) -> Plan:
    """Return what the rules come to.

    Args:
        things: all entities.
        rules: the surest first.
        apart: pairs of ids that somebody has said are not one thing.
    """
    plan, clusters = Plan(), Clusters(things, apart)
    kept_apart: set[frozenset[str]] = set()
    of_two_types: set[frozenset[str]] = set()
    sure: list[Link] = []
    doubtful: list[Link] = []
    for rule in rules:
        joining = []
        for link in rule.links(things, clusters):
            if things[link.one].type != things[link.other].type:
                of_two_types.add(frozenset(link[:2]))
            elif link.sure:
                joining.append(link)
            else:
                doubtful.append(link)
        for link in joining:
            if clusters.are_apart(link.one, link.other):
                kept_apart.add(frozenset(link[:2]))
            elif clusters.join(link.one, link.other):
                sure.append(link)
    plan.kept_apart, plan.other_type = len(kept_apart), len(of_two_types)
    plan.decisions = list(_decisions(things, sure))
    plan.candidates = _candidates(things, clusters, doubtful)
    return plan


def _decisions(things: EntityIndex, links: Iterable[Link]) -> Iterator[Decision]:
    """Yield each tree of links from its best id outwards."""
    beside: dict[str, list[tuple[str, str, Link]]] = defaultdict(list)
    for link in links:
        one, other = things[link.one].id, things[link.other].id
        beside[one].append((other, link.one, link))
        beside[other].append((one, link.other, link))
    done: set[str] = set()
    for best in sorted(beside, key=lambda id_: rank(things[id_])):
        if best in done:
            continue
        done.add(best)
        waiting = deque([best])
        while waiting:
            here = waiting.popleft()
            for other, named, link in sorted(beside[here]):
                if other not in done:
                    done.add(other)
                    waiting.append(other)
                    yield Decision(
                        absorbed=other,
                        into=named,
                        type=things[other].type,
                        rule=link.rule,
                        why=link.why,
                    )


def _candidates(things: EntityIndex, clusters: Clusters, links: Iterable[Link]) -> list[Candidate]:
    best: dict[tuple[str, str], Link] = {}
    for link in links:
        pair = tuple(sorted((clusters.of(link.one), clusters.of(link.other))))
        key = (pair[0], pair[1])
        if key[0] == key[1] or clusters.are_apart(link.one, link.other):
            continue
        known = best.get(key)
        if known is None or (-link.score, link) < (-known.score, known):
            best[key] = link
    every = [_candidate(things, clusters, link) for link in best.values()]
    return sorted(every, key=lambda c: (-c.score, c.absorbed, c.into))


def _candidate(things: EntityIndex, clusters: Clusters, link: Link) -> Candidate:
    ends = (_best(things, clusters.members(id_)) for id_ in (link.one, link.other))
    into, absorbed = sorted(ends, key=rank)
    return Candidate(
        absorbed=absorbed.id,
        absorbed_name=absorbed.name,
        into=into.id,
        into_name=into.name,
        type=into.type,
        score=link.score,
        rule=link.rule,
        why=link.why,
    )


def _best(things: EntityIndex, ids: Iterable[str]) -> EntityRecord:
    """Return the entity that stays when the sure merges are made."""
    return min((things[id_] for id_ in ids), key=rank)


def rank(entity: EntityRecord) -> Rank:
    """Return what the canonical id comes first by: of several ids of one thing, it stays.

    1. an id that a source gave, before one that was made from a name (`abduce:`);
    2. a term that its source still has and does not call obsolete, before one that it does, before
       an id without any term;
    3. the prefix's place in the built-in schema (`kg.base_schema.prefix_places`): open ontologies
       with a hierarchy first, then vocabularies, then databases and classifications; prefixes that
       are not there follow by their name;
    4. an id in the spelling of the house, then the shorter and then the first one.

    How many papers use it does not count, so that loading more papers never changes the choice.
    """
    prefix, places = prefix_of(entity.id), prefix_places()
    own = [term for term in entity.terms if term.id == entity.id]
    current = any(not (term.retired or term.obsolete) for term in own)
    standing = 0 if current else 1 if own else 2
    return (
        is_minted(entity.id),
        standing,
        places.get(prefix, len(places)),
        prefix,
        normal_id(entity.id) != entity.id,
        len(entity.id),
        entity.id,
    )
