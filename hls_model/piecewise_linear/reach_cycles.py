# SPDX-License-Identifier: Apache-2.0
"""Clock cycles of a reach on the engine for piecewise-linear curves, which depend on its curve."""

from itertools import pairwise

import numpy as np

from pulsewright.hls_model.piecewise_linear.curve import Piece, curve, pieces
from pulsewright.hls_model.piecewise_linear.network import PiecewiseLinearNetwork
from pulsewright.hls_model.piecewise_linear.widths import BLOCK_PULSES
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.schedule.piecewise_linear_timing import (
    STEP_BACK,
    STOP_STAGES,
    PiecewiseLinearTiming,
)


def reach_cycle(
    network: PiecewiseLinearNetwork,
    timing: PiecewiseLinearTiming,
    codes: IntegerArray,
    first: int,
    last: int,
    target: int,
) -> int:
    """Cycle of the one result of a reach job; the arguments are those of `reach`.

    A stop is a knot, the end of a block of pulses, or the last pulse. Behind a stop that is past
    the target, or where the output may have turned from rising to falling, the engine takes
    STEP_BACK cycles to go back, and then every pulse up to that stop.
    """
    found = pieces(network, codes, first, last)
    values = curve(network, codes, first, last) >= target
    if values[0] or last == first:
        return timing.latency
    stops = _stops(found, first, last)
    slopes = _slopes(found, first, last)
    cycle = timing.first_stop
    for before, stop in pairwise(stops):
        turns = slopes[before] >= 0 > slopes[stop]
        if stop - before > 1 and (values[stop] or turns):
            cycle += STEP_BACK
            reached = np.flatnonzero(values[before + 1 : stop + 1])
            if reached.size:
                return cycle + int(reached[0]) + STOP_STAGES
            cycle += stop - before
        elif values[stop]:
            return cycle + STOP_STAGES
        else:
            cycle += 1
    return cycle - 1 + STOP_STAGES


def _stops(found: list[Piece], first: int, last: int) -> list[int]:
    """Where the engine looks, in pulses after the first."""
    knots = {piece.first - first for piece in found}
    ends = set(range(BLOCK_PULSES - 1, last - first, BLOCK_PULSES))
    return sorted(knots | ends | {0, last - first})


def _slopes(found: list[Piece], first: int, last: int) -> IntegerArray:
    """Slope of the output behind each pulse."""
    slopes = np.zeros(last - first + 1, dtype=np.int64)
    for piece in found:
        begin = piece.first - first
        slopes[begin : begin + piece.pulses] = piece.slope
    return slopes
