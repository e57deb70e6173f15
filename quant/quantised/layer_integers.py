# SPDX-License-Identifier: Apache-2.0
"""The integers and the exact scales that a Brevitas network of any scales computes with."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.quant.quantised.quantised_network import QuantisedMlp


@dataclass(frozen=True)
class LayerIntegers:
    """value[j] = weight_scales[j] * input_scale * (bias[j] + sum_i weights[j, i] * x[i]).

    weights: (neurons, inputs). bias, weight_scales: (neurons,). Scales are the float32 numbers that
    Brevitas multiplies with, as rationals.
    output_scale, top: of the codes that a hidden layer makes, 0 to top; None of the output layer.
    """

    weights: IntegerArray
    bias: IntegerArray
    weight_scales: tuple[Fraction, ...]
    input_scale: Fraction
    output_scale: Fraction | None
    top: int | None

    def steps(self, neuron: int) -> Fraction:
        """What one step of the neuron's accumulator is in steps of the codes, or is worth."""
        step = self.weight_scales[neuron] * self.input_scale
        return step if self.output_scale is None else step / self.output_scale


def integer_layers(network: QuantisedMlp) -> Iterator[LayerIntegers]:
    """The layers in their order; `network` in evaluation mode, in float32."""
    layers = len(network.dense)
    input_scale = torch.tensor(network.code_format.step)
    for number, layer in enumerate(network.dense):
        hidden = number < layers - 1
        scale = network.activation_scale(number).detach() if hidden else None
        with torch.no_grad():
            weight: Any = layer.quant_weight()
            scales = weight.scale.reshape(-1).expand(len(weight.value))
            bias = quantised_bias(layer, scales * input_scale)
        yield LayerIntegers(
            weights=codes_of(weight.value, scales[:, None]),
            bias=codes_of(bias, scales * input_scale),
            weight_scales=tuple(Fraction(float(one)) for one in scales),
            input_scale=Fraction(float(input_scale)),
            output_scale=None if scale is None else Fraction(float(scale)),
            top=2 ** network.widths.activation_width(number, layers) - 1 if hidden else None,
        )
        if scale is not None:
            input_scale = scale


def quantised_bias(layer: Any, scale: Tensor) -> Tensor:
    """The biases (neurons,) of a layer as Brevitas adds them: multiples of the sums' scales."""
    value: Tensor = layer.bias_quant.tensor_quant(layer.bias, scale)[0]
    return value


def codes_of(values: Tensor, scale: Tensor) -> IntegerArray:
    """The integers of values = integer * scale, of which float32 has the first 24 bits."""
    quotients: npt.NDArray[np.float64] = (
        values.detach().double() / scale.detach().double()
    ).numpy()
    return np.rint(quotients).astype(np.int64)
