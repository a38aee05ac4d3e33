"""Asking: ready questions, and the claims, evidence and hypotheses that a graph holds."""

from kg.asking.ask import Answer, ask
from kg.asking.change import change
from kg.asking.claims import StoredClaim, claims_between, claims_in
from kg.asking.evidence import AnyEvidence, error_rates, evidence_for, strength
from kg.asking.hypotheses import read_hypothesis, store_hypotheses
from kg.asking.parameters import find_type
from kg.asking.question import (
    Column,
    Parameter,
    Question,
    find_question,
    list_questions,
    parse_question,
)
from kg.models import CuratedEvidence

__all__ = [
    "Answer",
    "AnyEvidence",
    "Column",
    "CuratedEvidence",
    "Parameter",
    "Question",
    "StoredClaim",
    "ask",
    "change",
    "claims_between",
    "claims_in",
    "error_rates",
    "evidence_for",
    "find_question",
    "find_type",
    "list_questions",
    "parse_question",
    "read_hypothesis",
    "store_hypotheses",
    "strength",
]
