"""Strict precision, recall and F1 of entities and relations, and calibration error.

Entities count by exact span and type, over all papers together (micro). Relations count per
paper as unordered pairs of concept ids (`pair`), and with the predicate (`typed`). Unordered,
because BioRED does not direct its relations. What this leaves out: partial spans, which a
reader may find good enough, and how sure the model was (see `expected_calibration_error`).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from kg import Model

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    from finetune.corpora import GoldMention, GoldRelation
    from kg import Mention, Relation

Key = TypeVar("Key", bound="Hashable")

Pair = frozenset[str]


class Prediction(NamedTuple):
    """A prediction: its type or predicate, its confidence, and whether it is right."""

    name: str
    confidence: float
    correct: bool


class Score(Model):
    """Precision, recall and F1, each in [0, 1]; 0 where nothing was found or annotated."""

    p: float
    r: float
    f1: float


class Tally:
    """Counts of what was found rightly, found at all, and annotated, summed over papers."""

    def __init__(self) -> None:
        self.true_positives = 0
        self.predicted = 0
        self.gold = 0

    def add(self, found: set[Key], gold: set[Key]) -> None:
        """Add one paper's items."""
        self.true_positives += len(found & gold)
        self.predicted += len(found)
        self.gold += len(gold)

    def score(self) -> Score:
        """Precision, recall and F1 of all that was added, rounded to four digits."""
        precision = self.true_positives / self.predicted if self.predicted else 0.0
        recall = self.true_positives / self.gold if self.gold else 0.0
        f1 = (
            2 * self.true_positives / (self.predicted + self.gold)
            if self.predicted + self.gold
            else 0.0
        )
        return Score(p=round(precision, 4), r=round(recall, 4), f1=round(f1, 4))


def gold_pairs(relations: Iterable[GoldRelation]) -> set[tuple[Pair, str]]:
    """The annotated relations as (unordered pair of concepts, predicate)."""
    return {(frozenset((r.subject, r.object)), r.predicate) for r in relations}


def found_pairs(
    relations: Iterable[Relation], stands_for: Mapping[str, Sequence[str]] | None = None
) -> set[tuple[Pair, str]]:
    """The predicted relations as (unordered pair of concepts, predicate).

    Args:
        relations: what was predicted, between entities.
        stands_for: gold concepts of each predicted entity, see `align`; an entity that has
            none keeps its own id, which no gold relation has. None: the entities are concepts.
    """
    pairs = set()
    for relation in relations:
        for subject in _concepts(relation.subject, stands_for):
            for object_ in _concepts(relation.object, stands_for):
                pairs.add((frozenset((subject, object_)), relation.predicate))
    return pairs


def align(
    predicted: Mapping[str, Sequence[Mention]], gold: Sequence[GoldMention]
) -> dict[str, tuple[str, ...]]:
    """Which gold concept each predicted entity stands for: that of most of its mentions.

    A mention is shared when span and type are the same; where it has several concepts it is
    shared with all of them, and concepts that are named by the very same mentions are stood for
    together. Otherwise, of equals the one mentioned first. Entities that share none are absent.
    """
    by_span = {(m.start, m.end, m.type): m.concepts for m in gold}
    aligned = {}
    for entity, mentions in predicted.items():
        shared: dict[str, list[tuple[int, int]]] = {}
        for mention in sorted(mentions, key=lambda m: (m.start, m.end)):
            for concept in by_span.get((mention.start, mention.end, mention.type), ()):
                shared.setdefault(concept, []).append((mention.start, mention.end))
        if shared:
            best = max(shared, key=lambda concept: len(shared[concept]))
            aligned[entity] = tuple(c for c, spans in shared.items() if spans == shared[best])
    return aligned


def expected_calibration_error(predictions: Sequence[Prediction], bins: int = 10) -> float:
    """Expected calibration error: mean distance of confidence from accuracy over equal bins.

    Weighted by how many fall into each bin (Naeini et al. 2015); in [0, 1], 0 if there is none.
    It sees over- and under-confidence, and not whether confidences tell right from wrong.
    """
    total: Counter[int] = Counter()
    excess = [0.0] * bins
    for _, confidence, right in predictions:
        index = min(int(confidence * bins), bins - 1)
        total[index] += 1
        excess[index] += confidence - float(right)
    return sum(map(abs, excess)) / sum(total.values()) if predictions else 0.0


def _concepts(entity: str, stands_for: Mapping[str, Sequence[str]] | None) -> Sequence[str]:
    if stands_for is None:
        return (entity,)
    # "?" keeps a predicted id from being taken for a concept's.
    return stands_for.get(entity, (f"?{entity}",))
