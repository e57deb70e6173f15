# SPDX-License-Identifier: Apache-2.0
"""A Wishbone B4 master of classic standard cycles, on cocotbext-wishbone."""

from typing import Any

from cocotbext.wishbone.driver import WBOp, WishboneMaster

from pulsewright.sim.buses.drivers.bus_driver import Access, Answer, SerialBusDriver
from pulsewright.sim.buses.drivers.ports import library_entity

ERR = 2
INPUTS = ("cyc", "stb", "we", "adr", "sel", "dat_w")
SIGNALS = {
    "cyc": "cyc",
    "stb": "stb",
    "we": "we",
    "adr": "adr",
    "sel": "sel",
    "datwr": "dat_w",
    "datrd": "dat_r",
    "ack": "ack",
    "err": "err",
}


class WishboneDriver(SerialBusDriver):
    """One access a cycle of the bus (CYC falls in between).

    The library takes a port with STALL for a pipelined one, so it does not get to see it. It also
    deposits values when it is made, and a deposit at time zero leaves unknown bits behind the port
    in Icarus 11; so it is made for the first access.
    """

    def __init__(self, dut: Any, longest_wait: int) -> None:
        super().__init__(dut, longest_wait)
        self._entity = library_entity(dut, "wishbone", "wb", without="stall")
        self._master: WishboneMaster | None = None
        for name in INPUTS:
            getattr(self._entity, f"wb_{name}").value = 0

    async def transfer(self, access: Access) -> Answer:
        """Do `access`."""
        if self._master is None:
            self._master = WishboneMaster(self._entity, "wb", self.dut.clk_i, signals_dict=SIGNALS)
            self._master.log.setLevel("WARNING")
        data = access.data if access.write else None
        operation = WBOp(access.address, data, sel=access.byte_enable, acktimeout=self.longest_wait)
        (result,) = await self._master.send_cycle([operation])
        return Answer(0 if access.write else int(result.datrd), result.ack == ERR)
