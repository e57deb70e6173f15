# SPDX-License-Identifier: Apache-2.0
"""The path of the activations through an ONNX graph, node by node, as an exact chain."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

import numpy as np
import onnx

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.exact.chain import ExactChain
from pulsewright.hls_model.exact.surd import Surd
from pulsewright.hls_model.qonnx.attributes import attribute, is_quant, is_standard, unsupported
from pulsewright.hls_model.qonnx.dense_draft import leading_ones
from pulsewright.hls_model.qonnx.graph import label
from pulsewright.hls_model.qonnx.shape_rules import axes_of, reshaped
from pulsewright.hls_model.quantised_onnx.constants import RECIPROCAL, Constant, Numbers
from pulsewright.hls_model.quantised_onnx.dense_weights import dense_weights
from pulsewright.hls_model.quantised_onnx.folding import is_bipolar_quant, qonnx_quantiser
from pulsewright.hls_model.quantised_onnx.quantisers import (
    QuantiserNode,
    by_axis,
    code_limits,
    linear_node,
    zero_points,
)

Inputs = Sequence[Constant | None]

MICROSOFT = "com.microsoft"
# Stands for an open batch: no product of other sizes is taken for it.
OPEN_BATCH = 1_000_003
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


class Reader:
    """Hands one node after the other to the chain."""

    def __init__(self, chain: ExactChain, batch: int | None, dims: Sequence[int]) -> None:
        self._chain = chain
        self.shape: tuple[int, ...] = (batch or OPEN_BATCH, *dims)

    def read(self, node: onnx.NodeProto, inputs: Inputs, position: int) -> None:
        """Take `node` on. inputs: None where the activations are, at `position`.

        Raises:
            PulsewrightError: the node is none that a chain of dense layers has here.
        """
        operator = node.op_type
        if is_quant(node) or is_bipolar_quant(node):
            self._need_first(node, position)
            self._quantise(qonnx_quantiser(node, inputs[1:]))
        elif operator in INCREASING and node.domain in ("", "ai.onnx", MICROSOFT):
            self._chain.drop(label(node), INCREASING[operator])
        elif node.domain == MICROSOFT and operator in _MICROSOFT:
            self._need_first(node, position)
            _MICROSOFT[operator](self, node, inputs)
        elif not is_standard(node):
            raise unsupported(node)
        elif operator in ("Add", "Mul"):
            self._affine(node, inputs[1 - position])
        elif operator == "Sub":
            self._affine(node, inputs[1 - position], negate=position == 1)
        elif operator in _STANDARD:
            self._need_first(node, position)
            _STANDARD[operator](self, node, inputs)
        else:
            raise unsupported(node)

    def _need_first(self, node: onnx.NodeProto, position: int) -> None:
        if position:
            raise PulsewrightError(
                f"{label(node)}: constants stand before the activations; "
                "export activations times weights"
            )

    def _affine(
        self, node: onnx.NodeProto, given: Constant | None, *, negate: bool = False
    ) -> None:
        values = self._by_channel(node, _given(node, given))
        where = label(node)
        if node.op_type == "Mul":
            self._chain.times(where, values)
        elif node.op_type == "Div":
            self._chain.times(where, list(RECIPROCAL(np.array(values, dtype=object))))
        elif node.op_type == "Add":
            self._chain.plus(where, values)
        elif negate:
            self._chain.times(where, [Surd.of(-1)])
            self._chain.plus(where, values)
        else:
            self._chain.plus(where, [-one for one in values])

    def _divide(self, node: onnx.NodeProto, inputs: Inputs) -> None:
        self._affine(node, inputs[1])

    def _negate(self, node: onnx.NodeProto, inputs: Inputs) -> None:
        self._chain.times(label(node), [Surd.of(-1)])

    def _by_channel(self, node: onnx.NodeProto, constant: Constant) -> list[Surd]:
        return self._broadcast(node, constant.exact(label(node)))

    def _broadcast(self, node: onnx.NodeProto, values: Numbers) -> list[Surd]:
        """One value, or one for each value of a sample."""
        if values.size == 1 and values.ndim <= len(self.shape):
            return [values.flat[0]]
        try:
            every = np.broadcast_to(values, (1, *self.shape[1:]))
        except ValueError as error:
            raise PulsewrightError(
                f"{label(node)}: constants of shape {list(values.shape)} for samples of shape "
                f"{list(self.shape[1:])}; give one value, or one a channel"
            ) from error
        return list(every.flat)

    def _batch_normalisation(self, node: onnx.NodeProto, inputs: Inputs) -> None:
        where = label(node)
        if attribute(node, "training_mode", 0):
            raise PulsewrightError(f"{where} is in training mode; export the model in eval mode")
        gamma, beta, mean, variance = (
            self._along_channels(node, _given(node, one).exact(where)) for one in inputs[1:5]
        )
        epsilon = Surd.of(Fraction(float(np.float32(attribute(node, "epsilon", 1e-5)))))
        factors = []
        for one, scale in zip(variance, gamma, strict=True):
            square = one + epsilon
            if not square.is_rational or square.sign() <= 0:
                raise PulsewrightError(
                    f"{where}: variance {float(one):g} with epsilon {float(epsilon):g}; their sum "
                    "is positive, train again"
                )
            factors.append(scale * Surd.root(square.rational).reciprocal())
        self._chain.plus(where, [-one for one in mean])
        self._chain.times(where, factors)
        self._chain.plus(where, beta)

    def _along_channels(self, node: onnx.NodeProto, values: Numbers) -> list[Surd]:
        if values.ndim != 1 or len(self.shape) < 2 or values.size != self.shape[1]:
            raise PulsewrightError(
                f"{label(node)}: parameters of shape {list(values.shape)} for samples of shape "
                f"{list(self.shape[1:])}; give one a channel"
            )
        shaped = values.reshape((1, -1, *[1] * (len(self.shape) - 2)))
        return list(np.broadcast_to(shaped, (1, *self.shape[1:])).flat)

    def _quantise(self, quantiser: QuantiserNode) -> None:
        """One quantiser, or one a channel as factors around one of scale 1."""
        where = quantiser.where
        if quantiser.is_uniform:
            self._chain.quantise(quantiser.staircase())
            return
        node = onnx.NodeProto(name=where)
        scales, zeros = (
            self._broadcast(node, one) for one in (quantiser.scale, quantiser.zero_point)
        )
        self._chain.times(where, list(RECIPROCAL(np.array(scales, dtype=object))))
        if not quantiser.zero_point_after_rounding:
            self._chain.plus(where, zeros)
        self._chain.quantise(quantiser.unit_staircase())
        if not quantiser.zero_point_after_rounding:
            self._chain.plus(where, [-one for one in zeros])
        self._chain.times(where, scales)

    def _quantise_to_codes(self, quantiser: QuantiserNode) -> None:
        """What the file hands on is the code itself, not what it stands for."""
        if self._chain.is_ended:
            return
        self._quantise(quantiser)
        node = onnx.NodeProto(name=quantiser.where)
        scales = np.asarray(RECIPROCAL(quantiser.scale), dtype=object)
        self._chain.times(quantiser.where, self._broadcast(node, scales))
        self._chain.plus(quantiser.where, self._broadcast(node, quantiser.zero_point))

    def _quantize_linear(self, node: onnx.NodeProto, inputs: Inputs) -> None:
        zero_point = inputs[2] if len(inputs) > 2 else None
        self._quantise_to_codes(
            linear_node(node, len(self.shape), _given(node, inputs[1]), zero_point)
        )

    def _dequantize(
        self, node: onnx.NodeProto, scale: Constant | None, zero_point: Constant | None
    ) -> None:
        if self._chain.is_ended:
            return
        where, rank = label(node), len(self.shape)
        axis = attribute(node, "axis", 1)
        factors = by_axis(where, _given(node, scale).exact(where), rank, axis)
        for one in factors.flat:
            if one.sign() <= 0:
                raise PulsewrightError(
                    f"{where}: scale {float(one):g}; scales are positive numbers, train again"
                )
        zeros = by_axis(where, zero_points(where, zero_point, _LIMITS), rank, axis)
        self._chain.plus(where, [-one for one in self._broadcast(node, zeros)])
        self._chain.times(where, self._broadcast(node, factors))

    def _dequantize_linear(self, node: onnx.NodeProto, inputs: Inputs) -> None:
        if attribute(node, "block_size", 0):
            raise PulsewrightError(f"{label(node)}: scales by blocks; give one scale")
        self._dequantize(node, inputs[1], inputs[2] if len(inputs) > 2 else None)

    def _relu(self, node: onnx.NodeProto, inputs: Inputs) -> None:
        self._chain.clip(label(node), Fraction(0), None)

    def _clip(self, node: onnx.NodeProto, inputs: Inputs) -> None:
        low, high = (
            _scalar(node, inputs[place] if place < len(inputs) else None, name)
            for place, name in ((1, "min"), (2, "max"))
        )
        self._chain.clip(label(node), low, high)

    def _matmul(self, node: onnx.NodeProto, inputs: Inputs) -> None:
        self._dense(node, _given(node, inputs[1]))

    def _dense(self, node: onnx.NodeProto, weights: Constant) -> None:
        if not leading_ones(self.shape[1:]):
            raise PulsewrightError(
                f"{label(node)} multiplies a tensor of shape {list(self.shape[1:])} a sample; "
                "flatten it before"
            )
        integers, scales = dense_weights(label(node), weights, self.shape[-1])
        self._chain.dense(label(node), integers, scales)
        self.shape = (*self.shape[:-1], len(integers))

    def _gemm(self, node: onnx.NodeProto, inputs: Inputs) -> None:
        self._check_gemm(node)
        self._dense(node, _transposed(node, _given(node, inputs[1])))
        alpha, beta = (Surd.of(Fraction(attribute(node, name, 1.0))) for name in ("alpha", "beta"))
        if alpha != Surd.of(1):
            self._chain.times(label(node), [alpha])
        if len(inputs) > 2 and inputs[2] is not None:
            bias = self._by_channel(node, inputs[2])
            self._chain.plus(f"bias of {label(node)}", [beta * one for one in bias])

    def _check_gemm(self, node: onnx.NodeProto) -> None:
        if attribute(node, "transA", 0):
            raise PulsewrightError(f"{label(node)}: transA is 1; export it as 0")
        if len(self.shape) != 2:
            raise PulsewrightError(
                f"{label(node)} multiplies a tensor of {len(self.shape)} dimensions; "
                "flatten it before"
            )

    def _qgemm(self, node: onnx.NodeProto, inputs: Inputs) -> None:
        self._check_gemm(node)
        places = (*inputs, *[None] * (9 - len(inputs)))
        scale = _given(node, places[1])
        self._dequantize(node, scale, places[2])
        weights = _transposed(node, _given(node, places[3]))
        scales = self._quantised_dense(node, weights, _given(node, places[4]), places[5])
        if attribute(node, "alpha", 1.0) != 1.0:
            raise PulsewrightError(f"{label(node)}: alpha is not 1; export it as 1")
        if places[6] is not None:
            # Integers at the accumulator's scale.
            bias = np.broadcast_to(places[6].exact(label(node)).reshape(-1), (self.shape[-1],))
            step = scale.exact(label(node)).flat[0]
            self._chain.plus(
                f"bias of {label(node)}",
                [one * step * of for one, of in zip(bias, scales, strict=True)],
            )
        if places[7] is not None:
            self._requantise(node, places[7], places[8])

    def _qlinear_matmul(self, node: onnx.NodeProto, inputs: Inputs) -> None:
        self._dequantize(node, _given(node, inputs[1]), inputs[2])
        weights = _given(node, inputs[3])
        self._quantised_dense(node, weights, _given(node, inputs[4]), inputs[5])
        self._requantise(node, _given(node, inputs[6]), inputs[7])

    def _quantised_dense(
        self,
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
        self._dense(node, moved)
        return list(np.broadcast_to(factors.reshape(-1), (self.shape[-1],)))

    def _requantise(
        self, node: onnx.NodeProto, scale: Constant, zero_point: Constant | None
    ) -> None:
        self._quantise_to_codes(linear_node(node, len(self.shape), scale, zero_point))

    def _qlinear_add(self, node: onnx.NodeProto, inputs: Inputs) -> None:
        self._dequantize(node, _given(node, inputs[1]), inputs[2])
        where = label(node)
        codes, scale, zeros = _given(node, inputs[3]), _given(node, inputs[4]), inputs[5]
        offset = zero_points(where, zeros, code_limits(where, codes.kind)).flat[0]
        step = scale.exact(where).flat[0]
        summands = (codes.exact(where) - offset) * step
        self._chain.plus(where, self._broadcast(node, np.asarray(summands, dtype=object)))
        self._requantise(node, _given(node, inputs[6]), inputs[7])

    def _matmul_integer(self, node: onnx.NodeProto, inputs: Inputs) -> None:
        where = label(node)
        given = (*inputs, None, None)
        zeros = zero_points(where, given[2], _LIMITS)
        self._chain.plus(where, [-one for one in self._broadcast(node, zeros)])
        weights = _given(node, inputs[1])
        of_weights = zero_points(where, given[3], code_limits(where, weights.kind))
        offsets = np.array([float(one) for one in of_weights.flat])
        self._dense(node, Constant(weights.numbers - offsets))

    def _reshape(self, node: onnx.NodeProto, inputs: Inputs) -> None:
        target = inputs[1] if len(inputs) > 1 else None
        axes = axes_of(node, None if target is None else target.numbers)
        moves = PulsewrightError(
            f"{label(node)} moves values between the samples of a batch, or fixes an open batch; "
            "keep the first dimension"
        )
        try:
            shape = reshaped(node, self.shape, axes)
        except PulsewrightError as error:
            if self.shape[0] == OPEN_BATCH:
                raise moves from error
            raise
        if not shape or shape[0] != self.shape[0]:
            raise moves
        self.shape = shape

    def _same(self, node: onnx.NodeProto, inputs: Inputs) -> None:
        """Nodes that hand on what they take."""


_LIMITS = (-(2**31), 2**31 - 1)
_Method = Callable[[Reader, onnx.NodeProto, Inputs], None]
_STANDARD: Mapping[str, _Method] = {
    "Div": Reader._divide,
    "Neg": Reader._negate,
    "BatchNormalization": Reader._batch_normalisation,
    "QuantizeLinear": Reader._quantize_linear,
    "DequantizeLinear": Reader._dequantize_linear,
    "Relu": Reader._relu,
    "Clip": Reader._clip,
    "MatMul": Reader._matmul,
    "Gemm": Reader._gemm,
    "QLinearMatMul": Reader._qlinear_matmul,
    "MatMulInteger": Reader._matmul_integer,
    **dict.fromkeys(("Reshape", "Flatten", "Squeeze", "Unsqueeze"), Reader._reshape),
    **dict.fromkeys(("Identity", "Cast", "Dropout"), Reader._same),
}
_MICROSOFT: Mapping[str, _Method] = {
    "QGemm": Reader._qgemm,
    "QLinearAdd": Reader._qlinear_add,
    "QuantizeLinear": Reader._quantize_linear,
    "DequantizeLinear": Reader._dequantize_linear,
}


def _given(node: onnx.NodeProto, constant: Constant | None) -> Constant:
    if constant is None:
        raise PulsewrightError(
            f"{label(node)} joins two activations, or an input of it is missing; "
            "export a chain without branches"
        )
    return constant


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
    number = attribute(node, name, float("nan"))
    # The attributes' defaults are the ends of float32.
    return None if number != number or abs(number) > 3e38 else Fraction(number)


def _transposed(node: onnx.NodeProto, weights: Constant) -> Constant:
    return weights.rearranged(np.transpose) if attribute(node, "transB", 0) else weights
