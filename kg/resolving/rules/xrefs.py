"""Cross-references: a source says which id its term has in another source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kg.resolving.clusters import Clusters
from kg.resolving.entity_index import EntityIndex, is_minted, normal_id, prefix_of
from kg.resolving.rules.rule import Link

_THIRD = 0.8  # both name one id of a third source, and nobody else does
_MOST_SHARED = 20  # an id that more terms name says nothing of any two of them


class _Pair(NamedTuple):
    """Two ids of different prefixes that a source puts side by side, in order."""

    one: str
    other: str


class CrossReferences:
    """`DOID:6364` says that it is `MESH:D008881`: one thing, where both have no other partner.

    A reference is sure if it is one-to-one within its two prefixes: where a term names two ids of
    a source, or two terms name one, it means less than equality (ontologies use cross-references
    for what is near as well). It is not sure either if following it and others would make one
    thing of two terms of one source, which tells them apart.
    """

    name = "cross-reference"

    def links(self, things: EntityIndex, clusters: Clusters) -> Iterator[Link]:
        """Yield references between entities, then entities that name one id elsewhere."""
        pairs = _pairs(things)
        partners: dict[tuple[str, str], set[str]] = defaultdict(set)  # (id, prefix of the other)
        for one, other in pairs:
            partners[one, prefix_of(other)].add(other)
            partners[other, prefix_of(one)].add(one)
        between = [pair for pair in sorted(pairs) if pair.one in things and pair.other in things]
        most = {
            pair: max(
                len(partners[pair.one, prefix_of(pair.other)]),
                len(partners[pair.other, prefix_of(pair.one)]),
            )
            for pair in between
        }
        sure = [pair for pair in between if most[pair] == 1]
        crowded = _crowded(sure, clusters)
        for pair in between:
            yield self._link(pair, pairs[pair], most[pair], crowded.get(pair, ""))
        yield from self._named_elsewhere(things, pairs, partners)

    def _link(self, pair: _Pair, said: str, most: int, crowd: str) -> Link:
        if most > 1:
            why = f"{said}; but one of them has {most} such references"
            return Link(pair.one, pair.other, self.name, why, round(0.9 / most, 3))
        if crowd:
            why = f"{said}; but that would join {crowd} as well, which their source tells apart"
            return Link(pair.one, pair.other, self.name, why, 0.5)
        return Link(pair.one, pair.other, self.name, said)

    def _named_elsewhere(
        self,
        things: EntityIndex,
        pairs: Iterable[_Pair],
        partners: dict[tuple[str, str], set[str]],
    ) -> Iterator[Link]:
        naming: dict[str, list[str]] = defaultdict(list)
        for one, other in pairs:
            for here, there in ((one, other), (other, one)):
                if there not in things and here in things:
                    naming[there].append(here)
        for there, ids in sorted(naming.items()):
            if len(ids) > _MOST_SHARED:
                continue
            in_order = sorted(ids)
            for at, one in enumerate(in_order):
                for other in in_order[at + 1 :]:
                    if prefix_of(one) != prefix_of(other):
                        alone = all(
                            len(partners[there, prefix_of(id_)]) == 1
                            and len(partners[id_, prefix_of(there)]) == 1
                            for id_ in (one, other)
                        )
                        score = _THIRD if alone else _THIRD / 2
                        why = f"both are said to be {there}"
                        yield Link(one, other, self.name, why, score)


def _pairs(things: EntityIndex) -> dict[_Pair, str]:
    """Return every cross-reference, with who says it; both directions are one pair."""
    found: dict[_Pair, str] = {}
    for _, term in things.current_terms():
        for xref in map(normal_id, term.xrefs):
            if prefix_of(xref) != prefix_of(term.id) and not is_minted(xref):
                pair = _Pair(*sorted((term.id, xref)))
                found.setdefault(pair, f"{term.source} says that {term.id} is {xref}")
    return found


def _crowded(pairs: Iterable[_Pair], clusters: Clusters) -> dict[_Pair, str]:
    """Return pairs that, with the others, would join two ids of one source; which ones."""
    above: dict[str, str] = {}

    def top(id_: str) -> str:
        while id_ in above:
            id_ = above[id_]
        return id_

    listed = list(pairs)
    for one, other in listed:
        keep, drop = sorted((top(clusters.of(one)), top(clusters.of(other))))
        if keep != drop:
            above[drop] = keep
    ids: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for pair in listed:
        for id_ in pair:
            ids[top(clusters.of(id_))][prefix_of(id_)].add(id_)
    several = {
        cluster: " and ".join(sorted(found))
        for cluster, by_prefix in ids.items()
        for found in by_prefix.values()
        if len({clusters.of(id_) for id_ in found}) > 1
    }
    in_cluster = {pair: top(clusters.of(pair.one)) for pair in listed}
    return {pair: several[top_] for pair, top_ in in_cluster.items() if top_ in several}
