# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.closed_loop.population import usual_rise
from pulsewright.quant.closed_loop.trials import MeasuredDevices
from pulsewright.quant.datasets.pulse_curves import PulseCurves
from pulsewright.quant.datasets.synthetic import synthetic_curves

PARAMETERS = synthetic_curves(0).parameters[:4]
PLACE = np.log2(1 + np.arange(64))


def devices(*rises: np.ndarray) -> MeasuredDevices:
    currents = np.stack([1e-6 * (1 + rise) for rise in rises])
    return MeasuredDevices(PulseCurves(PARAMETERS[: len(rises)], currents))


def test_the_median_of_shapes_whatever_their_gains() -> None:
    made = devices(0.3 * PLACE, 2 * PLACE, 5 * PLACE, 0.001 * (2**PLACE - 1))
    found = usual_rise(made, np.arange(4))
    assert found.rise[0] == 0
    assert found.rise[-1] == 2**15
    assert len(found.rise) == 6 * 8 + 1
    # Straight in log(1 + N): entry i is i / 48 of the whole.
    assert np.array(found.rise) == pytest.approx(2**15 * np.arange(49) / 48, abs=60)


def test_a_curve_that_was_not_chosen_changes_nothing() -> None:
    shapes = (0.3 * PLACE, 2 * PLACE, 5 * PLACE)
    made = usual_rise(devices(*shapes, PLACE**2), np.arange(3))
    assert made == usual_rise(devices(*shapes, PLACE**3), np.arange(3))


def test_coarse_curves_are_used_where_there_are_no_others() -> None:
    coarse = np.rint(20 * PLACE / PLACE[-1]) / 20
    made = devices(coarse, 2 * PLACE)
    assert made.quality.coarse.tolist() == [True, False]
    assert usual_rise(made, np.array([0])) != usual_rise(made, np.array([1]))
    assert usual_rise(made, np.array([0, 1])) == usual_rise(made, np.array([1]))


def test_curves_that_do_not_rise_are_refused() -> None:
    with pytest.raises(PulsewrightError, match="no curve of the training rises"):
        usual_rise(devices(0 * PLACE - 0.5 * PLACE / PLACE[-1], PLACE), np.array([0]))
