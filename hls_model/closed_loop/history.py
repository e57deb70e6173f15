# SPDX-License-Identifier: Apache-2.0
"""What a controller knows of a device, as the thirteen inputs of the history network.

Scale-free: every current stands in a ratio, none alone, and no range of a curve is used. All
integers, so that firmware makes the same bits.
"""

from typing import NamedTuple

import numpy as np

from pulsewright.hls_model.closed_loop.logarithm import LARGEST_INTEGER, OCTAVE, exp2, log2
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import FixedPoint, IntegerArray
from pulsewright.hls_model.reference.input_map import Feature, InputMap, fit_affine

# Slopes d(I)/I per octave of 1 + N: of the population before there are two reads, and the bounds,
# in octaves of 2**-12: 0.21, 0.02 and 1.4.
USUAL_SLOPE = -9290
LEAST_SLOPE, LARGEST_SLOPE = -22938, 2048
# (level - I) / I: a thousandth to eight.
NEAREST, FARTHEST = -10 * OCTAVE, 3 * OCTAVE
# Straight-line distance in octaves of 1 + N, as a logarithm: 1/32 to 16.
SHORTEST_LINE, LONGEST_LINE = -5 * OCTAVE, 4 * OCTAVE
# Read noise over last rise, in units of 2**-12.
MOST_NOISE = 2 * OCTAVE
# Reads have this relative noise, or the resolution if that is more.
NOISE_DIVISOR = 200
MOST_PULSES = 2**16
# Inputs that the level changes: log_distance and log_straight_line.
LEVEL_INPUTS = (2, 3)


class PulseSetting(NamedTuple):
    """Pulse parameters as firmware has them: mV and us; arrays of equal shape, or integers."""

    v_set: IntegerArray
    v_anti: IntegerArray
    t_set: IntegerArray
    t_off: IntegerArray
    t_read: IntegerArray


class History(NamedTuple):
    """The reads that count: first, previous and last; arrays of equal shape.

    previous_place, last_place: pulses given before those reads, 0 <= previous <= last; both 0 if
    there is only the first read. first, previous, last: currents. resolution: the step of the
    instrument. All currents in one unit, 0 to 2**31 - 1.
    """

    previous_place: IntegerArray
    last_place: IntegerArray
    first: IntegerArray
    previous: IntegerArray
    last: IntegerArray
    resolution: IntegerArray


class Prepared(NamedTuple):
    """Inputs of the network, and what its outputs add to.

    inputs: (rows, 13) integers in the units of `features`. straight_line: (rows,) logarithm of the
    straight-line distance to the level, in octaves of 1 + N.
    """

    inputs: IntegerArray
    straight_line: IntegerArray


def prepare(history: History, setting: PulseSetting, level: IntegerArray) -> Prepared:
    """The network's inputs for the pulses to `level`, (rows,) all.

    A current below the resolution counts as the resolution, a level below the last current as one
    step above it.
    """
    floor = np.maximum(history.resolution, 1)
    first, previous, last = (
        np.maximum(current, floor) for current in (history.first, history.previous, history.last)
    )
    place, before = log2(1 + history.last_place), log2(1 + history.previous_place)
    has_history = (history.last_place > 0).astype(np.int64)
    log_last = log2(last)
    distance = np.clip(log2(np.maximum(level - last, 1)) - log_last, NEAREST, FARTHEST)
    slope = _slope(last - previous, log_last, place - before, has_history)
    overall = _slope(last - first, log_last, place, has_history)
    straight_line = distance - slope
    noise = log2(np.maximum(floor, last // NOISE_DIVISOR))
    rise = log2(np.maximum(last - previous, 1))
    noise_share = has_history * np.minimum(exp2(noise - rise), MOST_NOISE)
    inputs = [
        place,
        place - before,
        distance,
        np.clip(straight_line, SHORTEST_LINE, LONGEST_LINE),
        slope,
        overall,
        has_history,
        noise_share,
        *(log2(time) for time in setting[2:]),
        *setting[:2],
    ]
    return Prepared(np.stack(np.broadcast_arrays(*inputs), axis=-1), straight_line)


def _slope(
    rise: IntegerArray, log_last: IntegerArray, octaves: IntegerArray, known: IntegerArray
) -> IntegerArray:
    """Logarithm of the relative rise per octave of 1 + N, bounded."""
    slope = log2(np.maximum(rise, 1)) - log_last - (log2(np.maximum(octaves, 1)) - 12 * OCTAVE)
    slope = np.where(rise > 0, np.clip(slope, LEAST_SLOPE, LARGEST_SLOPE), LEAST_SLOPE)
    return np.where(known > 0, slope, USUAL_SLOPE)


def features(setting: PulseSetting, pulses: int) -> tuple[Feature, ...]:
    """The inputs with their units and ranges, for pulse settings in the range of `setting`.

    pulses: the most that a device gets.

    Raises:
        PulsewrightError: `pulses` is not 1 to 65536, or a time is not positive.
    """
    if not 1 <= pulses <= MOST_PULSES:
        raise PulsewrightError(f"{pulses} pulses a device; give 1 to {MOST_PULSES}")
    times = np.concatenate([np.atleast_1d(time) for time in setting[2:]])
    if times.min() < 1 or times.max() > LARGEST_INTEGER:
        raise PulsewrightError(
            f"a pulse time is {times.min()} us, of which there is no logarithm; give 1 us or more"
        )
    most = int(log2(np.array(1 + pulses)))
    octave = ("octave", OCTAVE)
    listed = [
        ("log_pulses", *octave, 0, most),
        ("last_step", *octave, 0, most),
        ("log_distance", *octave, NEAREST, FARTHEST),
        ("log_straight_line", *octave, SHORTEST_LINE, LONGEST_LINE),
        ("log_last_slope", *octave, LEAST_SLOPE, LARGEST_SLOPE),
        ("log_overall_slope", *octave, LEAST_SLOPE, LARGEST_SLOPE),
        ("has_history", "flag", 1, 0, 1),
        ("noise_over_rise", "ratio", OCTAVE, 0, MOST_NOISE),
        *(
            (f"log_{name}", *octave, *_range(log2(np.asarray(times))))
            for name, times in zip(("t_set", "t_off", "t_read"), setting[2:], strict=True)
        ),
        ("v_set", "mV", 1000, *_range(setting.v_set)),
        ("v_anti", "mV", 1000, *_range(setting.v_anti)),
    ]
    return tuple(
        Feature(name=name, unit=unit, per_si=per_si, minimum=low, maximum=high)
        for name, unit, per_si, low, high in listed
    )


def history_map(setting: PulseSetting, pulses: int, code_format: FixedPoint) -> InputMap:
    """The input map of a history network; see `features`.

    Raises:
        PulsewrightError: what `features` refuses, or the format is unsigned.
    """
    maps = tuple(fit_affine(feature, code_format) for feature in features(setting, pulses))
    return InputMap(features=maps, code_format=code_format)


def _range(values: IntegerArray) -> tuple[int, int]:
    """Lowest and highest; one wider on either side where they are one."""
    low, high = int(np.min(values)), int(np.max(values))
    return (low, high) if low < high else (low - 1, high + 1)
