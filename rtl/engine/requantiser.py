# SPDX-License-Identifier: Apache-2.0
"""ReLU, rounding right shift and saturation of one accumulator, as combinational logic."""

from amaranth import Cat, Const, Module, Mux, Signal, Value

from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import Rounding


def rounding_shift(
    m: Module, value: Value, shift: int, rounding: Rounding, name: str = ""
) -> Value:
    """An unsigned `value` * 2**-shift, rounded; a negative shift multiplies. Latency 0.

    name: of the sum before the shift is rounded_<name>.

    HALF_EVEN adds half a step less one, plus the bit that becomes the least significant: a tie
    then carries only into an odd result.
    """
    if shift <= 0:
        return Cat(Const(0, -shift), value) if shift else value
    value = Cat(value, Const(0, 1)) if len(value) > shift else Cat(value, Const(0, shift + 1))
    half = 1 << (shift - 1)
    if rounding is Rounding.FLOOR:
        return value[shift:]
    # One bit more than the value has, which has a zero on top, holds any sum.
    rounded = Signal(len(value), name=f"rounded_{name}")
    if rounding is Rounding.HALF_EVEN:
        m.d.comb += rounded.eq(value + (half - 1) + value[shift])
    else:
        m.d.comb += rounded.eq(value + half)
    return rounded[shift:]


def activate(m: Module, accumulator: Value, layer: DenseLayer, name: str = "") -> Value:
    """What a hidden layer hands on for a signed `accumulator`: ReLU, round, then saturate.

    accumulator: aligned, that is after its channel shift; of any width. Latency 0; the result has
    the width of `layer.result_format`.
    """
    negative, magnitude = accumulator[-1], accumulator[:-1]
    target = layer.result_format
    if layer.output_format is not None:
        magnitude = rounding_shift(m, magnitude, layer.shift, layer.rounding, name)
    kept = magnitude[: target.width]
    overflow = magnitude[target.width :].any() if len(magnitude) > target.width else Const(0, 1)
    return Mux(negative, 0, Mux(overflow, target.maximum, kept))[: target.width]
