"""The graph as those see it who reason over it: entities, claims, hypotheses, arrays."""

# fmt: off
from kg.models import CuratedEvidence
from kg.names import name_grams
from kg.views.arrays import ClaimArrays, EdgeArrays
from kg.views.claims import StoredClaim, claims_between, claims_in
from kg.views.entities import find_entity
from kg.views.evidence import AnyEvidence, error_rates, evidence_for, strength
from kg.views.finding import FoundEntity, find_entities
from kg.views.hypotheses import read_hypothesis, store_hypotheses
from kg.views.neighbourhood import Neighbourhood
from kg.views.network import to_networkx
from kg.views.present import SNAPSHOT_QUERIES
from kg.views.snapshot import LeftOut, Snapshot, entity_table
from kg.views.snapshot_files import open_snapshot, write_snapshot
from kg.views.taking import take_snapshot
from kg.views.window import Window, window

__all__ = [
    "SNAPSHOT_QUERIES", "AnyEvidence", "ClaimArrays", "CuratedEvidence", "EdgeArrays",
    "FoundEntity", "LeftOut", "Neighbourhood", "Snapshot", "StoredClaim", "Window",
    "claims_between", "claims_in", "entity_table", "error_rates", "evidence_for", "find_entities",
    "find_entity", "name_grams", "open_snapshot", "read_hypothesis", "store_hypotheses", "strength",
    "take_snapshot", "to_networkx", "window", "write_snapshot"]
