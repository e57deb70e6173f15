# SPDX-License-Identifier: Apache-2.0
"""What nodes make of constants alone: shapes, exact arithmetic, quantised weights."""

from collections.abc import Callable, Sequence

import numpy as np
import onnx

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.exact.surd import Surd
from pulsewright.hls_model.qonnx import constants as float_constants
from pulsewright.hls_model.qonnx.attributes import attribute, is_quant, is_standard, unsupported
from pulsewright.hls_model.qonnx.dialect import QUANT_DOMAINS
from pulsewright.hls_model.qonnx.graph import check_dims, label
from pulsewright.hls_model.qonnx.shape_rules import axes_of, reshaped
from pulsewright.hls_model.quantised_onnx.constants import (
    RECIPROCAL,
    Constant,
    Numbers,
    constant_of,
)
from pulsewright.hls_model.quantised_onnx.quantisers import (
    QuantiserNode,
    bipolar_node,
    by_axis,
    linear_node,
    quant_node,
    zero_points,
)
from pulsewright.hls_model.shortened import shortened

Remark = Callable[[str], None]
_ANY_INTEGER = (-(2**31), 2**31 - 1)


def is_bipolar_quant(node: onnx.NodeProto) -> bool:
    """True for QONNX's bipolar quantiser."""
    return node.op_type == "BipolarQuant" and node.domain in QUANT_DOMAINS


def folded(node: onnx.NodeProto, inputs: Sequence[Constant | None], remark: Remark) -> Constant:
    """What a node makes of constants; an input that is left out is None.

    remark: takes what float32 arithmetic would make different.

    Raises:
        PulsewrightError: the operator is not one of those below, or used in another way.
    """
    if is_standard(node) and node.op_type == "Constant":
        return _constant_node(node)
    if not inputs or inputs[0] is None:
        raise unsupported(node)
    if is_quant(node) or is_bipolar_quant(node):
        return _quantised(node, inputs[0], qonnx_quantiser(node, inputs[1:]), remark)
    if not is_standard(node):
        raise unsupported(node)
    if node.op_type in _SHAPES:
        return _SHAPES[node.op_type](node, inputs[0], inputs[1:])
    if node.op_type in _ARITHMETIC:
        return _arithmetic(node, inputs)
    if node.op_type == "QuantizeLinear":
        return _quantize_linear(node, inputs, remark)
    if node.op_type == "DequantizeLinear":
        return _dequantize_linear(node, inputs)
    if node.op_type == "Clip":
        return _clip(node, inputs)
    raise unsupported(node)


def qonnx_quantiser(node: onnx.NodeProto, parameters: Sequence[Constant | None]) -> QuantiserNode:
    """The quantiser of a Quant or BipolarQuant node from its parameters.

    Raises:
        PulsewrightError: one is missing or not constant, or see `quant_node`.
    """
    given = [parameter for parameter in parameters if parameter is not None]
    if is_bipolar_quant(node):
        if len(given) != 1:
            raise PulsewrightError(f"{label(node)}: its scale is a constant; export it again")
        return bipolar_node(node, given[0])
    if len(given) != 3:
        raise PulsewrightError(
            f"{label(node)}: scale, zero point and bit width are constants; export the model again"
        )
    return quant_node(node, *given)


def _constant_node(node: onnx.NodeProto) -> Constant:
    for given in node.attribute:
        if given.name == "value" and given.type == onnx.AttributeProto.TENSOR:
            check_dims(f"{label(node)}: its value", given.t.dims)
            return constant_of(given.t, f"{label(node)}: its value")
    return Constant(float_constants.folded(node, []).values)


def _quantised(
    node: onnx.NodeProto, values: Constant, quantiser: QuantiserNode, remark: Remark
) -> Constant:
    """The integers without their zero point, and the scale."""
    codes = _codes(node, values, quantiser, remark)
    zeros = quantiser.zero_point
    if not all(one.is_rational and one.rational.denominator == 1 for one in zeros.flat):
        raise PulsewrightError(
            f"{quantiser.where}: zero points of weights are whole numbers; quantise them again"
        )
    offsets = np.array([float(one) for one in zeros.flat]).reshape(zeros.shape)
    scale = quantiser.scale
    scale = scale.reshape((1,) * (codes.ndim - scale.ndim) + scale.shape)
    return Constant(codes - offsets, scale)


def _codes(
    node: onnx.NodeProto, values: Constant, quantiser: QuantiserNode, remark: Remark
) -> Numbers:
    if values.scale is not None or values.numbers.dtype == object:
        raise PulsewrightError(
            f"{label(node)} quantises constants that are quantised or computed already; export "
            "the model again"
        )
    codes, by_float32 = quantiser.integers_of(values.numbers)
    if values.kind != onnx.TensorProto.FLOAT:
        return codes
    differing = int((codes != by_float32).sum())
    if differing:
        remark(
            f"{label(node)}: {differing} of {codes.size} constants are so near to a step that the "
            "division in float32 rounds them to another integer than exact arithmetic; all "
            "executors divide so, and their integers are taken"
        )
    return by_float32


def _quantize_linear(
    node: onnx.NodeProto, inputs: Sequence[Constant | None], remark: Remark
) -> Constant:
    values, scale, *rest = inputs
    if values is None or scale is None:
        raise unsupported(node)
    zero_point = rest[0] if rest else None
    quantiser = linear_node(node, values.numbers.ndim, scale, zero_point)
    kind = onnx.TensorProto.UINT8 if zero_point is None else zero_point.kind
    return Constant(_codes(node, values, quantiser, remark), None, kind)


def _dequantize_linear(node: onnx.NodeProto, inputs: Sequence[Constant | None]) -> Constant:
    codes, scale, *rest = inputs
    where = label(node)
    if codes is None or scale is None or codes.scale is not None or codes.numbers.dtype == object:
        raise unsupported(node)
    if attribute(node, "block_size", 0):
        raise PulsewrightError(f"{where}: scales by blocks; give one scale, or one a channel")
    rank, axis = codes.numbers.ndim, attribute(node, "axis", 1)
    zeros = by_axis(where, zero_points(where, rest[0] if rest else None, _ANY_INTEGER), rank, axis)
    offsets = np.array([float(one) for one in zeros.flat]).reshape(zeros.shape)
    factors = by_axis(where, scale.exact(where), rank, axis)
    for one in factors.flat:
        if one.sign() <= 0:
            raise PulsewrightError(
                f"{where}: scale {float(one)}; scales are positive numbers, train again"
            )
    moved = Constant(codes.numbers - offsets).scaled(factors)
    if moved is None:
        raise PulsewrightError(
            f"{where}: {factors.size} scales for constants of shape {list(codes.shape)}; give one "
            "scale, or one a channel"
        )
    return moved


def _clip(node: onnx.NodeProto, inputs: Sequence[Constant | None]) -> Constant:
    values, *bounds = inputs
    if values is None or values.scale is not None or values.numbers.dtype == object:
        raise unsupported(node)
    low, high = (
        None if place >= len(bounds) or bounds[place] is None else bounds[place] for place in (0, 1)
    )
    clipped = values.numbers
    if low is not None:
        clipped = np.maximum(clipped, low.numbers)
    if high is not None:
        clipped = np.minimum(clipped, high.numbers)
    return Constant(clipped, None, values.kind)


def _arithmetic(node: onnx.NodeProto, inputs: Sequence[Constant | None]) -> Constant:
    given = [one for one in inputs if one is not None]
    what = label(node)
    if node.op_type in ("Mul", "Div") and given[0].size > given[1].size:
        scaled = given[0].scaled(given[1].exact(what), divide=node.op_type == "Div")
        if scaled is not None:
            return scaled
    values = [one.exact(what) for one in given]
    if len({one.shape for one in values if one.size > 1}) > 1:
        raise PulsewrightError(
            f"{what} joins constants of shapes {[list(one.shape) for one in values]}; "
            "export the model again"
        )
    try:
        if node.op_type == "Pow":
            made = _power(values[0], values[1])
        elif node.op_type == "Sqrt":
            made = _root(values[0])
        else:
            made = _ARITHMETIC[node.op_type](*values)
    except PulsewrightError as error:
        raise PulsewrightError(f"{what}: {error}") from error
    return Constant(np.asarray(made, dtype=object))


def _power(base: Numbers, exponent: Numbers) -> Numbers:
    if exponent.size != 1:
        raise PulsewrightError("several exponents; give one")
    power = 2 * exponent.flat[0].rational
    if power.denominator != 1 or not -8 <= power <= 8:
        raise PulsewrightError(
            f"exponent {float(power / 2):g}; whole numbers and halves of -4 to 4 are computed"
        )
    result = np.full(base.shape, Surd.of(1), dtype=object)
    factor = _root(base) if power.numerator % 2 else base
    for _ in range(abs(power.numerator) // (1 if power.numerator % 2 else 2)):
        result = result * factor
    return RECIPROCAL(result) if power < 0 else result


def _root(values: Numbers) -> Numbers:
    for one in values.flat:
        if not one.is_rational or one.sign() < 0:
            raise PulsewrightError(
                f"the root of {float(one):g}; roots of rational numbers from 0 on are computed"
            )
    roots: Numbers = np.frompyfunc(lambda one: Surd.root(one.rational), 1, 1)(values)
    return roots


_ARITHMETIC: dict[str, Callable[..., Numbers]] = {
    "Add": lambda a, b: a + b,
    "Sub": lambda a, b: a - b,
    "Mul": lambda a, b: a * b,
    "Div": lambda a, b: a * RECIPROCAL(b),
    "Neg": lambda a: -a,
    "Reciprocal": RECIPROCAL,
    "Pow": lambda a, b: a,
    "Sqrt": lambda a: a,
}


def _same(node: onnx.NodeProto, first: Constant, rest: Sequence[Constant | None]) -> Constant:
    return first


def _transposed(node: onnx.NodeProto, first: Constant, rest: Sequence[Constant | None]) -> Constant:
    rank = len(first.shape)
    permutation = attribute(node, "perm", list(range(rank))[::-1])
    if sorted(permutation) != list(range(rank)):
        raise PulsewrightError(
            f"{label(node)}: perm {shortened(permutation)} of a tensor of {rank} dimensions; "
            "export the model again"
        )
    return first.rearranged(lambda array: array.transpose(permutation))


def _reshaped(node: onnx.NodeProto, first: Constant, rest: Sequence[Constant | None]) -> Constant:
    target = None if not rest or rest[0] is None else rest[0].numbers
    shape = reshaped(node, first.shape, axes_of(node, target))
    return first.rearranged(lambda array: array.reshape(shape))


def _gathered(node: onnx.NodeProto, first: Constant, rest: Sequence[Constant | None]) -> Constant:
    axis, size = attribute(node, "axis", 0), len(first.shape)
    places = None if not rest or rest[0] is None else rest[0].numbers.astype(np.int64)
    if (
        places is None
        or not -size <= axis < size
        or (places < -first.shape[axis]).any()
        or (places >= first.shape[axis]).any()
    ):
        raise PulsewrightError(
            f"{label(node)}: its places do not lie in a tensor of shape {list(first.shape)}; "
            "export the model again"
        )
    return first.rearranged(lambda array: np.take(array, places, axis=axis))


def _concatenated(
    node: onnx.NodeProto, first: Constant, rest: Sequence[Constant | None]
) -> Constant:
    parts = [first, *(one for one in rest if one is not None)]
    axis = attribute(node, "axis", 0)
    if any(one.scale is not None or one.numbers.ndim != 1 for one in parts) or axis not in (0, -1):
        raise PulsewrightError(
            f"{label(node)} joins constants other than shapes; export the model again"
        )
    return Constant(np.concatenate([one.numbers for one in parts]), None, first.kind)


_SHAPES = {
    "Identity": _same,
    "Cast": _same,
    "Transpose": _transposed,
    **dict.fromkeys(("Reshape", "Flatten", "Squeeze", "Unsqueeze"), _reshaped),
    "Gather": _gathered,
    "Concat": _concatenated,
}
