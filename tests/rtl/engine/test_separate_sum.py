# SPDX-License-Identifier: Apache-2.0
from typing import Any

from amaranth import Module, Shape, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsewright.rtl.engine.separate_sum import separate_shifted_sum
from tests.rtl.simulation import run


class Sum(wiring.Component):
    """`separate_shifted_sum` alone, at a width that holds any result."""

    def __init__(self, first: Shape, second: Shape, shift: int, subtract: bool) -> None:
        self.shapes, self.shift, self.subtract = (first, second), shift, subtract
        self.result_shape = Shape(40, signed=True)
        super().__init__({"first": In(first), "second": In(second), "total": Out(40)})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        operands = [Signal(shape) for shape in self.shapes]
        total = separate_shifted_sum(
            m, *operands, self.shift, self.result_shape, "sum", subtract=self.subtract
        )
        m.d.comb += [
            operands[0].eq(self.first),
            operands[1].eq(self.second),
            self.total.eq(total),
        ]
        return m


def ends_of(shape: Shape) -> tuple[int, int]:
    if shape.signed:
        return -(1 << (shape.width - 1)), (1 << (shape.width - 1)) - 1
    return 0, (1 << shape.width) - 1


shapes = st.builds(Shape, st.integers(1, 12), st.booleans())


@settings(max_examples=30)
@given(st.data(), shapes, shapes, st.integers(0, 14), st.booleans())
def test_sums_and_differences_are_exact(
    data: st.DataObject, first: Shape, second: Shape, shift: int, subtract: bool
) -> None:
    values = [
        [*ends_of(shape), *data.draw(st.lists(st.integers(*ends_of(shape)), min_size=3))]
        for shape in (first, second)
    ]

    unit = Sum(first, second, shift, subtract)

    async def testbench(ctx: Any) -> None:
        for one in values[0]:
            for other in values[1]:
                ctx.set(unit.first, one)
                ctx.set(unit.second, other)
                wanted = one - (other << shift) if subtract else one + (other << shift)
                assert ctx.get(unit.total) == wanted & ((1 << 40) - 1)

    run(unit, testbench, clocked=False)
