"""Calibrated confidences: a model's probability turned into how often it is right."""

from __future__ import annotations

import bisect

from pydantic import Field, model_validator

from kg import Model


class Curve(Model):
    """A rising, piecewise linear map from raw to calibrated probability (fitted isotonically).

    `raw` rises strictly; `calibrated` never falls; both in [0, 1]. Outside it is flat.
    """

    raw: tuple[float, ...] = Field(min_length=1)
    calibrated: tuple[float, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _rises(self) -> Curve:
        if len(self.raw) != len(self.calibrated):
            msg = "a curve needs as many calibrated values as raw ones"
            raise ValueError(msg)
        if any(a >= b for a, b in zip(self.raw, self.raw[1:], strict=False)):
            msg = "the raw values of a curve must rise"
            raise ValueError(msg)
        if any(a > b for a, b in zip(self.calibrated, self.calibrated[1:], strict=False)):
            msg = "the calibrated values of a curve must not fall"
            raise ValueError(msg)
        return self

    def __call__(self, probability: float) -> float:
        """The calibrated probability, in [0, 1]."""
        right = bisect.bisect_left(self.raw, probability)
        if right == 0:
            return self.calibrated[0]
        if right == len(self.raw):
            return self.calibrated[-1]
        low, high = self.raw[right - 1], self.raw[right]
        share = (probability - low) / (high - low)
        return self.calibrated[right - 1] * (1 - share) + self.calibrated[right] * share


class Calibration(Model):
    """What was fitted on the development split, per entity type and predicate.

    Attributes:
        mention_thresholds: per type, the least raw probability of a mention.
        relation_threshold: the least raw probability that two entities are related.
        mentions: per type, raw to calibrated.
        relations: per predicate, raw (related times predicate) to calibrated.
        fitted_on: the data it was fitted on, and how much.
        systematic_error: how often a relation that the pack is surest of may be wrong beyond what
            its confidence says (`finetune.calibration.systematic_error`); None if not measured.
            It bounds the belief that readings by this pack alone can give (see `kg.belief`).
    """

    mention_thresholds: dict[str, float]
    relation_threshold: float
    mentions: dict[str, Curve]
    relations: dict[str, Curve]
    fitted_on: str
    systematic_error: float | None = Field(default=None, ge=0, le=1)
