"""What papers and sources say of the entities of a merge, as the graph holds it.

Every contribution keeps the ids that its paper or source gave: those "as read". Which entity it
belongs to follows from them and from the merges.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from kg.contributions.belief import Reading
from kg.contributions.properties import Entry, StoredTerm

Ends = tuple[str, str]  # subject, object


@dataclass(slots=True)
class Node:
    """An entity: what curated sources say of it, and how many papers use each surface form."""

    type: str
    terms: list[StoredTerm] = field(default_factory=list)
    forms: Counter[str] = field(default_factory=Counter)
    n_papers: int = 0
    absorbed: frozenset[str] = frozenset()


class MentionEdge(NamedTuple):
    """That a paper mentions an entity under one id; `properties` are those of the edge."""

    paper: str
    entity: str  # as read
    node: str
    names: frozenset[str]
    properties: dict[str, Any]


class Sentence(NamedTuple):
    """A piece of evidence: the ends that it has, and those that it was read with."""

    id: str
    claim_id: str
    predicate: str
    ends: Ends
    read: Ends


class ClaimEdge(NamedTuple):
    """A claim of an entity with what curated sources say of it."""

    claim_id: str
    predicate: str
    ends: Ends
    entries: tuple[Entry, ...]


class Parent(NamedTuple):
    """An IS_A edge."""

    child: str
    parent: str


class HypothesisEnd(NamedTuple):
    """That a hypothesis has an entity as its subject or object; `edge` is SUBJECT or OBJECT."""

    hypothesis: str
    edge: str
    entity: str  # as it was when the hypothesis was stored
    node: str


@dataclass(slots=True)
class Support:
    """All that stands behind some claims: their evidence, its papers' dates, their entries.

    `entries` has every claim whose edge is there, also where no source speaks of it.
    """

    readings: dict[str, dict[str, Reading]] = field(default_factory=dict)  # claim, evidence
    dates: dict[str, str | None] = field(default_factory=dict)
    entries: dict[str, tuple[Entry, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class State:
    """What the graph holds of the entities that a merge, or its undoing, touches.

    `nodes` are those that exist. `mentions` are all edges between them and the papers that have
    a mention that moves; `parents` the IS_A edges of `children` and of `nodes`.
    """

    nodes: dict[str, Node] = field(default_factory=dict)
    mentions: list[MentionEdge] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)
    claims: list[ClaimEdge] = field(default_factory=list)
    children: dict[str, list[StoredTerm]] = field(default_factory=dict)
    parents: set[Parent] = field(default_factory=set)
    roots: dict[str, str] = field(default_factory=dict)  # of the parents of terms, before
    hypotheses: list[HypothesisEnd] = field(default_factory=list)
    types: dict[str, str] = field(default_factory=dict)  # of all ends of claims
    errors: dict[str, float] = field(default_factory=dict)  # of packs and sources
