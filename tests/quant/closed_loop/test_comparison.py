# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.closed_loop.comparison import costs, figures, paired_difference, tuned
from pulsewright.quant.closed_loop.trials import Outcome, Trials

TRIALS = Trials(np.arange(4), np.full(4, 1000), np.full(4, 50))


def outcome(reads: list[int], currents: list[int]) -> Outcome:
    return Outcome(np.full(4, 20), np.array(reads), np.array(currents))


ALL_THERE = [1000, 950, 1050, 1020]


def test_figures() -> None:
    found = figures(TRIALS, outcome([2, 3, 4, 5], [1000, 900, 1051, 1050]))
    assert found == (4, 3.5, 20.0, 0.25, 0.25, pytest.approx(0.0505))


def test_costs() -> None:
    found = costs(TRIALS, outcome([2, 3, 4, 5], [1000, 900, 1051, 1050]), read=3.0)
    assert found.tolist() == [26.0, 29.0, 32.0 + 45.0, 35.0]


def test_a_difference_that_every_session_has_is_certain() -> None:
    found = paired_difference(np.array([3.0, 4, 5, 6]), np.array([4.0, 5, 6, 7]), TRIALS.curve)
    assert found == (-1.0, -1.0, -1.0)


def test_sessions_are_drawn_whole() -> None:
    """Two sessions of opposite sign: the mean of a draw is one of three values."""
    difference = np.array([1.0] * 50 + [-1.0] * 50)
    by_session = paired_difference(difference, np.zeros(100), np.repeat([0, 1], 50))
    by_trial = paired_difference(difference, np.zeros(100), np.arange(100))
    assert by_session == (0.0, -1.0, 1.0)
    assert by_trial.high < 0.3


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=30), st.integers(1, 8))
def test_the_interval_is_about_the_mean_and_the_same_again(
    values: list[float], groups: int
) -> None:
    given_values, session = np.array(values), np.arange(len(values)) % groups
    found = paired_difference(given_values, np.zeros(len(values)), session)
    assert min(values) - 1e-9 <= found.low <= found.high <= max(values) + 1e-9
    assert found == paired_difference(given_values, np.zeros(len(values)), session)


def test_no_trial() -> None:
    with pytest.raises(PulsewrightError, match="no trial to compare"):
        paired_difference(np.array([]), np.array([]), np.array([]))


def test_a_member_is_chosen_on_other_sessions() -> None:
    """The first has fewer reads in session 0, where it is not looked at for session 0."""
    session = np.array([0, 0, 1, 1])
    members = {"a": outcome([1, 1, 9, 9], ALL_THERE), "b": outcome([5, 5, 4, 4], ALL_THERE)}
    found = tuned(TRIALS, members, session, np.zeros(4, dtype=bool))
    assert found.reads.tolist() == [5, 5, 9, 9]


def test_overshoot_beyond_the_allowed_is_not_bought_with_reads() -> None:
    session = np.array([0, 0, 1, 1])
    quick = outcome([1, 1, 1, 1], [2000, 1000, 2000, 1000])
    slow = outcome([9, 9, 9, 9], ALL_THERE)
    none, half = np.zeros(4, dtype=bool), np.array([True, False, True, False])
    assert (tuned(TRIALS, {"q": quick, "s": slow}, session, none).reads == 9).all()
    assert (tuned(TRIALS, {"q": quick, "s": slow}, session, half).reads == 1).all()


def test_one_session_is_its_own_judge() -> None:
    members = {"a": outcome([1, 1, 9, 9], ALL_THERE), "b": outcome([4, 4, 4, 4], ALL_THERE)}
    found = tuned(TRIALS, members, np.zeros(4, dtype=np.int64), np.zeros(4, dtype=bool))
    assert (found.reads == 4).all()
