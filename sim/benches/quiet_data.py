# SPDX-License-Identifier: Apache-2.0
"""Combinational read data are 0 but where a read ends, so that ports may be joined by OR."""

from typing import Any, NamedTuple

import cocotb
from cocotb.triggers import RisingEdge

from pulsewright.sim.buses.drivers.ports import attachment_ports


class ReadData(NamedTuple):
    """Signals of a port. ends: all of them high where an access ends. write: high of a write."""

    data: str
    ends: tuple[str, ...]
    write: str


READ_DATA = {
    "apb": ReadData("prdata", ("psel", "penable", "pready"), "pwrite"),
    "reg_interface": ReadData("rdata", ("valid", "ready"), "write"),
}


def watch_quiet_data(dut: Any, attachment: str) -> None:
    """Look at every clock edge from the reset on, where the attachment's data are combinational."""
    if attachment in READ_DATA:
        cocotb.start_soon(_watch(dut, attachment_ports(dut, attachment), READ_DATA[attachment]))


async def _watch(dut: Any, ports: dict[str, Any], names: ReadData) -> None:
    while True:
        await RisingEdge(dut.clk_i)
        ends = all(ports[name].value for name in names.ends)
        if dut.rst_ni.value and not (ends and not ports[names.write].value):
            data = ports[names.data].value
            assert data == 0, f"{names.data} is {data} where no read ends"
