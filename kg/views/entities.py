"""Finding an entity by what people call it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.errors import UnknownNameError
from kg.identifiers import normalise_name
from kg.models import Entity
from kg.store.graph import Graph
from kg.store.names import Row

_FIELDS = """
RETURN e.id AS id, e.name AS name, e.synonyms AS synonyms, e.n_papers AS n_papers,
[label IN labels(e) WHERE label <> 'Entity'][0] AS type
"""
_TYPED = "[label IN labels(e) WHERE label <> 'Entity'][0] IN $types"
_BY_ID = "MATCH (e:Entity {id: $text})"
_BY_NAME = "MATCH (e:Entity {name: $text})"
_BY_SYNONYM = "MATCH (e:Entity) WHERE $text IN e.synonyms"
_BY_NORMAL_NAME = "MATCH (e:Entity) WHERE $normal IN e.normal_names"
_ALIKE = """
MATCH (e:Entity)
WITH e, size([piece IN $pieces WHERE any(n IN e.normal_names WHERE n CONTAINS piece)]) AS shared
WHERE shared > 0
"""
_MOST_ALIKE = "ORDER BY shared DESC, n_papers DESC, id LIMIT 200"
_PIECE = 3  # characters: a slip of the pen spoils one or two pieces of a name, not all of them
_MOST_PIECES = 12


def find_entity(graph: Graph, text: str, *, types: Sequence[str] = ()) -> Entity:
    """Return the entity that a text names.

    Tried in this order: its id, its name, one of its synonyms, and these with case, hyphens,
    punctuation, possessives and spaces left out of account (`kg.normalise_name`). Where several
    entities have the name, the one that most papers mention is meant, then the one whose id comes
    first.

    Args:
        graph: where to look.
        text: what the user wrote.
        types: only entities of these types; empty for all.

    Raises:
        UnknownNameError: no entity has that name; names up to five that look like it.
    """
    text, normal = text.strip(), normalise_name(text)
    # Ids and names have an index; the other two read every entity once.
    for match in (_BY_ID, _BY_NAME, _BY_SYNONYM, *([_BY_NORMAL_NAME] if normal else [])):
        found = graph.read(
            match + _filtered(match, types) + _FIELDS,
            text=text, normal=normal, types=list(types),
        )  # fmt: skip
        if found:
            best = min(found, key=lambda row: (-(row["n_papers"] or 0), row["id"]))
            return _entity(best)
    raise UnknownNameError("entity", text, _alike(graph, normal, types))


def _filtered(match: str, types: Sequence[str]) -> str:
    if not types:
        return ""
    return f" {'AND' if 'WHERE' in match else 'WHERE'} {_TYPED}"


def _entity(row: Row) -> Entity:
    return Entity(
        id=row["id"],
        name=row["name"] or row["id"],
        type=row["type"] or "Entity",
        synonyms=tuple(row["synonyms"] or ()),
    )


def _alike(graph: Graph, normal: str, types: Sequence[str]) -> Iterator[str]:
    """Yield names of entities that share a piece of the name, at most a few hundred."""
    pieces = [normal[at : at + _PIECE] for at in range(0, len(normal), _PIECE)][:_MOST_PIECES]
    if not pieces:
        return
    query = _ALIKE + (f" AND {_TYPED}" if types else "") + _FIELDS.rstrip() + ", shared "
    rows = graph.read(query + _MOST_ALIKE, pieces=pieces, types=list(types))
    for row in rows:
        yield from dict.fromkeys((row["name"] or row["id"], *(row["synonyms"] or ())))
