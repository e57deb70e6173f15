# SPDX-License-Identifier: Apache-2.0
"""A dense layer while its nodes are read: integers, and a scale for each neuron."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import ValidationError

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.qonnx.constants import Constant
from pulsewright.hls_model.qonnx.dialect import WIDEST_FOLDED_WEIGHT, WIDEST_QUANT
from pulsewright.hls_model.qonnx.dyadic import FloatArray, finest_scale, fractional_bits, integers
from pulsewright.hls_model.reference.constant_neurons import common_scales
from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import (
    FixedPoint,
    IntegerArray,
    Rounding,
    width_for_range,
)


@dataclass
class DenseDraft:
    """Neuron j's weights stand for 2**-fracs[j], its bias for 2**-(fracs[j] + input frac).

    weights: (neurons, inputs). bias, fracs: (neurons,). width: bits of the weights. per_channel:
    the weights' quantiser has scales by channel, equal or not. relu, output_format, rounding: what
    followed so far.
    """

    where: str
    weights: IntegerArray
    bias: IntegerArray
    fracs: IntegerArray
    width: int
    per_channel: bool
    input_format: FixedPoint
    relu: bool = False
    output_format: FixedPoint | None = None
    rounding: Rounding = Rounding.HALF_EVEN

    def add(self, values: FloatArray, what: str) -> None:
        """Add a constant to the accumulators.

        Raises:
            PulsewrightError: it is not one value or one a neuron, or no integer at their scale.
        """
        row = self._row(values, what)
        self.bias = self.bias + integers(
            row,
            self.fracs + self.input_format.frac,
            what,
            "quantise the bias at the scale of input times weights",
        )
        if int(np.abs(self.bias).max()) >= 1 << 62:
            raise PulsewrightError(f"{what}: the bias leaves 62 bits; use smaller ones")

    def scale(self, factors: FloatArray, what: str) -> None:
        """Multiply the accumulators with powers of two.

        Raises:
            PulsewrightError: it is not one factor or one a neuron, or not a power of two.
        """
        row = self._row(factors, what)
        self.fracs = self.fracs + fractional_bits(row, what)

    def _row(self, values: FloatArray, what: str) -> FloatArray:
        neurons = len(self.bias)
        leading = values.shape[:-1]
        if values.size not in (1, neurons) or (
            values.size == neurons > 1 and (any(size != 1 for size in leading) or values.ndim == 0)
        ):
            raise PulsewrightError(
                f"{what} has the shape {list(values.shape)}; give one value, or one for each of "
                f"the {neurons} neurons"
            )
        return np.broadcast_to(values.reshape(-1), (neurons,))

    def finished(self, keep_channels: bool) -> DenseLayer:
        """The layer. keep_channels: scales as they are given, and channel shifts if all are 0.

        Raises:
            PulsewrightError: it is none that the reference model computes.
        """
        bias, fracs = self.bias, self.fracs
        if not keep_channels:
            bias, fracs = common_scales(
                self.weights,
                bias,
                fracs,
                self.input_format.frac,
                self.relu,
                self.output_format,
                self.rounding,
            )
        finest = int(fracs.max())
        shifts = tuple((finest - fracs).tolist())
        if not any(shifts) and not (keep_channels and self.per_channel):
            shifts = ()
        try:
            return DenseLayer(
                weights=self.weights,
                bias=bias,
                input_format=self.input_format,
                weight_format=FixedPoint(width=self.width, frac=finest, signed=True),
                relu=self.relu,
                output_format=self.output_format,
                rounding=self.rounding,
                channel_shifts=shifts,
            )
        except ValidationError as error:
            first = error.errors()[0]
            reason = first["msg"].removeprefix("Value error, ")
            if first["loc"]:
                reason = f"weights have {finest} fractional bits, {reason}; scale the network"
            raise PulsewrightError(f"{self.where}: {reason}") from error


def dense_draft(
    where: str, weights: Constant, input_format: FixedPoint, inputs: int, gain: int
) -> DenseDraft:
    """Start a layer from its weights (inputs, neurons). gain: its inputs are 2**gain times more.

    Raises:
        PulsewrightError: the shape is not that of a dense layer of so many inputs, or the weights
            are not quantised, or by scales that differ along the inputs.
    """
    values = weights.values
    if values.ndim != 2 or values.shape[0] != inputs or 0 in values.shape:
        raise PulsewrightError(
            f"{where}: weights of shape {list(values.shape)} for {inputs} inputs; "
            f"give ({inputs}, neurons)"
        )
    width, fracs, per_channel = _scales(where, weights)
    numbers = integers(values, fracs, f"{where}: weight", "quantise the weights").T
    low, high = int(numbers.min()), int(numbers.max())
    if low < -((1 << (width - 1)) - 1):
        # The wide range of signed numbers has one more than the narrow range of the law.
        width += 1
    if width > WIDEST_QUANT:
        raise PulsewrightError(
            f"{where}: weights of {width} bits ({low}..{high}), at most {WIDEST_QUANT} are read; "
            "use fewer"
        )
    return DenseDraft(
        where=where,
        weights=numbers,
        bias=np.zeros(len(numbers), dtype=np.int64),
        fracs=fracs[0] - gain,
        width=width,
        per_channel=per_channel,
        input_format=input_format,
    )


def _scales(where: str, weights: Constant) -> tuple[int, IntegerArray, bool]:
    """Bits, fracs (inputs, neurons), and whether there is more than one scale to choose."""
    quantiser, values = weights.quantiser, weights.values
    if quantiser is not None:
        fracs = quantiser.fracs
        if (fracs != fracs[:1]).any():
            raise PulsewrightError(
                f"{quantiser.where}: its scales differ along the inputs of a layer; "
                "use one scale a tensor, or one an output channel"
            )
        return quantiser.width + (not quantiser.signed), fracs, quantiser.per_channel
    frac = finest_scale(values)
    numbers = np.ldexp(values, frac)
    width = width_for_range(int(numbers.min()), int(numbers.max()), signed=True)
    if width > WIDEST_FOLDED_WEIGHT or (np.rint(numbers) != numbers).any():
        raise PulsewrightError(
            f"{where}: its weights are not quantised; put a Quant node between them and the layer"
        )
    return max(width, 2), np.full(values.shape, frac, dtype=np.int64), False


def leading_ones(dims: Sequence[int]) -> bool:
    """True for one vector, however many dimensions of size 1 stand before it."""
    return len(dims) >= 1 and all(size == 1 for size in dims[:-1])
