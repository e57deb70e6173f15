# SPDX-License-Identifier: Apache-2.0
"""Exact vectorised inference, in the fastest arithmetic that is proven exact for the model.

An integer of magnitude below 2**24 is exact in float32 and one below 2**53 in float64, and so is
every partial sum that stays below the same bound, in whatever order BLAS adds. The bound is
computed from the actual weights before a path is taken. Scales per output channel are folded into
the weights: a shift of the accumulator is the same as a shift of all its terms.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import IntegerArray, Rounding, requantise

FLOAT32_EXACT = 1 << 24
FLOAT64_EXACT = 1 << 53
# A block of hidden activations should stay in the second-level cache: 2048 x 64 x 4 bytes.
BLOCK_ROWS = 2048

FloatArray = npt.NDArray[np.floating[Any]]


def exact_dtype(
    layers: Sequence[DenseLayer],
) -> type[np.float32] | type[np.float64] | type[np.int64]:
    """The fastest dtype in which no partial sum of any layer can be rounded."""
    magnitude = max(layer.accumulator_magnitude << layer.left_shift for layer in layers)
    # HALF_UP adds half of a step to the accumulator before it shifts; behind a multiplier that
    # happens in int64, and only the codes have to fit.
    magnitude += max(
        layer.code_magnitude if layer.requantiser else 1 << max(layer.shift, 0) for layer in layers
    )
    if magnitude < FLOAT32_EXACT:
        return np.float32
    return np.float64 if magnitude < FLOAT64_EXACT else np.int64


def check_codes(layer: DenseLayer, codes: npt.NDArray[np.integer[Any]]) -> None:
    """See that `codes` are (rows, inputs) integers in the input format of the first layer.

    Raises:
        PulsewrightError: the shape is wrong, or a code is no integer or leaves the format.
    """
    inputs, input_format = layer.inputs, layer.input_format
    if codes.ndim != 2 or codes.shape[1] != inputs:
        raise PulsewrightError(f"input codes must be (rows, {inputs}), got {codes.shape}")
    if codes.dtype.kind not in "iu":
        raise PulsewrightError(f"input codes must be integers, got {codes.dtype}")
    if codes.size and (codes.min() < input_format.minimum or codes.max() > input_format.maximum):
        raise PulsewrightError(
            f"input codes reach {codes.min()}..{codes.max()}, outside "
            f"{input_format.minimum}..{input_format.maximum}; scale the inputs with the input map"
        )


def forward(layers: Sequence[DenseLayer], codes: npt.NDArray[np.integer[Any]]) -> IntegerArray:
    """Run a chain of layers.

    codes: (rows, inputs) integers in the first layer's input format.
    Returns (rows, neurons) accumulators or codes of the last layer, int64.

    Raises:
        PulsewrightError: the shape is wrong or a code leaves the input format.
    """
    check_codes(layers[0], codes)
    dtype = exact_dtype(layers)
    if not issubclass(dtype, np.floating):
        return _forward_integer(layers, codes.astype(np.int64))
    return _forward_float(layers, codes, dtype)


def _forward_float(
    layers: Sequence[DenseLayer],
    codes: npt.NDArray[np.integer[Any]],
    dtype: type[np.floating[Any]],
) -> IntegerArray:
    result = np.empty((len(codes), layers[-1].neurons), dtype=np.int64)
    parameters: list[tuple[FloatArray, FloatArray]] = [
        (
            np.ascontiguousarray(layer.aligned_weights.T, dtype=dtype),
            layer.aligned_bias.astype(dtype),
        )
        for layer in layers
    ]
    for start in range(0, len(codes), BLOCK_ROWS):
        x: FloatArray = codes[start : start + BLOCK_ROWS].astype(dtype)
        for layer, (weights, bias) in zip(layers, parameters, strict=True):
            x = x @ weights
            x += bias
            if layer.requantiser is None:
                _activate_float(layer, x)
            else:
                x = _codes(layer, x.astype(np.int64)).astype(dtype)
        result[start : start + BLOCK_ROWS] = x
    return result


def _forward_integer(layers: Sequence[DenseLayer], x: IntegerArray) -> IntegerArray:
    for layer in layers:
        x = x @ layer.aligned_weights.T + layer.aligned_bias
        if layer.requantiser is not None:
            x = _codes(layer, x)
            continue
        if layer.relu:
            x = np.maximum(x, 0)
        if layer.output_format is not None:
            x = requantise(x, layer.shift, layer.rounding, layer.output_format)
    return x


def _codes(layer: DenseLayer, accumulators: IntegerArray) -> IntegerArray:
    assert layer.requantiser is not None
    assert layer.output_format is not None
    return layer.requantiser.codes(accumulators, layer.rounding, layer.output_format)


def _activate_float(layer: DenseLayer, x: FloatArray) -> None:
    """ReLU and requantise in place; powers of two, rint and floor are exact in this range."""
    target = layer.output_format
    if target is not None:
        if layer.rounding is Rounding.HALF_UP and layer.shift > 0:
            x += 2.0 ** (layer.shift - 1)
        x *= 2.0**-layer.shift
        (np.rint if layer.rounding is Rounding.HALF_EVEN else np.floor)(x, out=x)
        np.clip(x, 0, target.maximum, out=x)
    elif layer.relu:
        np.maximum(x, 0, out=x)
