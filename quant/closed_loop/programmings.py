# SPDX-License-Identifier: Apache-2.0
"""Trials in the order in which devices get them, so that a controller may remember a device.

The curves of a session are taken to be of one device, in their order: an inference.
"""

from typing import NamedTuple, Protocol

import numpy as np

from pulsewright.hls_model.closed_loop.memory import DeviceMemory
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.quant.closed_loop.trials import (
    MeasuredDevices,
    Outcome,
    Record,
    Situation,
    Trials,
    run_trials,
)


class MemoryController(Protocol):
    """A controller that keeps something of every device between programmings."""

    def bursts(self, situation: Situation, memory: DeviceMemory) -> IntegerArray:
        """(trials,) pulses to give next, 1 or more; memory: of each trial's device."""

    def remember(
        self, curve: IntegerArray, memory: DeviceMemory, outcome: Outcome, first: IntegerArray
    ) -> DeviceMemory:
        """The memory after trials of the curves `curve` that began with the reads `first`."""


class Programmings(NamedTuple):
    """Trials of several devices; (trials,) each.

    device: numbers from 0. turn: which programming of its device a trial is, from 0.
    """

    device: IntegerArray
    turn: IntegerArray


def programmings(trials: Trials, session: IntegerArray) -> Programmings:
    """Each session as one device that is programmed once a curve, with another level each time.

    Sessions are gone through as often as curves have levels, each time as a device of its own that
    begins with nothing remembered, so that every trial is had once. session: (curves,).
    """
    begins = np.flatnonzero(np.diff(trials.curve, prepend=-1))
    levels = np.diff(np.append(begins, len(trials.curve)))
    passes = int(levels.max())
    device, turn = np.zeros_like(trials.curve), np.zeros_like(trials.curve)
    for number in range(passes):
        turns: dict[int, int] = {}
        for curve, (begin, held) in enumerate(zip(begins.tolist(), levels.tolist(), strict=True)):
            place = (curve + number) % passes
            if place < held:
                own = int(session[trials.curve[begin]]) * passes + number
                device[begin + place] = own
                turn[begin + place] = turns.get(own, 0)
                turns[own] = turns.get(own, 0) + 1
    return Programmings(np.unique(device, return_inverse=True)[1].reshape(-1), turn)


def run_programmings(
    devices: MeasuredDevices,
    trials: Trials,
    order: Programmings,
    controller: MemoryController,
    record: Record | None = None,
) -> Outcome:
    """Run the trials turn by turn, each with the memory of all that its device had before.

    record: as of `run_trials`, the numbers those of `trials`.
    """
    memory = DeviceMemory.empty(int(order.device.max()) + 1)
    found = Outcome(*(np.zeros_like(trials.curve) for _ in Outcome._fields))
    for turn in range(int(order.turn.max()) + 1):
        rows = np.flatnonzero(order.turn == turn)
        now = _rows(memory, order.device[rows])
        curve = trials.curve[rows]

        def decide(situation: Situation, now: DeviceMemory = now) -> IntegerArray:
            return controller.bursts(situation, _rows(now, situation.trial))

        def tell(numbers: IntegerArray, given: IntegerArray, rows: IntegerArray = rows) -> None:
            if record is not None:
                record(rows[numbers], given)

        chosen = Trials(*(column[rows] for column in trials))
        outcome = run_trials(devices, chosen, decide, record=tell)
        after = controller.remember(curve, now, outcome, devices.reads[curve, 0])
        for column, values in zip(memory, after, strict=True):
            column[order.device[rows]] = values
        for column, values in zip(found, outcome, strict=True):
            column[rows] = values
    return found


def _rows(memory: DeviceMemory, rows: IntegerArray) -> DeviceMemory:
    return DeviceMemory(*(column[rows] for column in memory))
