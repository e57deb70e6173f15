# SPDX-License-Identifier: Apache-2.0
"""A graph of two-operand additions that multiplies a vector with a constant matrix."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from pulsewright.hls_model.reference.fixed_point import FixedPoint, IntegerArray, width_for_range


class Adder(NamedTuple):
    """first + (second << shift), or the difference if `subtract`.

    first, second: operands by number; the inputs come first, then the adders in their order.
    minimum, maximum: the exact range of the value over all inputs.
    level: additions on the longest way to it; inputs have level 0.
    bits: full adders that it takes. The lowest `shift` bits of `first` pass through, and a sum
        whose operands do not overlap is wiring alone and takes none.
    """

    first: int
    second: int
    shift: int
    subtract: bool
    minimum: int
    maximum: int
    level: int
    bits: int

    @property
    def signed(self) -> bool:
        """True if the value may be negative."""
        return self.minimum < 0

    @property
    def width(self) -> int:
        """Fewest bits that hold the value."""
        return width_for_range(self.minimum, self.maximum, self.signed)


class GraphOutput(NamedTuple):
    """An operand << shift, negated if `negative`; zero if there is no operand."""

    operand: int | None
    shift: int = 0
    negative: bool = False


@dataclass(frozen=True)
class AdderGraph:
    """outputs = weights @ inputs for the one matrix that it was made from.

    Every operand of an adder comes before it, so `adders` is an order of evaluation.
    """

    inputs: int
    input_format: FixedPoint
    adders: tuple[Adder, ...]
    outputs: tuple[GraphOutput, ...]

    @property
    def depth(self) -> int:
        """Levels of additions from the inputs to the slowest output."""
        return max((adder.level for adder in self.adders), default=0)

    @property
    def bits(self) -> int:
        """Full adders of all additions."""
        return sum(adder.bits for adder in self.adders)

    def level(self, operand: int) -> int:
        """Level of an operand, 0 for an input."""
        return 0 if operand < self.inputs else self.adders[operand - self.inputs].level

    def evaluate(self, codes: IntegerArray) -> IntegerArray:
        """Outputs (rows, outputs) of integer codes (rows, inputs), by the graph's additions."""
        values = list(codes.T.astype(np.int64))
        for adder in self.adders:
            second = values[adder.second] << adder.shift
            first = values[adder.first]
            values.append(first - second if adder.subtract else first + second)
        results = np.zeros((len(codes), len(self.outputs)), dtype=np.int64)
        for column, output in enumerate(self.outputs):
            if output.operand is not None:
                value = values[output.operand] << output.shift
                results[:, column] = -value if output.negative else value
        return results
