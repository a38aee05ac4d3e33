"""Exact match: the one entity that has a text as its id or name, up to case and punctuation."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kg.errors import UnknownNameError
from kg.lexicon import candidates
from kg.lexicon.normalise import normalise_name
from kg.lexicon.ranking import entity_of, find_entities
from kg.models import Entity
from kg.store.graph import Graph
from kg.store.names import Row

_NEAREST = 20


def find_entity(graph: Graph, text: str, *, types: Sequence[str] = ()) -> Entity:
    """Return the entity that a text names.

    Tried in this order: its id, its name, the id of an entity that was merged into it, one of its
    synonyms, and these with case, hyphens, punctuation, possessives and spaces left out of account
    (`kg.normalise_name`). Where several entities have the name, the one that most papers mention
    is meant, then the one whose id comes first. A misspelt name is refused: `find_entities` says
    what it may mean.

    Args:
        graph: where to look.
        text: what the user wrote.
        types: only entities of these types; empty for all.

    Raises:
        UnknownNameError: no entity has that name; names up to five that look like it.
    """
    text = text.strip()
    # Each of these is quicker than the next one; the last one reads every entity.
    for look in (candidates.with_id, candidates.with_name, candidates.named, candidates.unindexed):
        best = _named(look(graph, text, types), text)
        if best is not None:
            return entity_of(best)
    found = find_entities(graph, text, types=types, limit=_NEAREST)
    raise UnknownNameError("entity", text, dict.fromkeys(f.text for f in found))


def _named(rows: Sequence[Row], text: str) -> Row | None:
    """Return the row that has the text as a name, None if none has."""
    normal = normalise_name(text)
    tests: tuple[Callable[[Row], bool], ...] = (
        lambda row: text == row["id"],
        lambda row: text == row["name"],
        lambda row: text in (row["absorbed"] or ()),
        lambda row: text in (row["synonyms"] or ()),
        lambda row: bool(normal) and normal in map(normalise_name, _names(row)),
    )
    for test in tests:
        if having := [row for row in rows if test(row)]:
            return min(having, key=lambda row: (-(row["n_papers"] or 0), row["id"]))
    return None


def _names(row: Row) -> list[str]:
    own = [name for name in (row["name"], row["id"]) if name]
    return [*own, *(row["synonyms"] or ()), *(row["absorbed"] or ())]
