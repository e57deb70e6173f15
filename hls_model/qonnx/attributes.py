# SPDX-License-Identifier: Apache-2.0
"""Attributes of ONNX nodes, typed, with the node named where one is wrong."""

from fractions import Fraction
from math import isfinite
from typing import Any

import onnx

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.qonnx.dialect import QUANT_DOMAINS, QUANT_OPERATORS
from pulsewright.hls_model.qonnx.graph import label
from pulsewright.hls_model.shortened import LONGEST_VALUE, cut, shortened


def attribute(node: onnx.NodeProto, name: str, default: Any) -> Any:
    """The value of an attribute, of the type of `default`: int, float, str or a list of int.

    Raises:
        PulsewrightError: it is of another type.
    """
    for given in node.attribute:
        if given.name == name:
            try:
                value = onnx.helper.get_attribute_value(given)
                value = value.decode() if isinstance(value, bytes) else value
                value = list(value) if isinstance(default, list) else value
            except (ValueError, TypeError):
                value = None
            if type(value) is not type(default):
                raise PulsewrightError(
                    f"{label(node)}: attribute {shortened(name)} is not a "
                    f"{type(default).__name__}; export the model again"
                )
            return value
    return default


def finite_attribute(node: onnx.NodeProto, name: str, default: float) -> Fraction:
    """The exact value of an attribute that is a number.

    Raises:
        PulsewrightError: it is another type, infinite, or no number.
    """
    value = attribute(node, name, default)
    if not isfinite(value):
        raise PulsewrightError(
            f"{label(node)}: attribute {shortened(name)} is {value}, which is no finite number; "
            "export the model again"
        )
    return Fraction(value)


def is_standard(node: onnx.NodeProto) -> bool:
    """True for ONNX's own operators."""
    return node.domain in ("", "ai.onnx")


def is_quant(node: onnx.NodeProto) -> bool:
    """True for QONNX's integer quantiser."""
    return node.op_type in QUANT_OPERATORS and node.domain in QUANT_DOMAINS


def unsupported(node: onnx.NodeProto) -> PulsewrightError:
    """The refusal of an operator."""
    domain = "" if is_standard(node) else f" of {shortened(node.domain)}"
    operator = cut(node.op_type, LONGEST_VALUE)
    return PulsewrightError(
        f"{label(node)}: operator {operator}{domain} is not supported here; "
        f"{_REMEDIES.get(node.op_type, 'export a chain of dense layers, Relu and Quant nodes')}"
    )


_REMEDIES = {
    "BatchNormalization": "merge it into the dense layer before and quantise that layer again",
    "BipolarQuant": "use weights of 2 to 8 bits",
    "Conv": "export dense layers alone",
    "FloatQuant": "use integer quantisers (Quant)",
    "MultiThreshold": "export the model before it becomes thresholds, with Quant nodes",
    "Softmax": "end the model with the last dense layer",
    "Sigmoid": "end the model with the last dense layer",
    "TopK": "end the model with the last dense layer",
    "ArgMax": "end the model with the last dense layer",
    "Trunc": "use Quant after Relu",
}

# Inputs that an operator has, the fewest and the most; others are refused elsewhere.
_ARITY = {
    "Constant": (0, 0),
    "Identity": (1, 1),
    "Relu": (1, 1),
    "Transpose": (1, 1),
    "Flatten": (1, 1),
    "Reshape": (1, 2),
    "Squeeze": (1, 2),
    "Unsqueeze": (1, 2),
    "MatMul": (2, 2),
    "Add": (2, 2),
    "Mul": (2, 2),
    "Div": (2, 2),
    "Gemm": (2, 3),
    "Quant": (4, 4),
    "IntQuant": (4, 4),
}


def check_arity(node: onnx.NodeProto) -> None:
    """Refuse an operator with too few or too many inputs, or with an output that is not one.

    Raises:
        PulsewrightError: see above; or the operator is none of those that are read.
    """
    if node.op_type not in _ARITY or not (is_quant(node) or is_standard(node)):
        raise unsupported(node)
    fewest, most = _ARITY[node.op_type]
    if not fewest <= len(node.input) <= most or len(node.output) != 1:
        raise PulsewrightError(
            f"{label(node)} has {len(node.input)} inputs and {len(node.output)} outputs; "
            "export the model again"
        )
