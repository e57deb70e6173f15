# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.quant.closed_loop.array import (
    RowBursts,
    array_cells,
    common_bursts,
    program_array,
)
from pulsewright.quant.closed_loop.controllers import blind_families
from pulsewright.quant.closed_loop.pulse_energy import pulse_joules, read_joules
from pulsewright.quant.closed_loop.trials import MeasuredDevices, Situation, run_trials
from pulsewright.quant.datasets.synthetic import synthetic_curves

DEVICES = MeasuredDevices(synthetic_curves(0, curves=30))
EXTRAPOLATED = blind_families()[2]
CONTROLLER = EXTRAPOLATED.members[EXTRAPOLATED.usual]


def two_pulses(situation: Situation) -> IntegerArray:
    return np.full_like(situation.curve, 2)


def test_cells_are_drawn_from_the_chosen_curves() -> None:
    chosen = np.arange(30) < 4
    cells = array_cells(DEVICES, chosen, 16, seed=3)
    assert set(cells.curve.tolist()) == {0, 1, 2, 3}
    share = (cells.level * 1e-12 - DEVICES.quality.smooth[cells.curve, 0]) / DEVICES.quality.rise[
        cells.curve
    ]
    assert 0.09 < share.min() < 0.2
    assert 0.8 < share.max() < 0.91


def test_figures_are_those_of_the_cells() -> None:
    """Bursts of two: a row's slowest cell takes as many slots as twice its decisions."""
    found = program_array(DEVICES, DEVICES.learnable, 6, two_pulses, seed=1)
    cells = array_cells(DEVICES, DEVICES.learnable, 6, seed=1)
    outcome = run_trials(DEVICES, cells, two_pulses)
    by_row = outcome.reads.reshape(6, 6).max(axis=1)
    assert found.reads == pytest.approx(outcome.reads.mean())
    assert found.decisions == pytest.approx(found.reads - 1)
    assert found.row_reads == pytest.approx(by_row.mean())
    slots = np.minimum(2 * (by_row - 1), DEVICES.curves.pulses - 1)
    assert found.row_pulses == pytest.approx(slots.mean())
    setting = [column[cells.curve] for column in DEVICES.setting]
    slot, read = setting[2] + setting[3], setting[4]
    in_turn = (outcome.pulses * slot + outcome.reads * read).reshape(6, 6).sum(axis=1)
    assert found.cell_seconds == pytest.approx(in_turn.mean() / 1e6)
    assert found.row_seconds < found.cell_seconds


def test_energy_is_that_of_every_pulse_and_read() -> None:
    """Bursts of two from the first place on: reads at even places, pulses from each place."""
    cells = array_cells(DEVICES, DEVICES.learnable, 6, seed=1)
    outcome = run_trials(DEVICES, cells, two_pulses)
    last = DEVICES.curves.pulses - 1
    pulses = pulse_joules(DEVICES, cells.curve, outcome.pulses, 0.2)
    reads = [
        sum(
            read_joules(DEVICES, np.array([curve]), np.array([min(2 * one, last)]), 0.2)[0]
            for one in range(count)
        )
        for curve, count in zip(cells.curve, outcome.reads, strict=True)
    ]
    found = program_array(DEVICES, DEVICES.learnable, 6, two_pulses, seed=1, read_voltage=0.2)
    assert found.pulse_joules == pytest.approx(pulses.mean())
    assert found.read_joules == pytest.approx(np.mean(reads))


def test_a_row_may_get_its_least_burst() -> None:
    """More rounds; no more slots than places; a row of one cell is as it was."""
    own, common = (
        program_array(DEVICES, DEVICES.learnable, 8, CONTROLLER, 1, bursts) for bursts in RowBursts
    )
    assert (own.bursts, common.bursts) == ("own", "common")
    assert common.row_reads > own.row_reads
    assert common.row_pulses <= DEVICES.curves.pulses - 1
    alone = [
        program_array(DEVICES, DEVICES.learnable, 1, CONTROLLER, 1, bursts) for bursts in RowBursts
    ]
    assert alone[0]._replace(bursts="common") == alone[1]


def test_cells_of_a_row_share_and_rows_do_not() -> None:
    seen = []

    def by_trial(situation: Situation) -> IntegerArray:
        return 10 - situation.trial

    def record(numbers: IntegerArray, bursts: IntegerArray) -> None:
        seen.append(dict(zip(numbers.tolist(), bursts.tolist(), strict=True)))

    cells = array_cells(DEVICES, DEVICES.learnable, 3, seed=0)
    run_trials(DEVICES, cells, common_bursts(by_trial, 3), record=record)
    for numbers in seen:
        for cell, burst in numbers.items():
            others = [one for one in numbers if one // 3 == cell // 3]
            assert burst == min(10 - one for one in others)


def test_the_seed_draws_the_array() -> None:
    first, again, other = (
        program_array(DEVICES, DEVICES.learnable, 8, CONTROLLER, seed) for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_a_longer_row_waits_longer_for_its_slowest_cell() -> None:
    small, large = (
        program_array(DEVICES, DEVICES.learnable, side, CONTROLLER, seed=0) for side in (4, 32)
    )
    assert small.row_reads < large.row_reads
    assert small.row_pulses < large.row_pulses


def test_bad_arrays_are_refused() -> None:
    with pytest.raises(PulsewrightError, match="an array of side 0; choose 1 to 1024"):
        program_array(DEVICES, DEVICES.learnable, 0, CONTROLLER, 0)
    with pytest.raises(PulsewrightError, match=r"a read voltage of 0 V; give the one"):
        program_array(DEVICES, DEVICES.learnable, 2, CONTROLLER, 0, read_voltage=0)
    with pytest.raises(PulsewrightError, match="no curve to draw the cells"):
        program_array(DEVICES, np.zeros(30, dtype=bool), 4, CONTROLLER, 0)
