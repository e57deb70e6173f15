# SPDX-License-Identifier: Apache-2.0
"""What is kept of a device from one programming to the next, and the first burst that it allows.

Four bytes a device. From the second read on the history says more, and the rule is the ordinary
one.
"""

from typing import NamedTuple, Self

import numpy as np

from pulsewright.hls_model.closed_loop.history import History, PulseSetting, prepare
from pulsewright.hls_model.closed_loop.logarithm import OCTAVE, exp2, log2
from pulsewright.hls_model.closed_loop.population import UNIT_BITS, Population
from pulsewright.hls_model.closed_loop.rule import (
    LOW_QUANTILE,
    MEDIAN,
    Target,
    bursts,
    corrections,
)
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp

# Logarithms are kept in octaves of 2**-11, so that gains of 31 bits fit 16 bits.
KEPT_BITS = 1
LARGEST_KEPT = 2**16 - 1
# Of a device's own way, in 1/256; the rest is the population's.
OWN_SHARE = 205
SHARE_BITS = 8
# How far a gain moves between programmings before there are two, in octaves of 2**-11.
USUAL_DEVIATION = OCTAVE // 8
# Of the low quantile beside the device's deviation, in octaves of 2**-12.
MARGIN = OCTAVE // 4
LONGEST_FIRST_BURST = 32


class DeviceMemory(NamedTuple):
    """Gains of devices, and how far they moved; (devices,) each, 0 to 65535.

    log_gain: logarithm of the rise over all pulses, as a current, in octaves of 2**-11; 0 where
    nothing is known. deviation: the largest recent change of it, halved by every programming.
    """

    log_gain: IntegerArray
    deviation: IntegerArray

    @classmethod
    def empty(cls, devices: int) -> Self:
        """Of devices that were not programmed yet."""
        return cls(np.zeros(devices, dtype=np.int64), np.zeros(devices, dtype=np.int64))


def remembered(
    memory: DeviceMemory,
    population: Population,
    pulses: IntegerArray,
    first: IntegerArray,
    last: IntegerArray,
) -> DeviceMemory:
    """The memory after programmings of `pulses` from the current `first` to `last`; (rows,) all.

    The new gain counts 80 %. A device that got pulses and did not rise is forgotten, one that got
    none stays as it was.
    """
    rise = last - first
    expected = log2(np.maximum(population.rise_at(pulses), 1)) - UNIT_BITS * OCTAVE
    seen = np.clip((log2(np.maximum(rise, 1)) - expected) >> KEPT_BITS, 1, LARGEST_KEPT)
    change = seen - memory.log_gain
    known = memory.log_gain > 0
    gain = np.where(known, memory.log_gain + (OWN_SHARE * change >> SHARE_BITS), seen)
    deviation = np.where(known, np.maximum(np.abs(change), memory.deviation >> 1), USUAL_DEVIATION)
    pulsed, rose = pulses > 0, rise > 0
    return DeviceMemory(
        np.where(pulsed, np.where(rose, gain, 0), memory.log_gain),
        np.where(pulsed, np.where(rose, deviation, 0), memory.deviation),
    )


def bursts_with_memory(
    model: IntegerMlp,
    population: Population,
    memory: DeviceMemory,
    history: History,
    setting: PulseSetting,
    target: Target,
    margin: int = MARGIN,
    bolder: int = 0,
) -> IntegerArray:
    """(rows,) pulses to give next, 1 or more: `bursts`, and for known devices a longer first one.

    The first burst mixes, as logarithms of the way, 80 % of what the device's gain says with 20 %
    of what the network says, and is 32 at the most. Its low quantile is for a gain that is
    `margin` (octaves of 2**-12) and the device's deviation higher. bolder: as of `bursts`.
    """
    usual = bursts(model, history, setting, target, bolder=bolder)
    rows = np.flatnonzero((memory.log_gain > 0) & (history.last_place == 0))
    if not rows.size:
        return usual
    known = DeviceMemory(*(column[rows] for column in memory))
    history, setting, target = (
        History(*(column[rows] for column in history)),
        PulseSetting(*(column[rows] for column in setting)),
        Target(*(column[rows] for column in target)),
    )
    gain = known.log_gain << KEPT_BITS
    higher = gain + margin + (known.deviation << KEPT_BITS)
    limit = target.level + target.tolerance
    own_median = own_way(population, gain, target.level - history.last)
    own_low = own_way(population, higher, limit - history.last)
    median = _mixed(own_median, _way(model, history, setting, target.level, MEDIAN))
    low = _mixed(own_low, _way(model, history, setting, limit, LOW_QUANTILE) + bolder)
    wanted = np.minimum((median + OCTAVE // 2) // OCTAVE, low // OCTAVE)
    usual[rows] = np.clip(wanted, 1, LONGEST_FIRST_BURST)
    return usual


def own_way(population: Population, gain: IntegerArray, rest: IntegerArray) -> IntegerArray:
    """Logarithm of the way to a rise by `rest` (a current), in octaves of 1 + N, from no pulse.

    gain: logarithm of the rise over all pulses, in octaves of 2**-12.
    """
    share = log2(np.maximum(rest, 1)) - gain
    rise = exp2(share + (UNIT_BITS - 12) * OCTAVE)
    return log2(population.octaves_to(rise)) - 12 * OCTAVE


def _way(
    model: IntegerMlp, history: History, setting: PulseSetting, level: IntegerArray, output: int
) -> IntegerArray:
    """(rows,) logarithm of the way by one output of the network, in octaves of 1 + N."""
    prepared = prepare(history, setting, level)
    return prepared.straight_line + corrections(model, prepared, output)


def _mixed(own: IntegerArray, usual: IntegerArray) -> IntegerArray:
    """(rows,) pulses from none, in units of 2**-12, by 80 % of one way and 20 % of another."""
    way = usual + (OWN_SHARE * (own - usual) >> SHARE_BITS)
    return exp2(exp2(way)) - OCTAVE
