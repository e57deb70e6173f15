# SPDX-License-Identifier: Apache-2.0
"""A manager of PULP's register interface."""

from typing import Any

from cocotb.triggers import RisingEdge

from pulsewright.sim.buses.drivers.bus_driver import Access, Answer, SerialBusDriver
from pulsewright.sim.buses.drivers.ports import attachment_ports

INPUTS = ("valid", "addr", "write", "wdata", "wstrb")


class RegInterfaceDriver(SerialBusDriver):
    """One access at a time; `valid` falls in between."""

    def __init__(self, dut: Any, longest_wait: int) -> None:
        super().__init__(dut, longest_wait)
        ports = attachment_ports(dut, "reg_interface")
        self._inputs = {name: ports[name] for name in INPUTS}
        self._ready, self._rdata, self._error = (ports[n] for n in ("ready", "rdata", "error"))
        self._drive(**dict.fromkeys(INPUTS, 0))

    async def transfer(self, access: Access) -> Answer:
        """Do `access`: a clock cycle before it, and the wait for READY."""
        await RisingEdge(self.dut.clk_i)
        self._drive(
            valid=1,
            addr=access.address,
            write=access.write,
            wdata=access.data,
            # Of no meaning in reads.
            wstrb=access.byte_enable if access.write else access.address & 0xF,
        )
        await RisingEdge(self.dut.clk_i)
        while not self._ready.value:
            await RisingEdge(self.dut.clk_i)
        answer = Answer(
            0 if access.write else int(self._rdata.value), error=bool(self._error.value)
        )
        # What is on the bus outside an access is nobody's business.
        self._drive(valid=0, addr=~access.address & 0xFFFF_FFFC, write=1, wdata=0xFFFF_FFFF)
        return answer

    def _drive(self, **values: int) -> None:
        for name, value in values.items():
            self._inputs[name].value = value
