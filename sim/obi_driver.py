# SPDX-License-Identifier: Apache-2.0
"""Drives the coprocessor's OBI port: reset, registers by name, inferences."""

from typing import Any

from cocotb.clock import Clock
from cocotb.triggers import ClockCycles, FallingEdge
from cocotbext.obi import ObiBus, ObiHost

from hls_model.fixed_point import IntegerArray
from hls_model.reloadable import WORD_BITS
from rtl.register_map import RegisterMap

CLOCK_PERIOD_NS = 10
_INPUTS = ("req", "addr", "we", "be", "wdata", "rready", "aid")
_OUTPUTS = ("gnt", "rvalid", "rdata", "err", "rid")


def pack_inputs(codes: IntegerArray, lane_bits: int) -> list[list[int]]:
    """Input codes (rows, inputs) as the 32-bit words of each row, the first code lowest."""
    lanes_per_word = WORD_BITS // lane_bits
    mask = (1 << lane_bits) - 1
    return [
        [
            sum((code & mask) << (lane_bits * lane) for lane, code in enumerate(word))
            for word in (
                row[start : start + lanes_per_word] for start in range(0, len(row), lanes_per_word)
            )
        ]
        for row in codes.tolist()
    ]


def to_signed(word: int) -> int:
    """A 32-bit word as a two's complement integer."""
    return word - (1 << WORD_BITS) if word >> (WORD_BITS - 1) else word


class CoprocessorDriver:
    """An OBI manager that knows the register map.

    longest_wait: clock cycles without an answer after which a test fails instead of hanging.
    """

    def __init__(self, dut: Any, register_map: RegisterMap, longest_wait: int) -> None:
        self.dut = dut
        self.register_map = register_map
        names = {name: f"{name}_i" for name in _INPUTS} | {name: f"{name}_o" for name in _OUTPUTS}
        optional = {name: names.pop(name) for name in ("aid", "rid")}
        bus = ObiBus(dut, "obi", signals=names, optional_signals=optional)
        dut.rst_ni.value = 0
        Clock(dut.clk_i, CLOCK_PERIOD_NS, unit="ns").start()
        self.host = ObiHost(bus, dut.clk_i, timeout_cycles=longest_wait)
        self.host.log.setLevel("WARNING")
        self.host.return_int = True
        self.input_addresses = [register.address for register in register_map.array("INPUT")]
        self.result_addresses = [register.address for register in register_map.array("RESULT")]

    async def reset(self) -> None:
        """Hold the reset for two cycles and let go away from the clock's rising edge."""
        self.dut.rst_ni.value = 0
        await ClockCycles(self.dut.clk_i, 2)
        await FallingEdge(self.dut.clk_i)
        self.dut.rst_ni.value = 1
        await ClockCycles(self.dut.clk_i, 1)

    async def read(self, name: str, error_expected: bool = False) -> int:
        """Read the register called `name`."""
        address = self.register_map[name].address
        return int(await self.host.read(address, error_expected=error_expected))

    async def write(
        self, name: str, value: int, byte_enable: int = -1, error_expected: bool = False
    ) -> None:
        """Write the register called `name`."""
        address = self.register_map[name].address
        await self.host.write(address, value, strb=byte_enable, error_expected=error_expected)

    async def infer(self, words: list[int]) -> list[int]:
        """Store the input words, which starts the job if AUTOTRIGGER is set; load the results."""
        for address, word in zip(self.input_addresses, words, strict=True):
            self.host.write_nowait(address, word)
        return await self.load_results()

    async def store_inputs(self, words: list[int]) -> None:
        """Store the input words, and wait until the last one is answered."""
        for address, word in zip(self.input_addresses, words, strict=True):
            await self.host.write(address, word)

    async def load_results(self) -> list[int]:
        """Load the results, waiting on the bus for a job that runs."""
        return [to_signed(int(await self.host.read(a))) for a in self.result_addresses]
