"""The lexicon: names and ids of the entities of a graph, and which of them a text means."""

from kg.lexicon.exact_match import find_entity
from kg.lexicon.name_grams import name_grams
from kg.lexicon.normalise import normalise_name
from kg.lexicon.ranking import FoundEntity, find_entities

__all__ = [
    "FoundEntity",
    "find_entities",
    "find_entity",
    "name_grams",
    "normalise_name",
]
