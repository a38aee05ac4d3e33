"""Linking: which mentions of a paper, and of all papers, name the same entity.

No ontology yet: the id is minted from the type and the canonical name. Within one paper a short
form is resolved to its long form, found in three ways: defined as Schwartz and Hearst look for it,
set in brackets directly behind a mention of the same type ("carmustine (BCNU)"), or spelling
the initials of exactly one other name of the same type.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from typing import TYPE_CHECKING, TypeAlias

from extraction.abbreviations import expand, find_definitions, initials
from extraction.names import canonical_name
from kg import mint_entity_id, normalise_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg import Mention

_Named: TypeAlias = tuple[str, str]  # type and normalised name

_INITIALISM = re.compile(r"[A-Z]{2,6}")
_LEAST_LETTERS = 6  # of a name that is spelled out, rather than a symbol


def link_mentions(
    text: str, mentions: Sequence[Mention], definitions: dict[str, str] | None = None
) -> list[str]:
    """Return an entity id for each mention, in the order of the mentions.

    Args:
        text: the text that the mentions' offsets count in (a paper's, or a passage's).
        mentions: in any order; the ids do not depend on it.
        definitions: short forms that the paper defines elsewhere, see `find_definitions`.
    """
    known = {**(definitions or {}), **find_definitions(text)}
    keys = _canonical_keys(known)
    names = [_resolve(mention.text, known, keys) for mention in mentions]
    aliases = _initialisms(mentions, names) | _bracketed(text, mentions, names)
    return [
        mint_entity_id(mention.type, _follow((mention.type, name), aliases) or mention.text)
        for mention, name in zip(mentions, names, strict=True)
    ]


def _canonical_keys(definitions: dict[str, str]) -> dict[str, str]:
    keys: dict[str, str] = {}
    for short, long in definitions.items():
        keys.setdefault(_normalise(short), long)
    return keys


def _normalise(name: str) -> str:
    return normalise_name(canonical_name(name))


def _resolve(name: str, definitions: dict[str, str], keys: dict[str, str]) -> str:
    """Normalised name of a mention, its short forms spelled out.

    "IL6" is resolved by a definition of "IL-6", but a word in small letters by none: "is" is
    not the short form IS.
    """
    spelled = expand(name, definitions)
    if spelled == name and name != name.lower():
        spelled = keys.get(_normalise(name), name)
    return _normalise(spelled)


def _bracketed(text: str, mentions: Sequence[Mention], names: Sequence[str]) -> dict[_Named, str]:
    """Aliases from "A (B)": the one that is spelled out stands, else the first."""
    aliases: dict[_Named, str] = {}
    order = sorted(range(len(mentions)), key=lambda index: _place(mentions[index]))
    for one, other in itertools.pairwise(order):
        first, second = mentions[one], mentions[other]
        if first.type != second.type or text[first.end : second.start] != " (":
            continue
        left, right = names[one], names[other]
        if text[second.end : second.end + 1] not in {")", ",", ";"}:
            continue
        keep, drop = (right, left) if _spelled(right) and not _spelled(left) else (left, right)
        aliases.setdefault((first.type, drop), keep)
    return aliases


def _spelled(name: str) -> bool:
    return sum(character.isalpha() for character in name) >= _LEAST_LETTERS


def _initialisms(mentions: Sequence[Mention], names: Sequence[str]) -> dict[_Named, str]:
    """Aliases of undefined initialisms that fit exactly one other name of their type."""
    spelled: dict[_Named, set[str]] = defaultdict(set)
    for mention, name in zip(mentions, names, strict=True):
        spelled[mention.type, initials(mention.text)].add(name)
    aliases: dict[_Named, str] = {}
    for mention, name in zip(mentions, names, strict=True):
        candidates = spelled.get((mention.type, mention.text.casefold()), set()) - {name}
        if _INITIALISM.fullmatch(mention.text) and len(candidates) == 1:
            aliases[mention.type, name] = next(iter(candidates))
    return aliases


def _follow(named: _Named, aliases: dict[_Named, str]) -> str:
    type_, name = named
    seen: list[str] = []
    while (type_, name) in aliases and name not in seen:
        seen.append(name)
        name = aliases[type_, name]
    # A circle of aliases ends at its first name in order, wherever it was entered.
    return min(seen[seen.index(name) :]) if name in seen else name


def _place(mention: Mention) -> tuple[int, int, str]:
    return mention.start, mention.end, mention.type
