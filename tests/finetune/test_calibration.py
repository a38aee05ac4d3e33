"""Fitting confidence curves."""

from __future__ import annotations

import random

import pytest

from finetune.calibration import fit_curve, identity_calibration
from finetune.scoring import Judged, expected_calibration_error


def overconfident(count: int, seed: int) -> list[Judged]:
    """Predictions that are right half as often as they say."""
    rng = random.Random(seed)  # noqa: S311 - made-up data, not a secret
    confidences = [rng.random() for _ in range(count)]
    return [Judged("x", c, rng.random() < c / 2) for c in confidences]


def test_a_fitted_curve_is_calibrated_on_new_data() -> None:
    """Fitted on a thousand overconfident predictions, the error on a thousand others is small."""
    curve = fit_curve(overconfident(1000, seed=1))
    fresh = overconfident(1000, seed=2)
    corrected = [Judged(one.name, curve(one.confidence), one.right) for one in fresh]
    assert expected_calibration_error(fresh) > 0.2
    assert expected_calibration_error(corrected) < 0.1


def test_a_curve_never_falls() -> None:
    """Where more confidence means less truth, the curve is flat instead."""
    backwards = [Judged("x", c / 100, c < 50) for c in range(100)]
    curve = fit_curve(backwards)
    assert curve(0.9) == pytest.approx(curve(0.1))


def test_the_identity_changes_nothing() -> None:
    """Before fitting, confidences are raw probabilities."""
    calibration = identity_calibration(["Gene"], ["BIND"])
    assert calibration.mentions["Gene"](0.37) == pytest.approx(0.37)
    assert calibration.relations["BIND"](0.91) == pytest.approx(0.91)
