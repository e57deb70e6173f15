# SPDX-License-Identifier: Apache-2.0
"""Clock cycles of the last job, by its register or, where there is none, counted."""

from typing import Any

import cocotb
from cocotb.triggers import ClockCycles, RisingEdge

from pulsewright.sim.benches.coprocessor_start import REGISTERS
from pulsewright.sim.buses.coprocessor_driver import CoprocessorDriver

SETTLED_CYCLES = 2


class JobCycles:
    """What the register CYCLES tells; without jobs those in which an inference runs."""

    def __init__(self, dut: Any, driver: CoprocessorDriver) -> None:
        self.dut, self.driver = dut, driver
        self.counted = 0
        if REGISTERS.infer_only:
            cocotb.start_soon(self._count())

    async def _count(self) -> None:
        running = self.dut.coprocessor.inference_runner.running
        ran = False
        while True:
            await RisingEdge(self.dut.clk_i)
            runs = int(running.value) == 1
            if runs:
                self.counted = self.counted + 1 if ran else 1
            ran = runs

    async def read(self) -> int:
        """Of the last job, which has ended."""
        if not REGISTERS.infer_only:
            return await self.driver.read("CYCLES")
        await ClockCycles(self.dut.clk_i, SETTLED_CYCLES)
        return self.counted
