"""Fitting confidence curves."""

from __future__ import annotations

import random

import pytest

from finetune.calibration import fit_curve, identity_calibration, systematic_error
from finetune.scoring import Prediction, expected_calibration_error


def overconfident(count: int, seed: int) -> list[Prediction]:
    """Predictions that are right half as often as they say."""
    rng = random.Random(seed)  # noqa: S311 - made-up data, not a secret
    confidences = [rng.random() for _ in range(count)]
    return [Prediction("x", c, rng.random() < c / 2) for c in confidences]


def test_a_fitted_curve_is_calibrated_on_new_data() -> None:
    """Fitted on a thousand overconfident predictions, the error on a thousand others is small."""
    curve = fit_curve(overconfident(1000, seed=1))
    fresh = overconfident(1000, seed=2)
    corrected = [Prediction(one.name, curve(one.confidence), one.correct) for one in fresh]
    assert expected_calibration_error(fresh) > 0.2
    assert expected_calibration_error(corrected) < 0.1


def test_a_curve_never_falls() -> None:
    """Where more confidence means less truth, the curve is flat instead."""
    backwards = [Prediction("x", c / 100, c < 50) for c in range(100)]
    curve = fit_curve(backwards)
    assert curve(0.9) == pytest.approx(curve(0.1))


def test_the_identity_changes_nothing() -> None:
    """Before fitting, confidences are raw probabilities."""
    calibration = identity_calibration(["Gene"], ["BIND"])
    assert calibration.mentions["Gene"](0.37) == pytest.approx(0.37)
    assert calibration.relations["BIND"](0.91) == pytest.approx(0.91)


def as_sure_as_right(count: int, seed: int) -> list[Prediction]:
    """Predictions that are right as often as they say."""
    rng = random.Random(seed)  # noqa: S311 - made-up data, not a secret
    confidences = [rng.random() for _ in range(count)]
    return [Prediction("x", c, rng.random() < c) for c in confidences]


def test_the_systematic_error_of_an_overconfident_pack() -> None:
    """Where the surest relations are right half as often as they say, the error is about half."""
    error = systematic_error(overconfident(10_000, seed=3))
    assert error == pytest.approx(0.475, abs=0.05)


def test_the_systematic_error_of_a_calibrated_pack() -> None:
    """Where confidences are right, little is left, and the less the more was judged."""
    few = systematic_error(as_sure_as_right(500, seed=4))
    many = systematic_error(as_sure_as_right(50_000, seed=4))
    assert few is not None
    assert many is not None
    assert many < 0.02 < few < 0.2


def test_too_little_to_judge() -> None:
    """From a handful of relations no error rate is made up."""
    assert systematic_error(overconfident(300, seed=5)) is None


def test_the_order_does_not_matter() -> None:
    """Relations of equal confidence are taken alike in whatever order they come."""
    predictions = [Prediction("x", 0.9, number % 3 > 0) for number in range(600)]
    assert systematic_error(predictions) == systematic_error(predictions[::-1])
