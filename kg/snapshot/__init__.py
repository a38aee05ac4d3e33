"""The graph as arrays: current, or as it was known at a date; memory-mapped, without a server."""

from kg.snapshot.arrays import ClaimArrays, EdgeArrays
from kg.snapshot.cache import take_snapshot
from kg.snapshot.current import SNAPSHOT_QUERIES
from kg.snapshot.files import open_snapshot, write_snapshot
from kg.snapshot.neighbourhood import Neighbourhood
from kg.snapshot.networkx_view import to_networkx
from kg.snapshot.snapshot import LeftOut, Snapshot, entity_table
from kg.snapshot.window import Window, window

__all__ = [
    "ClaimArrays",
    "EdgeArrays",
    "LeftOut",
    "Neighbourhood",
    "SNAPSHOT_QUERIES",
    "Snapshot",
    "Window",
    "entity_table",
    "open_snapshot",
    "take_snapshot",
    "to_networkx",
    "window",
    "write_snapshot",
]
