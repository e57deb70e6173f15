# SPDX-License-Identifier: Apache-2.0
"""A clock that a test bench makes itself, cycle by cycle, and that can be gated."""

from collections.abc import Callable
from typing import Any

from cocotb.triggers import ReadOnly, Timer

PERIOD_NS = 10
HALF_NS = PERIOD_NS // 2


class SteppedClock:
    """Inputs are set while the clock is low; `cycle` samples and then gives one rising edge.

    gated: leave the edge out when `clock_enable_o` is low, as a clock gate would.
    edges: rising edges given; cycles: those and the ones left out.
    """

    def __init__(self, dut: Any, gated: bool = False) -> None:
        self.dut = dut
        self.gated = gated
        self.cycles = 0
        self.edges = 0
        dut.clk_i.value = 0

    async def cycle(self, sample: Callable[[], None]) -> None:
        """One cycle; `sample` looks at the signals as they are before the edge."""
        await Timer(HALF_NS, unit="ns")
        await ReadOnly()
        sample()
        enabled = not self.gated or bool(self.dut.clock_enable_o.value)
        await Timer(1, unit="ps")
        if enabled:
            self.dut.clk_i.value = 1
            self.edges += 1
        self.cycles += 1
        await Timer(HALF_NS, unit="ns")
        self.dut.clk_i.value = 0
        await Timer(1, unit="ps")
