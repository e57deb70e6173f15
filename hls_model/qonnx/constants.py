# SPDX-License-Identifier: Apache-2.0
"""Initialisers and what is computed from them alone: quantised, transposed, reshaped."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import onnx
from onnx import numpy_helper

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.qonnx.attributes import attribute, is_quant, is_standard, unsupported
from pulsewright.hls_model.qonnx.dyadic import FloatArray
from pulsewright.hls_model.qonnx.graph import check_dims, label
from pulsewright.hls_model.qonnx.quantiser import Quantiser, parse_quantiser
from pulsewright.hls_model.qonnx.shape_rules import axes_of, reshaped
from pulsewright.hls_model.shortened import shortened

_NUMBERS = {
    onnx.TensorProto.FLOAT,
    onnx.TensorProto.DOUBLE,
    onnx.TensorProto.FLOAT16,
    onnx.TensorProto.INT8,
    onnx.TensorProto.INT16,
    onnx.TensorProto.INT32,
    onnx.TensorProto.INT64,
    onnx.TensorProto.UINT8,
    onnx.TensorProto.UINT16,
    onnx.TensorProto.INT4,
    onnx.TensorProto.UINT4,
}


@dataclass(frozen=True)
class Constant:
    """values: float64. quantiser: what made them, its fracs of the same shape; None if nothing."""

    values: FloatArray
    quantiser: Quantiser | None = None

    def rearranged(self, change: Callable[[npt.NDArray[np.generic]], object]) -> "Constant":
        """Values and scales after the same transposition or change of shape."""
        values = np.asarray(change(self.values), dtype=np.float64)
        if self.quantiser is None:
            return Constant(values)
        fracs = np.asarray(change(self.quantiser.fracs), dtype=np.int64)
        return Constant(values, replace(self.quantiser, fracs=fracs))


def constant_of(tensor: onnx.TensorProto, what: str) -> Constant:
    """An initialiser or the tensor of a Constant node.

    Raises:
        PulsewrightError: it is not numbers, its data do not fit its shape, or it holds NaN or
            infinity.
    """
    if tensor.data_location == onnx.TensorProto.EXTERNAL or tensor.external_data:
        raise PulsewrightError(f"{what} lies outside the file; save the model as one file")
    wrong = PulsewrightError(
        f"{what} is not a tensor of numbers, or its data do not fit its shape "
        f"{shortened(list(tensor.dims))}; export the model again"
    )
    check_dims(what, tensor.dims)
    if tensor.data_type not in _NUMBERS:
        raise wrong
    try:
        with np.errstate(invalid="ignore"):
            values = numpy_helper.to_array(tensor).astype(np.float64)
    except (ValueError, TypeError) as error:
        raise wrong from error
    if not np.isfinite(values).all():
        raise PulsewrightError(
            f"{what} holds {values[~np.isfinite(values)].flat[0]!s}; train the network again"
        )
    return Constant(values)


def folded(node: onnx.NodeProto, inputs: Sequence[Constant | None]) -> Constant:
    """What a node makes of constants; an input that is left out is None.

    Raises:
        PulsewrightError: the operator is not one of those above, or used in another way.
    """
    if is_standard(node) and node.op_type == "Constant":
        return _constant_node(node)
    if not inputs or inputs[0] is None:
        raise unsupported(node)
    first, rest = inputs[0], inputs[1:]
    if is_quant(node):
        return _quantised(node, first, rest)
    if not is_standard(node):
        raise unsupported(node)
    if node.op_type == "Identity":
        return first
    if node.op_type == "Transpose":
        rank = first.values.ndim
        permutation = attribute(node, "perm", list(range(rank))[::-1])
        if sorted(permutation) != list(range(rank)):
            raise PulsewrightError(
                f"{label(node)}: perm {shortened(permutation)} of a tensor of {rank} dimensions; "
                "export the model again"
            )
        return first.rearranged(lambda array: array.transpose(permutation))
    target = None if not rest or rest[0] is None else rest[0].values
    if node.op_type in ("Reshape", "Flatten", "Squeeze", "Unsqueeze"):
        axes = axes_of(node, target)
        shape = reshaped(node, first.values.shape, axes)
        return first.rearranged(lambda array: array.reshape(shape))
    raise unsupported(node)


def _constant_node(node: onnx.NodeProto) -> Constant:
    what = f"{label(node)}: its value"
    for given in node.attribute:
        if given.name == "value" and given.type == onnx.AttributeProto.TENSOR:
            return constant_of(given.t, what)
        if given.name in ("value_float", "value_floats", "value_int", "value_ints"):
            given_value = onnx.helper.get_attribute_value(given)
            check_dims(what, np.shape(given_value))
            values = np.asarray(given_value, dtype=np.float64)
            return constant_of(numpy_helper.from_array(values), what)
    raise PulsewrightError(f"{label(node)}: it holds no tensor of numbers; export the model again")


def quantiser_of(node: onnx.NodeProto, parameters: Sequence[Constant | None]) -> Quantiser:
    """The quantiser of a Quant node from its scale, zero point and bit width.

    Raises:
        PulsewrightError: one is missing or not constant, or see `parse_quantiser`.
    """
    given = [parameter.values for parameter in parameters if parameter is not None]
    if len(given) != 3:
        raise PulsewrightError(
            f"{label(node)}: scale, zero point and bit width are constants; export the model again"
        )
    return parse_quantiser(node, *given)


def _quantised(
    node: onnx.NodeProto, first: Constant, parameters: Sequence[Constant | None]
) -> Constant:
    quantiser = quantiser_of(node, parameters)
    values = quantiser.quantised(first.values)
    return Constant(
        values, replace(quantiser, fracs=np.broadcast_to(quantiser.fracs, values.shape).copy())
    )
