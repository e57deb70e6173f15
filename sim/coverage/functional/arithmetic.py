# SPDX-License-Identifier: Apache-2.0
"""Which corners of the arithmetic the rows of a bench meet: saturation, ties, changed inputs."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import IntegerArray, round_shift
from pulsewright.hls_model.reference.inference import forward
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.requantiser import LARGEST_SHIFT
from pulsewright.sim.coverage.functional.database import cover_point
from pulsewright.sim.coverage.functional.point_names import PointName

BooleanArray = npt.NDArray[np.bool_]

BELOW, SMALLEST, INSIDE, LARGEST, ABOVE = (
    "below the smallest code",
    "the smallest code",
    "between them",
    "the largest code",
    "above the largest code",
)
EXACT, LESS, TIE_EVEN, TIE_ODD, MORE = (
    "no remainder",
    "less than half",
    "half, an even code below",
    "half, an odd code below",
    "more than half",
)
CHANGES = ("no input", "one input", "some inputs", "every input")


def cover_rows(model: IntegerMlp, codes: IntegerArray) -> None:
    """Count what vectors that came one after the other meet. codes: (rows, inputs)."""
    changed = cover_point(PointName.CHANGED_INPUTS, CHANGES[:2] if model.sizes[0] == 1 else CHANGES)
    for before, row in pairwise(codes):
        changed(_change(int((before != row).sum()), len(row)))
    for name, bins in _met(model, codes).items():
        sample = cover_point(name, bins)
        for one, rows in bins.items():
            if rows.any():
                sample(one)


def covering_codes(model: IntegerMlp, candidates: IntegerArray) -> IntegerArray:
    """Of candidates (rows, inputs) the first that meets each corner of the arithmetic."""
    met = [rows for bins in _met(model, candidates).values() for rows in bins.values()]
    return candidates[sorted({int(rows.argmax()) for rows in met if rows.any()})]


def _met(model: IntegerMlp, codes: IntegerArray) -> dict[str, dict[str, BooleanArray]]:
    """Of every point and bin that can be reached, the rows (rows,) that do."""
    points: dict[str, dict[str, BooleanArray]] = {}
    values = codes
    for number, layer in enumerate(model.layers, start=1):
        if layer.output_format is not None:
            scaled = scaled_accumulators(layer, values)
            places, there = _places(layer, scaled), reachable_places(layer)
            points[PointName.CODES.of(number)] = {one: places[one] for one in there}
            if 0 < layer.shift <= LARGEST_SHIFT:
                points[PointName.ROUNDING.of(number)] = _remainders(layer.shift, scaled)
        values = forward([layer], values)
    if model.layers[-1].output_format is None:
        points[PointName.SUMS] = _signs(model, values)
    return points


def scaled_accumulators(layer: DenseLayer, codes: IntegerArray) -> IntegerArray:
    """What a layer's requantiser shifts, (rows, neurons): multiplier * accumulator + offset."""
    accumulators: IntegerArray = codes @ layer.aligned_weights.T + layer.aligned_bias
    law = layer.requantiser
    return accumulators if law is None else law.multiplier * accumulators + law.offset


def reachable_places(layer: DenseLayer) -> list[str]:
    """Where codes of a layer with requantiser may come to be, by the range of its sums."""
    low, high = (round_shift(np.array(end), layer.shift, layer.rounding) for end in _ends(layer))
    smallest, largest = _codes(layer)
    there = {
        BELOW: (low < smallest).any(),
        SMALLEST: ((low <= smallest) & (high >= smallest)).any(),
        INSIDE: largest - smallest > 1 and ((low < largest) & (high > smallest)).any(),
        LARGEST: ((low <= largest) & (high >= largest)).any(),
        ABOVE: (high > largest).any(),
    }
    return [name for name, found in there.items() if found]


def _ends(layer: DenseLayer) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    low, high = layer.neuron_ranges
    if layer.requantiser is not None:
        low, high = layer.requantiser.scaled_ranges(low, high)
    elif layer.channel_shifts:
        low, high = (end * [1 << shift for shift in layer.channel_shifts] for end in (low, high))
    return low.astype(np.int64), high.astype(np.int64)


def _codes(layer: DenseLayer) -> tuple[int, int]:
    """Smallest and largest code."""
    assert layer.output_format is not None
    if layer.requantiser is not None:
        return layer.output_format.minimum, layer.requantiser.largest_code(layer.output_format)
    return layer.output_format.minimum, layer.output_format.maximum


def _places(layer: DenseLayer, scaled: IntegerArray) -> dict[str, BooleanArray]:
    rounded = round_shift(scaled, layer.shift, layer.rounding)
    smallest, largest = _codes(layer)
    return _rows(
        {
            BELOW: rounded < smallest,
            SMALLEST: rounded == smallest,
            INSIDE: (rounded > smallest) & (rounded < largest),
            LARGEST: rounded == largest,
            ABOVE: rounded > largest,
        }
    )


def _remainders(shift: int, scaled: IntegerArray) -> dict[str, BooleanArray]:
    below, rest = scaled >> shift, scaled & ((1 << shift) - 1)
    half = 1 << (shift - 1)
    found = {
        EXACT: rest == 0,
        TIE_EVEN: (rest == half) & (below & 1 == 0),
        TIE_ODD: (rest == half) & (below & 1 == 1),
    }
    if shift > 1:
        found |= {LESS: (rest > 0) & (rest < half), MORE: rest > half}
    return _rows(found)


def _signs(model: IntegerMlp, accumulators: IntegerArray) -> dict[str, BooleanArray]:
    low, high = model.layers[-1].aligned_range
    found = {}
    if low < 0:
        found["negative"] = accumulators < 0
    if high > 0:
        found["positive"] = accumulators > 0
    return _rows(found)


def _rows(found: dict[str, BooleanArray]) -> dict[str, BooleanArray]:
    """Rows with such a neuron, of arrays (rows, neurons)."""
    return {name: np.any(one, axis=1) for name, one in found.items()}


def _change(changed: int, inputs: int) -> str:
    if changed == inputs:
        return CHANGES[-1] if inputs > 1 else CHANGES[1]
    return CHANGES[min(changed, 2)]
