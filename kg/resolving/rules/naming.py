"""Which names entities have, for the rules that compare them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from kg.identifiers import mint_entity_id
from kg.lexicon.normalise import normalise_name
from kg.resolving.entity_index import EntityIndex, EntityRecord, is_minted

LEAST_LETTERS = 4
_LONGEST_ABBREVIATION = 5
_SAME = ("preferred", "exact")


class CuratedName(NamedTuple):
    """That a term has a name; `main` if it is the one that its source calls it by."""

    id: str
    text: str
    main: bool


class CuratedNames:
    """The names that sources give, by type and normalised name (`kg.normalise_name`).

    Only preferred and exact names in English, or in no language that the source names: a German
    word may well be an English one that means something else ("Gift").
    """

    def __init__(self, things: EntityIndex) -> None:
        self._by_name: dict[tuple[str, str], list[CuratedName]] = defaultdict(list)
        for thing, term in things.current_terms():
            named = [(term.name, term.language, True)]
            named += [(n.text, n.language, False) for n in term.names if n.scope in _SAME]
            for text, language, main in named:
                normal = normalise_name(text)
                if normal and _is_english(language or term.language):
                    self._by_name[thing.type, normal].append(CuratedName(term.id, text, main))

    def named(self, type_: str, normal: str) -> list[CuratedName]:
        """Return who has a name."""
        return self._by_name.get((type_, normal), [])

    def __iter__(self) -> Iterator[tuple[str, str, list[CuratedName]]]:
        for (type_, normal), names in sorted(self._by_name.items()):
            yield type_, normal, names


def is_read(thing: EntityRecord) -> bool:
    """Whether papers alone have an entity, under an id made from its name."""
    return is_minted(thing.id) and not thing.terms


def main_names(thing: EntityRecord) -> list[str]:
    """Return what an entity of papers is called by: the form that most use, and its id's name."""
    prefix = mint_entity_id(thing.type, "x").removesuffix("x")
    local = thing.id.removeprefix(prefix).replace("_", " ")
    return list(dict.fromkeys([*thing.forms[:1], local]))


def says_little(name: str) -> bool:
    """Whether a name is too short to tell by it alone what is meant."""
    return sum(character.isalpha() for character in name) < LEAST_LETTERS


def is_abbreviation(name: str) -> bool:
    """Whether a name looks like a short form: one short word in capitals."""
    letters = name.strip()
    return letters.isupper() and len(letters) <= _LONGEST_ABBREVIATION and " " not in letters


def _is_english(language: str) -> bool:
    return not language or language.casefold().split("-")[0] == "en"
