# SPDX-License-Identifier: Apache-2.0
"""Weights of a dense layer as integers and a scale for each neuron."""

from fractions import Fraction

import numpy as np

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.exact.surd import Surd
from pulsewright.hls_model.qonnx.dialect import WIDEST_FOLDED_WEIGHT
from pulsewright.hls_model.qonnx.dyadic import finest_scale
from pulsewright.hls_model.quantised_onnx.constants import Constant, Numbers
from pulsewright.hls_model.reference.fixed_point import IntegerArray, width_for_range


def dense_weights(where: str, weights: Constant, inputs: int) -> tuple[IntegerArray, list[Surd]]:
    """Integers (neurons, inputs) and scales, one or one a neuron, of weights (inputs, neurons).

    Raises:
        PulsewrightError: the shape is not that of a dense layer of so many inputs, or the weights
            are not quantised, or by scales that differ along the inputs.
    """
    shape = weights.shape
    if len(shape) != 2 or shape[0] != inputs or 0 in shape:
        raise PulsewrightError(
            f"{where}: weights of shape {list(shape)} for {inputs} inputs; give ({inputs}, neurons)"
        )
    numbers, scale = weights.numbers, weights.scale
    if numbers.dtype == object:
        raise _not_quantised(where)
    common = Surd.of(1)
    if (numbers != np.rint(numbers)).any():
        # Integers times a power of two: a tool may have folded the quantiser.
        frac = finest_scale(numbers)
        numbers = np.ldexp(numbers, frac)
        common = Surd.of(Fraction(1, 2**frac))
        if (numbers != np.rint(numbers)).any():
            raise _not_quantised(where)
    low, high = int(numbers.min()), int(numbers.max())
    if width_for_range(low, high, signed=True) > WIDEST_FOLDED_WEIGHT:
        raise _not_quantised(where)
    scales = [common] if scale is None else [common * one for one in _by_neuron(where, scale)]
    return numbers.astype(np.int64).T, scales


def _by_neuron(where: str, scale: Numbers) -> list[Surd]:
    first = scale[0]
    for row in scale[1:]:
        if not all(one is other or one == other for one, other in zip(row, first, strict=True)):
            raise PulsewrightError(
                f"{where}: the scales of its weights differ along the inputs of the layer; "
                "use one scale a tensor, or one an output channel"
            )
    return list(first)


def _not_quantised(where: str) -> PulsewrightError:
    return PulsewrightError(
        f"{where}: its weights are not quantised; put a quantiser between them and the layer"
    )
