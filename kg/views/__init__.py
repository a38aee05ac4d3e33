"""The graph as those see it who reason over it: entities, claims, hypotheses, arrays."""

from kg.names import name_grams
from kg.views.claims import StoredClaim, claims_between, evidence_for
from kg.views.entities import find_entity
from kg.views.finding import FoundEntity, find_entities
from kg.views.hypotheses import read_hypothesis, store_hypotheses
from kg.views.network import to_networkx
from kg.views.snapshot import ClaimArrays, Snapshot, take_snapshot

__all__ = [
    "ClaimArrays",
    "FoundEntity",
    "Snapshot",
    "StoredClaim",
    "claims_between",
    "evidence_for",
    "find_entities",
    "find_entity",
    "name_grams",
    "read_hypothesis",
    "store_hypotheses",
    "take_snapshot",
    "to_networkx",
]
