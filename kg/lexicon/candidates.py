"""Candidate generation: which entities a text may name, as the full-text index offers them."""

from __future__ import annotations

from collections.abc import Sequence

from kg.errors import QueryError
from kg.lexicon.name_grams import GRAM, grams, whole_name
from kg.lexicon.normalise import normalise_name, plain_letters
from kg.store.fulltext import PROPERTY, search
from kg.store.graph import Graph
from kg.store.names import Row

_FIELDS = """
RETURN e.id AS id, e.name AS name, e.synonyms AS synonyms, e.related_names AS related_names,
e.absorbed AS absorbed, e.n_papers AS n_papers,
[label IN labels(e) WHERE label <> 'Entity'][0] AS type
"""
_TYPED = "WITH e{kept} WHERE $types = [] OR [l IN labels(e) WHERE l <> 'Entity'][0] IN $types"
_BY_ID = f"MATCH (e:Entity {{id: $text}}) {_TYPED.format(kept='')} {_FIELDS}"
_BY_NAME = f"MATCH (e:Entity {{name: $text}}) {_TYPED.format(kept='')} {_FIELDS}"
_INDEXED = f"""
{search("words")} {_TYPED.format(kept=", score")}
WITH e, score ORDER BY score DESC LIMIT $kept {_FIELDS}
"""
_CANDIDATES = f"""
CALL {{
  MATCH (e:Entity {{id: $text}}) {_TYPED.format(kept="")} RETURN e
  UNION
  {search("whole")} {_TYPED.format(kept="")} RETURN e
  UNION
  {search("words")} {_TYPED.format(kept=", score")}
  WITH e, score ORDER BY score DESC LIMIT $kept RETURN e
}} {_FIELDS}
"""
# Graphs that another program wrote have no pieces of names: every entity is read.
_READ_ALL = f"""
MATCH (e:Entity) WHERE $all OR e.{PROPERTY} IS NULL
{_TYPED.format(kept="")}
WITH e, [e.name] + coalesce(e.synonyms, []) + coalesce(e.normal_names, []) AS names
WITH e, $text IN names OR $normal IN names AS named,
size([piece IN $pieces WHERE any(n IN names WHERE toLower(n) CONTAINS piece)]) AS shared
WHERE named OR shared > 0
WITH e, named, shared ORDER BY named DESC, shared DESC, e.n_papers DESC, e.id LIMIT $kept {_FIELDS}
"""
_MOST_PIECES = 12
_MOST_NAMED = 100
# Measured over 47,000 names: more pieces and more entities find hardly any other first, and take
# longer (benchmarks/find.py).
_KEPT = 100
_MOST_GRAMS = 14
_TYPED_TIMES = 20  # how many more to look at where only some types are wanted


def with_id(graph: Graph, text: str, types: Sequence[str]) -> list[Row]:
    """Return the entity of that id, if there is one of these types."""
    return graph.read(_BY_ID, text=text, types=list(types))


def with_name(graph: Graph, text: str, types: Sequence[str]) -> list[Row]:
    """Return the entities of that very name."""
    return graph.read(_BY_NAME, text=text, types=list(types))


def named(graph: Graph, text: str, types: Sequence[str]) -> list[Row]:
    """Return the entities one of whose names or ids is the text, when both are normalised."""
    normal = normalise_name(text)
    if not normal:
        return []
    try:
        return graph.read(
            _INDEXED,
            words=whole_name(normal),
            types=list(types),
            kept=_MOST_NAMED,
            most=_MOST_NAMED * (_TYPED_TIMES if types else 1),
        )
    except QueryError:
        # No index: nobody has ensured this graph's schema, or Neo4j is still filling it. Whatever
        # else is wrong is wrong with this query as well.
        return unindexed(graph, text, types, everything=True)


def alike(graph: Graph, text: str, types: Sequence[str]) -> list[Row]:
    """Return entities that the text may mean: by id, by whole names, by pieces that they share.

    Of those by pieces, those with most and rarest first. Where the index offers none, entities
    that are not in it are looked through one by one. One question, for the sake of time.
    """
    normal = normalise_name(text)
    if not normal:
        return with_id(graph, text, types)
    words = []
    for name in dict.fromkeys((normal, plain_letters(normal))):
        pieces = grams(name)
        words += [whole_name(name), *pieces[:: -(-len(pieces) // _MOST_GRAMS)]]
    times = _TYPED_TIMES if types else 1
    try:
        found = graph.read(
            _CANDIDATES,
            text=text,
            whole=whole_name(normal),
            words=" ".join(words),
            types=list(types),
            kept=_KEPT,
            most=_KEPT * times,
        )
    except QueryError:
        return with_id(graph, text, types) + unindexed(graph, text, types, everything=True)
    return found or unindexed(graph, text, types)


def unindexed(
    graph: Graph, text: str, types: Sequence[str], *, everything: bool = False, kept: int = _KEPT
) -> list[Row]:
    """Return what `alike` does of entities that the index does not hold, or of all."""
    normal = normalise_name(text)
    pieces = [normal[at : at + GRAM] for at in range(0, len(normal), GRAM)][:_MOST_PIECES]
    return graph.read(
        _READ_ALL,
        text=text, normal=normal, types=list(types), pieces=pieces, kept=kept, all=everything,
    )  # fmt: skip
