"""Names and ids of the entities of a graph, and finding what somebody means by a name."""

from kg.lexicon.entities import find_entity
from kg.lexicon.find import FoundEntity, find_entities
from kg.lexicon.name_grams import name_grams

__all__ = [
    "FoundEntity",
    "find_entities",
    "find_entity",
    "name_grams",
]
