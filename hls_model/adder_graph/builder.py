# SPDX-License-Identifier: Apache-2.0
"""Additions made one after the other, each of them once, with their exact ranges."""

import numpy as np

from pulsewright.hls_model.adder_graph.graph import Adder
from pulsewright.hls_model.reference.fixed_point import FixedPoint, IntegerArray, width_for_range


class GraphBuilder:
    """The adders so far over `inputs` operands of one format.

    levels, widths: of every operand, the inputs first.
    """

    def __init__(self, inputs: int, input_format: FixedPoint) -> None:
        self.inputs = inputs
        self.input_format = input_format
        self.adders: list[Adder] = []
        self.levels = [0] * inputs
        self.widths = [input_format.width] * inputs
        self._coefficients: list[IntegerArray] = list(np.eye(inputs, dtype=np.int64))
        self._numbers: dict[tuple[int, int, int, bool], int] = {}

    @property
    def cost(self) -> tuple[int, int]:
        """Number of adders, then the full adders in them."""
        return len(self.adders), sum(adder.bits for adder in self.adders)

    def add(self, first: int, second: int, shift: int, subtract: bool) -> int:
        """Number of the operand first +/- (second << shift), which is made if it is new."""
        key = first, second, shift, subtract
        if key in self._numbers:
            return self._numbers[key]
        shifted = self._coefficients[second] << shift
        coefficients = self._coefficients[first] + (-shifted if subtract else shifted)
        low, high = self._range(coefficients)
        width = width_for_range(low, high, signed=low < 0)
        first_low, first_high = self._range(self._coefficients[first])
        disjoint = not subtract and first_low >= 0 and first_high >> shift == 0
        level = max(self.levels[first], self.levels[second]) + 1
        bits = 0 if disjoint else max(width - shift, 1)
        self.adders.append(Adder(*key, low, high, level, bits))
        self.levels.append(level)
        self.widths.append(width)
        self._coefficients.append(coefficients)
        self._numbers[key] = len(self.levels) - 1
        return self._numbers[key]

    def _range(self, coefficients: IntegerArray) -> tuple[int, int]:
        """Smallest and largest sum over all inputs, which do not depend on one another."""
        positive = int(coefficients[coefficients > 0].sum())
        negative = int(coefficients[coefficients < 0].sum())
        low, high = self.input_format.minimum, self.input_format.maximum
        return positive * low + negative * high, positive * high + negative * low
