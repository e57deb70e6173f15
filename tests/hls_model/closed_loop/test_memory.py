# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsewright.hls_model.closed_loop.history import History, PulseSetting
from pulsewright.hls_model.closed_loop.memory import (
    LARGEST_KEPT,
    LONGEST_FIRST_BURST,
    MARGIN,
    OWN_SHARE,
    USUAL_DEVIATION,
    DeviceMemory,
    bursts_with_memory,
    own_way,
    remembered,
)
from pulsewright.hls_model.closed_loop.rule import Target, bursts
from tests.history_models import (
    LINEAR_POPULATION,
    constant_history_model,
    random_history_model,
)

MODEL = constant_history_model(-0.5, 0.0)
# 32768 units of rise are 6.83 octaves of the linear population.
FULL_OCTAVES = 32768 / 4800


def one(value: int) -> np.ndarray:
    return np.array([value])


def memory(log_gain: int, deviation: int = 0) -> DeviceMemory:
    return DeviceMemory(one(log_gain), one(deviation))


def setting(rows: int = 1) -> PulseSetting:
    return PulseSetting(*(np.full(rows, value) for value in (2000, 0, 100_000, 100_000, 100_000)))


def fresh(current: int) -> History:
    return History(one(0), one(0), one(current), one(current), one(current), one(100))


def after(kept: DeviceMemory, pulses: int, first: int, last: int) -> DeviceMemory:
    return remembered(kept, LINEAR_POPULATION, one(pulses), one(first), one(last))


def test_the_gain_is_the_rise_over_all_pulses() -> None:
    """3 octaves of 2 uA each are kept as 2 uA times 6.83 octaves."""
    found = after(DeviceMemory.empty(1), 7, 1_000_000, 7_000_000)
    assert found.log_gain[0] == pytest.approx(np.log2(2e6 * FULL_OCTAVES) * 2048, abs=4)
    assert found.deviation[0] == USUAL_DEVIATION


def test_a_new_gain_counts_four_fifths_and_its_change_is_kept() -> None:
    first = after(DeviceMemory.empty(1), 7, 1_000_000, 7_000_000)
    doubled = after(first, 7, 1_000_000, 13_000_000)
    assert doubled.log_gain[0] - first.log_gain[0] == OWN_SHARE * 2048 // 256
    assert doubled.deviation[0] == 2048
    still = after(doubled, 7, 1_000_000, 13_000_000)
    assert still.log_gain[0] - doubled.log_gain[0] == pytest.approx(0.8 * 0.2 * 2048, abs=4)
    assert still.deviation[0] == 1024


def test_what_did_not_rise_is_forgotten_and_what_got_no_pulse_is_not() -> None:
    kept = memory(50_000, 300)
    assert after(kept, 0, 5, 5) == kept
    for last in (0, 4, 5):
        assert after(kept, 3, 5, last) == DeviceMemory.empty(1)


def test_a_known_device_gets_the_way_that_its_gain_says() -> None:
    """2 uA an octave and 4.4 uA to go: 2.2 octaves, a fifth of whose logarithm is the network's."""
    kept = after(DeviceMemory.empty(1), 7, 1_000_000, 7_000_000)
    way = own_way(LINEAR_POPULATION, kept.log_gain << 1, one(4_400_000))
    assert way[0] / 4096 == pytest.approx(np.log2(2.2), abs=0.002)
    target = Target(one(5_400_000), one(2_000_000))
    burst = bursts_with_memory(
        MODEL, LINEAR_POPULATION, kept._replace(deviation=one(0)), fresh(1_000_000), setting(),
        target, margin=0,
    )  # fmt: skip
    usual = np.log2(4.4 / 0.2076)
    mixed = 0.8 * np.log2(2.2) + 0.2 * usual
    assert burst[0] == round(2 ** (2**mixed) - 1)


def test_margin_and_deviation_shorten_the_burst() -> None:
    target = Target(one(5_400_000), one(100_000))
    kept = after(DeviceMemory.empty(1), 7, 1_000_000, 7_000_000)

    def burst(margin: int, deviation: int) -> int:
        own = kept._replace(deviation=one(deviation))
        return int(
            bursts_with_memory(
                MODEL, LINEAR_POPULATION, own, fresh(1_000_000), setting(), target, margin
            )[0]
        )

    assert burst(0, 0) > burst(MARGIN, 0) > burst(2 * MARGIN, 0)
    assert burst(MARGIN, 0) == burst(0, MARGIN // 2)


def test_a_bolder_first_burst_is_a_fifth_bolder() -> None:
    """Four fifths of the way by the low quantile are the device's own."""
    kept = after(DeviceMemory.empty(1), 7, 1_000_000, 7_000_000)
    target = Target(one(5_400_000), one(100_000))
    by_low = constant_history_model(-2.0, 9.0)
    found = [
        bursts_with_memory(
            model, LINEAR_POPULATION, kept, fresh(1_000_000), setting(), target, bolder=bolder
        )[0]
        for model, bolder in ((by_low, 0), (by_low, 4096), (constant_history_model(-1.0, 9.0), 0))
    ]
    assert found[0] < found[1] == found[2]


@given(st.integers(0, 2**32 - 1))
def test_only_the_first_burst_of_known_devices_differs(seed: int) -> None:
    random = np.random.default_rng(seed)
    rows = 40
    last_place = np.where(random.uniform(size=rows) < 0.5, 0, random.integers(1, 99, rows))
    previous_place = random.integers(0, np.maximum(last_place, 1))
    currents = random.integers(0, 2**31, (4, rows))
    currents[1:3, last_place == 0] = currents[0, last_place == 0]
    history = History(previous_place, last_place, *currents[:3], random.integers(1, 10**6, rows))
    target = Target(currents[3], random.integers(1, 10**7, rows))
    kept = DeviceMemory(
        np.where(random.uniform(size=rows) < 0.3, 0, random.integers(1, LARGEST_KEPT + 1, rows)),
        random.integers(0, LARGEST_KEPT + 1, rows),
    )
    model = random_history_model(seed % 5)
    found = bursts_with_memory(model, LINEAR_POPULATION, kept, history, setting(rows), target)
    usual = bursts(model, history, setting(rows), target)
    known_first = (kept.log_gain > 0) & (last_place == 0)
    assert np.array_equal(found[~known_first], usual[~known_first])
    assert found.min() >= 1
    assert (found[known_first] <= LONGEST_FIRST_BURST).all()


@given(
    st.integers(0, LARGEST_KEPT), st.integers(0, LARGEST_KEPT), st.integers(0, 99),
    st.integers(0, 2**31 - 1), st.integers(0, 2**31 - 1),
)  # fmt: skip
def test_what_is_kept_fits_16_bits(
    log_gain: int, deviation: int, pulses: int, first: int, last: int
) -> None:
    found = after(memory(log_gain, deviation), pulses, first, last)
    for column in found:
        assert 0 <= column[0] <= LARGEST_KEPT
