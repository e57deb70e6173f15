# SPDX-License-Identifier: Apache-2.0
from typing import Any

import pytest
from amaranth import Module, Shape, Signal, signed, unsigned
from amaranth.hdl import C

from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import FixedPoint, Rounding
from pulsewright.rtl.engine.requantiser import activate, rounding_shift, scaled_code
from tests.hls_model.exact_reference import requantised, shifted
from tests.rtl.simulation import run


def hidden_layer(shift: int, rounding: Rounding, width: int) -> DenseLayer:
    codes = FixedPoint(width=8, frac=0, signed=True)
    return DenseLayer(
        weights=[[1]],
        bias=[0],
        input_format=codes,
        weight_format=codes,
        relu=True,
        output_format=FixedPoint(width=width, frac=-shift, signed=False),
        rounding=rounding,
    )


@pytest.mark.parametrize("rounding", Rounding)
@pytest.mark.parametrize("width", [0, 1, 2, 5, 7])
def test_every_magnitude_is_shifted_and_rounded(width: int, rounding: Rounding) -> None:
    """Shifts to the left, none, within the value, and past all of its bits."""
    m = Module()
    value = Signal(unsigned(width))
    outputs = {}
    for shift in range(-3, width + 4):
        result = rounding_shift(m, value, shift, rounding, f"{shift + 3}")
        outputs[shift] = Signal(max(len(result), 1), name=f"shift_{shift + 3}")
        m.d.comb += outputs[shift].eq(result)

    async def testbench(ctx: Any) -> None:
        for number in range(2**width):
            ctx.set(value, number)
            observed = {shift: ctx.get(output) for shift, output in outputs.items()}
            assert observed == {
                shift: shifted(number, shift, rounding.value) for shift in outputs
            }, f"value {number}"

    run(m, testbench, clocked=False)


@pytest.mark.quick_cases(6)
@pytest.mark.parametrize("rounding", Rounding)
@pytest.mark.parametrize("width", [1, 2, 4, 8])
def test_every_accumulator_is_activated_as_the_law_says(width: int, rounding: Rounding) -> None:
    """All signed accumulators of a width, all shifts, targets narrower and wider than they."""
    m = Module()
    accumulator = Signal(signed(width))
    outputs: dict[tuple[int, int], Signal] = {}
    for shift in (*range(-3, width + 3), width + 20):
        for target in (1, 2, 3, 8, 12):
            name = f"shift_{shift + 3}_to_{target}"
            outputs[shift, target] = Signal(20, name=name)
            value = activate(m, accumulator, hidden_layer(shift, rounding, target))
            assert len(value) <= target
            m.d.comb += outputs[shift, target].eq(value)

    async def testbench(ctx: Any) -> None:
        for number in range(-(2 ** (width - 1)), 2 ** (width - 1)):
            ctx.set(accumulator, number)
            for (shift, target), output in outputs.items():
                expected = requantised(max(number, 0), shift, rounding.value, 0, 2**target - 1)
                assert ctx.get(output) == expected, f"{number} >> {shift} to {target} bits"

    run(m, testbench, clocked=False)


@pytest.mark.parametrize("rounding", Rounding)
@pytest.mark.parametrize("shift", [9, 12])
def test_edges_of_a_wide_accumulator(shift: int, rounding: Rounding) -> None:
    """Ties, their neighbours, and the step to saturation of a 20-bit accumulator."""
    m = Module()
    accumulator = Signal(signed(20))
    output = Signal(8)
    m.d.comb += output.eq(activate(m, accumulator, hidden_layer(shift, rounding, 8)))
    half = 2 ** (shift - 1)
    numbers = {-(2**19), -1, 0, 1, 2**19 - 1}
    for code in (0, 1, 2, 126, 127, 253, 254, 255, 256):
        numbers |= {code * 2**shift + offset for offset in (-1, 0, 1, half - 1, half, half + 1)}

    async def testbench(ctx: Any) -> None:
        for number in sorted(n for n in numbers if n < 2**19):
            ctx.set(accumulator, number)
            expected = requantised(max(number, 0), shift, rounding.value, 0, 255)
            assert ctx.get(output) == expected, f"accumulator {number}"

    run(m, testbench, clocked=False)


def test_an_aligned_accumulator_is_activated_at_its_own_width() -> None:
    """Wider than the layer's accumulator, whose sign bit is not the aligned one's."""
    codes = FixedPoint(width=4, frac=0, signed=True)
    layer = DenseLayer(
        weights=[[3], [-2]],
        bias=[1, 1],
        input_format=codes,
        weight_format=codes,
        relu=True,
        channel_shifts=(6, 0),
    )
    assert layer.aligned_format.width == layer.accumulator_format.width + 6
    m = Module()
    accumulator = Signal(signed(layer.aligned_format.width))
    output = Signal(layer.result_format.width)
    m.d.comb += output.eq(activate(m, accumulator, layer))

    async def testbench(ctx: Any) -> None:
        for x in range(-8, 8):
            for number in ((3 * x + 1) * 64, -2 * x + 1):
                ctx.set(accumulator, number)
                assert ctx.get(output) == max(number, 0)

    run(m, testbench, clocked=False)


@pytest.mark.parametrize(
    ("weights", "bias"), [([[3, -2]], [5]), ([[0, 0]], [-4]), ([[0, 0]], [0]), ([[1, 0]], [-1])]
)
def test_a_layer_without_requantiser_keeps_every_positive_accumulator(
    weights: list[list[int]], bias: list[int]
) -> None:
    codes = FixedPoint(width=3, frac=0, signed=True)
    layer = DenseLayer(
        weights=weights, bias=bias, input_format=codes, weight_format=codes, relu=True
    )
    m = Module()
    accumulator = Signal(signed(layer.accumulator_format.width))
    output = Signal(layer.result_format.width)
    m.d.comb += output.eq(activate(m, accumulator, layer))
    reachable = {
        bias[0] + weights[0][0] * a + weights[0][1] * b for a in range(-4, 4) for b in range(-4, 4)
    }

    async def testbench(ctx: Any) -> None:
        for number in sorted(reachable):
            ctx.set(accumulator, number)
            assert ctx.get(output) == max(number, 0)

    run(m, testbench, clocked=False)


def code_layer(
    shift: int, rounding: Rounding, width: int, signed_codes: bool, top: int | None, offset: int
) -> DenseLayer:
    codes = FixedPoint(width=8, frac=0, signed=True)
    return DenseLayer(
        weights=[[1]],
        bias=[0],
        input_format=codes,
        weight_format=codes,
        relu=not signed_codes,
        output_format=FixedPoint(width=width, frac=0, signed=signed_codes),
        rounding=rounding,
        requantiser={"multiplier": [1], "offset": [offset], "shift": shift, "top": top},
    )


@pytest.mark.quick_cases(3)
@pytest.mark.parametrize("rounding", Rounding)
@pytest.mark.parametrize("signed_codes", [False, True])
def test_every_sum_becomes_the_code_of_the_law(rounding: Rounding, signed_codes: bool) -> None:
    """All products of 6 bits, shifts up to past all bits, with and without a top of their own."""
    m = Module()
    product = Signal(signed(6))
    outputs: dict[tuple[int, int, int | None, int], Signal] = {}
    for shift in (0, 1, 2, 4, 6, 7, 9):
        for width, top in ((1, None), (2, None), (2, 0), (4, None), (4, 5), (9, None)):
            offset = 5 if width % 2 else -9
            layer = code_layer(shift, rounding, width, signed_codes, top, offset)
            half = 0 if rounding is Rounding.FLOOR or shift == 0 else 2 ** (shift - 1)
            # Just enough bits for -32 + offset + half .. 31 + offset + half.
            ends = -32 + offset + half, 31 + offset + half
            sum_width = max(ends[1].bit_length(), (-1 - ends[0]).bit_length()) + 1
            name = f"shift_{shift}_to_{width}_{top}"
            output = Signal(Shape(width, signed_codes), name=name)
            value = scaled_code(m, product, C(offset + half, signed(12)), layer, sum_width, name)
            m.d.comb += output.eq(value)
            outputs[shift, width, top, offset] = output

    async def testbench(ctx: Any) -> None:
        for number in range(-32, 32):
            ctx.set(product, number)
            for (shift, width, top, offset), output in outputs.items():
                low = -(2 ** (width - 1)) if signed_codes else 0
                high = 2 ** (width - signed_codes) - 1 if top is None else top
                if signed_codes and top is not None and top > 2 ** (width - 1) - 1:
                    continue
                expected = requantised(number + offset, shift, rounding.value, low, high)
                assert ctx.get(output) == expected, (
                    f"{number} + {offset}, {shift} to {width}, {top}"
                )

    run(m, testbench, clocked=False)
