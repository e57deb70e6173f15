# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from hls_model.errors import PulsewrightError
from quant.metrics import mean_squared_error, median_curve_error


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
