# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.quant.closed_loop.array import array_cells, program_array
from pulsewright.quant.closed_loop.controllers import blind_families
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
    assert found.row_pulses == pytest.approx(2 * (by_row - 1).mean())


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
    with pytest.raises(PulsewrightError, match="no curve to draw the cells"):
        program_array(DEVICES, np.zeros(30, dtype=bool), 4, CONTROLLER, 0)
