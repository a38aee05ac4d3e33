"""The graph: its words, its schema, its store, its beliefs."""

# fmt: off
from kg.belief import belief
from kg.domain import Domain, EntityType, RelationPattern, RelationType, Signature, parse_domain
from kg.domains import graph_domain, stored_domains
from kg.errors import (
    AbduceError, AuthenticationError, BadRecordError, EncoderError, GraphNotFoundError, InputError,
    MissingExtraError, PackError, PropertyError, QueryError, QuoteMismatchError, RecipeError,
    ShardError, StoreError, StoreUnavailableError, UnknownNameError, UnreadableFileError,
    UsageError, WriteRefusedError, nearest_names)
from kg.identifiers import (
    claim_id, evidence_id, hypothesis_id, is_curie, mint_entity_id, normalise_name, paper_id)
from kg.loading import LoadSummary, PaperRows, load_shards, read_shards
from kg.models import (
    Certainty, Claim, Entity, Evidence, Failure, Finding, FindingStatus, Hypothesis, Mention, Model,
    Paper, Passage, Path, PathEdge, Polarity, Quote, Relation, Section, Verdict, text_sha256)
from kg.neo4j_home import Neo4jHome
from kg.shards import shard_exists, shard_file, write_shard
from kg.store import (
    Counts, Graph, Server, Transaction, open_graph, valid_label, valid_relationship_type)
from kg.views import (
    ClaimArrays, Snapshot, StoredClaim, claims_between, evidence_for, find_entity, read_hypothesis,
    store_hypotheses, take_snapshot, to_networkx)

__all__ = [
    "AbduceError", "AuthenticationError", "BadRecordError", "Certainty", "Claim", "ClaimArrays",
    "Counts", "Domain", "EncoderError", "Entity", "EntityType", "Evidence", "Failure", "Finding",
    "FindingStatus", "Graph", "GraphNotFoundError", "Hypothesis", "InputError", "LoadSummary",
    "Mention", "MissingExtraError", "Model", "Neo4jHome", "PackError", "Paper", "PaperRows",
    "Passage", "Path", "PathEdge", "Polarity", "PropertyError", "QueryError", "Quote",
    "QuoteMismatchError", "RecipeError", "Relation", "RelationPattern", "RelationType", "Section",
    "Server", "ShardError", "Signature", "Snapshot", "StoreError", "StoreUnavailableError",
    "StoredClaim", "Transaction", "UnknownNameError", "UnreadableFileError", "UsageError",
    "Verdict", "WriteRefusedError", "belief", "claim_id", "claims_between", "evidence_for",
    "evidence_id", "find_entity", "graph_domain", "hypothesis_id", "is_curie", "load_shards",
    "mint_entity_id", "nearest_names", "normalise_name", "open_graph", "paper_id", "parse_domain",
    "read_hypothesis", "read_shards", "shard_exists", "shard_file", "store_hypotheses",
    "stored_domains", "take_snapshot", "text_sha256", "to_networkx", "valid_label",
    "valid_relationship_type", "write_shard"]
