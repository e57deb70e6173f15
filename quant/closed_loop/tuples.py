# SPDX-License-Identifier: Apache-2.0
"""Training data of a history network: reads drawn from curves, and the pulses to a level."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pulsewright.hls_model.closed_loop.history import History, PulseSetting, prepare
from pulsewright.hls_model.closed_loop.logarithm import OCTAVE
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.input_map import InputMap
from pulsewright.quant.closed_loop.trials import PICOAMPERES, MeasuredDevices

FloatArray = npt.NDArray[np.float64]

# Levels, as shares of the rise of a curve; those above its end are left out.
LEVELS = (0.03, 1.05)
# Of the histories, those with the first read alone, and of the others those whose previous read is
# the first.
FIRST_READ_SHARE = 0.12
FIRST_PREVIOUS_SHARE = 0.25
# The shortest way to a level, in octaves of 1 + N.
SHORTEST_WAY = 0.03
# Curves on a coarse grid give half as many.
COARSE_SHARE = 0.5


class Tuples(NamedTuple):
    """Inputs with what the network is to say.

    inputs: (rows, 13) as `prepare` makes them. correction: (rows,) logarithm of the way to the
    level over the straight line, in octaves. curve: (rows,).
    """

    inputs: IntegerArray
    correction: FloatArray
    curve: IntegerArray


def draw_tuples(
    devices: MeasuredDevices, chosen: IntegerArray, per_curve: int, seed: int
) -> Tuples:
    """Draw about `per_curve` histories and levels of each curve of `chosen`.

    The last read is drawn evenly over a power of log(1 + N) up to the level, the previous one
    before it; reads are as measured, glitches left out, and levels lie on the smooth curve.

    Raises:
        PulsewrightError: no tuple is left.
    """
    random = np.random.default_rng(seed)
    curve = _repeated(devices, chosen, per_curve)
    smooth, rise = devices.quality.smooth, devices.quality.rise
    level = smooth[curve, 0] + rise[curve] * random.uniform(*LEVELS, len(curve))
    end = _crossings(smooth, curve, level)
    reachable = np.isfinite(end)
    curve, level, end = curve[reachable], level[reachable], end[reachable]
    last, previous = _places(end, devices.curves.pulses, random)
    way = end - np.log2(1 + last)
    whole = np.rint(level * PICOAMPERES).astype(np.int64)
    glitches = devices.quality.glitches
    kept = (way > 0) & (devices.reads[curve, last] < whole)
    kept &= ~(glitches[curve, last] | glitches[curve, previous])
    if not kept.any():
        raise PulsewrightError(
            "no curve has two reads below a level that it reaches; give curves that rise"
        )
    curve, last, previous = curve[kept], last[kept], previous[kept]
    reads = devices.reads
    history = History(
        previous,
        last,
        reads[curve, 0],
        reads[curve, previous],
        reads[curve, last],
        devices.resolution[curve],
    )
    setting = PulseSetting(*(column[curve] for column in devices.setting))
    prepared = prepare(history, setting, whole[kept])
    correction = np.log2(np.maximum(way[kept], SHORTEST_WAY)) - prepared.straight_line / OCTAVE
    return Tuples(prepared.inputs, correction, curve)


def si_inputs(input_map: InputMap, inputs: IntegerArray) -> FloatArray:
    """Prepared inputs (rows, features) as the SI values that `input_map` takes, without loss."""
    per_si = [feature.per_si for feature in input_map.features]
    scaled: FloatArray = inputs / np.array(per_si, dtype=np.float64)
    return scaled


def _repeated(devices: MeasuredDevices, chosen: IntegerArray, per_curve: int) -> IntegerArray:
    coarse = devices.quality.coarse[chosen]
    return np.repeat(chosen, np.where(coarse, round(per_curve * COARSE_SHARE), per_curve))


def _places(
    end: FloatArray, pulses: int, random: np.random.Generator
) -> tuple[IntegerArray, IntegerArray]:
    """Places of the last and the previous read on the way to `end`, in octaves of 1 + N."""
    rows = len(end)
    place = np.exp2(end * random.uniform(0, 1, rows) ** 0.8) - 1 + random.uniform(0, 0.5, rows)
    last = np.clip(np.floor(place), 0, pulses - 3).astype(np.int64)
    last[random.uniform(size=rows) < FIRST_READ_SHARE] = 0
    previous = np.floor(random.uniform(0, 1, rows) ** 1.2 * last).astype(np.int64)
    previous[random.uniform(size=rows) < FIRST_PREVIOUS_SHARE] = 0
    return last, previous


def _crossings(smooth: FloatArray, curve: IntegerArray, level: FloatArray) -> FloatArray:
    """log2(1 + N) where the smooth curve reaches a level, interpolated; inf where it does not."""
    place = np.log2(1 + np.arange(smooth.shape[1]))
    end = np.full(len(curve), np.inf)
    for one in np.unique(curve).tolist():
        rows = np.flatnonzero(curve == one)
        rising = smooth[one]
        reached = level[rows] <= rising[-1]
        distinct = np.concatenate([[True], np.diff(rising) > 0])
        end[rows[reached]] = np.interp(level[rows[reached]], rising[distinct], place[distinct])
    return end
