# SPDX-License-Identifier: Apache-2.0
from collections import Counter

import numpy as np
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.datasets import campaign
from pulsewright.quant.datasets.statistics import curve_statistics
from pulsewright.quant.datasets.synthetic import growth_scale, synthetic_curves

# The measured values of the table in the docstring, and how far synthetic ones may lie.
MEASURED = {
    "mean N=0": (0.011, 0.02),
    "mean N=10": (0.375, 0.03),
    "mean N=20": (0.541, 0.03),
    "mean N=50": (0.783, 0.03),
    "mean N=99": (0.959, 0.03),
    "spread N=10": (0.098, 0.03),
    "spread N=20": (0.108, 0.04),
    "spread N=50": (0.105, 0.05),
    "spread N=99": (0.111, 0.06),
    "step noise median": (0.0057, 0.001),
    "step noise 90 %": (0.056, 0.02),
    "falling": (0.089, 0.02),
}


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_statistics_lie_close_to_the_measured_ones(seed: int) -> None:
    found = curve_statistics(synthetic_curves(seed))
    for name, (value, tolerance) in MEASURED.items():
        assert found[name] == pytest.approx(value, abs=tolerance), name


def test_the_stated_values_are_the_measured_ones(measured_curves) -> None:
    found = curve_statistics(measured_curves)
    for name, (value, _) in MEASURED.items():
        assert found[name] == pytest.approx(value, abs=0.0006), name


def test_same_seed_same_curves() -> None:
    first, again, other = (synthetic_curves(seed) for seed in (5, 5, 6))
    assert np.array_equal(first.currents, again.currents)
    assert not np.array_equal(first.currents, other.currents)


def test_campaign() -> None:
    listed = Counter(campaign.sweeps())
    assert (listed.total(), len(listed)) == (266, 89)
    assert listed[campaign.REFERENCE] == campaign.REFERENCE_REPEATS
    assert listed.most_common(2)[1][1] == 4


def test_campaign_is_the_measured_one(measured_curves) -> None:
    integers = np.rint(measured_curves.parameters * 1000).astype(int).tolist()
    assert Counter(map(tuple, integers)) == Counter(campaign.sweeps())


def test_few_curves_still_vary_in_every_feature() -> None:
    assert len(synthetic_curves(0, curves=20).features()) == 6


def test_physics() -> None:
    base, antipulse, long_set = growth_scale(
        np.array([[2, 0, 0.1, 0.1, 0.1], [2, -0.9, 0.1, 0.1, 0.1], [2, 0, 1, 0.1, 0.1]])
    )
    assert antipulse > 5 * base
    assert long_set < base


def test_bad_arguments() -> None:
    with pytest.raises(PulsewrightError, match="seed is -1; choose 0 or more"):
        synthetic_curves(-1)
    for curves in (0, -3, 10**6):
        with pytest.raises(PulsewrightError, match=f"{curves} synthetic curves are asked for"):
            synthetic_curves(0, curves=curves)
