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

__all__ = [
    "AbduceError", "AuthenticationError", "BadRecordError", "Certainty", "Claim", "Domain",
    "EncoderError", "Entity", "EntityType", "Evidence", "Failure", "Finding", "FindingStatus",
    "GraphNotFoundError", "Hypothesis", "InputError", "Mention", "MissingExtraError", "Model", "PackError",
    "Paper", "Passage", "Path", "PathEdge", "Polarity", "PropertyError", "QueryError", "Quote",
    "QuoteMismatchError", "RecipeError", "Relation", "RelationPattern", "RelationType", "Section",
    "ShardError", "Signature", "StoreError", "StoreUnavailableError", "UnknownNameError",
    "UnreadableFileError", "UsageError", "Verdict", "WriteRefusedError", "claim_id",
    "evidence_id", "hypothesis_id", "is_curie", "mint_entity_id", "nearest_names",
    "normalise_name", "paper_id", "parse_domain", "text_sha256",
]
