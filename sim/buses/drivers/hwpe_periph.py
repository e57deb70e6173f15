# SPDX-License-Identifier: Apache-2.0
"""An HWPE-Periph initiator."""

from typing import Any

from cocotb.triggers import RisingEdge

from pulsewright.rtl.attachments.hwpe_periph import REFUSED
from pulsewright.sim.buses.drivers.bus_driver import Access, Answer, SerialBusDriver
from pulsewright.sim.buses.drivers.ports import attachment_ports


class HwpePeriphDriver(SerialBusDriver):
    """Waits for `r_valid`, as the protocol has no other sign that an access is done.

    It has no error signal either: a refused access is told by the word that it answers.
    """

    def __init__(self, dut: Any, longest_wait: int) -> None:
        super().__init__(dut, longest_wait)
        ports = attachment_ports(dut, "hwpe_periph")
        self._inputs = {n: ports[n] for n in ("req", "add", "wen", "be", "data", "id")}
        self._gnt, self._r_valid, self._r_data = (ports[n] for n in ("gnt", "r_valid", "r_data"))
        self._accesses = 0
        for handle in self._inputs.values():
            handle.value = 0

    async def transfer(self, access: Access) -> Answer:
        """Do `access`."""
        self._accesses += 1
        self._drive(
            req=1,
            add=access.address,
            wen=not access.write,
            be=access.byte_enable,
            data=access.data,
            id=self._accesses % (1 << len(self._inputs["id"])),
        )
        await RisingEdge(self.dut.clk_i)
        while not self._gnt.value:
            await RisingEdge(self.dut.clk_i)
        # What is on the bus after the grant is nobody's business.
        self._drive(req=0, add=~access.address & 0xFFFF_FFFC, wen=access.write, data=0xFFFF_FFFF)
        await RisingEdge(self.dut.clk_i)
        while not self._r_valid.value:
            await RisingEdge(self.dut.clk_i)
        data = int(self._r_data.value)
        return Answer(0 if access.write else data, error=data == REFUSED)

    def _drive(self, **values: int) -> None:
        for name, value in values.items():
            self._inputs[name].value = value
