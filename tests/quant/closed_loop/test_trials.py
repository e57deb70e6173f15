# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.quant.closed_loop.trials import (
    MeasuredDevices,
    Situation,
    Trials,
    make_trials,
    overshot,
    picoamperes,
    run_trials,
    short,
)
from pulsewright.quant.datasets.pulse_curves import PulseCurves
from pulsewright.quant.datasets.synthetic import synthetic_curves

PARAMETERS = synthetic_curves(0).parameters[:3]
# One device rises by 10 nA a pulse, one stands still, one falls.
RISING = 1e-6 + 1e-8 * np.arange(50)
STILL = 1e-6 + 1e-9 * np.random.default_rng(0).standard_normal(50)
FALLING = RISING[::-1]
DEVICES = MeasuredDevices(PulseCurves(PARAMETERS, np.stack([RISING, STILL, FALLING])))


def trials(*listed: tuple[int, int, int]) -> Trials:
    return Trials(*np.array(listed).T)


def always(pulses: int):
    def controller(situation: Situation) -> IntegerArray:
        return np.full_like(situation.curve, pulses)

    return controller


def test_pulses_and_reads_are_counted() -> None:
    # Reads of 1.00, 1.04, .. uA until 1.195 uA or more.
    outcome = run_trials(DEVICES, trials((0, 1_200_000, 5_000)), always(4))
    assert (outcome.pulses[0], outcome.reads[0], outcome.current[0]) == (20, 6, 1_200_000)


def test_what_passes_the_limit_is_told() -> None:
    tried = trials((0, 1_200_000, 5_000), (0, 1_200_000, 50_000), (1, 2_000_000, 5_000))
    outcome = run_trials(DEVICES, tried, always(7))
    assert outcome.current[:2].tolist() == [1_210_000, 1_210_000]
    assert overshot(tried, outcome).tolist() == [True, False, False]
    assert short(tried, outcome).tolist() == [False, False, True]


@pytest.mark.parametrize("pulses", [1, 7, 10**6, 0, -5])
def test_a_device_that_never_gets_there_ends(pulses: int) -> None:
    tried = trials((1, 2_000_000, 5_000), (2, 2_000_000, 5_000))
    outcome = run_trials(DEVICES, tried, always(pulses))
    assert (outcome.pulses == 49).all()
    assert (outcome.reads <= 50).all()
    assert short(tried, outcome).all()


def test_reads_are_bounded() -> None:
    outcome = run_trials(DEVICES, trials((1, 2_000_000, 5_000)), always(1), most_reads=5)
    assert (outcome.reads[0], outcome.pulses[0]) == (5, 4)


def test_a_controller_learns_what_was_read_and_no_more() -> None:
    seen = []

    def controller(situation: Situation) -> IntegerArray:
        seen.append(situation)
        return np.array([len(seen)])

    run_trials(DEVICES, trials((0, 1_055_000, 4_000)), controller)
    histories = [tuple(int(column[0]) for column in one.history[:5]) for one in seen]
    assert histories == [
        (0, 0, 1_000_000, 1_000_000, 1_000_000),
        (0, 1, 1_000_000, 1_000_000, 1_010_000),
        (1, 3, 1_000_000, 1_010_000, 1_030_000),
    ]


def test_the_future_of_a_curve_changes_no_decision() -> None:
    """Another device with the same reads up to where a trial ends is programmed the same."""
    changed = DEVICES.curves.currents.copy()
    changed[0, 30:] = 9e-6
    other = MeasuredDevices(PulseCurves(PARAMETERS, changed))
    tried = trials((0, 1_200_000, 5_000))
    for one in (DEVICES, other):
        outcome = run_trials(one, tried, always(3))
        assert (outcome.pulses[0], outcome.reads[0]) == (21, 8)


def test_levels_are_shares_of_the_rise() -> None:
    made = make_trials(DEVICES, np.array([True, False, False]), (0.25, 0.5), 1 / 32)
    assert made.curve.tolist() == [0, 0]
    rise = 490_000
    assert made.level == pytest.approx([1_000_000 + rise * share for share in (0.25, 0.5)], abs=4e3)
    assert made.tolerance == pytest.approx(rise / 32, rel=0.02)
    coarse = make_trials(DEVICES, np.array([True, False, False]), least_tolerance=40_000)
    assert (coarse.tolerance == 40_000).all()


def test_nothing_to_try_is_told() -> None:
    with pytest.raises(PulsewrightError, match="no curve starts below a level"):
        make_trials(DEVICES, np.array([False, False, False]))


def test_currents_of_another_unit_are_refused() -> None:
    with pytest.raises(PulsewrightError, match=r"a current of 3\.0 A is above the 2\.1 mA"):
        picoamperes(np.array([1e-6, 3.0]))
    assert picoamperes(np.array([-1e-9, 0.0, 1e-6])).tolist() == [0, 0, 1_000_000]


def test_dead_and_falling_devices_are_not_learned_from() -> None:
    assert DEVICES.learnable.tolist() == [True, False, False]
