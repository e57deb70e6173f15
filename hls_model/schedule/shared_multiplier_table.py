# SPDX-License-Identifier: Apache-2.0
"""What the engine with one multiplier reads in each of its steps: a weight, and what is added."""

from dataclasses import dataclass

import numpy as np

from pulsewright.hls_model.reference.fixed_point import FixedPoint, IntegerArray, width_for_range
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.shared_multiplier_timing import SharedMultiplierTiming


@dataclass(frozen=True)
class StepTable:
    """weights, starts: (steps,). A start is the bias of a sum in its first step, 0 in all others.

    The first pass starts the outputs, since no code is there yet: their steps have a weight of 0.
    The last pass has no neuron to sum, so that its inputs' steps have neither.
    """

    weights: IntegerArray
    starts: IntegerArray

    @property
    def weight_width(self) -> int:
        """Bits of a weight, two's complement."""
        return _width(self.weights)

    @property
    def start_width(self) -> int:
        """Bits of a start, two's complement."""
        return _width(self.starts)

    @property
    def width(self) -> int:
        """Bits of a word of the table, a weight and a start."""
        return self.weight_width + self.start_width


def step_table(model: IntegerMlp, timing: SharedMultiplierTiming) -> StepTable:
    """The steps of a network that `check_shared_multiplier` lets pass."""
    hidden, output = model.layers
    shape = timing.neurons + 1, timing.pass_steps
    weights, starts = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    weights[:-1, : timing.inputs] = hidden.weights
    starts[:-1, 0] = hidden.bias
    weights[1:, timing.input_steps :] = output.weights.T
    starts[0, timing.input_steps :] = output.bias
    return StepTable(weights.reshape(-1), starts.reshape(-1))


def operand_format(model: IntegerMlp) -> FixedPoint:
    """Holds an input and a code of the hidden layer; its scale says nothing."""
    formats = model.input_format, model.layers[0].result_format
    signed = any(one.signed for one in formats)
    width = max(one.width + (signed and not one.signed) for one in formats)
    return FixedPoint(width=width, frac=0, signed=signed)


def _width(values: IntegerArray) -> int:
    return width_for_range(int(values.min()), int(values.max()), signed=True)
