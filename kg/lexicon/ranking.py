"""Candidate ranking: the entities that a text is likeliest to name, misspelt or not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from kg.lexicon import candidates
from kg.lexicon.normalise import normalise_name, plain_letters
from kg.models import Entity, Model, Probability
from kg.store.graph import Graph
from kg.store.names import Row

Matched = Literal["id", "absorbed id", "name", "synonym", "related name"]

# What equals the text up to case, hyphens and the like comes behind what equals it to the letter.
_NORMALISED = 0.99
# Then what equals it but for accents, or for Greek letters that are written out.
_PLAIN = 0.98
# A related name names something broader or narrower.
_RELATED = 0.95
# Names that only share words with the text come behind those with one slip of the pen in four
# letters, which is the shortest name that is recognised with one.
_WORDS = 0.74
# What is less alike than this has only letters in common.
_LEAST = 0.4


class FoundEntity(Model):
    """An entity that a text may name.

    `score` is 1 where the text is its id or one of its names to the letter, `text` what the text
    was held against, and `matched` says what that is of the entity.
    """

    entity: Entity
    score: Probability
    matched: Matched
    text: str
    n_papers: int = 0


class _Match(NamedTuple):
    score: float
    matched: Matched
    text: str


def find_entities(
    graph: Graph, text: str, *, types: Sequence[str] = (), limit: int = 10
) -> list[FoundEntity]:
    """Return the entities that a text may name, the likeliest first.

    Looked at are ids, also those of entities that were merged into another one, names, synonyms
    and related names; case, hyphens, punctuation, possessives, spaces and accents hardly count. A
    name may be misspelt, or only some of its words given. Names are compared by their optimal
    string alignment (the edit distance in which two swapped letters are one slip); those with a
    score below 0.4 are left out.

    Args:
        graph: where to look.
        text: what the user wrote.
        types: only entities of these types; empty for all.
        limit: how many at most.

    Ties go to the entity that most papers mention, then to the id that comes first.
    """
    text = text.strip()
    rows = {row["id"]: row for row in candidates.alike(graph, text, types)}
    best = [(row, _best(row, text)) for row in rows.values()]
    found = [_found(row, match) for row, match in best if match.score >= _LEAST]
    return sorted(found, key=lambda f: (-f.score, -f.n_papers, f.entity.id))[:limit]


def entity_of(row: Row) -> Entity:
    """Return the entity of a row of `kg.lexicon.candidates`."""
    return Entity(
        id=row["id"],
        name=row["name"] or row["id"],
        type=row["type"] or "Entity",
        synonyms=tuple(row["synonyms"] or ()),
    )


def _found(row: Row, match: _Match) -> FoundEntity:
    return FoundEntity(
        entity=entity_of(row),
        score=round(match.score, 4),
        matched=match.matched,
        text=match.text,
        n_papers=row["n_papers"] or 0,
    )


def _best(row: Row, text: str) -> _Match:
    normal = normalise_name(text)
    # The first of the best: a name counts before a synonym.
    return max(_matches(row, text, normal), key=lambda match: match.score)


def _matches(row: Row, text: str, normal: str) -> Iterator[_Match]:
    ids: tuple[tuple[Matched, list[str]], ...] = (
        ("id", [row["id"]]),
        ("absorbed id", row["absorbed"] or []),
    )
    for matched, known in ids:
        for id_ in known:
            if text == id_ or normal == normalise_name(id_):
                yield _Match(1.0 if text == id_ else _NORMALISED, matched, id_)
    names: tuple[tuple[Matched, float, list[str]], ...] = (
        ("name", 1.0, [row["name"] or row["id"]]),
        ("synonym", 1.0, row["synonyms"] or []),
        ("related name", _RELATED, row["related_names"] or []),
    )
    for matched, weight, every in names:
        for name in every:
            yield _Match(weight * _likeness(text, normal, name), matched, name)


def _likeness(text: str, normal: str, name: str) -> float:
    if text == name:
        return 1.0
    other = normalise_name(name)
    if normal == other:
        return _NORMALISED
    plain, other = plain_letters(normal), plain_letters(other)
    if plain == other:
        return _PLAIN
    whole = OSA.normalized_similarity(plain, other)
    words = fuzz.token_set_ratio(plain, other) / 100
    return _PLAIN * max(whole, _WORDS * words)
