# SPDX-License-Identifier: Apache-2.0
"""What AXI4-Lite channels do beside each other: requests that contend, and answers not taken."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from cocotb.triggers import ClockCycles, FallingEdge, RisingEdge

from pulsewright.sim.buses.drivers.ports import attachment_ports

REQUESTS, ANSWERS = ("awvalid", "wvalid", "arvalid"), ("bready", "rready")
# Of an answer that nothing waits for.
SOON = 8
CONTENDING_CYCLES = 40
FULL_CYCLES = 8


class Channels:
    """The port, driven clock cycle by clock cycle: all reads and all writes are the same."""

    def __init__(self, dut: Any, read_address: int, write_address: int, data: int) -> None:
        """data: what is written."""
        self._dut = dut
        self._ports = attachment_ports(dut, "axi_lite")
        words = {"araddr": read_address, "awaddr": write_address, "wdata": data, "wstrb": 0xF}
        for name, value in words.items():
            self._ports[name].value = value

    async def check_answers_are_given(self) -> None:
        """B and R come whether READY waits for them or not (IHI 0022, A3.2.1)."""
        await self._drive(REQUESTS)
        await self._take_requests()
        await ClockCycles(self._dut.clk_i, SOON)
        assert self._is_high("bvalid")
        assert self._is_high("rvalid")
        await self._drive(ANSWERS)
        await ClockCycles(self._dut.clk_i, 2)
        assert not self._is_high("bvalid")
        assert not self._is_high("rvalid")

    async def check_turns(self) -> None:
        """Reads and writes that contend take turns; a write begins where neither came before."""
        kinds = []
        await self._drive((*REQUESTS, *ANSWERS))
        for _ in range(CONTENDING_CYCLES):
            await RisingEdge(self._dut.clk_i)
            kinds += [kind for kind in "br" if self._is_high(f"{kind}valid")]
        await self._drive(ANSWERS)
        await ClockCycles(self._dut.clk_i, SOON)
        assert len(kinds) > CONTENDING_CYCLES // 2
        assert all(before != after for before, after in pairwise(kinds)), kinds
        assert kinds[0] == "b"

    async def check_reset_of_waiting(self) -> None:
        """A reset drops requests that are kept, and answers that nobody took, without a clock."""
        await self._drive(REQUESTS)
        await ClockCycles(self._dut.clk_i, FULL_CYCLES)
        assert not any(map(self._is_high, ("awready", "wready", "arready")))
        await self._drive(())
        # With clock edges in it what is kept would go through to registers in reset.
        self._dut.rst_ni.value = 0
        await FallingEdge(self._dut.clk_i)
        self._dut.rst_ni.value = 1
        await self._drive(ANSWERS)
        for _ in range(SOON):
            await RisingEdge(self._dut.clk_i)
            assert not self._is_high("bvalid")
            assert not self._is_high("rvalid")
            assert all(map(self._is_high, ("awready", "wready", "arready")))

    async def _drive(self, high: Iterable[str]) -> None:
        for name in (*REQUESTS, *ANSWERS):
            self._ports[name].value = int(name in high)
        await RisingEdge(self._dut.clk_i)

    async def _take_requests(self) -> None:
        """Lower each request in the clock cycle behind the one in which it was taken."""
        waiting = set(REQUESTS)
        for _ in range(SOON):
            taken = {name for name in waiting if self._is_high(name.replace("valid", "ready"))}
            for name in taken:
                self._ports[name].value = 0
            waiting -= taken
            if not waiting:
                return
            await RisingEdge(self._dut.clk_i)
        raise AssertionError(f"{sorted(waiting)} are not taken")

    def _is_high(self, name: str) -> bool:
        return bool(self._ports[name].value)
