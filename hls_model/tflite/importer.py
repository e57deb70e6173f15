# SPDX-License-Identifier: Apache-2.0
"""From a TFLite file to the integers that it computes with single rounding, or not at all.

TFLite's reference and XNNPACK kernels agree with exact arithmetic; its older optimised kernels
round twice and give other codes.
"""

import math
from fractions import Fraction
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import tflite

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.exact.chain import ExactChain
from pulsewright.hls_model.exact.finished import ImportedModel
from pulsewright.hls_model.exact.staircase import Staircase, integer_staircase
from pulsewright.hls_model.exact.surd import Surd
from pulsewright.hls_model.plain_name import plain_name
from pulsewright.hls_model.reference.network_output import OutputKind
from pulsewright.hls_model.shortened import shortened
from pulsewright.hls_model.tflite.flatbuffer import Graph, Operator, Tensor, read_graph

SOURCE = "TFLite"
CODE_RANGES = {"INT8": (-128, 127), "UINT8": (0, 255)}
SHAPES_ONLY = ("RESHAPE", "SQUEEZE", "EXPAND_DIMS")
INCREASING = {
    "SOFTMAX": "softmax is increasing in each output",
    "LOG_SOFTMAX": "log softmax is increasing in each output",
    "LOGISTIC": "the logistic function is increasing",
    "TANH": "tanh is increasing",
}
CLIPS: dict[str, tuple[int | None, int | None]] = {
    "NONE": (None, None),
    "RELU": (0, None),
    "RELU6": (0, 6),
    "RELU_N1_TO_1": (-1, 1),
}
ACTIVATIONS = {
    number: name for name, number in vars(tflite.ActivationFunctionType).items() if name.isupper()
}


def import_tflite(
    path: Path, name: str | None = None, output: OutputKind = OutputKind.ACCUMULATOR
) -> ImportedModel:
    """Read a chain of FULLY_CONNECTED operators with int8 or uint8 activations and weights.

    name: of the model; by default that of the file.

    Raises:
        PulsewrightError: the file is missing, damaged, or says something else than such a chain;
            the sentence names the operator or tensor.
    """
    try:
        return _Reader(read_graph(path)).imported(name or plain_name(path.stem), output)
    except PulsewrightError as error:
        raise PulsewrightError(f"TFLite model {path}: {error}") from error


class _Reader:
    """Follows the activations from operator to operator."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._present = graph.input
        tensor = graph.tensors[graph.input]
        features = prod(tensor.shape[1:])
        if len(tensor.shape) < 2 or not features:
            raise PulsewrightError(
                f"{tensor.where} has the shape {list(tensor.shape)}; convert the model with "
                "(batch, features)"
            )
        if tensor.kind == "FLOAT32":
            self._chain = ExactChain(features)
        else:
            scale, zero_point, limits = _activation(tensor)
            where = f"input {shortened(tensor.name)}"
            codes = integer_staircase(
                where, Fraction(1), Fraction(0), limits, zero_point_after_rounding=True
            )
            self._chain = ExactChain(features, codes)
            self._chain.plus(where, [Surd.of(-zero_point)])
            self._chain.times(where, [Surd.of(scale)])

    def imported(self, name: str, output: OutputKind) -> ImportedModel:
        for operator in self._graph.operators:
            self._read(operator)
        if self._present != self._graph.output:
            raise PulsewrightError(
                f"output {shortened(self._graph.tensors[self._graph.output].name)} does not come "
                "from the last operator; convert one chain of dense layers"
            )
        return self._chain.finish(SOURCE, name, output)

    def _read(self, operator: Operator) -> None:
        activations = [
            one
            for one in operator.inputs
            if one is not None and self._graph.tensors[one].values is None
        ]
        if operator.kind not in _READERS:
            raise PulsewrightError(
                f"{operator.where}: operator {operator.kind} is not read; convert a chain of "
                "FULLY_CONNECTED operators"
            )
        if operator.kind == "FULLY_CONNECTED" and activations[1:]:
            raise self._not_integer(operator, activations[1:])
        if activations != [self._present] or len(operator.outputs) != 1:
            raise PulsewrightError(
                f"{operator.where} joins or repeats activations; convert a chain without branches"
            )
        made = self._graph.tensors[operator.outputs[0]]
        _READERS[operator.kind](self, operator, self._graph.tensors[self._present], made)
        self._present = operator.outputs[0]

    def _not_integer(self, operator: Operator, tensors: list[int]) -> PulsewrightError:
        tensor = self._graph.tensors[tensors[0]]
        return PulsewrightError(
            f"{operator.where}: {tensor.where} is {tensor.kind} and no constant of int8; convert "
            "the model with full integer quantisation"
        )

    def _keep(self, operator: Operator, given: Tensor, made: Tensor) -> None:
        """Operators that change shapes alone."""
        if (given.kind, given.scales, given.zero_points) != (
            made.kind,
            made.scales,
            made.zero_points,
        ):
            raise PulsewrightError(
                f"{operator.where} gives its result another scale; convert the model again"
            )

    def _fully_connected(self, operator: Operator, given: Tensor, made: Tensor) -> None:
        weights = self._constant(operator, 1)
        if given.kind not in CODE_RANGES or weights.kind not in CODE_RANGES:
            raise PulsewrightError(
                f"{operator.where}: activations of {given.kind} and weights of {weights.kind}, "
                "INT8 and UINT8 are read; convert the model with full integer quantisation"
            )
        if operator.options is None or operator.options.weights_format != 0:
            raise PulsewrightError(
                f"{operator.where}: its weights are shuffled or its options are missing; convert "
                "the model again"
            )
        scale, _, _ = _activation(given)
        scales, numbers = _weights(weights)
        self._chain.dense(operator.where, numbers, scales)
        if len(operator.inputs) > 2 and operator.inputs[2] is not None:
            bias = self._constant(operator, 2)
            if bias.kind != "INT32" or bias.values is None or bias.values.size != len(numbers):
                raise PulsewrightError(
                    f"{operator.where}: {bias.where} is {bias.kind} of shape {list(bias.shape)}, "
                    f"one INT32 for each of {len(numbers)} neurons is read; convert it again"
                )
            # At the accumulator's scale, whatever the file says of the bias' own.
            steps = [one * Surd.of(scale) for one in scales]
            steps = steps * len(numbers) if len(steps) == 1 else steps
            self._chain.plus(
                bias.where,
                [
                    step * Surd.of(int(one))
                    for step, one in zip(steps, bias.values.flat, strict=True)
                ],
            )
        number = operator.options.activation
        self._activate(operator, ACTIVATIONS.get(number, f"number {number}"))
        self._chain.quantise(_quantiser(operator.where, made))

    def _activate(self, operator: Operator, activation: str) -> None:
        if activation not in CLIPS:
            raise PulsewrightError(
                f"{operator.where}: activation {activation} is not read; use RELU"
            )
        low, high = CLIPS[activation]
        if (low, high) != (None, None):
            self._chain.clip(
                f"{operator.where}: {activation}",
                None if low is None else Fraction(low),
                None if high is None else Fraction(high),
            )

    def _constant(self, operator: Operator, place: int) -> Tensor:
        number = operator.inputs[place] if place < len(operator.inputs) else None
        if number is None:
            raise PulsewrightError(
                f"{operator.where} has no weights; convert a chain of FULLY_CONNECTED operators"
            )
        return self._graph.tensors[number]

    def _relu(self, operator: Operator, given: Tensor, made: Tensor) -> None:
        _activation(given)
        self._activate(operator, operator.kind)
        self._chain.quantise(_quantiser(operator.where, made))

    def _quantize(self, operator: Operator, given: Tensor, made: Tensor) -> None:
        if not self._chain.is_ended:
            self._chain.quantise(_quantiser(operator.where, made))

    def _dequantize(self, operator: Operator, given: Tensor, made: Tensor) -> None:
        if made.kind != "FLOAT32":
            raise PulsewrightError(
                f"{operator.where} makes {made.kind}; convert the model with float or int8 outputs"
            )

    def _end(self, operator: Operator, given: Tensor, made: Tensor) -> None:
        self._chain.drop(operator.where, INCREASING[operator.kind])


_READERS: dict[str, Any] = {
    "FULLY_CONNECTED": _Reader._fully_connected,
    "QUANTIZE": _Reader._quantize,
    "DEQUANTIZE": _Reader._dequantize,
    **dict.fromkeys(SHAPES_ONLY, _Reader._keep),
    **dict.fromkeys((name for name in CLIPS if name != "NONE"), _Reader._relu),
    **dict.fromkeys(INCREASING, _Reader._end),
}


def _checked_scales(tensor: Tensor) -> tuple[Fraction, ...]:
    for scale in tensor.scales:
        if not math.isfinite(scale) or scale <= 0:
            raise PulsewrightError(
                f"{tensor.where}: scale {scale}; scales are finite and positive, convert the model "
                "again"
            )
    return tuple(Fraction(scale) for scale in tensor.scales)


def _activation(tensor: Tensor) -> tuple[Fraction, int, tuple[int, int]]:
    """Scale, zero point, and smallest and largest code."""
    if tensor.kind not in CODE_RANGES:
        raise PulsewrightError(
            f"{tensor.where} is {tensor.kind}; activations of INT8 and UINT8 are read, convert "
            "the model with full integer quantisation"
        )
    if len(tensor.scales) != 1 or len(tensor.zero_points) != 1:
        raise PulsewrightError(
            f"{tensor.where} has {len(tensor.scales)} scales and {len(tensor.zero_points)} zero "
            "points; activations have one, convert the model again"
        )
    (scale,), (zero_point,) = _checked_scales(tensor), tensor.zero_points
    low, high = CODE_RANGES[tensor.kind]
    if not low <= zero_point <= high:
        raise PulsewrightError(
            f"{tensor.where}: zero point {zero_point} outside {low}..{high}; convert the model "
            "again"
        )
    return scale, zero_point, (low, high)


def _quantiser(where: str, tensor: Tensor) -> Staircase:
    scale, zero_point, limits = _activation(tensor)
    return integer_staircase(
        where, scale, Fraction(zero_point), limits, zero_point_after_rounding=True
    )


def _weights(tensor: Tensor) -> tuple[list[Surd], Any]:
    """Scales, one or one a neuron, and integers (neurons, inputs) without their zero points."""
    values = tensor.values
    if values is None or values.ndim != 2 or 0 in values.shape:
        raise PulsewrightError(
            f"{tensor.where} has the shape {list(tensor.shape)}; weights are (neurons, inputs)"
        )
    scales = _checked_scales(tensor)
    if len(scales) not in (1, len(values)) or len(tensor.zero_points) != len(scales):
        raise PulsewrightError(
            f"{tensor.where} has {len(scales)} scales and {len(tensor.zero_points)} zero points "
            f"for {len(values)} neurons; give one, or one for each"
        )
    if len(scales) > 1 and tensor.axis != 0:
        raise PulsewrightError(
            f"{tensor.where} has scales along dimension {tensor.axis}; they go by neuron, "
            "dimension 0"
        )
    low, high = CODE_RANGES[tensor.kind]
    for zero_point in tensor.zero_points:
        if not low <= zero_point <= high:
            raise PulsewrightError(
                f"{tensor.where}: zero point {zero_point} outside {low}..{high}; convert the model "
                "again"
            )
    zero_points = np.array(tensor.zero_points, dtype=np.int64)[:, None]
    return [Surd.of(scale) for scale in scales], values.astype(np.int64) - zero_points
