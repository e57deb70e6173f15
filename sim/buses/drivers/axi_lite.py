# SPDX-License-Identifier: Apache-2.0
"""An AXI4-Lite manager."""

from random import Random
from typing import Any

import cocotb
from cocotb.triggers import RisingEdge

from pulsewright.sim.buses.drivers.bus_driver import (
    STALL_PROBABILITY,
    Access,
    Answer,
    SerialBusDriver,
)
from pulsewright.sim.buses.drivers.ports import attachment_ports

OKAY = 0
PAYLOADS = {
    "aw": ("addr", "prot"),
    "w": ("data", "strb"),
    "b": ("resp",),
    "ar": ("addr", "prot"),
    "r": ("data", "resp"),
}
FROM_MANAGER = ("aw", "w", "ar")


class Channel:
    """One channel with VALID, READY and what it carries; stalls are drawn if `draw` is given."""

    def __init__(self, name: str, ports: dict[str, Any], clock: Any) -> None:
        self._valid, self._ready = ports[f"{name}valid"], ports[f"{name}ready"]
        self._payload = {
            part: ports[f"{name}{part}"] for part in PAYLOADS[name] if f"{name}{part}" in ports
        }
        self._clock = clock
        self.draw: Random | None = None
        if name in FROM_MANAGER:
            self._valid.value = 0
            for handle in self._payload.values():
                handle.value = 0
        else:
            self._ready.value = 0

    async def send(self, **values: int) -> None:
        """Offer one beat from the next clock cycle on, or later, until it is taken."""
        await RisingEdge(self._clock)
        while self._stalls():
            await RisingEdge(self._clock)
        for part, value in values.items():
            self._payload[part].value = value
        self._valid.value = 1
        await RisingEdge(self._clock)
        while not self._ready.value:
            await RisingEdge(self._clock)
        self._valid.value = 0
        # What is on the bus without VALID is nobody's business.
        for part, value in values.items():
            self._payload[part].value = ~value & ((1 << len(self._payload[part])) - 1)

    async def receive(self) -> dict[str, int]:
        """Take one beat; READY stays high behind it unless stalls are drawn."""
        while True:
            ready = not self._stalls()
            self._ready.value = int(ready)
            await RisingEdge(self._clock)
            if ready and self._valid.value:
                break
        self._ready.value = int(self.draw is None)
        return {part: int(handle.value) for part, handle in self._payload.items()}

    def _stalls(self) -> bool:
        return self.draw is not None and self.draw.random() < STALL_PROBABILITY


class AxiLiteDriver(SerialBusDriver):
    """One access in flight; with backpressure AW and W come in either order."""

    def __init__(self, dut: Any, longest_wait: int) -> None:
        super().__init__(dut, longest_wait)
        ports = attachment_ports(dut, "axi_lite")
        self._channels = {name: Channel(name, ports, dut.clk_i) for name in PAYLOADS}

    async def transfer(self, access: Access) -> Answer:
        """Do `access`."""
        channels = self._channels
        if access.write:
            address = channels["aw"].send(addr=access.address)
            data = channels["w"].send(data=access.data, strb=access.byte_enable)
            sent = [cocotb.start_soon(address), cocotb.start_soon(data)]
            response = await channels["b"].receive()
            for task in sent:
                assert task.done(), "B came before both AW and W were taken"
            return Answer(0, error=response["resp"] != OKAY)
        sending = cocotb.start_soon(channels["ar"].send(addr=access.address))
        response = await channels["r"].receive()
        assert sending.done(), "R came before AR was taken"
        return Answer(response["data"], error=response["resp"] != OKAY)

    def enable_backpressure(self, seed: int) -> None:
        """Random stalls on every channel, each of its own."""
        for i, channel in enumerate(self._channels.values()):
            channel.draw = Random(seed + i)
