# SPDX-License-Identifier: Apache-2.0
from dataclasses import dataclass, field

import numpy as np

from pulsewright.hls_model.closed_loop.memory import DeviceMemory
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.quant.closed_loop.programmings import programmings, run_programmings
from pulsewright.quant.closed_loop.trials import (
    MeasuredDevices,
    Outcome,
    Situation,
    make_trials,
    run_trials,
)
from pulsewright.quant.datasets.synthetic import synthetic_curves

DEVICES = MeasuredDevices(synthetic_curves(0, curves=9))
SESSION = np.array([0, 0, 0, 0, 0, 1, 1, 1, 1])
CHOSEN = DEVICES.learnable & (np.arange(9) != 2)
TRIALS = make_trials(DEVICES, CHOSEN)


@dataclass
class Recorder:
    """Two pulses always; keeps how many trials a device had, and the curve of the last one."""

    seen: list[tuple[int, int, int]] = field(default_factory=list)

    def bursts(self, situation: Situation, memory: DeviceMemory) -> IntegerArray:
        self.seen += zip(
            situation.curve.tolist(), memory.log_gain.tolist(), memory.deviation.tolist(),
            strict=True,
        )  # fmt: skip
        return np.full_like(situation.curve, 2)

    def remember(
        self, curve: IntegerArray, memory: DeviceMemory, outcome: Outcome, first: IntegerArray
    ) -> DeviceMemory:
        assert np.array_equal(first, DEVICES.reads[curve, 0])
        assert (outcome.pulses >= 2).all()
        return DeviceMemory(memory.log_gain + 1, curve)


def test_every_trial_is_had_once_and_a_device_goes_through_its_curves_in_order() -> None:
    order = programmings(TRIALS, SESSION)
    for device in np.unique(order.device).tolist():
        rows = np.flatnonzero(order.device == device)
        rows = rows[np.argsort(order.turn[rows])]
        assert order.turn[rows].tolist() == list(range(len(rows)))
        assert (np.diff(TRIALS.curve[rows]) > 0).all()
        assert len(set(SESSION[TRIALS.curve[rows]])) == 1
        levels = [
            (TRIALS.level[row] - DEVICES.reads[TRIALS.curve[row], 0])
            / np.ptp(DEVICES.reads[TRIALS.curve[row]])
            for row in rows
        ]
        # Another level than the one before.
        assert (np.abs(np.diff(levels)) > 0.1).all()
    assert len(np.unique(order.device)) == 6


def test_what_a_device_had_before_is_there() -> None:
    recorder = Recorder()
    run_programmings(DEVICES, TRIALS, programmings(TRIALS, SESSION), recorder)
    curves = np.flatnonzero(CHOSEN)
    for session in (0, 1):
        own = curves[SESSION[curves] == session].tolist()
        for number, curve in enumerate(own):
            before = {(times, last) for one, times, last in recorder.seen if one == curve}
            assert before == {(number, own[number - 1] if number else 0)}


def test_a_controller_that_remembers_nothing_has_the_ordinary_outcome() -> None:
    found = run_programmings(DEVICES, TRIALS, programmings(TRIALS, SESSION), Recorder())
    usual = run_trials(DEVICES, TRIALS, lambda situation: np.full_like(situation.curve, 2))
    for column, expected in zip(found, usual, strict=True):
        assert np.array_equal(column, expected)
