"""The graph: its words, its schema, its store, its beliefs."""

# fmt: off
from kg.domain import (
    Domain, EntityType, RelationPattern, RelationType, Signature, parse_domain,
)
from kg.errors import (
    AbduceError, AuthenticationError, BadRecordError, EncoderError, GraphNotFoundError, InputError,
    MissingExtraError, PackError, PropertyError, QueryError, QuoteMismatchError, RecipeError,
    ShardError, StoreError, StoreUnavailableError, UnknownNameError, UnreadableFileError,
    UsageError, WriteRefusedError, nearest_names,
)
from kg.identifiers import (
    claim_id, evidence_id, hypothesis_id, is_curie, mint_entity_id, normalise_name, paper_id,
)
from kg.models import (
    Certainty, Claim, Entity, Evidence, Failure, Finding, FindingStatus, Hypothesis, Mention,
    Model, Paper, Passage, Path, PathEdge, Polarity, Quote, Relation, Section, Verdict, text_sha256,
)
from kg.store.connection import Server
from kg.store.dump import Counts
from kg.store.graph import Graph
from kg.store.names import valid_label, valid_relationship_type
from kg.store.open import open_graph
from kg.store.transaction import Transaction

__all__ = [
    "AbduceError", "AuthenticationError", "BadRecordError", "Certainty", "Claim", "Counts",
    "Domain", "EncoderError", "Entity", "EntityType", "Evidence", "Failure", "Finding",
    "FindingStatus", "Graph", "GraphNotFoundError", "Hypothesis", "InputError", "Mention",
    "MissingExtraError", "Model", "PackError", "Paper", "Passage", "Path", "PathEdge",
    "Polarity", "PropertyError", "QueryError", "Quote", "QuoteMismatchError", "RecipeError",
    "Relation", "RelationPattern", "RelationType", "Section", "Server", "ShardError",
    "Signature", "StoreError", "StoreUnavailableError", "Transaction", "UnknownNameError",
    "UnreadableFileError", "UsageError", "Verdict", "WriteRefusedError", "claim_id",
    "evidence_id", "hypothesis_id", "is_curie", "mint_entity_id", "nearest_names",
    "normalise_name", "open_graph", "paper_id", "parse_domain", "text_sha256", "valid_label",
    "valid_relationship_type",
]
