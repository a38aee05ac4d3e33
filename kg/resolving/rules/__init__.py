"""Why two ids are one thing: one rule a file, the surest first."""

from kg.resolving.rules.alternatives import MergedBySource
from kg.resolving.rules.equal_names import EqualNames
from kg.resolving.rules.identifiers import EqualIdentifiers
from kg.resolving.rules.rule import Link, Rule
from kg.resolving.rules.similar import SimilarNames
from kg.resolving.rules.xrefs import CrossReferences

RULES: tuple[Rule, ...] = (
    EqualIdentifiers(),
    MergedBySource(),
    CrossReferences(),
    EqualNames(),
    SimilarNames(),
)

__all__ = [
    "CrossReferences",
    "EqualIdentifiers",
    "EqualNames",
    "Link",
    "MergedBySource",
    "RULES",
    "Rule",
    "SimilarNames",
]
