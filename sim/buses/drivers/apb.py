# SPDX-License-Identifier: Apache-2.0
"""An APB4 requester, on cocotbext-apb."""

from typing import Any

from cocotb.triggers import RisingEdge
from cocotbext.apb import ApbBus, ApbHost

from pulsewright.sim.buses.drivers.bus_driver import Access, Answer, SerialBusDriver
from pulsewright.sim.buses.drivers.ports import library_entity


class ApbDriver(SerialBusDriver):
    """PSLVERR is looked at here, since the library raises where a bench wants to know."""

    def __init__(self, dut: Any, longest_wait: int) -> None:
        super().__init__(dut, longest_wait)
        entity = library_entity(dut, "apb", "apb", without="pslverr")
        self._host = ApbHost(ApbBus(entity, "apb"), dut.clk_i, timeout_max=longest_wait)
        self._host.log.setLevel("WARNING")
        self._host.return_int = True

    async def transfer(self, access: Access) -> Answer:
        """Do `access`; the library is done in the middle of the last ACCESS cycle."""
        data = 0
        if access.write:
            await self._host.write(access.address, access.data, strb=access.byte_enable)
        else:
            data = int(await self._host.read(access.address))
        answer = Answer(data, error=bool(self.dut.apb_pslverr_o.value))
        await RisingEdge(self.dut.clk_i)
        return answer
