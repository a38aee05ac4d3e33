"""Platt scaling and threshold selection on the development split.

Each confidence is logistic regression on the logit of the raw probability (Platt 1999), per type
where there are enough judgements, else pooled: two numbers a type do not overfit a hundred papers,
as free isotonic steps would. Relations are judged as users get them, from the text alone.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from extraction import Calibration, Curve
from finetune.evaluation import (
    mention_predictions,
    predict_papers,
    relation_predictions,
    score_predictions,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from extraction import Extractor, Pack
    from finetune.corpora import AnnotatedPaper
    from finetune.evaluation import PaperPredictions
    from finetune.scoring import Prediction

LEAST_PREDICTIONS = 40
LEAST_OF_EACH = 5
"""A type with fewer judgements, or fewer that are right or wrong, takes the pooled curve."""

MENTION_THRESHOLDS = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65)
RELATION_THRESHOLDS = (0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55)
NEVER = 1.1  # a threshold above every probability
SUREST = 0.1
"""The share of relations, the most confident ones, in which systematic errors are looked for."""

ONE_SIDED_95 = 1.645  # standard deviations
DECIMALS = 4

KNOTS = (
    *(0.01, 0.02, 0.05),
    *(round(0.1 * step, 1) for step in range(1, 10)),
    *(0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995),
)  # dense near 1, where most mentions are

STRAIGHT = Curve(raw=(0.0, 1.0), calibrated=(0.0, 1.0))


def identity_calibration(types: Iterable[str], predicates: Iterable[str]) -> Calibration:
    """Raw probabilities as they are, and thresholds of one half: where fitting starts."""
    types = tuple(types)
    return Calibration(
        mention_thresholds=dict.fromkeys(types, 0.5),
        relation_threshold=0.5,
        mentions=dict.fromkeys(types, STRAIGHT),
        relations=dict.fromkeys(predicates, STRAIGHT),
        fitted_on="nothing",
    )


def fit_calibration(
    extractor: Extractor, papers: Sequence[AnnotatedPaper], split: str
) -> tuple[Calibration, list[PaperPredictions]]:
    """Choose thresholds and fit curves; returns them with what the pack reads with them.

    Args:
        extractor: of a pack with `identity_calibration`.
        papers: the development split.
        split: its name, for the record.
    """
    pack = extractor.pack
    thresholds = dict.fromkeys(pack.labels.types, _mention_threshold(extractor, papers))
    chosen = pack.calibration.model_copy(update={"mention_thresholds": thresholds})
    tried = [
        chosen.model_copy(update={"relation_threshold": threshold})
        for threshold in RELATION_THRESHOLDS
    ]
    best, read = max(
        ((trial, predict_papers(extractor.calibrated(trial), papers)) for trial in tried),
        key=lambda pair: _relation_f1(pack, pair[1]),
    )
    fitted = best.model_copy(
        update={
            "mentions": _curves(pack.labels.types, mention_predictions(read)),
            "relations": _curves(pack.labels.predicates, relation_predictions(read)),
            "fitted_on": f"{split}, {len(papers)} papers",
        }
    )
    again = predict_papers(extractor.calibrated(fitted), papers)
    error = systematic_error(relation_predictions(again))
    return fitted.model_copy(update={"systematic_error": error}), again


def systematic_error(predictions: Sequence[Prediction]) -> float | None:
    """Return how often the surest relations may be wrong beyond what their confidence says.

    INDRA (Gyori et al. 2017, https://doi.org/10.15252/msb.20177651) gives a reader a random error
    for each sentence, and a systematic one that no number of sentences wears down; both are fixed
    by hand (0.05 for every reader). Here the random error of a reading is 1 - confidence, since
    confidences are calibrated. What is left for the systematic one is what calibration may have
    missed where it does most harm: among the tenth of all relations with most confidence,

        e = share that is wrong - mean(1 - confidence) + 1.645 sd,

    sd = sqrt(sum c (1 - c)) / n being that of the share if every confidence were right. So e is
    an upper limit (one-sided 95 %): a pack that is overconfident at the top gets a large one, and
    so does a pack that was judged on few relations.

    What it leaves out: whether the pack errs on the *same* claim in another paper. That needs one
    claim in several annotated papers, and a hundred abstracts hold next to none.

    Args:
        predictions: relations read from the text alone, with calibrated confidences.

    Returns:
        a number in [0, 1], or None from fewer than `LEAST_PREDICTIONS` relations in that tenth.
    """
    # Of equal confidences the wrong ones first: the cut must not flatter.
    in_order = sorted((-one.confidence, one.correct) for one in predictions)
    surest = [(-minus, right) for minus, right in in_order[: round(len(in_order) * SUREST)]]
    if len(surest) < LEAST_PREDICTIONS:
        return None
    count = len(surest)
    wrong = sum(not right for _, right in surest) / count
    expected = sum(1 - confidence for confidence, _ in surest) / count
    deviation = math.sqrt(sum(confidence * (1 - confidence) for confidence, _ in surest)) / count
    upper = wrong - expected + ONE_SIDED_95 * deviation
    return round(min(max(upper, 0.0), 1.0), DECIMALS)


def fit_curve(predictions: Sequence[Prediction]) -> Curve:
    """Logistic regression on the logit, as a curve over fixed knots."""
    from sklearn.linear_model import LogisticRegression

    logits = np.array([[_logit(one.confidence)] for one in predictions])
    right = np.array([one.correct for one in predictions])
    fitted = LogisticRegression(C=10.0).fit(logits, right)
    slope = max(float(fitted.coef_[0, 0]), 0.0)  # more raw confidence never means less
    offset = float(fitted.intercept_[0])
    values = [1 / (1 + math.exp(-(slope * _logit(knot) + offset))) for knot in KNOTS]
    return Curve(raw=KNOTS, calibrated=tuple(round(value, 4) for value in values))


def _curves(names: Sequence[str], predictions: Sequence[Prediction]) -> dict[str, Curve]:
    pooled = fit_curve(predictions) if _suffices(predictions) else STRAIGHT
    by_name = {name: [one for one in predictions if one.name == name] for name in names}
    return {name: fit_curve(own) if _suffices(own) else pooled for name, own in by_name.items()}


def _suffices(predictions: Sequence[Prediction]) -> bool:
    right = sum(one.correct for one in predictions)
    return (
        len(predictions) >= LEAST_PREDICTIONS
        and min(right, len(predictions) - right) >= LEAST_OF_EACH
    )


def _mention_threshold(extractor: Extractor, papers: Sequence[AnnotatedPaper]) -> float:
    """The threshold with the best micro F1 of entities.

    Spans are decoded from the most probable down, so what is read at a low threshold and then
    cut is what is read at a higher one.
    """
    calibration = extractor.pack.calibration
    lowest = dict.fromkeys(calibration.mention_thresholds, min(MENTION_THRESHOLDS))
    wide = calibration.model_copy(
        update={"mention_thresholds": lowest, "relation_threshold": NEVER}
    )
    predictions = mention_predictions(predict_papers(extractor.calibrated(wide), papers))
    gold = sum(len({(m.start, m.end, m.type) for m in paper.mentions}) for paper in papers)

    def f1(threshold: float) -> float:
        kept = [one.correct for one in predictions if one.confidence >= threshold]
        return 2 * sum(kept) / (len(kept) + gold) if kept else 0.0

    return max(MENTION_THRESHOLDS, key=f1)


def _relation_f1(pack: Pack, read: Sequence[PaperPredictions]) -> float:
    scores = score_predictions(pack, read).relations
    both = (scores.gold_entities, scores.end_to_end)
    return sum(part.pair.f1 + part.typed.f1 for part in both)


def _logit(probability: float) -> float:
    clipped = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(clipped / (1 - clipped))
