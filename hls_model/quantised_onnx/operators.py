# SPDX-License-Identifier: Apache-2.0
"""What each operator of an ONNX graph does with the activations."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import inf

import numpy as np
import onnx

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.exact.surd import Surd
from pulsewright.hls_model.qonnx.attributes import (
    attribute,
    finite_attribute,
    is_quant,
    is_standard,
    unsupported,
)
from pulsewright.hls_model.qonnx.graph import label
from pulsewright.hls_model.qonnx.shape_rules import axes_of, reshaped
from pulsewright.hls_model.quantised_onnx.constants import RECIPROCAL, Constant
from pulsewright.hls_model.quantised_onnx.folding import is_bipolar_quant, qonnx_quantiser
from pulsewright.hls_model.quantised_onnx.quantised_operators import (
    check_gemm,
    matmul_integer,
    qgemm,
    qlinear_add,
    qlinear_matmul,
)
from pulsewright.hls_model.quantised_onnx.quantisers import (
    linear_node,
)
from pulsewright.hls_model.quantised_onnx.reader import (
    OPEN_BATCH,
    Reader,
    given_constant,
    transposed_weights,
)

Inputs = Sequence[Constant | None]

# A bound of Clip beyond it is none: exporters write the largest float32 or infinity.
MOST_FLOAT32 = 3e38
MICROSOFT = "com.microsoft"
INCREASING = {
    "Softmax": "softmax is increasing in each output",
    "LogSoftmax": "log softmax is increasing in each output",
    "Sigmoid": "the logistic function is increasing",
    "Tanh": "tanh is increasing",
    "Softplus": "softplus is increasing",
    "QLinearSoftmax": "softmax is increasing in each output",
    "QLinearSigmoid": "the logistic function is increasing",
    "ArgMax": 'output = "argmax" hands on the index of the largest output',
}


def read_node(reader: Reader, node: onnx.NodeProto, inputs: Inputs, position: int) -> None:
    """Take `node` on. inputs: None where the activations are, at `position`.

    Raises:
        PulsewrightError: the node is none that a chain of dense layers has here.
    """
    operator = node.op_type
    if is_quant(node) or is_bipolar_quant(node):
        _need_first(node, position)
        reader.quantise(qonnx_quantiser(node, inputs[1:]))
    elif operator in INCREASING and node.domain in ("", "ai.onnx", MICROSOFT):
        reader.chain.drop(label(node), INCREASING[operator])
    elif node.domain == MICROSOFT and operator in _MICROSOFT:
        _need_first(node, position)
        _MICROSOFT[operator](reader, node, inputs)
    elif not is_standard(node):
        raise unsupported(node)
    elif operator in ("Add", "Mul"):
        _affine(reader, node, inputs[1 - position])
    elif operator == "Sub":
        _affine(reader, node, inputs[1 - position], negate=position == 1)
    elif operator in _STANDARD:
        _need_first(node, position)
        _STANDARD[operator](reader, node, inputs)
    else:
        raise unsupported(node)


def _need_first(node: onnx.NodeProto, position: int) -> None:
    if position:
        raise PulsewrightError(
            f"{label(node)}: constants stand before the activations; "
            "export activations times weights"
        )


def _affine(
    reader: Reader, node: onnx.NodeProto, given: Constant | None, *, negate: bool = False
) -> None:
    values = reader.by_channel(node, given_constant(node, given))
    where = label(node)
    if node.op_type == "Mul":
        reader.chain.times(where, values)
    elif node.op_type == "Div":
        reader.chain.times(where, list(RECIPROCAL(np.array(values, dtype=object))))
    elif node.op_type == "Add":
        reader.chain.plus(where, values)
    elif negate:
        reader.chain.times(where, [Surd.of(-1)])
        reader.chain.plus(where, values)
    else:
        reader.chain.plus(where, [-one for one in values])


def _divide(reader: Reader, node: onnx.NodeProto, inputs: Inputs) -> None:
    _affine(reader, node, inputs[1])


def _negate(reader: Reader, node: onnx.NodeProto, inputs: Inputs) -> None:
    reader.chain.times(label(node), [Surd.of(-1)])


def _batch_normalisation(reader: Reader, node: onnx.NodeProto, inputs: Inputs) -> None:
    where = label(node)
    if attribute(node, "training_mode", 0):
        raise PulsewrightError(f"{where} is in training mode; export the model in eval mode")
    gamma, beta, mean, variance = (
        reader.along_channels(node, given_constant(node, one).exact(where)) for one in inputs[1:5]
    )
    epsilon = Surd.of(finite_attribute(node, "epsilon", float(np.float32(1e-5))))
    factors = []
    for one, scale in zip(variance, gamma, strict=True):
        square = one + epsilon
        if not square.is_rational or square.sign() <= 0:
            raise PulsewrightError(
                f"{where}: variance {float(one):g} with epsilon {float(epsilon):g}; their sum "
                "is positive, train again"
            )
        factors.append(scale * Surd.root(square.rational).reciprocal())
    reader.chain.plus(where, [-one for one in mean])
    reader.chain.times(where, factors)
    reader.chain.plus(where, beta)


def _quantize_linear(reader: Reader, node: onnx.NodeProto, inputs: Inputs) -> None:
    zero_point = inputs[2] if len(inputs) > 2 else None
    reader.quantise_to_codes(
        linear_node(node, len(reader.shape), given_constant(node, inputs[1]), zero_point)
    )


def _dequantize_linear(reader: Reader, node: onnx.NodeProto, inputs: Inputs) -> None:
    if attribute(node, "block_size", 0):
        raise PulsewrightError(f"{label(node)}: scales by blocks; give one scale")
    reader.dequantize(node, inputs[1], inputs[2] if len(inputs) > 2 else None)


def _relu(reader: Reader, node: onnx.NodeProto, inputs: Inputs) -> None:
    reader.chain.clip(label(node), Fraction(0), None)


def _clip(reader: Reader, node: onnx.NodeProto, inputs: Inputs) -> None:
    low, high = (
        _scalar(node, inputs[place] if place < len(inputs) else None, name)
        for place, name in ((1, "min"), (2, "max"))
    )
    reader.chain.clip(label(node), low, high)


def _matmul(reader: Reader, node: onnx.NodeProto, inputs: Inputs) -> None:
    reader.dense(node, given_constant(node, inputs[1]))


def _gemm(reader: Reader, node: onnx.NodeProto, inputs: Inputs) -> None:
    check_gemm(reader, node)
    reader.dense(node, transposed_weights(node, given_constant(node, inputs[1])))
    alpha, beta = (Surd.of(finite_attribute(node, name, 1.0)) for name in ("alpha", "beta"))
    if alpha != Surd.of(1):
        reader.chain.times(label(node), [alpha])
    if len(inputs) > 2 and inputs[2] is not None:
        bias = reader.by_channel(node, inputs[2])
        reader.chain.plus(f"bias of {label(node)}", [beta * one for one in bias])


def _reshape(reader: Reader, node: onnx.NodeProto, inputs: Inputs) -> None:
    target = inputs[1] if len(inputs) > 1 else None
    axes = axes_of(node, None if target is None else target.numbers)
    moves = PulsewrightError(
        f"{label(node)} moves values between the samples of a batch, or fixes an open batch; "
        "keep the first dimension"
    )
    try:
        shape = reshaped(node, reader.shape, axes)
    except PulsewrightError as error:
        if reader.shape[0] == OPEN_BATCH:
            raise moves from error
        raise
    if not shape or shape[0] != reader.shape[0]:
        raise moves
    reader.shape = shape


def _same(reader: Reader, node: onnx.NodeProto, inputs: Inputs) -> None:
    """Nodes that hand on what they take."""


def _scalar(node: onnx.NodeProto, constant: Constant | None, name: str) -> Fraction | None:
    """A bound of Clip: an input since opset 11, an attribute before."""
    if constant is not None:
        if constant.size != 1:
            raise PulsewrightError(f"{label(node)}: {name} has {constant.size} values; give one")
        value = constant.exact(label(node)).flat[0]
        if not value.is_rational:
            raise PulsewrightError(f"{label(node)}: {name} is a root; give a rational number")
        bound: Fraction = value.rational
        return bound
    number = attribute(node, name, inf)
    return None if abs(number) > MOST_FLOAT32 else finite_attribute(node, name, inf)


_Function = Callable[[Reader, onnx.NodeProto, Inputs], None]
_STANDARD: Mapping[str, _Function] = {
    "Div": _divide,
    "Neg": _negate,
    "BatchNormalization": _batch_normalisation,
    "QuantizeLinear": _quantize_linear,
    "DequantizeLinear": _dequantize_linear,
    "Relu": _relu,
    "Clip": _clip,
    "MatMul": _matmul,
    "Gemm": _gemm,
    "QLinearMatMul": qlinear_matmul,
    "MatMulInteger": matmul_integer,
    **dict.fromkeys(("Reshape", "Flatten", "Squeeze", "Unsqueeze"), _reshape),
    **dict.fromkeys(("Identity", "Cast", "Dropout"), _same),
}
_MICROSOFT: Mapping[str, _Function] = {
    "QGemm": qgemm,
    "QLinearAdd": qlinear_add,
    "QuantizeLinear": _quantize_linear,
    "DequantizeLinear": _dequantize_linear,
}
