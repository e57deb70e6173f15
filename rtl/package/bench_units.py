# SPDX-License-Identifier: Apache-2.0
"""Rows of physical integers of the plain test bench, where the input map is in hardware."""

from typing import NamedTuple

import numpy as np

from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.narrow_input_map import (
    NarrowFeature,
    NarrowLine,
    narrow_features,
)

ROWS = 40
_SMALLEST, _LARGEST = -(1 << 31), (1 << 31) - 1


class BenchUnits(NamedTuple):
    """values: (rows, inputs) integers of units. codes: what they become. results: of these."""

    values: IntegerArray
    codes: IntegerArray
    results: IntegerArray


def bench_units(model: IntegerMlp, rows: int = ROWS) -> BenchUnits:
    """The same for the same model: mostly integers at which a code changes, and the one before."""
    draw = np.random.default_rng(int(model.digest[8:16], 16))
    columns = [_telling(one, rows, draw) for one in narrow_features(model.input_map)]
    values = np.array(columns, dtype=np.int64).T
    codes = model.input_map.codes_of_units(values)
    return BenchUnits(values, codes, model.infer(codes))


def _telling(feature: NarrowFeature, rows: int, draw: np.random.Generator) -> list[int]:
    ends = [_SMALLEST, _LARGEST, feature.low - 1, feature.low, feature.high, feature.high + 1]
    values = [int(end) for end in draw.permutation(ends)][:rows]
    while len(values) < rows:
        place = int(draw.integers(feature.low, feature.high + 1))
        if isinstance(feature, NarrowLine) and feature.multiplier:
            distance = place - feature.low
            code = (feature.multiplier * distance + feature.offset) >> feature.shift
            place = feature.physical(code) - int(draw.integers(2))
        values.append(place)
    return [min(max(value, _SMALLEST), _LARGEST) for value in values]
