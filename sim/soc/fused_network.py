# SPDX-License-Identifier: Apache-2.0
"""A network of one hidden layer, neuron by neuron, as software walks it."""

from typing import NamedTuple, Self

import numpy as np

from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.sim.soc.software_requantiser import effective_shifts, rounding_offset


def _may_exceed(layer: DenseLayer, high: int, shift: int) -> bool:
    """True if an accumulator of `high`, with what rounding adds, may leave the output format."""
    if layer.output_format is None:
        return False
    # One more for the parity of half to even.
    rounded = (high + 1) >> shift if shift > 0 else high << -shift
    return rounded > layer.output_format.maximum


class FusedNeuron(NamedTuple):
    """A hidden neuron with what leaves it.

    bias: with what rounding adds before the shift. low, high: range of bias + weights · inputs.
    outputs: its weights in the output layer. saturates: whether some input may make it.
    """

    bias: int
    weights: list[int]
    outputs: list[int]
    shift: int
    low: int
    high: int
    saturates: bool

    @property
    def matters(self) -> bool:
        """False if no input makes it active, or nothing leaves it."""
        return self.high >> max(self.shift, 0) > 0 and any(self.outputs)


class FusedNetwork(NamedTuple):
    """The neurons that can matter, in the order of the model.

    A compiler cannot know that the others never do; who writes the software would.
    """

    neurons: list[FusedNeuron]

    @classmethod
    def of(cls, model: IntegerMlp) -> Self:
        """At least one neuron stays, since C has no empty arrays."""
        hidden, output = model.layers
        code = model.input_format
        ends = hidden.weights * code.minimum, hidden.weights * code.maximum
        low, high = np.minimum(*ends).sum(axis=1), np.maximum(*ends).sum(axis=1)
        neurons = []
        for j, shift in enumerate(effective_shifts(hidden)):
            bias = int(hidden.bias[j]) + rounding_offset(hidden.rounding, shift)
            neuron = FusedNeuron(
                bias=bias,
                weights=hidden.weights[j].tolist(),
                outputs=output.weights[:, j].tolist(),
                shift=shift,
                low=int(low[j]) + bias,
                high=int(high[j]) + bias,
                saturates=_may_exceed(hidden, int(high[j]) + bias, shift),
            )
            neurons.append(neuron)
        return cls([neuron for neuron in neurons if neuron.matters] or neurons[:1])
