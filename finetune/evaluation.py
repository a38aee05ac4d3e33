"""Evaluation of a pack on annotated papers: entities, relations, calibration."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from extraction import Extractor, Pack, load_pack, split_passages
from finetune.corpora import CORPORA, DEFAULT_FORMAT, AnnotatedPaper
from finetune.scoring import (
    Prediction,
    Score,
    Tally,
    align,
    expected_calibration_error,
    found_pairs,
    gold_pairs,
)
from kg import Mention, Model, Paper, Relation, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Entities(Model):
    """Scores of entities: over all types together, and of each type."""

    micro: Score
    per_type: dict[str, Score]


class PairScores(Model):
    """Scores of relations: as unordered pairs, and with the predicate."""

    pair: Score
    typed: Score


class Relations(Model):
    """Scores of relations between given entities, and from the text alone."""

    gold_entities: PairScores
    end_to_end: PairScores


class CalibrationErrors(Model):
    """Expected calibration errors in [0, 1] of what was extracted from the text alone."""

    entity_ece: float
    relation_ece: float


class Evaluation(Model):
    """What `abduce evaluate` prints."""

    pack: str
    papers: int
    ner: Entities
    relations: Relations
    calibration: CalibrationErrors


@dataclass(frozen=True, slots=True)
class PaperPredictions:
    """One annotated paper and what a pack read in it.

    Attributes:
        gold: the annotation.
        mentions: predicted, with the entity each belongs to.
        relations: predicted between predicted entities.
        from_gold: predicted between the annotated concepts.
    """

    gold: AnnotatedPaper
    mentions: tuple[Mention, ...]
    relations: tuple[Relation, ...]
    from_gold: tuple[Relation, ...]

    def entities(self) -> dict[str, list[Mention]]:
        """The predicted entities with their mentions."""
        grouped: dict[str, list[Mention]] = {}
        for mention in self.mentions:
            grouped.setdefault(mention.entity, []).append(mention)
        return grouped


def evaluate(
    files: Iterable[Path | str],
    pack: Pack | str,
    format: str | None = None,  # noqa: A002 - the word of the command line
    device: str = "auto",
) -> Evaluation:
    """Read annotated papers with a pack and score what it found.

    Raises:
        UnknownNameError: no such pack, format or device.
        UnreadableFileError: a file cannot be read.
        BadRecordError: a line of a file is not of its format.
    """
    chosen = DEFAULT_FORMAT if format is None else format
    if chosen not in CORPORA:
        raise UnknownNameError("corpus format", chosen, CORPORA)
    loaded = load_pack(pack) if isinstance(pack, str) else pack
    papers = [p for file in files for p in CORPORA[chosen](Path(file), loaded.domain)]
    return score_predictions(loaded, predict_papers(Extractor(loaded, device), papers))


def predict_papers(
    extractor: Extractor, papers: Sequence[AnnotatedPaper]
) -> list[PaperPredictions]:
    """Read annotated papers, from their texts and from their annotated entities."""
    return [_predict_paper(extractor, paper) for paper in papers]


def score_predictions(pack: Pack, read: Sequence[PaperPredictions]) -> Evaluation:
    """Score what was read, as the module `finetune.scoring` says."""
    gold_entities, end_to_end = [], []
    for paper in read:
        gold = gold_pairs(paper.gold.relations)
        stands_for = align(paper.entities(), paper.gold.mentions)
        gold_entities.append((found_pairs(paper.from_gold), gold))
        end_to_end.append((found_pairs(paper.relations, stands_for), gold))
    return Evaluation(
        pack=pack.ref,
        papers=len(read),
        ner=_score_entities(pack, read),
        relations=Relations(
            gold_entities=_score_pairs(gold_entities), end_to_end=_score_pairs(end_to_end)
        ),
        calibration=CalibrationErrors(
            entity_ece=round(expected_calibration_error(mention_predictions(read)), 4),
            relation_ece=round(expected_calibration_error(relation_predictions(read)), 4),
        ),
    )


def mention_predictions(read: Sequence[PaperPredictions]) -> list[Prediction]:
    """Confidence of each predicted mention, and whether it is right."""
    predictions = []
    for paper in read:
        gold = {(m.start, m.end, m.type) for m in paper.gold.mentions}
        predictions += [
            Prediction(m.type, m.confidence, (m.start, m.end, m.type) in gold)
            for m in paper.mentions
        ]
    return predictions


def relation_predictions(read: Sequence[PaperPredictions]) -> list[Prediction]:
    """Confidence of each relation from the text alone, and whether pair and predicate are right."""
    predictions = []
    for paper in read:
        gold = gold_pairs(paper.gold.relations)
        stands_for = align(paper.entities(), paper.gold.mentions)
        predictions += [
            Prediction(r.predicate, r.confidence, bool(found_pairs([r], stands_for) & gold))
            for r in paper.relations
        ]
    return predictions


def _predict_paper(extractor: Extractor, paper: AnnotatedPaper) -> PaperPredictions:
    # A mention or a relation may stand in two passages, where these overlap: it counts once.
    mentions: dict[Mention, None] = {}
    relations: dict[Relation, None] = {}
    from_gold: dict[Relation, None] = {}
    for passage in split_passages(Paper(id=f"pmid:{paper.id}", title=paper.title, text=paper.text)):
        [annotation] = extractor.annotate([passage])
        mentions |= dict.fromkeys(annotation.mentions)
        relations |= dict.fromkeys(annotation.relations)
        concepts: dict[str, list[Mention]] = {}
        for gold in paper.mentions:
            if passage.start <= gold.start and gold.end <= passage.end:
                mention = Mention(
                    start=gold.start,
                    end=gold.end,
                    type=gold.type,
                    text=paper.text[gold.start : gold.end],
                    confidence=1.0,
                )
                for concept in gold.concepts:
                    concepts.setdefault(concept, []).append(mention)
        from_gold |= dict.fromkeys(extractor.relate(passage, concepts))
    return PaperPredictions(paper, tuple(mentions), tuple(relations), tuple(from_gold))


def _score_entities(pack: Pack, read: Sequence[PaperPredictions]) -> Entities:
    tallies = {label: Tally() for label in pack.labels.types}
    micro = Tally()
    for paper in read:
        found = {(m.start, m.end, m.type) for m in paper.mentions}
        gold = {(m.start, m.end, m.type) for m in paper.gold.mentions}
        micro.add(found, gold)
        for label, tally in tallies.items():
            tally.add({m for m in found if m[2] == label}, {m for m in gold if m[2] == label})
    return Entities(
        micro=micro.score(), per_type={label: tally.score() for label, tally in tallies.items()}
    )


def _score_pairs(
    papers: Sequence[tuple[set[tuple[frozenset[str], str]], set[tuple[frozenset[str], str]]]],
) -> PairScores:
    pair, typed = Tally(), Tally()
    for found, gold in papers:
        pair.add({ends for ends, _ in found}, {ends for ends, _ in gold})
        typed.add(found, gold)
    return PairScores(pair=pair.score(), typed=typed.score())
