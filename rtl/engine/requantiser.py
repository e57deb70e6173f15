# SPDX-License-Identifier: Apache-2.0
"""From one accumulator to what a layer hands on, as combinational logic."""

from amaranth import Cat, Const, Module, Mux, Shape, Signal, Value

from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import FixedPoint, Rounding
from pulsewright.hls_model.schedule.requantiser_widths import required_requantiser


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


def scaled_code(
    m: Module, product: Value, addend: Value, layer: DenseLayer, sum_width: int, name: str = ""
) -> Value:
    """The code that a requantiser with multipliers makes: add, shift, round, then saturate.

    product: accumulator * multiplier. addend: offset and half a step. Both signed, their sum is
    taken modulo 2**sum_width. Latency 0; the result has the width of `layer.result_format`.

    With half a step in the addend a shift down rounds half up; a tie is a sum without a fraction,
    and goes to the even neighbour by clearing the lowest bit.
    """
    total = Signal(Shape(sum_width, signed=True), name=f"scaled_sum_{name}")
    m.d.comb += total.eq(product + addend)
    shift = layer.shift
    code = total[shift:] if shift < sum_width else total[-1]
    if layer.rounding is Rounding.HALF_EVEN and shift > 0:
        code = Cat(code[0] & total[:shift].any(), code[1:])
    return _saturated(
        code, layer.result_format, required_requantiser(layer).largest_code(layer.result_format)
    )


def _saturated(code: Value, target: FixedPoint, top: int) -> Value:
    """The nearest integer to a signed one of target.minimum..top."""
    width = target.width
    if top < target.maximum:
        inside = _saturated(code, target, target.maximum)
        return Mux(inside > top, top, inside)[:width]
    code = Cat(code, code[-1].replicate(max(width + 1 - len(code), 0)))
    negative = code[-1]
    if not target.signed:
        overflow = code[width:-1].any() if len(code) > width + 1 else Const(0, 1)
        return Mux(negative, 0, Mux(overflow, target.maximum, code[:width]))[:width]
    upper = code[width - 1 : -1]
    fits = Mux(negative, upper.all(), ~upper.any())
    end = Cat((~negative).replicate(width - 1), negative)
    return Mux(fits, code[:width], end)[:width].as_signed()
