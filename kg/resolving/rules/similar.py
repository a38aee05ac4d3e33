"""Names that are only similar: a slip of the pen, or the same words in another order.

Never sure; a person is asked. Comparing every name with every other one would take a billion
comparisons for 50,000 names, so only those are compared that share a rare word, or that become
equal when one character is left out of each (as in SymSpell; Garbe 2012).
"""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from kg.lexicon.normalise import normalise_name
from kg.resolving.clusters import Clusters
from kg.resolving.entity_index import EntityIndex, EntityRecord, prefix_of
from kg.resolving.rules.naming import is_read, says_little
from kg.resolving.rules.rule import Link

_LEAST = 85.0  # of 100: the least similarity of names with the same words or nearly so
_MOST_SHARING = 60  # a word of more names than that is not rare
_LEAST_LENGTH, _MOST_LENGTH = 6, 40  # characters, of names that are searched for slips
_LISTED = 3  # candidates an entity
_HIGHEST = 0.95  # a similar name is never sure
# What tells two names apart however alike they are: type 1 and 2, vitamin A and B, thromboxane B2.
_NUMBER = re.compile(r"[a-z]?\d+[a-z]?|\b(?:[ivx]+|[a-z]|alpha|beta|gamma|delta)\b")
_OPPOSITES = (("hyper", "hypo"), ("anti", ""), ("non", ""), ("pre", "post"), ("in", ""), ("un", ""))


class _Named(NamedTuple):
    thing: EntityRecord
    name: str  # normalised
    sources: frozenset[str]  # prefixes of its terms, and of those that it is one with
    read: bool  # in papers alone


class SimilarNames:
    """`migrain` is one letter from `migraine`: one thing, perhaps."""

    name = "similar name"

    def links(self, things: EntityIndex, clusters: Clusters) -> Iterator[Link]:
        """Yield, for each entity, the names most like its own that no source tells apart."""
        best: dict[str, dict[str, Link]] = defaultdict(dict)
        for one, other in _near(_names(things, clusters)):
            if clusters.of(one.thing.id) == clusters.of(other.thing.id):
                continue
            if one.name == other.name and not other.read:
                continue  # equal names of sources are judged by the rule before (`EqualNames`)
            score, why = _alike(one.name, other.name)
            if score:
                link = Link(one.thing.id, other.thing.id, self.name, why, score)
                known = best[link.one].get(link.other)
                if known is None or known.score < score:
                    best[link.one][link.other] = link
        for _, found in sorted(best.items()):
            ranked = sorted(found.values(), key=lambda link: (-link.score, link.other))
            yield from ranked[:_LISTED]


def _names(things: EntityIndex, clusters: Clusters) -> list[_Named]:
    every = []
    joined: dict[str, set[str]] = defaultdict(set)  # by cluster
    for thing in things:
        joined[clusters.of(thing.id)].update(prefix_of(term.id) for term in thing.terms)
    sources = {cluster: frozenset(prefixes) for cluster, prefixes in joined.items()}
    for thing in things:
        texts = [*thing.forms, *(t.name for t in thing.current)]
        texts += [n.text for t in thing.current for n in t.names if n.scope == "exact"]
        normal = {normalise_name(text) for text in texts if not says_little(text)} - {""}
        own, read = sources[clusters.of(thing.id)], is_read(thing)
        every += [_Named(thing, name, own, read) for name in sorted(normal)]
    return every


def _near(names: list[_Named]) -> Iterator[tuple[_Named, _Named]]:
    for places in (*_by_rare_word(names), *_by_slip(names)):
        group = [names[place] for place in places]
        for at, one in enumerate(group):
            for other in group[at + 1 :]:
                # One source tells its own terms apart.
                if not one.sources & other.sources and one.thing.type == other.thing.type:
                    yield _in_order(one, other)


def _by_rare_word(names: Iterable[_Named]) -> Iterator[list[int]]:
    sharing: dict[str, list[int]] = defaultdict(list)
    for place, named in enumerate(names):
        for word in set(named.name.split()):
            sharing[word].append(place)
    yield from (group for group in sharing.values() if 1 < len(group) <= _MOST_SHARING)


def _by_slip(names: Iterable[_Named]) -> Iterator[list[int]]:
    """Yield the places of names that are equal but for one letter; hashes, since they are many."""
    keys, places = array("q"), array("q")
    for place, named in enumerate(names):
        if _LEAST_LENGTH <= len(named.name) <= _MOST_LENGTH:
            for key in {hash(named.name), *map(hash, _without_one(named.name))}:
                keys.append(key)
                places.append(place)
    order = np.argsort(np.asarray(keys), kind="stable")
    ranked = np.asarray(keys)[order]
    starts = np.flatnonzero(np.diff(ranked, prepend=ranked[:1] - 1)) if len(ranked) else ranked
    sizes = np.diff(starts, append=len(ranked))
    for start, size in zip(starts.tolist(), sizes.tolist(), strict=True):
        if 1 < size <= _MOST_SHARING:
            yield [places[at] for at in order[start : start + size]]


def _without_one(name: str) -> Iterator[str]:
    for at in range(len(name)):
        yield name[:at] + name[at + 1 :]


def _in_order(one: _Named, other: _Named) -> tuple[_Named, _Named]:
    """Put what papers alone have first, then the first id."""
    first, second = sorted((one, other), key=lambda n: (not n.read, n.thing.id))
    return first, second


def _alike(one: str, other: str) -> tuple[float, str]:
    """Return how alike two normalised names are, and in what way; 0 where they are not."""
    if sorted(_NUMBER.findall(one)) != sorted(_NUMBER.findall(other)) or _opposed(one, other):
        return 0.0, ""
    if one == other:
        return _HIGHEST, f"both are called {one!r}"
    if sorted(one.split()) == sorted(other.split()):
        return _HIGHEST, f"{one!r} has the words of {other!r} in another order"
    slips = OSA.distance(one, other, score_cutoff=2)
    if slips <= 1 and min(len(one), len(other)) >= _LEAST_LENGTH:
        return 0.9, f"{one!r} is one letter from {other!r}"
    score = fuzz.token_sort_ratio(one, other, score_cutoff=_LEAST)
    return round(score / 100 * 0.9, 3), f"{one!r} is much like {other!r}" if score else ""


def _opposed(one: str, other: str) -> bool:
    words = zip(one.split(), other.split(), strict=False)
    return any(_are_opposite(a, b) or _are_opposite(b, a) for a, b in words if a != b)


def _are_opposite(one: str, other: str) -> bool:
    return any(
        one.startswith(left)
        and other.startswith(right)
        and one.removeprefix(left) == other.removeprefix(right)
        for left, right in _OPPOSITES
    )
