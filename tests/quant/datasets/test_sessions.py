# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.datasets.pulse_curves import PulseCurves
from pulsewright.quant.datasets.sessions import session_folds, sessions
from pulsewright.quant.datasets.synthetic import synthetic_curves

SHAPE = synthetic_curves(0, curves=1).currents
PARAMETERS = synthetic_curves(0, curves=1).parameters


def curves_at(levels: list[float], outlier: int | None = None) -> PulseCurves:
    """Curves of one shape whose currents are scaled by `levels`, with 3 % of spread."""
    scale = np.array(levels)[:, None]
    scale = scale * np.random.default_rng(3).lognormal(0, 0.03, scale.shape)
    if outlier is not None:
        scale[outlier] *= 10
    return PulseCurves(np.repeat(PARAMETERS, len(levels), axis=0), scale * SHAPE)


def test_a_jump_that_stays_begins_a_session() -> None:
    found = sessions(curves_at([1.0] * 12 + [2.0] * 9 + [1.0] * 14))
    assert found.tolist() == [0] * 12 + [1] * 9 + [2] * 14


def test_an_odd_curve_does_not() -> None:
    assert sessions(curves_at([1.0] * 30, outlier=13)).tolist() == [0] * 30


def test_spread_alone_is_one_session() -> None:
    assert set(sessions(synthetic_curves(1)).tolist()) == {0}
    assert sessions(synthetic_curves(1, curves=1)).tolist() == [0]


def test_too_many_curves_are_refused() -> None:
    with pytest.raises(PulsewrightError, match="5000 curves, and sessions are told of at most"):
        sessions(curves_at([1.0] * 5000))


@given(st.lists(st.integers(1, 40), min_size=2, max_size=30), st.integers(2, 12))
def test_folds_hold_neighbouring_sessions_whole(sizes: list[int], folds: int) -> None:
    session = np.repeat(np.arange(len(sizes)), sizes)
    fold = session_folds(session, folds)
    assert 2 <= len(set(fold.tolist())) <= folds
    assert (np.diff(fold) >= 0).all()
    assert (np.diff(fold) <= 1).all()
    assert all(len(set(fold[session == one].tolist())) == 1 for one in session.tolist())


def test_one_session_makes_no_folds() -> None:
    with pytest.raises(PulsewrightError, match="1 sessions in 5 folds"):
        session_folds(np.zeros(9, dtype=np.int64), 5)
