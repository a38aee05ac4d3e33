"""Equal identifiers: two spellings of one CURIE are one thing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from kg.resolving.clusters import Clusters
from kg.resolving.entity_index import EntityIndex, is_minted, normal_id
from kg.resolving.rules.rule import Link


class EqualIdentifiers:
    """`MSH:D008881` and `MESH:D008881` are one id (`kg.prefixes`)."""

    name = "identifier"

    def links(self, things: EntityIndex, clusters: Clusters) -> Iterator[Link]:
        """Yield the ids that are another one in the spelling of the house."""
        del clusters
        spelled: dict[str, list[str]] = defaultdict(list)
        for id_ in things.ids():
            if not is_minted(id_):
                spelled[normal_id(id_)].append(id_)
        for normal, ids in sorted(spelled.items()):
            keep, *others = sorted(ids, key=lambda id_: (id_ != normal, id_))
            for id_ in others:
                yield Link(id_, keep, self.name, f"{id_} and {keep} are two spellings of {normal}")
