# SPDX-License-Identifier: Apache-2.0
"""An OBI manager with two accesses in flight, on cocotbext-obi."""

from typing import Any

from cocotbext.obi import ObiBus, ObiHost

from pulsewright.hls_model.words import WHOLE_WORD
from pulsewright.sim.buses.drivers.bus_driver import Answer, BusDriver
from pulsewright.sim.buses.drivers.ports import library_entity


class _Host(ObiHost):  # type: ignore[misc]
    """Notes the error of each response instead of raising it."""

    def __init__(self, bus: Any, clock: Any, timeout_cycles: int) -> None:
        self.errors: list[bool] = []
        super().__init__(bus, clock, timeout_cycles=timeout_cycles)
        self.log.setLevel("WARNING")
        self.return_int = True

    def _check_error(self, error_expected: bool, addr: int) -> None:
        self.errors.append(bool(self.bus.err.value))


class ObiDriver(BusDriver):
    """Responses come in the order of the requests, so that the n-th error is the n-th access's."""

    def __init__(self, dut: Any, longest_wait: int) -> None:
        super().__init__(dut, longest_wait)
        bus = ObiBus(library_entity(dut, "obi", "obi"), "obi")
        self._host = _Host(bus, dut.clk_i, timeout_cycles=longest_wait)
        self._accesses = 0
        self._posted: list[tuple[int, int]] = []

    async def read(self, address: int) -> Answer:
        """Read a word, after every access called for before."""
        number = self._next_number()
        data = int(await self._host.read(address))
        return Answer(data, error=self._error(number))

    async def write(self, address: int, data: int, byte_enable: int = WHOLE_WORD) -> bool:
        """Write a word; True if it was refused."""
        number = self._next_number()
        await self._host.write(address, data, strb=byte_enable)
        return self._error(number)

    def write_nowait(self, address: int, data: int) -> None:
        """Queue the write of a word."""
        self._posted.append((self._next_number(), address))
        self._host.write_nowait(address, data)

    def enable_backpressure(self, seed: int) -> None:
        """Random idle cycles before requests and random backpressure on responses."""
        self._host.enable_backpressure(seed, req=True, rready=True)

    def _next_number(self) -> int:
        self._accesses += 1
        return self._accesses - 1

    def _error(self, number: int) -> bool:
        """The error of an access that is done, and with it all before."""
        for posted, address in self._posted:
            assert not self._host.errors[posted], f"a write of {address:#x} was refused"
        self._posted.clear()
        return self._host.errors[number]
