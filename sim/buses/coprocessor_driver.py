# SPDX-License-Identifier: Apache-2.0
"""Drives the coprocessor through any of its buses: reset, registers by name, inferences."""

from typing import Any

from cocotb.clock import Clock
from cocotb.triggers import ClockCycles, FallingEdge

from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.words import WHOLE_WORD, WORD_BITS
from pulsewright.rtl.buses.hwpe_periph import HWPE_PERIPH
from pulsewright.rtl.registers.register_map import RegisterMap
from pulsewright.sim.buses.drivers.bus_driver import CLOCK_PERIOD_NS, BusDriver
from pulsewright.sim.coverage.functional.driver_coverage import DriverCoverage

# Of STATUS: a job runs, and one runs or waits.
BUSY, JOBS = 0b01, 0b11
# What a refused read gives: nothing, or the word that says so where there is no other way.
REFUSED_DATA = (0, HWPE_PERIPH.read.refusal.value)


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
    """A bus manager that knows the register map.

    bus: driver of the attachment's port, made before the clock runs. coverage: follows what is
    driven.
    """

    def __init__(
        self, dut: Any, register_map: RegisterMap, bus: BusDriver, coverage: DriverCoverage
    ) -> None:
        self.dut = dut
        self.coverage = coverage
        self.register_map = register_map
        self.bus = bus
        dut.rst_ni.value = 0
        Clock(dut.clk_i, CLOCK_PERIOD_NS, unit="ns").start()
        self.input_addresses = register_map.input_addresses
        self.result_addresses = register_map.result_addresses

    async def reset(self) -> None:
        """Hold the reset for two cycles and let go away from the clock's rising edge."""
        state = self.coverage.state()
        self.dut.rst_ni.value = 0
        await ClockCycles(self.dut.clk_i, 2)
        await FallingEdge(self.dut.clk_i)
        self.dut.rst_ni.value = 1
        self.coverage.reset(state)
        await ClockCycles(self.dut.clk_i, 1)

    async def read(self, name: str, error_expected: bool = False) -> int:
        """Read the register called `name`."""
        return await self.read_address(self.register_map[name].address, error_expected)

    async def write(
        self, name: str, value: int, byte_enable: int = WHOLE_WORD, error_expected: bool = False
    ) -> None:
        """Write the register called `name`."""
        address = self.register_map[name].address
        await self.write_address(address, value, byte_enable, error_expected)

    async def read_address(self, address: int, error_expected: bool = False) -> int:
        """Read at a byte address."""
        state = self.coverage.state()
        data, error = await self.bus.read(address)
        self.coverage.read(state, address, data, refused=error)
        assert error == error_expected, f"read of {address:#x}: error {error}"
        assert not error or data in REFUSED_DATA, f"refused read of {address:#x}: {data:#x}"
        return data

    async def write_address(
        self,
        address: int,
        value: int,
        byte_enable: int = WHOLE_WORD,
        error_expected: bool = False,
    ) -> None:
        """Write at a byte address."""
        state = self.coverage.state()
        error = await self.bus.write(address, value, byte_enable)
        self.coverage.write(state, address, value, byte_enable, refused=error)
        assert error == error_expected, f"write of {address:#x}: error {error}"

    async def infer(self, words: list[int]) -> list[int]:
        """Store the input words, by which the job starts automatically; load the results."""
        for address, word in zip(self.input_addresses, words, strict=True):
            self.coverage.queued(address, word)
            self.bus.write_nowait(address, word)
        return await self.load_results()

    async def trigger_automatically(self) -> None:
        """From now on the last input word starts an inference, as it always does without jobs."""
        if not self.register_map.infer_only:
            await self.write("AUTOTRIGGER", 1)

    async def store_inputs(self, words: list[int]) -> None:
        """Store the input words, and wait until the last one is answered."""
        for address, word in zip(self.input_addresses, words, strict=True):
            await self.write_address(address, word)

    async def load_weights(self, model: IntegerMlp) -> None:
        """Store the weights and biases of `model` in the weight window."""
        window = self.register_map.window
        assert window is not None, "the weights are constant"
        for address, word in window.image(model):
            await self.write_address(address, word)

    async def load_results(self) -> list[int]:
        """Load the results, waiting on the bus for a job that runs.

        Where waits are bounded STATUS is asked before.
        """
        while self.register_map.bounded_wait and await self.read("STATUS") & JOBS:
            pass
        return [to_signed(await self.read_address(a)) for a in self.result_addresses]
