# SPDX-License-Identifier: Apache-2.0
"""A square array programmed row by row: cells drawn from curves, each to a random level.

All cells of a row are read at once, and pulses go to all its cells in parallel; a row is done when
its slowest cell is.
"""

from enum import StrEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.quant.closed_loop.pulse_energy import (
    MICROSECONDS,
    READ_VOLTAGE,
    check_read_voltage,
    pulse_joules,
    read_joules,
)
from pulsewright.quant.closed_loop.trials import (
    MOST_READS,
    PICOAMPERES,
    TOLERANCE,
    Controller,
    MeasuredDevices,
    Outcome,
    Situation,
    Trials,
    overshot,
    run_trials,
)

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]

# Levels, as shares of the rise of a cell's curve.
LEVELS = (0.1, 0.9)
LARGEST_SIDE = 1024


class RowBursts(StrEnum):
    """How many pulses the cells of a row get in a round.

    OWN: each what its controller asks for, masked when it has had them. COMMON: all cells that are
    not done the least that any of them asks for, so that a row needs no mask but of cells done.
    """

    OWN = "own"
    COMMON = "common"


class ArrayFigures(NamedTuple):
    """Figures of an array of side x side cells.

    reads, pulses, decisions: means over cells. overshoot: share of the cells. row_reads: mean over
    rows, reads of a row until its slowest cell is done. row_pulses: the same of pulse slots, the
    longest burst of each round. row_seconds: mean time of a row, slots of set time and pause, and
    reads; cell_seconds: of its cells one after another. pulse_joules, read_joules: means over
    cells; a cell that is done is read no more.
    """

    side: int
    bursts: str
    reads: float
    pulses: float
    decisions: float
    overshoot: float
    row_reads: float
    row_pulses: float
    row_seconds: float
    cell_seconds: float
    pulse_joules: float
    read_joules: float


def program_array(
    devices: MeasuredDevices,
    chosen: BoolArray,
    side: int,
    controller: Controller,
    seed: int,
    bursts: RowBursts = RowBursts.OWN,
    read_voltage: float = READ_VOLTAGE,
) -> ArrayFigures:
    """Program `side` x `side` cells; the same seed draws the same cells and levels.

    chosen: (curves,) from which cells are drawn, with replacement: a large array has many cells of
    one curve. read_voltage: V, at which the currents were read.

    Raises:
        PulsewrightError: no curve is chosen, the side is not 1 to 1024, or the read voltage is not
            above 0.
    """
    if not 1 <= side <= LARGEST_SIDE:
        raise PulsewrightError(f"an array of side {side}; choose 1 to {LARGEST_SIDE}")
    check_read_voltage(read_voltage)
    cells = array_cells(devices, chosen, side, seed)
    rounds = _Rounds(devices, cells, side, read_voltage)
    most_reads = MOST_READS
    if bursts is RowBursts.COMMON:
        controller = common_bursts(controller, side)
        # A round gives a pulse at least, so that places bound the rounds.
        most_reads = devices.curves.pulses + 1
    outcome = run_trials(devices, cells, controller, most_reads, rounds.record)
    slot = _slot_microseconds(devices)[cells.curve]
    read = devices.setting.t_read[cells.curve]
    by_row = outcome.reads.reshape(side, side).max(axis=1)
    row_seconds = rounds.row_microseconds + by_row * read.reshape(side, side).max(axis=1)
    cell_seconds = (outcome.pulses * slot + outcome.reads * read).reshape(side, side).sum(axis=1)
    joules = pulse_joules(devices, cells.curve, outcome.pulses, read_voltage)
    return ArrayFigures(
        side,
        bursts.value,
        *_cell_figures(cells, outcome),
        float(by_row.mean()),
        float(rounds.row_slots.mean()),
        float(row_seconds.mean() / MICROSECONDS),
        float(cell_seconds.mean() / MICROSECONDS),
        float(joules.mean()),
        float(rounds.read_joules.mean()),
    )


def common_bursts(controller: Controller, side: int) -> Controller:
    """The controller, but that all cells of a row of `side` get the least that one of them asks."""

    def decide(situation: Situation) -> IntegerArray:
        row = situation.trial // side
        least = np.full(int(row.max()) + 1, np.iinfo(np.int64).max)
        np.minimum.at(least, row, np.maximum(controller(situation), 1))
        shared: IntegerArray = least[row]
        return shared

    return decide


class _Rounds:
    """Counts what rounds take while an array is programmed.

    row_slots, row_microseconds: (side,) pulse slots, and their time. read_joules: (cells,) of all
    reads so far, the first included.
    """

    def __init__(
        self, devices: MeasuredDevices, cells: Trials, side: int, read_voltage: float
    ) -> None:
        self.devices, self.cells, self.side, self.voltage = devices, cells, side, read_voltage
        self.row_slots = np.zeros(side, dtype=np.int64)
        self.row_microseconds = np.zeros(side, dtype=np.int64)
        self._place = np.zeros_like(cells.curve)
        self._slot = _slot_microseconds(devices)[cells.curve]
        self.read_joules = read_joules(devices, cells.curve, self._place, read_voltage)

    def record(self, numbers: IntegerArray, bursts: IntegerArray) -> None:
        """A round: the cells that are not done, and what each gets before it is read."""
        last = self.devices.curves.pulses - 1
        before = self._place[numbers]
        after = np.minimum(before + np.maximum(bursts, 1), last)
        self._place[numbers] = after
        row, given = numbers // self.side, after - before
        slots, time = np.zeros_like(self.row_slots), np.zeros_like(self.row_microseconds)
        np.maximum.at(slots, row, given)
        np.maximum.at(time, row, given * self._slot[numbers])
        self.row_slots += slots
        self.row_microseconds += time
        curve = self.cells.curve[numbers]
        self.read_joules[numbers] += read_joules(self.devices, curve, after, self.voltage)


def _slot_microseconds(devices: MeasuredDevices) -> IntegerArray:
    """(curves,) of one pulse with its pause."""
    return np.asarray(devices.setting.t_set + devices.setting.t_off)


def _cell_figures(cells: Trials, outcome: Outcome) -> tuple[float, float, float, float]:
    """Means over cells: reads, pulses, decisions, and the share that overshot."""
    return (
        float(outcome.reads.mean()),
        float(outcome.pulses.mean()),
        float((outcome.reads - 1).mean()),
        float(overshot(cells, outcome).mean()),
    )


def array_cells(devices: MeasuredDevices, chosen: BoolArray, side: int, seed: int) -> Trials:
    """(side * side,) row by row: a curve, a level and a tolerance of 1/32 of its rise each.

    Raises:
        PulsewrightError: no curve is chosen.
    """
    if not chosen.any():
        raise PulsewrightError("no curve to draw the cells of an array from; give curves that rise")
    random = np.random.default_rng(seed)
    curve = random.choice(np.flatnonzero(chosen), side * side)
    smooth, rise = devices.quality.smooth[curve, 0], devices.quality.rise[curve]
    level = smooth + rise * random.uniform(*LEVELS, side * side)
    return Trials(
        curve,
        np.rint(level * PICOAMPERES).astype(np.int64),
        np.maximum(np.rint(TOLERANCE * rise * PICOAMPERES).astype(np.int64), 1),
    )
