# SPDX-License-Identifier: Apache-2.0
"""ReLU, rounding right shift and saturation of one accumulator, as combinational logic."""

from amaranth import Cat, Const, Mux, Value

from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import Rounding


def rounding_shift(value: Value, shift: int, rounding: Rounding) -> Value:
    """An unsigned `value` * 2**-shift, rounded; a negative shift multiplies. Latency 0.

    HALF_EVEN adds half a step less one, plus the bit that becomes the least significant: a tie
    then carries only into an odd result.
    """
    if shift <= 0:
        return Cat(Const(0, -shift), value) if shift else value
    value = Cat(value, Const(0, 1)) if len(value) > shift else Cat(value, Const(0, shift + 1))
    half = 1 << (shift - 1)
    if rounding is Rounding.HALF_EVEN:
        value = value + (half - 1) + value[shift]
    elif rounding is Rounding.HALF_UP:
        value = value + half
    return value[shift:]


def activate(accumulator: Value, layer: DenseLayer) -> Value:
    """What a hidden layer hands on for a signed `accumulator`: ReLU, round, then saturate.

    accumulator: aligned, that is after its channel shift; of any width. Latency 0; the result has
    the width of `layer.result_format`.
    """
    negative, magnitude = accumulator[-1], accumulator[:-1]
    target = layer.result_format
    if layer.output_format is not None:
        magnitude = rounding_shift(magnitude, layer.shift, layer.rounding)
    kept = magnitude[: target.width]
    overflow = magnitude[target.width :].any() if len(magnitude) > target.width else Const(0, 1)
    return Mux(negative, 0, Mux(overflow, target.maximum, kept))[: target.width]
