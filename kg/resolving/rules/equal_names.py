"""Equal names: what papers call an entity is what one source, and no other, calls a term."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.lexicon.normalise import normalise_name
from kg.resolving.clusters import Clusters
from kg.resolving.entity_index import EntityIndex, EntityRecord, prefix_of
from kg.resolving.rules.naming import (
    CuratedName,
    CuratedNames,
    is_abbreviation,
    is_read,
    main_names,
    says_little,
)
from kg.resolving.rules.rule import Link

_SHORT = 0.6
_BY_ANOTHER_NAME = 0.7
_TWO_SOURCES = 0.96
_MOST_ALIKE = 10  # a name that more curated entities have tells nothing


class EqualNames:
    """`abduce:Disease/migraine` joins `DOID:6364`, since nothing else of its type is so called.

    Sure where the name that papers use most, or the one in the entity's id, is the main name or an
    exact synonym of one curated entity of its type alone, and none of its other names is another
    one's. Names of less than four letters, and synonyms that look like abbreviations, are never
    enough. Two curated entities of one name are for a person to judge.
    """

    name = "name"

    def links(self, things: EntityIndex, clusters: Clusters) -> Iterator[Link]:
        """Yield entities of papers with those of sources, then sources among themselves."""
        curated = CuratedNames(things)
        for thing in things:
            if is_read(thing) and not _has_source(thing, things, clusters):
                yield from self._for_read(thing, curated, clusters)
        yield from self._between_sources(curated, clusters)

    def _for_read(
        self, thing: EntityRecord, curated: CuratedNames, clusters: Clusters
    ) -> Iterator[Link]:
        main = _found(main_names(thing), thing, curated)
        others = _found([f for f in thing.forms if not says_little(f)], thing, curated)
        by_main = {clusters.of(name.id) for names in main.values() for name in names}
        by_any = by_main | {clusters.of(name.id) for names in others.values() for name in names}
        for text, names in {**others, **main}.items():
            for name in _one_a_cluster(names, clusters):
                score, doubt = _judged(text, name, by_any, by_main, clusters)
                called = "is called" if name.main else "has the synonym"
                why = f"papers say {text!r}; {name.id} {called} {name.text!r}{doubt}"
                yield Link(thing.id, name.id, self.name, why, score)

    def _between_sources(self, curated: CuratedNames, clusters: Clusters) -> Iterator[Link]:
        for _, normal, names in curated:
            alike = _one_a_cluster(names, clusters)
            if not 1 < len(alike) <= _MOST_ALIKE or says_little(normal):
                continue
            first, *others = alike
            for other in others:
                if prefix_of(other.id) != prefix_of(first.id):
                    both_main = first.main and other.main
                    why = f"both are called {normal!r} by their sources"
                    score = _TWO_SOURCES if both_main else _BY_ANOTHER_NAME
                    yield Link(other.id, first.id, self.name, why, score)


def _judged(
    text: str, name: CuratedName, by_any: set[str], by_main: set[str], clusters: Clusters
) -> tuple[float, str]:
    if len(by_any) > 1:
        return round(_TWO_SOURCES / len(by_any), 3), f"; but {len(by_any)} entities fit its names"
    if clusters.of(name.id) not in by_main:
        return _BY_ANOTHER_NAME, "; but that is not what most papers call it"
    if says_little(text):
        return _SHORT, "; but a name so short says little"
    if is_abbreviation(name.text) and not name.main:
        return _SHORT, "; but that is an abbreviation"
    return 1.0, " alone"


def _found(
    texts: Sequence[str], thing: EntityRecord, curated: CuratedNames
) -> dict[str, list[CuratedName]]:
    found: dict[str, list[CuratedName]] = {}
    for text in texts:
        if names := curated.named(thing.type, normalise_name(text)):
            found[text] = names
    return found


def _one_a_cluster(names: Sequence[CuratedName], clusters: Clusters) -> list[CuratedName]:
    """Return one name of each cluster, the main one where it has it."""
    best: dict[str, CuratedName] = {}
    for name in sorted(names, key=lambda name: (not name.main, name.id, name.text)):
        best.setdefault(clusters.of(name.id), name)
    return list(best.values())


def _has_source(thing: EntityRecord, things: EntityIndex, clusters: Clusters) -> bool:
    members = {things[id_].id for id_ in clusters.members(thing.id) if id_ in things}
    return any(things[id_].terms for id_ in members)
