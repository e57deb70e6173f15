# SPDX-License-Identifier: Apache-2.0
"""Brevitas beside the integer model, row by row, and the rows that float32 does not decide.

Powers of two lose nothing in float64, and there every output must be equal. With float scales
Brevitas computes in float32, which may fall on the other side of a step than exact arithmetic. Such
a row is no mismatch if, in exact numbers, its value is nearer to the step than the rounding errors
of float32 can reach, and if the integer model has the code on the exact side.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from pulsewright.hls_model.exact.staircase import HALF, rounded
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.inference import forward
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.quant.quantised.export import brevitas_outputs
from pulsewright.quant.quantised.layer_integers import (
    LayerIntegers,
    codes_of,
    integer_layers,
    quantised_bias,
)
from pulsewright.quant.quantised.quantised_network import QuantisedMlp
from pulsewright.quant.quantised.row_comparison import RowComparison, UndecidedRow
from pulsewright.quant.torch_session import quiet_torch

BooleanArray = npt.NDArray[np.bool_]

FLOAT32_ROUNDING = Fraction(1, 1 << 24)
# Roundings of a value beside those of its sum: weight, activation, product, bias and its scale, and
# the division by the scale of the codes.
OTHER_ROUNDINGS = 8


def compare_with_brevitas(
    network: QuantisedMlp, model: IntegerMlp, codes: npt.NDArray[np.integer[Any]]
) -> RowComparison:
    """Compare every hidden code and every output for input codes (rows, inputs).

    Raises:
        PulsewrightError: the shape is wrong, or a code leaves the input format.
    """
    outputs = model.infer(codes)
    if not network.widths.has_float_scales:
        differs = (brevitas_outputs(network, codes) != outputs).any(axis=1)
        return RowComparison(len(codes), int(differs.sum()))
    with quiet_torch(), torch.no_grad():
        network.eval()
        x = torch.from_numpy(codes.astype(np.float32)) * network.code_format.step
        layers = list(integer_layers(network))
        undecided, faulty = _compare_hidden(network, model, layers[:-1], codes, x)
        equal = np.ones(len(codes), dtype=bool)
        equal[[one.row for one in undecided]] = False
        faulty |= equal & _outputs_differ(network, layers[-1], x, outputs)
    return RowComparison(len(codes), int(faulty.sum()), tuple(undecided))


def _compare_hidden(
    network: QuantisedMlp,
    model: IntegerMlp,
    layers: Sequence[LayerIntegers],
    codes: npt.NDArray[np.integer[Any]],
    x: Tensor,
) -> tuple[list[UndecidedRow], BooleanArray]:
    """Rows that float32 does not decide, and which rows (rows,) are faulty.

    Each row is judged in the first layer where it differs: behind that its inputs do.
    """
    undecided: list[UndecidedRow] = []
    faulty, settled = np.zeros((2, len(codes)), dtype=bool)
    taken = codes.astype(np.int64)
    for number, layer in enumerate(layers, start=1):
        made = network.activations_before(number, x)
        by_float32 = codes_of(made.value, made.scale)
        exact = forward(model.layers[:number], codes)
        for row in np.flatnonzero(~settled & (by_float32 != exact).any(axis=1)):
            neurons = np.flatnonzero(by_float32[row] != exact[row])
            distances = [
                _distance(
                    layer, int(neuron), taken[row], exact[row, neuron], by_float32[row, neuron]
                )
                for neuron in neurons
            ]
            settled[row] = True
            first, distance = int(neurons[0]), distances[0]
            if distance is None or None in distances:
                faulty[row] = True
                continue
            undecided.append(
                UndecidedRow(
                    row=int(row),
                    layer=number,
                    neuron=first,
                    exact_code=int(exact[row, first]),
                    float32_code=int(by_float32[row, first]),
                    distance=distance,
                )
            )
        taken = exact
    return undecided, faulty


def _distance(
    layer: LayerIntegers, neuron: int, inputs: IntegerArray, exact_code: int, float32_code: int
) -> float | None:
    """How far, in steps, the exact value is from the step that float32 took it across.

    None: further than float32 can err, or the integers do not have the exact code.
    """
    assert layer.top is not None
    weights, bias, step = layer.weights[neuron], int(layer.bias[neuron]), layer.steps(neuron)
    value = (bias + int(weights @ inputs)) * step
    right = min(max(rounded(value, "HALF_EVEN"), 0), layer.top)
    distance = abs(value - min(exact_code, float32_code) - HALF)
    magnitude = (abs(bias) + int(np.abs(weights) @ np.abs(inputs))) * step
    reach = magnitude * (len(inputs) + OTHER_ROUNDINGS) * FLOAT32_ROUNDING
    if exact_code != right or abs(exact_code - float32_code) != 1 or distance > reach:
        return None
    return float(distance)


def _outputs_differ(
    network: QuantisedMlp, layer: LayerIntegers, x: Tensor, outputs: IntegerArray
) -> BooleanArray:
    """Rows (rows,) whose quantised values, summed in float64, are not these accumulators.

    The float32 values are off by a rounding each, so that their sum is off by less than half an
    accumulator step up to 21 bits; for larger sums, by no more than these roundings.
    """
    last: Any = network.dense[-1]
    taken = network.hidden(x)
    weight = last.quant_weight()
    scale = weight.scale.reshape(-1) * taken.scale
    sums = taken.value.double() @ weight.value.double().T
    sums += quantised_bias(last, scale.expand(len(weight.value))).double()
    steps = np.array([float(layer.steps(neuron)) for neuron in range(len(weight.value))])
    inputs = codes_of(taken.value, taken.scale)
    magnitude = np.abs(inputs) @ np.abs(layer.weights.T) + np.abs(layer.bias)
    reach = np.maximum(0.5, magnitude * 4 * float(FLOAT32_ROUNDING))
    differs: BooleanArray = (np.abs(sums.numpy() / steps - outputs) >= reach).any(axis=1)
    return differs
