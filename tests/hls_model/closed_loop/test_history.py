# SPDX-License-Identifier: Apache-2.0
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsewright.hls_model.closed_loop.history import (
    FARTHEST,
    LARGEST_SLOPE,
    LEAST_SLOPE,
    LONGEST_LINE,
    MOST_NOISE,
    NEAREST,
    SHORTEST_LINE,
    USUAL_SLOPE,
    History,
    PulseSetting,
    features,
    history_map,
    prepare,
)
from pulsewright.hls_model.closed_loop.logarithm import OCTAVE
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import FixedPoint

CURRENT = st.integers(0, 2**31 - 1)
TIME = st.integers(1, 2**31 - 1)


def array(value: int) -> np.ndarray:
    return np.array([value])


def setting(t_set: int = 100_000, v_set: int = 2000) -> PulseSetting:
    return PulseSetting(*map(array, (v_set, 0, t_set, 100_000, 100_000)))


def inputs_of(
    history: tuple[int, ...], level: int, chosen: PulseSetting | None = None
) -> dict[str, int]:
    chosen = chosen or setting()
    prepared = prepare(History(*map(array, history)), chosen, array(level))
    names = [feature.name for feature in features(chosen, 99)]
    return dict(zip(names, prepared.inputs[0].tolist(), strict=True))


def test_features_are_the_logarithms_that_they_are_called() -> None:
    # 15 pulses at 2.0 uA, before 7 at 1.5 uA, first 1.0 uA; to 3.0 uA; a step of 100 pA.
    found = inputs_of((7, 15, 1_000_000, 1_500_000, 2_000_000, 100), 3_000_000)
    octave = 1.0 / OCTAVE
    assert found["log_pulses"] * octave == 4
    assert found["last_step"] * octave == 1
    assert found["log_distance"] * octave == pytest.approx(math.log2(0.5), abs=0.001)
    assert found["log_last_slope"] * octave == pytest.approx(math.log2(0.25), abs=0.001)
    assert found["log_overall_slope"] * octave == pytest.approx(math.log2(0.5 / 4), abs=0.001)
    assert found["log_straight_line"] * octave == pytest.approx(1, abs=0.002)
    assert found["has_history"] == 1
    # The noise of 0.5 % is 10 nA, the rise 500 nA.
    assert found["noise_over_rise"] * octave == pytest.approx(0.02, abs=0.001)
    assert found["log_t_set"] * octave == pytest.approx(math.log2(100_000), abs=0.001)
    assert (found["v_set"], found["v_anti"]) == (2000, 0)


def test_the_first_read_alone_has_the_usual_slope() -> None:
    found = inputs_of((0, 0, 500, 500, 500, 1), 1000)
    assert found["has_history"] == found["noise_over_rise"] == found["log_pulses"] == 0
    assert found["log_last_slope"] == found["log_overall_slope"] == USUAL_SLOPE
    assert found["log_distance"] == 0
    assert found["log_straight_line"] == -USUAL_SLOPE


@given(
    places=st.tuples(st.integers(0, 99), st.integers(0, 99)).map(sorted),
    currents=st.tuples(CURRENT, CURRENT, CURRENT),
    resolution=st.integers(0, 10**6),
    level=CURRENT,
    times=st.tuples(TIME, TIME, TIME),
)
def test_inputs_stay_in_their_ranges(places, currents, resolution, level, times) -> None:
    """Zero reads, falls, coarse steps and levels below what was read included."""
    chosen = PulseSetting(*map(array, (2000, -900, *times)))
    found = inputs_of((*places, *currents, resolution), level, chosen)
    for feature in features(chosen, 99):
        assert feature.minimum <= found[feature.name] <= feature.maximum, feature.name


@given(
    places=st.tuples(st.integers(0, 99), st.integers(0, 99)).map(sorted),
    currents=st.tuples(*[st.integers(2**10, 2**20)] * 3),
    level=st.integers(2**10, 2**20),
    octaves=st.integers(1, 10),
)
def test_currents_stand_in_ratios_alone(places, currents, level, octaves) -> None:
    """In steps twice as fine, the same to what a read that is cut to an integer differs by."""
    plain = inputs_of((*places, *currents, 1 << 10), level)
    scaled = inputs_of(
        (*places, *(current << octaves for current in currents), 1 << (10 + octaves)),
        level << octaves,
    )
    one_step = {"log_distance", "log_straight_line", "log_last_slope", "log_overall_slope"}
    for name, value in plain.items():
        if name in one_step and level <= currents[2]:
            continue
        assert abs(scaled[name] - value) <= (8 if name in {*one_step, "noise_over_rise"} else 0)


def test_the_map_takes_every_input_to_a_code() -> None:
    chosen = PulseSetting(*(np.array([low, high]) for low, high in ((2000, 2400), (-900, 0),
                          (5000, 1_300_000), (5000, 1_000_000), (5000, 1_000_000))))  # fmt: skip
    code_format = FixedPoint(width=8, frac=7, signed=True)
    input_map = history_map(chosen, 99, code_format)
    for feature in input_map.features:
        ends = feature.codes(np.array([feature.minimum, feature.maximum]))
        assert ends.tolist() == [-127, 127], feature.name


def test_a_setting_that_never_changes_has_a_range() -> None:
    assert all(one.minimum < one.maximum for one in features(setting(), 99))


def test_bad_settings_are_refused() -> None:
    with pytest.raises(PulsewrightError, match="a pulse time is 0 us"):
        features(setting(t_set=0), 99)
    with pytest.raises(PulsewrightError, match="0 pulses a device"):
        features(setting(), 0)


def test_bounds_are_what_the_comments_say() -> None:
    octave = 1.0 / OCTAVE
    slopes = [2.0 ** (one * octave) for one in (USUAL_SLOPE, LEAST_SLOPE, LARGEST_SLOPE)]
    assert slopes == pytest.approx([0.208, 0.0206, 1.414], rel=0.01)
    assert 2.0 ** (NEAREST * octave) == pytest.approx(1 / 1024)
    assert (2.0 ** (FARTHEST * octave), MOST_NOISE * octave) == (8, 2)
    assert [2.0 ** (one * octave) for one in (SHORTEST_LINE, LONGEST_LINE)] == [1 / 32, 16]
