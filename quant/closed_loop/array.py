# SPDX-License-Identifier: Apache-2.0
"""A square array programmed row by row: cells drawn from curves, each to a random level.

All cells of a row are read at once, and pulses go to all its cells in parallel, each cell masked
when it has had its own; a row is done when its slowest cell is.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.quant.closed_loop.trials import (
    PICOAMPERES,
    TOLERANCE,
    Controller,
    MeasuredDevices,
    Trials,
    overshot,
    run_trials,
)

BoolArray = npt.NDArray[np.bool_]

# Levels, as shares of the rise of a cell's curve.
LEVELS = (0.1, 0.9)
LARGEST_SIDE = 1024


class ArrayFigures(NamedTuple):
    """Figures of an array of side x side cells.

    reads, pulses, decisions: means over cells. overshoot: share of the cells. row_reads: mean over
    rows, reads of a row until its slowest cell is done. row_pulses: the same of pulse slots, the
    longest burst of each round.
    """

    side: int
    reads: float
    pulses: float
    decisions: float
    overshoot: float
    row_reads: float
    row_pulses: float


def program_array(
    devices: MeasuredDevices, chosen: BoolArray, side: int, controller: Controller, seed: int
) -> ArrayFigures:
    """Program `side` x `side` cells; the same seed draws the same cells and levels.

    chosen: (curves,) from which cells are drawn, with replacement: a large array has many cells of
    one curve.

    Raises:
        PulsewrightError: no curve is chosen, or the side is not 1 to 1024.
    """
    if not 1 <= side <= LARGEST_SIDE:
        raise PulsewrightError(f"an array of side {side}; choose 1 to {LARGEST_SIDE}")
    cells = array_cells(devices, chosen, side, seed)
    longest: list[IntegerArray] = []

    def record(numbers: IntegerArray, bursts: IntegerArray) -> None:
        of_row = np.zeros(side, dtype=np.int64)
        np.maximum.at(of_row, numbers // side, np.minimum(bursts, devices.curves.pulses - 1))
        longest.append(of_row)

    outcome = run_trials(devices, cells, controller, record=record)
    slots = np.sum(longest, axis=0) if longest else np.zeros(side)
    return ArrayFigures(
        side,
        float(outcome.reads.mean()),
        float(outcome.pulses.mean()),
        float((outcome.reads - 1).mean()),
        float(overshot(cells, outcome).mean()),
        float(outcome.reads.reshape(side, side).max(axis=1).mean()),
        float(np.mean(slots)),
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
