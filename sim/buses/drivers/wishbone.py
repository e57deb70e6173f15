# SPDX-License-Identifier: Apache-2.0
"""A Wishbone B4 master of classic standard cycles."""

from typing import Any

from cocotb.triggers import RisingEdge

from pulsewright.sim.buses.drivers.bus_driver import Access, Answer, SerialBusDriver
from pulsewright.sim.buses.drivers.ports import attachment_ports

INPUTS = ("cyc", "stb", "we", "adr", "sel", "dat_w")


class WishboneDriver(SerialBusDriver):
    """One access a cycle of the bus: CYC falls in between.

    STALL is for pipelined masters and is not looked at; the rules check it. An address port of 30
    bits counts words.
    """

    def __init__(self, dut: Any, longest_wait: int) -> None:
        super().__init__(dut, longest_wait)
        ports = attachment_ports(dut, "wishbone")
        self._inputs = {name: ports[name] for name in INPUTS}
        self._address_shift = 32 - len(self._inputs["adr"])
        self._ack, self._err, self._dat_r = (ports[name] for name in ("ack", "err", "dat_r"))
        self._drive(**dict.fromkeys(INPUTS, 0))

    async def transfer(self, access: Access) -> Answer:
        """Do `access`: a clock cycle before it, the wait for ACK or ERR, and one after it."""
        await RisingEdge(self.dut.clk_i)
        self._drive(
            cyc=1,
            stb=1,
            we=access.write,
            adr=access.address >> self._address_shift,
            sel=access.byte_enable,
            dat_w=access.data,
        )
        await RisingEdge(self.dut.clk_i)
        while not (self._ack.value or self._err.value):
            await RisingEdge(self.dut.clk_i)
        answer = Answer(0 if access.write else int(self._dat_r.value), error=bool(self._err.value))
        # What is on the bus outside a cycle is nobody's business.
        self._drive(cyc=0, stb=0, we=0, adr=~access.address & 0x3FFF_FFFF, dat_w=0)
        await RisingEdge(self.dut.clk_i)
        return answer

    def _drive(self, **values: int) -> None:
        for name, value in values.items():
            self._inputs[name].value = value
