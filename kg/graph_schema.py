"""The schema of the property graph: the one place that says what a graph can hold.

Every size is one of UTF-8 in bytes, since that is what servers limit. Nothing heavy is imported
here: all of `kg` may import it.
"""

from __future__ import annotations

import re

# The graph's own labels; each has an `id` of its own that is unique under it. An entity has its
# type as a second label: that is any other one that is made as LABEL says.
LABELS = (
    "Distinct", "Domain", "Entity", "Evidence", "GraphVersion", "Hypothesis", "Merge", "Pack",
    "Paper", "Run", "Source",
)  # fmt: skip
# The graph's own relationship types. Any other one, made as RELATIONSHIP says, is the predicate of
# claims: entity to entity, with a `claim_id`.
RELATIONSHIPS = ("IS_A", "MENTIONS", "OBJECT", "REPORTED_IN", "SUBJECT")

LABEL = r"[A-Z][A-Za-z0-9]*"
RELATIONSHIP = r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*"
PROPERTY = r"[A-Za-z_][A-Za-z0-9_]*"
# Of labels, relationship types and properties: ArcadeDB makes files of these names, with more
# before and behind them.
MAX_NAME = 128

_LABEL, _RELATIONSHIP, _PROPERTY = map(re.compile, (LABEL, RELATIONSHIP, PROPERTY))

# Properties that servers index, whatever the label: texts of a size that an index takes.
INDEXED = frozenset({"id", "name", "claim_id"})
# The full-text index covers names and synonyms through these; claims are looked up by theirs.
CLAIM_INDEXED = ("Evidence",)
MAX_INDEXED = 8_000  # Neo4j's index holds values of 8,167 bytes and no longer ones
MAX_TEXT = 16_000_000  # of one text; the embedded store takes 2^24

# A value is a text, a truth value, a number, or a list of one of these types.
SCALARS = (str, bool, int, float)
INT64 = range(-(2**63), 2**63)


def n_bytes(text: str) -> int:
    """Return the size of a text, also of one that holds half a surrogate pair."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def is_text(value: str) -> bool:
    """Whether UTF-8 can hold it: half of a surrogate pair is no character."""
    if value.isascii():
        return True
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_label(name: str) -> bool:
    """Whether a node may carry it as a label, as far as its form goes."""
    return len(name) <= MAX_NAME and _LABEL.fullmatch(name) is not None


def is_relationship(name: str) -> bool:
    """Whether a relationship may have it as its type, as far as its form goes."""
    return len(name) <= MAX_NAME and _RELATIONSHIP.fullmatch(name) is not None


def is_property(name: str) -> bool:
    """Whether a property may have it as its name."""
    return len(name) <= MAX_NAME and _PROPERTY.fullmatch(name) is not None
