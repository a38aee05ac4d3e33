"""The canonical id: which of several ids of one thing stays, in an order documented for people.

1. an id that a source gave, before one that was made from a name (`abduce:`);
2. a term that its source still has and does not call obsolete, before one that it does, before an
   id without any term;
3. the prefix's place in the built-in schema (`kg.base_schema.prefix_places`): open ontologies with
   a hierarchy first, then vocabularies, then databases and classifications; prefixes that are not
   there follow by their name;
4. an id in the spelling of the house, then the shorter and then the first one.

How many papers use it does not count, so that loading more papers never changes the choice.
"""

from __future__ import annotations

from typing import TypeAlias

from kg.base_schema import prefix_places
from kg.resolving.things import Thing, is_minted, normal_id, prefix_of

Rank: TypeAlias = tuple[bool, int, int, str, bool, int, str]


def rank(thing: Thing) -> Rank:
    """Return what the best id comes first by."""
    prefix, places = prefix_of(thing.id), prefix_places()
    own = [term for term in thing.terms if term.id == thing.id]
    current = any(not (term.retired or term.obsolete) for term in own)
    standing = 0 if current else 1 if own else 2
    return (
        is_minted(thing.id),
        standing,
        places.get(prefix, len(places)),
        prefix,
        normal_id(thing.id) != thing.id,
        len(thing.id),
        thing.id,
    )
