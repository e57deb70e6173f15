# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsewright.hls_model.closed_loop.history import History, PulseSetting
from pulsewright.hls_model.closed_loop.rule import (
    FIRST_BURST,
    Target,
    bursts,
    check_history_network,
    limits,
)
from pulsewright.hls_model.errors import PulsewrightError
from tests.history_models import SETTING, constant_history_model, random_history_model
from tests.models import random_model

CURRENT = st.integers(0, 2**31 - 1)
STANDARD = PulseSetting(*(column[:1] for column in SETTING))


def history(previous_place: int, last_place: int, previous: int, last: int) -> History:
    values = (previous_place, last_place, 1_000_000, previous, last, 100)
    return History(*(np.array([value]) for value in values))


def target(level: int, tolerance: int) -> Target:
    return Target(np.array([level]), np.array([tolerance]))


def burst(low: float, median: float, known: History, aim: Target, guard: int = 2) -> int:
    return int(bursts(constant_history_model(low, median), known, STANDARD, aim, guard)[0])


# 1 + N rose from 4 to 8, the current from 1.0 to 1.2 uA; as much again leads to 16.
RISEN = history(3, 7, 1_000_000, 1_200_000)
WIDE = target(1_400_000, 400_000)


def test_no_correction_is_the_straight_line_in_log() -> None:
    assert burst(0.0, 0.0, RISEN, WIDE) == 8


def test_the_median_is_rounded_and_moves_with_the_correction() -> None:
    # 8 * 2**0.5 = 11.3, 8 * 2**0.25 = 9.5: 3.3 and 1.5 pulses.
    assert burst(0.0, -1.0, RISEN, WIDE) == 3
    assert burst(0.0, -2.0, RISEN, WIDE) == 2
    assert burst(0.0, -9.0, RISEN, WIDE) == 1


def test_the_low_quantile_to_the_limit_is_rounded_down() -> None:
    # To 1.6 uA the straight line is two octaves; with -1 half of it, 8 pulses; with -2, 3.3.
    aim = target(1_400_000, 200_000)
    assert burst(-1.0, 0.0, RISEN, aim) == 8
    assert burst(-2.0, 0.0, RISEN, aim) == 3
    assert burst(-9.0, 0.0, RISEN, aim) == 1


def test_a_bolder_rule_goes_further_by_the_low_quantile_alone() -> None:
    aim = target(1_400_000, 200_000)
    for low, median, bolder, expected in ((-2.0, 0.0, 4096, 8), (0.0, -1.0, 4096, 3)):
        model = constant_history_model(low, median)
        assert bursts(model, RISEN, STANDARD, aim, bolder=bolder)[0] == expected


def test_the_guard_is_twice_the_straight_line_in_pulses() -> None:
    assert burst(3.0, 3.0, RISEN, WIDE) == 8
    assert burst(3.0, 3.0, RISEN, WIDE, guard=1) == 4
    assert limits(RISEN, WIDE, 3)[0] == 12


def test_a_device_that_did_not_rise_gets_twice_the_last_burst() -> None:
    for last in (1_000_000, 900_000, 0):
        assert burst(3.0, 3.0, history(3, 7, 1_000_000, last), WIDE) == 8


def test_the_first_burst_is_bounded() -> None:
    fresh = history(0, 0, 1_000_000, 1_000_000)
    assert burst(9.0, 9.0, fresh, WIDE) == FIRST_BURST


@given(
    seed=st.integers(0, 5),
    places=st.tuples(st.integers(0, 98), st.integers(0, 98)).map(sorted),
    currents=st.tuples(CURRENT, CURRENT),
    level=CURRENT,
    tolerance=st.integers(0, 2**30),
)
def test_no_burst_is_beyond_the_guard(seed, places, currents, level, tolerance) -> None:
    """Whatever was read, and whatever the network says: zeros, falls and glitches included."""
    known, aim = history(*places, *currents), target(level, tolerance)
    given_burst = int(bursts(random_history_model(seed), known, STANDARD, aim)[0])
    assert 1 <= given_burst <= max(1, int(limits(known, aim, 2)[0]))


def test_other_networks_are_refused() -> None:
    check_history_network(random_history_model(0))
    with pytest.raises(PulsewrightError, match=r"has 6 inputs and 1 outputs; the controller"):
        check_history_network(random_model((6, 4, 1)))
