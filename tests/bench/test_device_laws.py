# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from bench.device_laws import (
    LAWS,
    PLACES,
    Law,
    fitted_values,
    fitted_variation,
    law_table,
    measured_population,
    pulsed,
    spread,
)
from pulsewright.quant.closed_loop.trials import MeasuredDevices
from pulsewright.quant.datasets.synthetic import synthetic_curves

SOFT, LINEAR, POWER, LOGARITHM = LAWS
STILL = (0.0, 0.0)
COUNT = np.arange(100)


def test_closed_forms() -> None:
    """Soft bounds approach theirs exponentially; the logarithm is one."""
    soft = pulsed(SOFT, (0.05, 0.8), STILL, 1, 100)[0]
    assert soft == pytest.approx(0.8 * (1 - (1 - 0.05 / 0.8) ** COUNT))
    logarithm = pulsed(LOGARITHM, (0.1, 0.4), STILL, 1, 100)[0]
    assert logarithm == pytest.approx(0.4 * np.log1p(COUNT * 0.1 / 0.4))


def test_laws_that_are_one_another() -> None:
    """A slope and an exponent of 1 are soft bounds; a slope of 0 is constant steps to the bound."""
    soft = pulsed(SOFT, (0.05, 0.8), STILL, 1, 100)
    assert pulsed(LINEAR, (0.05, 0.8, 1.0), STILL, 1, 100) == pytest.approx(soft)
    assert pulsed(POWER, (0.05, 0.8, 1.0), STILL, 1, 100) == pytest.approx(soft)
    constant = pulsed(LINEAR, (0.05, 0.8, 0.0), STILL, 1, 100)[0]
    assert constant == pytest.approx(np.minimum(0.05 * COUNT, 0.8))


@pytest.mark.parametrize("law", LAWS[:3], ids=lambda law: law.name)
def test_a_step_larger_than_the_range_ends_at_the_bound(law: Law) -> None:
    weights = pulsed(law, (0.9, 0.2, 2.0), STILL, 1, 10)[0]
    assert weights.tolist() == [0, *[0.2] * 9]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_a_fit_finds_the_curve_that_the_law_made(law: Law) -> None:
    values = [1.4 * value for value in law.begin]
    curve = pulsed(law, values, STILL, 1, 100)[0]
    found = pulsed(law, fitted_values(law, curve), STILL, 1, 100)[0]
    assert found == pytest.approx(curve, abs=2e-3 * curve[-1])


def test_variations_give_the_spreads_they_are_fitted_to() -> None:
    made = pulsed(SOFT, (0.05, 1.0), (0.2, 0.4), 200, 100)
    found = fitted_variation(SOFT, (0.05, 1.0), made)
    again = pulsed(SOFT, (0.05, 1.0), found, 200, 100)
    for place in PLACES:
        assert spread(again, place) == pytest.approx(spread(made, place), rel=0.02)


def test_the_spread_is_a_standard_deviation() -> None:
    normal = np.random.default_rng(0).normal(1, 0.3, (20_000, 1))
    assert spread(normal, 0) == pytest.approx(0.3, rel=0.03)


def test_the_table_has_every_law_beside_the_devices() -> None:
    table = law_table(measured_population(MeasuredDevices(synthetic_curves(0, curves=60))))
    assert [row[0] for row in table.rows] == ["measured", *(law.name for law in LAWS)]
    assert table.texts[0][1:3] == ["0.0000", "0.0000"]
    # The synthetic curves are logarithms.
    errors = {row[0]: row[1] for row in table.rows}
    assert errors["logarithm"] < errors["soft bounds"]
