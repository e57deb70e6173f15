# SPDX-License-Identifier: Apache-2.0
"""Operators on integers, as onnxruntime and ONNX have them: QGemm, QLinearMatMul and their kin."""

from collections.abc import Sequence

import numpy as np
import onnx

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.exact.surd import Surd
from pulsewright.hls_model.qonnx.attributes import attribute
from pulsewright.hls_model.qonnx.graph import label
from pulsewright.hls_model.quantised_onnx.constants import Constant
from pulsewright.hls_model.quantised_onnx.quantisers import (
    by_axis,
    code_limits,
    linear_node,
    zero_points,
)
from pulsewright.hls_model.quantised_onnx.reader import (
    CODE_LIMITS,
    Reader,
    given_constant,
    transposed_weights,
)

Inputs = Sequence[Constant | None]


def check_gemm(reader: Reader, node: onnx.NodeProto) -> None:
    """See that activations stand first in a Gemm, and are vectors.

    Raises:
        PulsewrightError: they do not, or are not.
    """
    if attribute(node, "transA", 0):
        raise PulsewrightError(f"{label(node)}: transA is 1; export it as 0")
    if len(reader.shape) != 2:
        raise PulsewrightError(
            f"{label(node)} multiplies a tensor of {len(reader.shape)} dimensions; "
            "flatten it before"
        )


def qgemm(reader: Reader, node: onnx.NodeProto, inputs: Inputs) -> None:
    """A, its scale and zero point, the same of B, C at the accumulator's scale, those of Y."""
    check_gemm(reader, node)
    places = (*inputs, *[None] * (9 - len(inputs)))
    scale = given_constant(node, places[1])
    reader.dequantize(node, scale, places[2])
    weights = transposed_weights(node, given_constant(node, places[3]))
    scales = _quantised_dense(reader, node, weights, given_constant(node, places[4]), places[5])
    if attribute(node, "alpha", 1.0) != 1.0:
        raise PulsewrightError(f"{label(node)}: alpha is not 1; export it as 1")
    if places[6] is not None:
        # Integers at the accumulator's scale.
        bias = np.broadcast_to(places[6].exact(label(node)).reshape(-1), (reader.shape[-1],))
        step = scale.exact(label(node)).flat[0]
        reader.chain.plus(
            f"bias of {label(node)}",
            [one * step * of for one, of in zip(bias, scales, strict=True)],
        )
    if places[7] is not None:
        _requantise(reader, node, places[7], places[8])


def qlinear_matmul(reader: Reader, node: onnx.NodeProto, inputs: Inputs) -> None:
    """A, its scale and zero point, the same of B, those of Y."""
    reader.dequantize(node, given_constant(node, inputs[1]), inputs[2])
    weights = given_constant(node, inputs[3])
    _quantised_dense(reader, node, weights, given_constant(node, inputs[4]), inputs[5])
    _requantise(reader, node, given_constant(node, inputs[6]), inputs[7])


def _quantised_dense(
    reader: Reader,
    node: onnx.NodeProto,
    weights: Constant,
    scale: Constant,
    zero_point: Constant | None,
) -> list[Surd]:
    """Weights (inputs, neurons) with scales by neuron; the scales (neurons,)."""
    where = label(node)
    factors = by_axis(where, scale.exact(where).reshape(-1), 2, 1)
    zeros = zero_points(where, zero_point, code_limits(where, weights.kind)).reshape(-1)
    offsets = np.array([float(one) for one in zeros])
    if any(one.sign() <= 0 for one in factors.flat):
        raise PulsewrightError(
            f"{where}: a weight scale is not positive; scales are positive, quantise again"
        )
    moved = Constant(weights.numbers - offsets).scaled(factors)
    if moved is None:
        raise PulsewrightError(
            f"{where}: {factors.size} scales for weights of shape {list(weights.shape)}; give "
            "one, or one for each neuron"
        )
    reader.dense(node, moved)
    return list(np.broadcast_to(factors.reshape(-1), (reader.shape[-1],)))


def _requantise(
    reader: Reader, node: onnx.NodeProto, scale: Constant, zero_point: Constant | None
) -> None:
    reader.quantise_to_codes(linear_node(node, len(reader.shape), scale, zero_point))


def qlinear_add(reader: Reader, node: onnx.NodeProto, inputs: Inputs) -> None:
    """A, its scale and zero point, the same of a constant B, those of C."""
    reader.dequantize(node, given_constant(node, inputs[1]), inputs[2])
    where = label(node)
    codes, scale, zeros = (
        given_constant(node, inputs[3]),
        given_constant(node, inputs[4]),
        inputs[5],
    )
    offset = zero_points(where, zeros, code_limits(where, codes.kind)).flat[0]
    step = scale.exact(where).flat[0]
    summands = (codes.exact(where) - offset) * step
    reader.chain.plus(where, reader.broadcast(node, np.asarray(summands, dtype=object)))
    _requantise(reader, node, given_constant(node, inputs[6]), inputs[7])


def matmul_integer(reader: Reader, node: onnx.NodeProto, inputs: Inputs) -> None:
    """A, B, and their zero points; the sums as they are."""
    where = label(node)
    given = (*inputs, None, None)
    zeros = zero_points(where, given[2], CODE_LIMITS)
    reader.chain.plus(where, [-one for one in reader.broadcast(node, zeros)])
    weights = given_constant(node, inputs[1])
    of_weights = zero_points(where, given[3], code_limits(where, weights.kind))
    offsets = np.array([float(one) for one in of_weights.flat])
    reader.dense(node, Constant(weights.numbers - offsets))
