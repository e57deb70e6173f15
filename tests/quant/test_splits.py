# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.datasets.pulse_curves import PulseCurves
from pulsewright.quant.datasets.synthetic import synthetic_curves
from pulsewright.quant.splits import COMMON_KINDS, SplitKind, split

CURVES = synthetic_curves(0)


@settings(max_examples=40, deadline=None)
@given(kind=st.sampled_from(COMMON_KINDS), seed=st.integers(0, 2**32))
def test_every_row_is_in_one_part(kind: SplitKind, seed: int) -> None:
    parts = split(CURVES, kind, seed)
    together = np.concatenate(parts)
    assert np.array_equal(np.sort(together), np.arange(CURVES.rows))
    assert all(np.all(np.diff(part) > 0) for part in parts)


@pytest.mark.parametrize(
    ("kind", "index"),
    [
        (SplitKind.CURVES, CURVES.curve_index),
        (SplitKind.PARAMETER_SETS, CURVES.parameter_set_index),
    ],
)
def test_groups_stay_whole(kind: SplitKind, index: np.ndarray) -> None:
    train, validation, test = (set(index[part].tolist()) for part in split(CURVES, kind, 3))
    assert not train & validation
    assert not train & test
    assert not validation & test


def curves_of_three_devices() -> PulseCurves:
    """Thirty curves; from the tenth and the twentieth on, the current is five times as large."""
    level = np.repeat([1.0, 5.0, 25.0], 10)[:, None]
    return PulseCurves(CURVES.parameters[:30], level * CURVES.currents[:1] * scatter(30))


def scatter(curves: int) -> np.ndarray:
    return np.random.default_rng(0).lognormal(0, 0.05, (curves, 1))


def test_sessions_stay_whole() -> None:
    curves = curves_of_three_devices()
    for seed in range(5):
        parts = split(curves, SplitKind.SESSIONS, seed, validation_fraction=0.4)
        devices = [set((curves.curve_index[part] // 10).tolist()) for part in parts]
        assert [len(one) for one in devices] == [1, 1, 1]
        assert set.union(*devices) == {0, 1, 2}


def test_one_session_cannot_be_split() -> None:
    with pytest.raises(PulsewrightError, match=r"split by sessions of 266 curves in 1 sessions"):
        split(CURVES, SplitKind.SESSIONS, 0)


def test_fractions() -> None:
    rows = split(CURVES, SplitKind.ROWS, 0)
    assert [part.size for part in rows] == [17955, 1995, 6650]
    curves = split(CURVES, SplitKind.CURVES, 0)
    assert [part.size for part in curves] == [18000, 2000, 6600]


def test_the_dominant_parameter_set_is_never_held_back() -> None:
    dominant = np.bincount(CURVES.parameter_set).argmax()
    for seed in range(20):
        parts = split(CURVES, SplitKind.PARAMETER_SETS, seed)
        held_back = CURVES.parameter_set_index[np.concatenate([parts.validation, parts.test])]
        assert dominant not in held_back
        assert 29 <= parts.test.size / 100 <= 33


def test_seed() -> None:
    first, again, other = (split(CURVES, SplitKind.ROWS, seed).test for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("fraction", [0.0, 1.0, -0.1, 1.5, float("nan")])
def test_bad_fraction(fraction: float) -> None:
    with pytest.raises(PulsewrightError, match=f"test fraction is {fraction}; choose"):
        split(CURVES, SplitKind.ROWS, 0, test_fraction=fraction)
    with pytest.raises(PulsewrightError, match=f"validation fraction is {fraction}; choose"):
        split(CURVES, SplitKind.ROWS, 0, validation_fraction=fraction)


def test_negative_seed() -> None:
    with pytest.raises(PulsewrightError, match="seed is -1"):
        split(CURVES, SplitKind.ROWS, -1)


def test_empty_part() -> None:
    few = PulseCurves(CURVES.parameters[:3], CURVES.currents[:3])
    with pytest.raises(PulsewrightError, match=r"by curves of 3 curves .* 200 training, 0 valid"):
        split(few, SplitKind.CURVES, 0)


def test_one_parameter_set() -> None:
    same = PulseCurves(np.repeat(CURVES.parameters[:1], 5, axis=0), CURVES.currents[:5])
    with pytest.raises(PulsewrightError, match=r"in 1 parameter sets .* 0 test rows; add curves"):
        split(same, SplitKind.PARAMETER_SETS, 0)
