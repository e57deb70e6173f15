# SPDX-License-Identifier: Apache-2.0
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pulsewright.hls_model.closed_loop.blind import (
    doubling,
    extrapolated,
    extrapolated_in_log,
    single,
)
from pulsewright.hls_model.closed_loop.history import History
from pulsewright.hls_model.closed_loop.rule import Target

CURRENT = st.integers(0, 2**31 - 1)


def history(previous_place: int, last_place: int, previous: int, last: int) -> History:
    values = (previous_place, last_place, 0, previous, last, 1)
    return History(*(np.array([value]) for value in values))


def target(level: int, tolerance: int = 10) -> Target:
    return Target(np.array([level]), np.array([tolerance]))


def test_bursts() -> None:
    fresh, risen = history(0, 0, 100, 100), history(2, 6, 100, 300)
    assert single(risen, target(1000))[0] == 1
    # 4 times the rise of 200 is more than the rest of 700, 2 times is less.
    assert doubling(risen, target(1000), far=2)[0] == 8
    assert doubling(risen, target(1000), far=4)[0] == 1
    # The rest is 3.5 times the rise of four pulses.
    assert extrapolated(risen, target(1000), percent=100, most=16)[0] == 14
    assert extrapolated(risen, target(1000), percent=50, most=16)[0] == 7
    assert extrapolated(risen, target(1000), percent=100, most=8)[0] == 8
    # 1 + N rose from 3 to 7 with 200, so that 400 more take it to 7 * (7 / 3)**2 = 38.1.
    assert extrapolated_in_log(risen, target(700), percent=100, first=1)[0] == 31
    assert extrapolated_in_log(risen, target(700), percent=50, first=1)[0] == 9
    # Within two tolerances the level itself is aimed at.
    assert extrapolated_in_log(risen, target(700, 200), percent=50, first=1)[0] == 31
    for rule, first in ((doubling, 4), (single, None)):
        arguments = () if first is None else (first,)
        assert rule(fresh, target(1000), *arguments)[0] == 1
    assert extrapolated(fresh, target(1000), 100, 16)[0] == 1
    assert extrapolated_in_log(fresh, target(1000), 100, 2)[0] == 2


def test_a_device_that_does_not_move_gets_more() -> None:
    still = history(2, 6, 300, 300)
    assert extrapolated(still, target(1000), 100, 16)[0] == 5
    assert extrapolated(still, target(1000), 100, 4)[0] == 4
    assert extrapolated_in_log(still, target(1000), 100, 1)[0] == 8
    assert doubling(still, target(1000), 4)[0] == 8


@given(
    places=st.tuples(st.integers(0, 2**16), st.integers(0, 2**16)).map(sorted),
    currents=st.tuples(CURRENT, CURRENT),
    level=CURRENT,
    tolerance=CURRENT,
)
def test_every_burst_is_one_or_more(places, currents, level, tolerance) -> None:
    known, aim = history(*places, *currents), target(level, tolerance)
    assert single(known, aim)[0] == 1
    assert 1 <= doubling(known, aim, 4)[0] <= 2**17
    assert 1 <= extrapolated(known, aim, 100, 16)[0] <= 16
    assert 1 <= extrapolated_in_log(known, aim, 100, 1)[0] <= 2**18
