# SPDX-License-Identifier: Apache-2.0
"""An AXI4-Lite manager, on the channels of cocotbext-axi."""

from collections.abc import Iterator
from random import Random
from typing import Any

from cocotbext.axi import AxiLiteReadBus, AxiLiteWriteBus
from cocotbext.axi.axil_channels import (
    AxiLiteARSource,
    AxiLiteARTransaction,
    AxiLiteAWSource,
    AxiLiteAWTransaction,
    AxiLiteBSink,
    AxiLiteRSink,
    AxiLiteWSource,
    AxiLiteWTransaction,
)

from pulsewright.sim.buses.drivers.bus_driver import (
    STALL_PROBABILITY,
    Access,
    Answer,
    SerialBusDriver,
)
from pulsewright.sim.buses.drivers.ports import library_entity

OKAY = 0
IDLE_INPUTS = ("awvalid", "wvalid", "bready", "arvalid", "rready")


class AxiLiteDriver(SerialBusDriver):
    """The library's channels, because its manager splits what is not aligned.

    With backpressure each channel has stalls of its own, so that AW and W come in either order.
    The library looks at handshakes from its first clock edge on, which may come before the reset
    has reached the outputs; so the channels are made for the first access.
    """

    def __init__(self, dut: Any, longest_wait: int) -> None:
        super().__init__(dut, longest_wait)
        self._entity = library_entity(dut, "axi_lite", "s_axi")
        self._stall_seed: int | None = None
        self._connected = False
        for name in IDLE_INPUTS:
            getattr(self._entity, f"s_axi_{name}").value = 0

    def _connect(self) -> None:
        write = AxiLiteWriteBus.from_prefix(self._entity, "s_axi")
        read = AxiLiteReadBus.from_prefix(self._entity, "s_axi")
        dut = self.dut
        self._aw = AxiLiteAWSource(write.aw, dut.clk_i)
        self._w = AxiLiteWSource(write.w, dut.clk_i)
        self._b = AxiLiteBSink(write.b, dut.clk_i)
        self._ar = AxiLiteARSource(read.ar, dut.clk_i)
        self._r = AxiLiteRSink(read.r, dut.clk_i)
        self._connected = True
        if self._stall_seed is not None:
            self._stall(self._stall_seed)

    async def transfer(self, access: Access) -> Answer:
        """Do `access`."""
        if not self._connected:
            self._connect()
        if access.write:
            self._aw.send_nowait(AxiLiteAWTransaction(awaddr=access.address))
            self._w.send_nowait(AxiLiteWTransaction(wdata=access.data, wstrb=access.byte_enable))
            response = await self._b.recv()
            return Answer(0, int(response.bresp) != OKAY)
        self._ar.send_nowait(AxiLiteARTransaction(araddr=access.address))
        response = await self._r.recv()
        return Answer(int(response.rdata), int(response.rresp) != OKAY)

    def enable_backpressure(self, seed: int) -> None:
        """Random stalls on every channel."""
        self._stall_seed = seed
        if self._connected:
            self._stall(seed)

    def _stall(self, seed: int) -> None:
        channels = (self._aw, self._w, self._b, self._ar, self._r)
        for i, channel in enumerate(channels):
            channel.set_pause_generator(_stalls(seed + i))


def _stalls(seed: int) -> Iterator[bool]:
    draw = Random(seed)
    while True:
        yield draw.random() < STALL_PROBABILITY
