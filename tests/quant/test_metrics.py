# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.metrics import (
    clustered_standard_error,
    mean_squared_error,
    median_curve_error,
)


def test_mean() -> None:
    assert mean_squared_error(np.array([[1.0], [3.0]]), np.array([0.0, 1.0])) == 2.5


def test_median_over_curves() -> None:
    prediction = np.array([1.0, 3.0, 0.0, 2.0, 10.0])
    curve = np.array([4, 4, 7, 7, 9])
    assert median_curve_error(prediction, np.zeros(5), curve) == 5.0


@pytest.mark.parametrize(("predictions", "targets"), [(3, 4), (0, 0)])
def test_sizes_that_do_not_fit(predictions: int, targets: int) -> None:
    with pytest.raises(PulsewrightError, match=f"{predictions} predictions .* {targets} targets"):
        mean_squared_error(np.zeros(predictions), np.zeros(targets))


def test_clustered_standard_error_of_single_rows_is_the_plain_one() -> None:
    prediction = np.array([1.0, 2.0, 3.0, 5.0])
    errors = prediction**2
    expected = errors.std(ddof=1) / 2
    found = clustered_standard_error(prediction, np.zeros(4), np.arange(4))
    assert found == pytest.approx(expected, rel=1e-12)


def test_repeating_the_rows_of_a_curve_adds_no_certainty() -> None:
    prediction, curve = np.array([1.0, 2.0, 3.0]), np.array([5, 2, 9])
    once = clustered_standard_error(prediction, np.zeros(3), curve)
    many = clustered_standard_error(np.repeat(prediction, 50), np.zeros(150), np.repeat(curve, 50))
    assert many == pytest.approx(once, rel=1e-12)


def test_clustered_standard_error_of_unequal_curves() -> None:
    # Errors 1, 3 | 0, 0, 4 with mean 8/5: sums of deviations 4/5 and -4/5.
    prediction = np.sqrt(np.array([1.0, 3.0, 0.0, 0.0, 4.0]))
    found = clustered_standard_error(prediction, np.zeros(5), np.array([0, 0, 1, 1, 1]))
    assert found == pytest.approx(np.sqrt(2 * 2 * 0.8**2) / 5, rel=1e-12)


def test_one_curve_has_no_standard_error() -> None:
    with pytest.raises(PulsewrightError, match="of one curve, whose error has no spread"):
        clustered_standard_error(np.zeros(3), np.zeros(3), np.zeros(3, dtype=np.int64))
