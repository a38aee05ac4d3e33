"""Passages of one paper overlap: what was read twice becomes one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from extraction.extractor import Annotation
from kg import Mention, Relation

_Place: TypeAlias = tuple[int, int, str]  # start, end, type


def merge_annotations(
    annotations: Sequence[Annotation],
) -> tuple[tuple[Mention, ...], tuple[Relation, ...]]:
    """Return the mentions and relations of a paper, each once, in the order of the text.

    Of a span that was read twice with the same type, the higher confidence counts. Where two
    passages gave it two entities (only one of them spells a short form out), the one of the
    earlier passage is meant by both.
    """
    same = _Entities()
    mentions: dict[_Place, Mention] = {}
    for mention in _mentions(annotations):
        place = (mention.start, mention.end, mention.type)
        known = mentions.get(place)
        if known is not None:
            same.join(known.entity, mention.entity)
        if known is None or mention.confidence > known.confidence:
            mentions[place] = mention
    linked = tuple(
        mention.model_copy(update={"entity": same.find(mention.entity)})
        for _, mention in sorted(mentions.items())
    )
    relations = (relation for annotation in annotations for relation in annotation.relations)
    return linked, _merge_relations(relations, same)


def _mentions(annotations: Iterable[Annotation]) -> Iterable[Mention]:
    return (mention for annotation in annotations for mention in annotation.mentions)


def _merge_relations(relations: Iterable[Relation], same: _Entities) -> tuple[Relation, ...]:
    best: dict[tuple[int, int, str, str, str], Relation] = {}
    for relation in relations:
        subject, object_ = same.find(relation.subject), same.find(relation.object)
        key = (relation.start, relation.end, relation.predicate, subject, object_)
        if key not in best or relation.confidence > best[key].confidence:
            best[key] = relation.model_copy(update={"subject": subject, "object": object_})
    return tuple(relation for _, relation in sorted(best.items()))


class _Entities:
    """Ids that mean one entity; the first one that was seen stands for all."""

    def __init__(self) -> None:
        self._first: dict[str, str] = {}

    def find(self, entity: str) -> str:
        """Return the id that stands for this one."""
        while entity in self._first:
            entity = self._first[entity]
        return entity

    def join(self, earlier: str, later: str) -> None:
        """Let two ids mean one entity from now on."""
        earlier, later = self.find(earlier), self.find(later)
        if earlier != later:
            self._first[later] = earlier
