# SPDX-License-Identifier: Apache-2.0
"""Curves and reaches by switches: the same integers as an inference for every pulse number."""

from typing import NamedTuple

import numpy as np

from pulsewright.hls_model.piecewise_linear.network import PiecewiseLinearNetwork
from pulsewright.hls_model.reference.fixed_point import IntegerArray


class Switches(NamedTuple):
    """Where hidden neurons switch along a sweep, in pulses after its first.

    A neuron is on while its accumulator is 0 or more.
    on: (neurons,) those that are on at the first pulse.
    pulses: (neurons,) pulses until the neuron is first other than it was, 1 or more; 0: never.
    distances: (neurons,) what its accumulator then is from 0, at least 0, less than its slope's
    magnitude or equal to it.
    """

    on: np.ndarray[tuple[int], np.dtype[np.bool_]]
    pulses: IntegerArray
    distances: IntegerArray


def find_switches(slopes: IntegerArray, accumulators: IntegerArray) -> Switches:
    """Switches of neurons with these accumulators at the first pulse; both (neurons,).

    With u = acc of a neuron that is on and -1 - acc of another, a neuron whose slope leads away
    from its side is other than it was after floor(u / |slope|) + 1 pulses.
    """
    on = accumulators >= 0
    magnitudes = np.abs(slopes)
    switching = (slopes != 0) & (on == (slopes < 0))
    away = np.where(on, accumulators, ~accumulators)
    pulses = away // np.maximum(magnitudes, 1) + 1
    distances = np.abs(accumulators + pulses * slopes)
    return Switches(on, np.where(switching, pulses, 0), np.where(switching, distances, 0))


class Piece(NamedTuple):
    """Output value + slope * i for i = 0..pulses - 1, in pulses after `first`."""

    first: int
    pulses: int
    value: int
    slope: int


def pieces(
    network: PiecewiseLinearNetwork, codes: IntegerArray, first: int, last: int
) -> list[Piece]:
    """The linear pieces of the output from pulse number `first` to `last`, each one pulse or more.

    codes: (inputs,), of which that of the pulse number is not looked at. first, last: of the sweep,
    last not before first.
    """
    accumulators = network.accumulators(codes, first)
    switches = find_switches(network.slopes, accumulators)
    weights = network.output_weights
    steps = weights * network.slopes
    value = network.output_bias + int(weights[switches.on] @ accumulators[switches.on])
    slope = int(steps[switches.on].sum())
    signs = np.where(network.slopes < 0, -1, 1)
    found: list[Piece] = []
    begin = 0
    ends = np.unique(switches.pulses[(switches.pulses > 0) & (switches.pulses <= last - first)])
    for end in [*ends.tolist(), last - first + 1]:
        found.append(Piece(first + begin, end - begin, value, slope))
        here = switches.pulses == end
        value += slope * (end - begin) + int(weights[here] @ switches.distances[here])
        slope += int((signs * steps)[here].sum())
        begin = end
    return found


def curve(
    network: PiecewiseLinearNetwork, codes: IntegerArray, first: int, last: int
) -> IntegerArray:
    """Outputs (last - first + 1,) at the pulse numbers first..last, exactly; see `pieces`."""
    parts = [
        piece.value + piece.slope * np.arange(piece.pulses, dtype=np.int64)
        for piece in pieces(network, codes, first, last)
    ]
    return np.concatenate(parts)


def reach(
    network: PiecewiseLinearNetwork, codes: IntegerArray, first: int, last: int, target: int
) -> int | None:
    """The first pulse number of first..last whose output is `target` or more; None if none is."""
    for piece in pieces(network, codes, first, last):
        short = target - piece.value
        if short <= 0:
            return piece.first
        if piece.slope > 0 and (pulses := -(-short // piece.slope)) < piece.pulses:
            return piece.first + pulses
    return None
