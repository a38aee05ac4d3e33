"""The graph store: one class over Bolt, and its embedded default."""

from kg.store.connection import Server
from kg.store.dump import Counts
from kg.store.graph import LONGEST, Graph
from kg.store.names import valid_label, valid_relationship_type
from kg.store.open import open_graph
from kg.store.transaction import Transaction

__all__ = [
    "Counts",
    "Graph",
    "LONGEST",
    "Server",
    "Transaction",
    "open_graph",
    "valid_label",
    "valid_relationship_type",
]
