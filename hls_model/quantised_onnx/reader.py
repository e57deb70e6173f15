# SPDX-License-Identifier: Apache-2.0
"""The present activations of an ONNX graph: their shape, and what nodes do with them by channel."""

from collections.abc import Sequence

import numpy as np
import onnx

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.exact.chain import ExactChain
from pulsewright.hls_model.exact.surd import Surd
from pulsewright.hls_model.qonnx.attributes import attribute
from pulsewright.hls_model.qonnx.dense_draft import leading_ones
from pulsewright.hls_model.qonnx.graph import label
from pulsewright.hls_model.quantised_onnx.constants import RECIPROCAL, Constant, Numbers
from pulsewright.hls_model.quantised_onnx.dense_weights import dense_weights
from pulsewright.hls_model.quantised_onnx.quantisers import (
    QuantiserNode,
    by_axis,
    zero_points,
)

# Stands for an open batch: no product of other sizes is taken for it.
OPEN_BATCH = 1_000_003
CODE_LIMITS = (-(2**31), 2**31 - 1)


class Reader:
    """Hands what nodes do to the chain, channel by channel."""

    def __init__(self, chain: ExactChain, batch: int | None, dims: Sequence[int]) -> None:
        self.chain = chain
        self.shape: tuple[int, ...] = (batch or OPEN_BATCH, *dims)

    def by_channel(self, node: onnx.NodeProto, constant: Constant) -> list[Surd]:
        """A constant as one value, or one for each value of a sample."""
        return self.broadcast(node, constant.exact(label(node)))

    def broadcast(self, node: onnx.NodeProto, values: Numbers) -> list[Surd]:
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

    def along_channels(self, node: onnx.NodeProto, values: Numbers) -> list[Surd]:
        """Values by channel, the first dimension of a sample, as one for each value of a sample.

        Raises:
            PulsewrightError: there are not as many as channels.
        """
        if values.ndim != 1 or len(self.shape) < 2 or values.size != self.shape[1]:
            raise PulsewrightError(
                f"{label(node)}: parameters of shape {list(values.shape)} for samples of shape "
                f"{list(self.shape[1:])}; give one a channel"
            )
        shaped = values.reshape((1, -1, *[1] * (len(self.shape) - 2)))
        return list(np.broadcast_to(shaped, (1, *self.shape[1:])).flat)

    def quantise(self, quantiser: QuantiserNode) -> None:
        """One quantiser, or one a channel as factors around one of scale 1."""
        where = quantiser.where
        if self.chain.is_ended:
            return
        if quantiser.is_uniform:
            self.chain.quantise(quantiser.staircase())
            return
        node = onnx.NodeProto(name=where)
        scales, zeros = (
            self.broadcast(node, one) for one in (quantiser.scale, quantiser.zero_point)
        )
        self.chain.times(where, list(RECIPROCAL(np.array(scales, dtype=object))))
        if not quantiser.zero_point_after_rounding:
            self.chain.plus(where, zeros)
        self.chain.quantise(quantiser.unit_staircase())
        if not quantiser.zero_point_after_rounding:
            self.chain.plus(where, [-one for one in zeros])
        self.chain.times(where, scales)

    def quantise_to_codes(self, quantiser: QuantiserNode) -> None:
        """What the file hands on is the code itself, not what it stands for."""
        if self.chain.is_ended:
            return
        self.quantise(quantiser)
        node = onnx.NodeProto(name=quantiser.where)
        scales = np.asarray(RECIPROCAL(quantiser.scale), dtype=object)
        self.chain.times(quantiser.where, self.broadcast(node, scales))
        self.chain.plus(quantiser.where, self.broadcast(node, quantiser.zero_point))

    def dequantize(
        self, node: onnx.NodeProto, scale: Constant | None, zero_point: Constant | None
    ) -> None:
        """Codes to what they stand for, (code - zero_point) * scale.

        Raises:
            PulsewrightError: a scale is not positive, or the shapes do not fit.
        """
        if self.chain.is_ended:
            return
        where, rank = label(node), len(self.shape)
        axis = attribute(node, "axis", 1)
        factors = by_axis(where, given_constant(node, scale).exact(where), rank, axis)
        for one in factors.flat:
            if one.sign() <= 0:
                raise PulsewrightError(
                    f"{where}: scale {float(one):g}; scales are positive numbers, train again"
                )
        zeros = by_axis(where, zero_points(where, zero_point, CODE_LIMITS), rank, axis)
        self.chain.plus(where, [-one for one in self.broadcast(node, zeros)])
        self.chain.times(where, self.broadcast(node, factors))

    def dense(self, node: onnx.NodeProto, weights: Constant) -> None:
        """Multiply by weights (inputs, neurons).

        Raises:
            PulsewrightError: samples are no vectors, or see `dense_weights`.
        """
        if not leading_ones(self.shape[1:]):
            raise PulsewrightError(
                f"{label(node)} multiplies a tensor of shape {list(self.shape[1:])} a sample; "
                "flatten it before"
            )
        integers, scales = dense_weights(label(node), weights, self.shape[-1])
        self.chain.dense(label(node), integers, scales)
        self.shape = (*self.shape[:-1], len(integers))


def given_constant(node: onnx.NodeProto, constant: Constant | None) -> Constant:
    """An input that must be constant.

    Raises:
        PulsewrightError: it is not, or is missing.
    """
    if constant is None:
        raise PulsewrightError(
            f"{label(node)} joins two activations, or an input of it is missing; "
            "export a chain without branches"
        )
    return constant


def transposed_weights(node: onnx.NodeProto, weights: Constant) -> Constant:
    """Weights (inputs, neurons) of a Gemm."""
    return weights.rearranged(np.transpose) if attribute(node, "transB", 0) else weights
