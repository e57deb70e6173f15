# SPDX-License-Identifier: Apache-2.0
"""Write-and-verify without a model: single pulses, doubling, and extrapolation in N and log N.

Every rule takes history and target, arrays of equal shape, and gives the pulses to give next, 1 or
more, in integers.
"""

import numpy as np

from pulsewright.hls_model.closed_loop.history import History
from pulsewright.hls_model.closed_loop.logarithm import OCTAVE, exp2, log2
from pulsewright.hls_model.closed_loop.rule import Target
from pulsewright.hls_model.reference.fixed_point import IntegerArray

# Within this many tolerances of the level an extrapolation aims at the level itself.
NEAR = 2
PERCENT = 100


def single(history: History, target: Target) -> IntegerArray:
    """One pulse, whatever was read."""
    return np.ones_like(history.last + target.level)


def doubling(history: History, target: Target, far: int) -> IntegerArray:
    """Twice the last burst while the rest is more than `far` times its rise, else one pulse."""
    step = history.last_place - history.previous_place
    rest = target.level - history.last
    doubled = np.where(far * (history.last - history.previous) < rest, 2 * np.maximum(step, 1), 1)
    return np.where(history.last_place > 0, doubled, 1)


def extrapolated(history: History, target: Target, percent: int, most: int) -> IntegerArray:
    """Straight in N through the last two reads to `percent` of the rest, at most `most` pulses.

    One more than before if the current did not rise, and one pulse first.
    """
    step = history.last_place - history.previous_place
    rise = history.last - history.previous
    rest = np.maximum(target.level - history.last, 0)
    straight = percent * rest * step // (PERCENT * np.maximum(rise, 1))
    burst = np.where(rise > 0, np.clip(straight, 1, most), np.minimum(step + 1, most))
    return np.where(history.last_place > 0, burst, 1)


def extrapolated_in_log(history: History, target: Target, percent: int, first: int) -> IntegerArray:
    """Straight in log(1 + N) through the last two reads, to `percent` of the rest.

    To the level itself where the rest is within two tolerances. Twice the last burst if the current
    did not rise; `first` pulses first.
    """
    place, before = log2(1 + history.last_place), log2(1 + history.previous_place)
    rise = history.last - history.previous
    rest = np.maximum(target.level - history.last, 0)
    share = np.where(rest <= NEAR * target.tolerance, PERCENT, percent)
    octaves = share * rest * (place - before) // (PERCENT * np.maximum(rise, 1))
    end = exp2(place + np.minimum(octaves, 18 * OCTAVE))
    straight = end // OCTAVE - (1 + history.last_place)
    step = history.last_place - history.previous_place
    burst = np.maximum(np.where(rise > 0, straight, 2 * step), 1)
    return np.where(history.last_place > 0, burst, first)
